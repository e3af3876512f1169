//! How an update flows: stored, handled in the order of its lane, its messages sent by jobs.
//!
//! ```text
//! poll or webhook ─▶ intake ─▶ inbox row ─▶ runner ─▶ handler in one transaction ─▶ job rows ─▶ sender
//! ```
//! ADR 1 holds the tables and the state machines.

pub mod board;
pub mod call;
pub mod context;
pub mod event;
mod failpoint;
mod group;
pub mod housekeeping;
pub mod intake;
pub mod job;
pub(crate) mod outcome;
pub mod peek;
mod replay;
pub(crate) mod runner;
pub(crate) mod sender;
mod settle;

pub use call::{Call, Message as MessageRef, Topic as TopicRef};
pub use context::Ctx;
pub use event::{Event, JobResult, Outcome};
pub use job::{Job, JobError, JobId, Policy, Tell};
pub use replay::replay;
