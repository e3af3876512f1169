//! The real binary as a process of its own, against a sandbox in this one, on both databases.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

mod cli;
mod clock;
mod desk;
mod leaks;
mod newer;
mod process;
mod side;
mod stop;
