//! Core's update flow, through real HTTP against the sandbox, on both databases.

mod echo;
mod order;
