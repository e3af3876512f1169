//! Who may send what where.

use super::Refused;
use super::chat::{Chat, ChatKind};
use super::member::Status;
use super::message::Kind;
use super::rights::Permissions;
use super::state::State;
use crate::ids::{ChatId, PersonId};

/// Why somebody may not send something.
pub(crate) enum Unsent {
    /// In Telegram's words.
    Forbidden(&'static str),
    /// Slow mode: so many seconds from now they may.
    Wait(i64),
}

impl State {
    /// Whether a member may send a message of this kind now.
    pub fn may_send(&self, place: &Chat, user: i64, kind: Kind) -> Result<(), Unsent> {
        let status = place.status(user);
        match place.kind {
            ChatKind::Private => return Ok(()),
            ChatKind::Channel if status.may(|rights| rights.can_post_messages) => return Ok(()),
            ChatKind::Channel => {
                return Err(Unsent::Forbidden("need administrator rights in the channel chat"));
            }
            ChatKind::Group | ChatKind::Supergroup => {}
        }
        let named = place.members.get(&user).and_then(|member| member.send_as);
        if named.is_some_and(|channel| place.settings.banned_senders.contains(&channel)) {
            return Err(Unsent::Forbidden("the channel was banned from writing here"));
        }
        if status.is_admin() {
            return Ok(());
        }
        let (permitted, text) = needed(kind);
        if !permitted(&place.permissions_of(user)) {
            return Err(Unsent::Forbidden(text));
        }
        let said_at = place.members.get(&user).map_or(0, |member| member.said_at);
        let wait = said_at.saturating_add(place.settings.slow_mode).saturating_sub(self.clock.seconds());
        if place.settings.slow_mode > 0 && said_at > 0 && wait > 0 {
            return Err(Unsent::Wait(wait));
        }
        Ok(())
    }

    /// Fails with a sentence when a person may not send a message of this kind.
    pub fn may_say(&self, person: PersonId, chat: ChatId, kind: Kind) -> Result<(), Refused> {
        let Some(place) = self.chats.get(&chat) else { return Ok(()) };
        match self.may_send(place, person.0, kind) {
            Ok(()) => Ok(()),
            Err(Unsent::Forbidden(reason)) => {
                Refused::because(format!("{person} may not write in {chat}: {reason}"))
            }
            Err(Unsent::Wait(seconds)) => {
                Refused::because(format!("slow mode: {person} may write again in {seconds} s"))
            }
        }
    }

    /// Keeps when a member wrote, where slow mode needs to know.
    pub fn note_sent(&mut self, chat: ChatId, user: i64) {
        let now = self.clock.seconds();
        let place = self.chats.get_mut(&chat).filter(|place| place.settings.slow_mode > 0);
        if let Some(member) = place.and_then(|place| place.members.get_mut(&user))
            && matches!(member.status, Status::Member | Status::Restricted)
        {
            member.said_at = now;
        }
    }
}

type Permitted = fn(&Permissions) -> bool;

/// The permission that a kind of message needs, and what Telegram says without it.
fn needed(kind: Kind) -> (Permitted, &'static str) {
    match kind.field() {
        "photo" | "live_photo" => (|may| may.can_send_photos, "not enough rights to send photos to the chat"),
        "video" => (|may| may.can_send_videos, "not enough rights to send videos to the chat"),
        "audio" => (|may| may.can_send_audios, "not enough rights to send music to the chat"),
        "document" => (|may| may.can_send_documents, "not enough rights to send documents to the chat"),
        "voice" => (|may| may.can_send_voice_notes, "not enough rights to send voice notes to the chat"),
        "video_note" => (|may| may.can_send_video_notes, "not enough rights to send video notes to the chat"),
        "poll" => (|may| may.can_send_polls, "not enough rights to send polls to the chat"),
        "animation" => {
            (|may| may.can_send_other_messages, "not enough rights to send animations to the chat")
        }
        "sticker" => (|may| may.can_send_other_messages, "not enough rights to send stickers to the chat"),
        "dice" => (|may| may.can_send_other_messages, "not enough rights to send dice to the chat"),
        "game" => (|may| may.can_send_other_messages, "not enough rights to send games to the chat"),
        "contact" => (|may| may.can_send_messages, "not enough rights to send contacts to the chat"),
        "location" => (|may| may.can_send_messages, "not enough rights to send locations to the chat"),
        "venue" => (|may| may.can_send_messages, "not enough rights to send venues to the chat"),
        _ => (|may| may.can_send_messages, "not enough rights to send text messages to the chat"),
    }
}
