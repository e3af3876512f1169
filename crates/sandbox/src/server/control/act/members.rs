//! Who may be in a chat, and do what there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::wire::Failure;
use super::{Done, Here};
use crate::ids::{ChatId, PersonId, UserId};
use crate::world::World;
use crate::world::invites::Joined;
use crate::world::rights::Permissions;

/// An administrator decides about somebody.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct About {
    /// Who decides, and where.
    #[serde(flatten)]
    pub here: Here,
    /// The person or bot.
    pub who: i64,
}

/// A person comes into a group.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Join {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Where; a link says it itself.
    pub chat: Option<ChatId>,
    /// The invite link.
    pub link: Option<String>,
}

/// An administrator makes an invite link.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreateInvite {
    /// Who, and where to.
    #[serde(flatten)]
    pub here: Here,
    /// Who uses it waits for an administrator.
    #[serde(default)]
    pub by_request: bool,
}

/// An administrator leaves a member these permissions only.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Restrict {
    /// Who does it, where, and to whom.
    #[serde(flatten)]
    pub about: About,
    /// By the Bot API's names; what is left out is not permitted.
    #[serde(default)]
    pub permissions: Permissions,
    /// Seconds since 1970 UTC; for ever when left out.
    pub until: Option<i64>,
}

/// An administrator hides, or shows themselves.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Anonymous {
    /// Who, and where.
    #[serde(flatten)]
    pub here: Here,
    /// Whether they appear as the group.
    pub on: bool,
}

/// A title or tag.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetTag {
    /// Where.
    pub chat: ChatId,
    /// Whose.
    pub who: i64,
    /// Empty takes it away.
    pub tag: String,
}

impl About {
    pub(super) fn kick(self, world: &World) -> Result<Done, Failure> {
        Ok(world.kick(self.here.person, self.here.chat, UserId(self.who))?.into())
    }

    pub(super) fn unban(self, world: &World) -> Result<Done, Failure> {
        Ok(world.unban(self.here.person, self.here.chat, UserId(self.who))?.into())
    }

    pub(super) fn approve(self, world: &World) -> Result<Done, Failure> {
        self.answer(world, true)
    }

    pub(super) fn decline(self, world: &World) -> Result<Done, Failure> {
        self.answer(world, false)
    }

    fn answer(self, world: &World, approve: bool) -> Result<Done, Failure> {
        let Here { person, chat } = self.here;
        Ok(world.answer_join_request(person, chat, PersonId(self.who), approve)?.into())
    }
}

impl Here {
    pub(super) fn request_join(self, world: &World) -> Result<Done, Failure> {
        Ok(world.request_join(self.person, self.chat)?.into())
    }
}

impl From<Joined> for Done {
    fn from(joined: Joined) -> Self {
        match joined {
            Joined::In(chat) => Self::chat(chat),
            Joined::Waiting(chat) => Self { waiting: true, ..Self::chat(chat) },
        }
    }
}

impl Join {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        match (self.link, self.chat) {
            (Some(link), _) => Ok(world.join_by_link(self.person, &link)?.into()),
            (None, Some(chat)) => Ok(world.join(self.person, chat)?.into()),
            (None, None) => Err(Failure::refused("say where: by chat or by link")),
        }
    }
}

impl CreateInvite {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let link = world.create_invite(self.here.person, self.here.chat, self.by_request)?;
        Ok(Done { link: Some(link), ..Done::default() })
    }
}

impl Restrict {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let About { here: Here { person, chat }, who } = self.about;
        let until = self.until.unwrap_or(0);
        Ok(world.restrict(person, chat, UserId(who), self.permissions, until)?.into())
    }
}

impl Anonymous {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.set_anonymous(self.here.chat, self.here.person, self.on)?.into())
    }
}

impl SetTag {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.set_tag(self.chat, UserId(self.who), &self.tag)?.into())
    }
}
