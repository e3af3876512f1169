//! What customers and staff see: the real bot over HTTP against the sandbox, on both databases.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

mod albums;
mod desk;
mod doctor;
mod edges;
mod edits;
mod groups;
mod original;
mod private;
mod reach;
mod speed;
mod staff;
