//! Telegram, over our own client: a method's name and a JSON body are posted, so that a call can wait
//! in a row. teloxide gives the types and the payload builders.

mod client;
mod error;
mod files;
pub mod limits;
pub(crate) mod poll;
pub mod webhook;

pub use client::{Client, ClientOptions};
pub use error::{CallError, Refusal};
pub use files::FilePart;

/// The bot as getMe shows it.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Me {
    /// Telegram's id of the bot: the digits before the colon of its token.
    pub id: i64,
    /// Without `@`.
    pub username: String,
    /// What people see as its name.
    pub first_name: String,
    /// Whether privacy mode is off: the bot sees every message of its groups.
    #[serde(default)]
    pub can_read_all_group_messages: bool,
    /// Whether it may be added to groups.
    #[serde(default)]
    pub can_join_groups: bool,
}
