//! What administrators and members may do, by the Bot API's names.

use serde::{Deserialize, Serialize};

use super::chat::ChatKind;
use super::json::Object;

macro_rules! switches {
    ($(#[$type_doc:meta])* $type:ident { $($(#[$doc:meta])* $name:ident),* $(,)? }) => {
        $(#[$type_doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(default)]
        pub struct $type { $($(#[$doc])* pub $name: bool,)* }

        impl $type {
            /// Those that there are in a chat of this kind, by name.
            fn each(&self, kind: ChatKind) -> impl Iterator<Item = (&'static str, bool)> {
                [$((stringify!($name), self.$name)),*]
                    .into_iter()
                    .filter(move |(name, _)| is_there(name, kind))
            }

            /// Those that both have.
            #[must_use]
            pub fn and(self, other: Self) -> Self {
                Self { $($name: self.$name && other.$name,)* }
            }

            /// Sets the one called `name`; false if there is none.
            pub(crate) fn set(&mut self, name: &str, on: bool) -> bool {
                match name {
                    $(stringify!($name) => self.$name = on,)*
                    _ => return false,
                }
                true
            }

            /// Every one.
            fn every() -> Self {
                Self { $($name: true,)* }
            }
        }
    };
}

switches! {
    /// What an administrator may do.
    Rights {
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
}

switches! {
    /// What a member of a group may do.
    Permissions {
        /// Texts, contacts, locations, venues.
        can_send_messages,
        /// Music.
        can_send_audios,
        /// Files.
        can_send_documents,
        /// Photos.
        can_send_photos,
        /// Videos.
        can_send_videos,
        /// Round videos.
        can_send_video_notes,
        /// Voice notes.
        can_send_voice_notes,
        /// Polls.
        can_send_polls,
        /// Animations, games, stickers, dice.
        can_send_other_messages,
        /// Previews of links.
        can_add_web_page_previews,
        /// Reactions.
        can_react_to_messages,
        /// Their own tag.
        can_edit_tag,
        /// Title, photo, description.
        can_change_info,
        /// Invite people.
        can_invite_users,
        /// Pin messages.
        can_pin_messages,
        /// Open topics.
        can_manage_topics,
    }
}

fn is_there(name: &str, kind: ChatKind) -> bool {
    match name {
        "can_post_messages" | "can_edit_messages" | "can_manage_direct_messages" => kind == ChatKind::Channel,
        "can_pin_messages" | "can_manage_tags" => kind != ChatKind::Channel,
        "can_manage_topics" => kind != ChatKind::Channel && kind != ChatKind::Group,
        _ => true,
    }
}

impl Rights {
    /// Every right but anonymity.
    pub fn all() -> Self {
        Self { is_anonymous: false, ..Self::every() }
    }

    /// The rights that a group's owner usually gives a bot: all but adding administrators.
    pub fn usual() -> Self {
        Self { can_promote_members: false, ..Self::all() }
    }

    /// Writes those that there are in a chat of this kind.
    pub(crate) fn write(&self, object: &mut Object, kind: ChatKind) {
        for (name, on) in self.each(kind) {
            object.plain(name, on);
        }
    }

    /// Without those that there are not in a chat of this kind.
    #[must_use]
    pub(crate) fn for_kind(self, kind: ChatKind) -> Self {
        let mut kept = Self::default();
        for (name, on) in self.each(kind) {
            kept.set(name, on);
        }
        kept
    }

    /// Whether every right here is one of `others`; anonymity is everybody's own affair.
    pub(crate) fn within(&self, others: &Self) -> bool {
        self.and(Self { is_anonymous: true, ..*others }) == *self
    }
}

impl Permissions {
    /// Every permission.
    pub fn all() -> Self {
        Self::every()
    }

    /// What members of a new group may do: all but changing the group itself.
    pub fn usual() -> Self {
        Self { can_change_info: false, can_pin_messages: false, can_manage_topics: false, ..Self::all() }
    }

    /// Writes all of them.
    pub(crate) fn write(&self, object: &mut Object) {
        for (name, on) in self.each(ChatKind::Supergroup) {
            object.plain(name, on);
        }
    }

    /// The `ChatPermissions` object.
    pub(crate) fn json(&self) -> String {
        let mut object = Object::with_capacity(512);
        self.write(&mut object);
        object.end()
    }

    /// Whether it forbids nothing that `others` allow.
    pub(crate) fn covers(&self, others: &Self) -> bool {
        self.and(*others) == *others
    }
}
