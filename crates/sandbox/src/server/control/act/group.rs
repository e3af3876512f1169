//! Who is in a group, and as what.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::wire::Failure;
use super::Done;
use crate::ids::{ChatId, PersonId, UserId};
use crate::world::World;
use crate::world::member::Status;
use crate::world::rights::Rights;

/// A person in a chat.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Here {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Where.
    pub chat: ChatId,
}

/// As what somebody is added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GivenStatus {
    /// A plain member.
    #[default]
    Member,
    /// With the usual rights.
    Administrator,
    /// May not write.
    Restricted,
}

/// Somebody is added to a group, or stands differently in it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct AddMember {
    /// Who does it; the group's creator when left out.
    #[serde(rename = "as")]
    pub person: Option<PersonId>,
    /// The group.
    pub chat: ChatId,
    /// The person or bot.
    pub who: i64,
    /// As what; a plain member when left out.
    pub status: Option<GivenStatus>,
}

/// A member becomes an administrator.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Promote {
    /// Who does it; the group's creator when left out.
    #[serde(rename = "as")]
    pub person: Option<PersonId>,
    /// The group.
    pub chat: ChatId,
    /// The person or bot.
    pub who: i64,
    /// By the Bot API's names; all but adding administrators when left out.
    pub rights: Option<Rights>,
}

impl Here {
    pub(super) fn leave(self, world: &World) -> Result<Done, Failure> {
        Ok(world.leave(self.person, self.chat)?.into())
    }
}

impl AddMember {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let status = match self.status.unwrap_or_default() {
            GivenStatus::Member => Status::Member,
            // The apps suggest the rights that the bot asks for.
            GivenStatus::Administrator => Status::Administrator(
                world.rights_asked_for(self.chat, UserId(self.who)).unwrap_or_else(Rights::usual),
            ),
            GivenStatus::Restricted => Status::Restricted,
        };
        Ok(world.add_member_by(self.person, self.chat, UserId(self.who), status)?.into())
    }

    pub(super) fn demote(self, world: &World) -> Result<Done, Failure> {
        Ok(world.add_member_by(self.person, self.chat, UserId(self.who), Status::Member)?.into())
    }
}

impl Promote {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let status = Status::Administrator(self.rights.unwrap_or_else(Rights::usual));
        Ok(world.add_member_by(self.person, self.chat, UserId(self.who), status)?.into())
    }
}
