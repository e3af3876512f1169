//! Who is in a chat, and as what.

use serde::{Deserialize, Serialize};

use super::chat::ChatKind;
use super::json::Object;
use super::rights::{Permissions, Rights};

/// How somebody stands in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Owns the group.
    Creator,
    /// Administers it.
    Administrator(Rights),
    /// Is in it.
    Member,
    /// Is in it and may not write.
    Restricted,
    /// Has left.
    Left,
    /// Was banned.
    Kicked,
}

impl Status {
    /// The Bot API's word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Creator => "creator",
            Self::Administrator(_) => "administrator",
            Self::Member => "member",
            Self::Restricted => "restricted",
            Self::Left => "left",
            Self::Kicked => "kicked",
        }
    }

    /// Whether they are in the chat now.
    pub fn is_in(&self) -> bool {
        !matches!(self, Self::Left | Self::Kicked)
    }

    /// Creator or administrator.
    pub fn is_admin(&self) -> bool {
        matches!(self, Self::Creator | Self::Administrator(_))
    }

    /// The creator, or an administrator with the right that `has` reads.
    pub fn may(&self, has: impl Fn(&Rights) -> bool) -> bool {
        match self {
            Self::Creator => true,
            Self::Administrator(rights) => has(rights),
            _ => false,
        }
    }
}

/// One member of a chat, or somebody who was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Member {
    pub status: Status,
    /// For a bot: privacy mode was off when it was added. Telegram keeps that until it is added again.
    pub hears_all: bool,
    /// What a restricted member may do at most; it holds on for who has left.
    pub permissions: Option<Permissions>,
    /// When a ban, a restriction or a paid membership ends (seconds since 1970 UTC); 0 for never.
    pub until: i64,
    /// The title of an administrator, the tag of a member; empty for none.
    pub tag: Box<str>,
    /// Who made them an administrator.
    pub promoted_by: i64,
    /// The owner appears as the group.
    pub anonymous: bool,
    /// When they wrote last (seconds), for slow mode.
    pub said_at: i64,
    /// The number of the channel in whose name they write.
    pub send_as: Option<i64>,
}

impl Member {
    pub fn new(status: Status) -> Self {
        Self {
            status,
            hears_all: false,
            permissions: None,
            until: 0,
            tag: "".into(),
            promoted_by: 0,
            anonymous: false,
            said_at: 0,
            send_as: None,
        }
    }

    /// Stands differently from now on: what belonged to the old status ends with it.
    pub fn stand(&mut self, status: Status) {
        self.status = status;
        self.until = 0;
        self.permissions = (status == Status::Restricted).then(Permissions::default);
        self.anonymous = false;
        self.promoted_by = 0;
        if !status.is_in() {
            self.tag = "".into();
        }
    }

    /// Comes in; what they were restricted to still holds.
    pub fn come(&mut self) {
        let (permissions, until) = (self.permissions, self.until);
        self.stand(if permissions.is_some() { Status::Restricted } else { Status::Member });
        if permissions.is_some() {
            self.permissions = permissions;
            self.until = until;
        }
    }

    /// Goes; what they were restricted to waits for them.
    pub fn go(&mut self) {
        let (permissions, until) = (self.permissions, self.until);
        self.stand(Status::Left);
        if permissions.is_some() {
            self.permissions = permissions;
            self.until = until;
        }
    }

    /// Whether they appear as the group.
    pub fn is_anonymous(&self) -> bool {
        match self.status {
            Status::Creator => self.anonymous,
            Status::Administrator(rights) => rights.is_anonymous,
            _ => false,
        }
    }

    /// A `ChatMember` object. `editable`: the bot that reads it may change this administrator.
    pub fn json(&self, user_json: &str, kind: ChatKind, editable: bool) -> String {
        let mut object = Object::with_capacity(256);
        let restricted = self.permissions.filter(|_| self.status != Status::Kicked);
        let word = if restricted.is_some() { "restricted" } else { self.status.word() };
        object.text("status", word).raw("user", user_json);
        let tag = if self.status.is_admin() { "custom_title" } else { "tag" };
        if !self.tag.is_empty() && self.status.is_in() {
            object.text(tag, &self.tag);
        }
        match (self.status, restricted) {
            (_, Some(permissions)) => {
                object.plain("is_member", self.status.is_in()).plain("until_date", self.until);
                permissions.write(&mut object);
            }
            (Status::Creator, None) => {
                object.plain("is_anonymous", self.anonymous);
            }
            (Status::Administrator(rights), None) => {
                object.plain("can_be_edited", editable);
                rights.write(&mut object, kind);
            }
            (Status::Kicked, None) => {
                object.plain("until_date", self.until);
            }
            (Status::Member, None) if self.until > 0 => {
                object.plain("until_date", self.until);
            }
            _ => {}
        }
        object.end()
    }
}
