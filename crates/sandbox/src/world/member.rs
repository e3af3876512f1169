//! Who is in a chat, and with which rights.

use serde::{Deserialize, Serialize};

use super::chat::ChatKind;
use super::json::Object;

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// What an administrator may do, under the Bot API's names.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(default)]
        pub struct Rights { $($(#[$doc])* pub $name: bool,)* }

        impl Rights {
            /// Every right but anonymity.
            pub fn all() -> Self {
                Self { $($name: stringify!($name) != "is_anonymous",)* }
            }

            /// Writes those that there are in a chat of this kind.
            pub(crate) fn write(&self, object: &mut Object, kind: ChatKind) {
                $(if is_right_of(stringify!($name), kind) {
                    object.plain(stringify!($name), self.$name);
                })*
            }

            /// Without those that there are not in a chat of this kind.
            #[must_use]
            pub(crate) fn for_kind(self, kind: ChatKind) -> Self {
                Self { $($name: self.$name && is_right_of(stringify!($name), kind),)* }
            }

            /// Whether every right here is one of `others`.
            pub(crate) fn within(&self, others: &Self) -> bool {
                $((!self.$name || others.$name))&&*
            }

            /// Sets the right called `name`; false if there is none.
            pub(crate) fn set(&mut self, name: &str, on: bool) -> bool {
                match name {
                    $(stringify!($name) => self.$name = on,)*
                    _ => return false,
                }
                true
            }
        }
    };
}

rights! {
    /// Appears as the group.
    is_anonymous,
    /// Anything at all: every administrator has it.
    can_manage_chat,
    /// Write in a channel.
    can_post_messages,
    /// Edit others' posts in a channel, and pin.
    can_edit_messages,
    /// Delete others' messages.
    can_delete_messages,
    /// Video chats.
    can_manage_video_chats,
    /// Ban and restrict members.
    can_restrict_members,
    /// Add administrators.
    can_promote_members,
    /// Title, photo, description.
    can_change_info,
    /// Invite people.
    can_invite_users,
    /// Post stories.
    can_post_stories,
    /// Edit others' stories.
    can_edit_stories,
    /// Delete others' stories.
    can_delete_stories,
    /// Pin messages.
    can_pin_messages,
    /// Create, rename, close and reopen topics.
    can_manage_topics,
    /// Answer in a channel's direct messages.
    can_manage_direct_messages,
    /// Tags of members.
    can_manage_tags,
    /// Welcome messages.
    can_send_welcome_messages,
}

fn is_right_of(name: &str, kind: ChatKind) -> bool {
    match name {
        "can_post_messages" | "can_edit_messages" | "can_manage_direct_messages" => kind == ChatKind::Channel,
        "can_pin_messages" | "can_manage_tags" => kind != ChatKind::Channel,
        "can_manage_topics" => kind == ChatKind::Supergroup,
        _ => true,
    }
}

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

/// One member of a chat.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Member {
    pub status: Status,
    /// For a bot: privacy mode was off when it was added. Telegram keeps that until it is added again.
    pub hears_all: bool,
}

/// A `ChatMember` object.
pub(crate) fn chat_member(status: Status, user_json: &str, kind: ChatKind) -> String {
    let mut object = Object::with_capacity(256);
    object.text("status", status.word()).raw("user", user_json);
    match status {
        Status::Creator => {
            object.plain("is_anonymous", false);
        }
        Status::Administrator(rights) => {
            object.plain("can_be_edited", false);
            rights.write(&mut object, kind);
        }
        Status::Restricted => {
            object.plain("is_member", true).plain("until_date", 0);
            for permission in PERMISSIONS {
                object.plain(permission, false);
            }
        }
        Status::Kicked => {
            object.plain("until_date", 0);
        }
        Status::Member | Status::Left => {}
    }
    object.end()
}

/// What members of a group may do, by the Bot API's names.
pub(crate) const PERMISSIONS: [&str; 16] = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
];
