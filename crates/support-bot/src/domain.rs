//! The rules of a support desk: pure types and transitions, without database, network or time.

/// Commands in texts.
pub mod command;
/// What the copy of an edited message is to show.
pub mod content;
/// Who may add to a ticket.
pub mod continuing;
/// Why something was not delivered.
pub mod failure;
/// People, as staff see them.
pub mod person;
/// What a job was for.
pub mod tag;
/// Open and closed.
pub mod ticket;
