use crate::bot::Bot;
use crate::clock::{Clock, Timestamp};
use crate::db::Migrations;
use crate::store;

/// What stays the same as long as the process lives, for health, metrics and logs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About {
    /// The bot's version.
    pub version: &'static str,
    /// When the process started.
    pub started: Timestamp,
    /// `polling` or `webhook`.
    pub updates: &'static str,
    /// Core's schema and the bot's.
    pub schemas: [Migrations; 2],
}

impl About {
    pub fn new<B: Bot>(bot: &B, updates: &super::Updates, clock: &Clock) -> Self {
        let updates = match updates {
            super::Updates::Polling => "polling",
            super::Updates::Webhook { .. } => "webhook",
        };
        let schemas = [store::MIGRATIONS, bot.migrations()];
        Self { version: B::VERSION, started: clock.now(), updates, schemas }
    }
}
