//! What customers and staff see: the real bot over HTTP against the sandbox, on both databases.

mod albums;
mod desk;
mod edges;
mod edits;
mod groups;
mod original;
mod private;
mod reach;
mod speed;
mod staff;
