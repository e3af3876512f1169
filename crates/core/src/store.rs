//! All of core's SQL. One module a table; each function is one or two statements.

pub mod batch;
pub mod chats;
pub mod dead_letters;
pub mod inbox;
pub mod jobs;
pub mod meta;
pub mod sent;

use crate::db::Migrations;

/// Core's own schema. Its table has another name than a bot's, so that each moves by itself.
pub const MIGRATIONS: Migrations = crate::migrations!("core", "_frontdesk_migrations", "0001_flow");
