//! Chats, their members and topics.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::boosts::Boost;
use super::chat_settings::ChatSettings;
use super::invites::{Invite, JoinRequest};
use super::json::Object;
use super::member::{Member, Status};
use super::message::Message;
use super::rights::{Permissions, Rights};
use super::save::sorted;
use super::user::User;
use crate::ids::{ChatId, MessageId};

/// What a chat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ChatKind {
    Private,
    Group,
    Supergroup,
    Channel,
}

/// A topic of a forum.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Topic {
    pub id: MessageId,
    pub name: String,
    pub icon_color: i64,
    pub icon_emoji: Option<String>,
    pub closed: bool,
    /// General may be hidden; then it is closed too.
    pub hidden: bool,
    pub deleted: bool,
    /// Who made it.
    pub creator: i64,
    pub messages: Vec<MessageId>,
}

/// The topic that every forum has.
pub(crate) const GENERAL: MessageId = 1;

/// A chat with everything in it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Chat {
    pub id: ChatId,
    pub kind: ChatKind,
    pub title: String,
    pub username: Option<String>,
    pub description: Option<String>,
    pub is_forum: bool,
    #[serde(serialize_with = "sorted")]
    pub members: HashMap<i64, Member>,
    /// The bots among the members, so that a message does not walk through all of them.
    pub bots: Vec<i64>,
    pub topics: BTreeMap<MessageId, Topic>,
    pub messages: BTreeMap<MessageId, Box<Message>>,
    /// The next id, in supergroups; other chats share the mailbox's counter.
    pub next_message: MessageId,
    /// The last to write here, for privacy mode's rule on bare commands.
    pub last_bot: Option<i64>,
    pub pinned: Vec<MessageId>,
    /// Private chats: the person blocked the bot.
    pub blocked: bool,
    /// Private chats: the person has written or pressed Start.
    pub started: bool,
    pub migrated_to: Option<i64>,
    /// Invite links, by themselves.
    pub invites: BTreeMap<String, Invite>,
    /// Who waits to be let in.
    pub requests: BTreeMap<i64, JoinRequest>,
    /// The people who boost it.
    pub boosts: Vec<Boost>,
    /// Private chats: until then (seconds) the bot may write though the person has not, because they asked to be let
    /// into a chat that it administers.
    pub open_until: i64,
    /// What its administrators set.
    pub settings: ChatSettings,
    /// The `Chat` object in JSON: it stands in every message, so it is built once.
    pub json: String,
}

impl Chat {
    pub fn new(id: ChatId, kind: ChatKind, title: &str) -> Self {
        Self {
            id,
            kind,
            title: title.to_owned(),
            username: None,
            description: None,
            is_forum: false,
            members: HashMap::new(),
            bots: Vec::new(),
            topics: BTreeMap::new(),
            messages: BTreeMap::new(),
            next_message: 1,
            last_bot: None,
            pinned: Vec::new(),
            blocked: false,
            started: false,
            migrated_to: None,
            invites: BTreeMap::new(),
            requests: BTreeMap::new(),
            boosts: Vec::new(),
            open_until: 0,
            settings: ChatSettings::default(),
            json: String::new(),
        }
    }

    /// The Bot API's word for its kind.
    pub fn kind_word(&self) -> &'static str {
        match self.kind {
            ChatKind::Private => "private",
            ChatKind::Group => "group",
            ChatKind::Supergroup => "supergroup",
            ChatKind::Channel => "channel",
        }
    }

    /// The status of a user; who was never here has left.
    pub fn status(&self, user: i64) -> Status {
        self.members.get(&user).map_or(Status::Left, |member| member.status)
    }

    pub fn put_member(&mut self, user: i64, is_bot: bool, member: Member) {
        let is_in = member.status.is_in();
        self.members.insert(user, member);
        self.bots.retain(|bot| *bot != user);
        if is_bot && is_in {
            self.bots.push(user);
        }
    }

    /// What a plain member may do: what everybody may, but for what they themselves may not.
    pub fn permissions_of(&self, user: i64) -> Permissions {
        let own = self.members.get(&user).and_then(|member| member.permissions);
        own.map_or(self.settings.permissions, |own| own.and(self.settings.permissions))
    }

    /// Whether a user may do it: an administrator by right, anybody by permission.
    pub fn allows(
        &self,
        user: i64,
        right: impl Fn(&Rights) -> bool,
        permission: impl Fn(&Permissions) -> bool,
    ) -> bool {
        match self.status(user) {
            Status::Creator => true,
            Status::Administrator(rights) => right(&rights) || permission(&self.settings.permissions),
            Status::Member | Status::Restricted => permission(&self.permissions_of(user)),
            Status::Left | Status::Kicked => false,
        }
    }

    /// Writes the fields that `Chat` and `ChatFullInfo` share.
    pub fn write(&self, object: &mut Object, person: Option<&User>) {
        object.plain("id", self.id.number());
        if let Some(person) = person {
            object.text("first_name", &person.first_name);
            if let Some(last) = &person.last_name {
                object.text("last_name", last);
            }
            if let Some(username) = &person.username {
                object.text("username", username);
            }
        } else {
            object.text("title", &self.title);
            if let Some(username) = &self.username {
                object.text("username", username);
            }
        }
        object.text("type", self.kind_word());
        if self.is_forum {
            object.plain("is_forum", true);
        }
    }

    /// Writes the JSON again; call it after every change of what `Chat` shows.
    pub fn rebuild(&mut self, person: Option<&User>) {
        let mut object = Object::with_capacity(128);
        self.write(&mut object, person);
        self.json = object.end();
    }
}
