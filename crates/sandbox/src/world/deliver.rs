//! Which bot hears what.

use std::fmt::Write as _;

use super::bot::{KEPT, Queued, kind_bit};
use super::chat::{Chat, ChatKind};
use super::files::for_bot;
use super::message::{Kind, Message};
use super::state::State;
use crate::ids::{BotId, ChatId, MessageId};

impl State {
    /// Queues an update of `kind` with `object` as its content, if the bot wants it.
    pub fn push(&mut self, bot: BotId, kind: &str, chat: Option<ChatId>, object: &str) {
        let newer = self.settings.newer;
        let Some(account) = self.bots.get_mut(&bot) else { return };
        if kind_bit(kind).is_some_and(|bit| account.allowed & bit == 0) {
            return;
        }
        let id = account.next_update;
        account.next_update = account.next_update.saturating_add(1);
        let mut json = String::with_capacity(object.len() + 48);
        // Writing to a String cannot fail.
        let object = for_bot(object, bot);
        let _ = write!(json, r#"{{"update_id":{id},"{kind}":{object}"#);
        json.push('}');
        if let Some(checker) = &mut self.checker {
            checker.update(&json, newer);
        }
        if newer {
            let enriched = crate::newer::enrich(&json);
            self.enqueue(bot, id, chat, line_of(kind), enriched);
            self.push_unknown(bot, kind, &json);
        } else {
            self.enqueue(bot, id, chat, line_of(kind), json);
        }
    }

    /// After every fifth update one that no bot knows.
    fn push_unknown(&mut self, bot: BotId, kind: &str, update: &str) {
        let Some(account) = self.bots.get_mut(&bot) else { return };
        let id = account.next_update;
        if id % 5 != 0 {
            return;
        }
        account.next_update = account.next_update.saturating_add(1);
        let update: serde_json::Value = serde_json::from_str(update).unwrap_or_default();
        let (author, chat) = (&update[kind]["from"], &update[kind]["chat"]);
        let json = crate::newer::unknown_update(id / 5, id, author, chat).to_string();
        self.enqueue(bot, id, None, 0, json);
    }

    pub fn enqueue(&mut self, bot: BotId, id: i64, chat: Option<ChatId>, line: u64, json: String) {
        let expires = self.clock.now().saturating_add(KEPT);
        let Some(account) = self.bots.get_mut(&bot) else { return };
        account.queue.push_back(Queued {
            id,
            chat,
            line,
            json: json.into(),
            in_delivery: false,
            attempts: 0,
            due: 0,
            replayed: false,
            expires,
        });
        account.wake.notify_waiters();
        self.updates_expire.get_or_insert(expires);
    }

    /// Drops the updates that waited too long. Most looks end at the first comparison.
    pub fn drop_old_updates(&mut self, now: i64) {
        if self.updates_expire.is_none_or(|at| now < at) {
            return;
        }
        for account in self.bots.values_mut() {
            let before = account.queue.len() + account.replays.len();
            account.queue.retain(|update| now < update.expires);
            account.replays.retain(|update| now < update.expires);
            if account.queue.len() + account.replays.len() < before {
                account.progress.notify_waiters();
                account.wake.notify_waiters();
                self.participants.stir(Some(account.id));
            }
        }
        self.clock.stir();
        let waiting = self.bots.values().flat_map(|account| account.queue.iter().chain(&account.replays));
        self.updates_expire = waiting.map(|update| update.expires).min();
    }

    /// Tells every bot that may hear it of a new or edited message.
    pub fn announce(&mut self, chat: ChatId, id: MessageId, kind: &str) {
        let Some(place) = self.chats.get(&chat) else { return };
        let Some(message) = place.messages.get(&id) else { return };
        let edited = kind == "edited_message";
        let is_between_people = chat.is_private() && place.bots.is_empty();
        let kind = match place.kind {
            ChatKind::Channel if edited => "edited_channel_post",
            ChatKind::Channel => "channel_post",
            _ => kind,
        };
        let mut hearing =
            place.bots.iter().filter(|bot| self.hears(place, message, **bot)).copied().peekable();
        if hearing.peek().is_some() {
            let hearing: Vec<i64> = hearing.collect();
            let json = self.message_json(place, message);
            for bot in hearing {
                self.push(BotId(bot), kind, Some(chat), &json);
            }
        }
        if is_between_people {
            self.announce_business(chat, id, edited, None);
        }
        self.show(chat, id, if edited { "edited" } else { "message" });
        if kind == "channel_post" {
            self.discuss(chat, id);
        }
    }

    /// Shows what a bot wrote or changed: to people, and in a channel to its other bots.
    pub fn publish(&mut self, chat: ChatId, id: MessageId, kind: &str) {
        if self.chats.get(&chat).is_some_and(|place| place.kind == ChatKind::Channel) {
            self.announce(chat, id, kind);
        } else {
            self.show(chat, id, if kind == "message" { "message" } else { "edited" });
        }
    }

    /// Who hears what, privacy mode as it is at Telegram: the README tells the rules.
    fn hears(&self, chat: &Chat, message: &Message, bot: i64) -> bool {
        let own = message.from == bot;
        if chat.kind == ChatKind::Channel && !chat.status(bot).is_admin() {
            return false;
        }
        if let Kind::Service(field) = message.content.kind {
            // A bot is told of most service messages that it causes itself.
            return !own || SERVICES_OF_ONES_OWN.contains(&field);
        }
        if let Some(sender) = &message.sender {
            // What a chat says, it says itself: it does not matter whether a bot wrote it.
            if own && !sender.automatic {
                return false;
            }
        } else if own || self.users.get(&message.from).is_some_and(|author| author.is_bot) {
            return false;
        }
        if chat.id.is_private() || chat.kind == ChatKind::Channel {
            return true;
        }
        let Some(member) = chat.members.get(&bot) else { return false };
        member.hears_all || member.status.is_admin() || self.is_addressed(chat, message, bot)
    }

    /// Whether a bot in privacy mode hears a person's message in a group.
    fn is_addressed(&self, chat: &Chat, message: &Message, bot: i64) -> bool {
        if message.media_group.is_some_and(|group| is_further_item(chat, message, group)) {
            return false;
        }
        if let Some(reply) = &message.reply
            && chat.messages.get(&reply.message).is_some_and(|parent| parent.from == bot && !parent.deleted)
        {
            return true;
        }
        if message.via == Some(bot) {
            return true;
        }
        let Some(command) = message.content.text.strip_prefix('/') else { return false };
        let command: &str = command.split(char::is_whitespace).next().unwrap_or_default();
        match command.split_once('@') {
            Some((_, name)) => self.usernames.get(&name.to_lowercase()) == Some(&bot),
            None => chat.last_bot == Some(bot) && !command.is_empty(),
        }
    }
}

/// The line of a webhook that an update of this kind waits in: messages of a chat and their edits share one.
fn line_of(kind: &str) -> u64 {
    match kind {
        "message" | "edited_message" | "channel_post" | "edited_channel_post" => 0,
        kind => kind_bit(kind).unwrap_or_default(),
    }
}

/// Whether an earlier message of the same album stands right before it.
fn is_further_item(chat: &Chat, message: &Message, group: u64) -> bool {
    chat.messages.range(..message.id).next_back().is_some_and(|(_, before)| before.media_group == Some(group))
}

/// Service messages that a bot gets though it caused them (`need_skip_update_message` of telegram-bot-api).
const SERVICES_OF_ONES_OWN: [&str; 11] = [
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "left_chat_member",
    "pinned_message",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
];
