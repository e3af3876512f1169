//! What people show of themselves and do for chats.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::wire::Failure;
use super::{Done, Here};
use crate::ids::{BotId, ChatId, PersonId};
use crate::world::World;

/// An administrator hides General, or shows it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct HideGeneral {
    /// Who, and in which forum.
    #[serde(flatten)]
    pub here: Here,
    /// Whether it is hidden.
    pub on: bool,
}

/// A boost ends early.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EndBoost {
    /// Of which chat.
    pub chat: ChatId,
    /// The boost's id.
    pub boost: String,
}

/// In whose name a person writes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct SendAs {
    /// Who, and in which supergroup.
    #[serde(flatten)]
    pub here: Here,
    /// A channel of theirs; `null`: themselves.
    pub channel: Option<ChatId>,
}

/// What a person shows of themselves; what is left out is taken away.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// What they say of themselves.
    pub bio: Option<String>,
    /// A channel of theirs.
    pub channel: Option<ChatId>,
}

/// A person lets a bot set their emoji status, or no longer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct AllowEmojiStatus {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Which bot.
    pub bot: BotId,
    /// Whether it may.
    pub on: bool,
}

impl HideGeneral {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.hide_general(self.here.person, self.here.chat, self.on)?.into())
    }
}

impl Here {
    pub(super) fn boost(self, world: &World) -> Result<Done, Failure> {
        Ok(Done { boost: Some(world.boost(self.person, self.chat)?), ..Done::default() })
    }
}

impl EndBoost {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.end_boost(self.chat, &self.boost)?.into())
    }
}

impl SendAs {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.send_as(self.here.person, self.here.chat, self.channel)?.into())
    }
}

impl Profile {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        world.set_personal_chat(self.person, self.channel)?;
        world.set_bio(self.person, self.bio.as_deref());
        Ok(Done::default())
    }
}

impl AllowEmojiStatus {
    pub(super) fn perform(self, world: &World) -> Done {
        world.allow_emoji_status(self.person, self.bot, self.on);
        Done::default()
    }
}
