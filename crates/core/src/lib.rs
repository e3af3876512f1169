//! What every Frontdesk bot stands on.

pub mod clock;
pub mod config;
pub mod db;
pub mod logs;
pub mod secrets;
pub mod store;
pub mod texts;
