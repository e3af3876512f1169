//! Channels, and what administrators set in chats.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::wire::Failure;
use super::{Done, Here};
use crate::ids::{ChatId, PersonId};
use crate::world::World;
use crate::world::rights::Permissions;

/// A channel is founded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreateChannel {
    /// Its creator.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Its title.
    pub title: String,
    /// Without `@`; with one it is public.
    pub username: Option<String>,
}

/// A chat becomes public, or private again.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetUsername {
    /// A supergroup or channel.
    pub chat: ChatId,
    /// Without `@`; `null` takes it away.
    pub username: Option<String>,
}

/// A switch of a chat.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct InChat {
    /// Which.
    pub chat: ChatId,
    /// Whether.
    pub on: bool,
}

/// A channel's discussion group.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Discussion {
    /// The channel.
    pub chat: ChatId,
    /// A supergroup; `null` takes it away.
    pub group: Option<ChatId>,
}

/// What every member of a group may do.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetPermissions {
    /// The group.
    pub chat: ChatId,
    /// By the Bot API's names; what is left out is not permitted.
    pub permissions: Permissions,
}

/// How often members may write.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct SlowMode {
    /// The group.
    pub chat: ChatId,
    /// Once in so many seconds; 0 for as often as they like.
    pub seconds: i64,
}

/// A group or channel gets another title.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetTitle {
    /// Who does it, and where.
    #[serde(flatten)]
    pub here: Here,
    /// 1 to 128 letters.
    pub title: String,
}

impl SetTitle {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.set_title(self.here.person, self.here.chat, &self.title)?.into())
    }
}

impl SetPermissions {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.set_permissions(self.chat, self.permissions)?.into())
    }
}

impl SlowMode {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.set_slow_mode(self.chat, self.seconds)?.into())
    }
}

impl CreateChannel {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(Done::chat(world.add_channel(&self.title, self.username.as_deref(), self.person)?))
    }
}

impl SetUsername {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.set_username(self.chat, self.username.as_deref())?.into())
    }
}

impl InChat {
    pub(super) fn join_by_request(self, world: &World) -> Result<Done, Failure> {
        Ok(world.set_join_by_request(self.chat, self.on)?.into())
    }

    pub(super) fn signatures(self, world: &World) -> Result<Done, Failure> {
        Ok(world.set_signatures(self.chat, self.on)?.into())
    }
}

impl Discussion {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.set_discussion(self.chat, self.group)?.into())
    }
}
