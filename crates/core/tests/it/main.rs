//! Core's update flow, through real HTTP against the sandbox, on both databases.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

mod albums;
mod calls;
mod chats;
mod crash;
mod database;
mod echo;
mod failing;
mod health;
mod hostile;
mod jobs;
mod model;
mod order;
mod outage;
mod plans;
mod polling;
mod profile;
mod references;
mod replay;
mod silence;
mod webhook;
