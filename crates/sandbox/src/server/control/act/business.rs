//! Business accounts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::wire::Failure;
use super::Done;
use crate::ids::{BotId, PersonId};
use crate::world::World;

/// A person connects a bot to their business account, or changes its rights.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BusinessConnect {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Which bot; its business mode must be on.
    pub bot: BotId,
    /// What it may do, by the Bot API's names; `can_reply` and `can_read_messages` when left out.
    pub rights: Option<Vec<String>>,
}

/// A person takes the bot off their business account.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct BusinessDisconnect {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
}

impl BusinessConnect {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let usual = || vec!["can_reply".to_owned(), "can_read_messages".to_owned()];
        let rights = self.rights.unwrap_or_else(usual);
        let connection = world.business_connect(self.person, self.bot, &rights)?;
        Ok(Done { connection: Some(connection), ..Done::default() })
    }
}

impl BusinessDisconnect {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.business_disconnect(self.person)?.into())
    }
}
