//! What a test asks the world.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::World;
use super::bot::BotState;
use super::chat::GENERAL;
use super::message::Message;
use super::setup::Bot;
use super::state::State;
use super::view::{CallbackAnswer, MessageView, TopicView};
use crate::faults::Fault;
use crate::ids::{BotId, ChatId, MessageId, PersonId};
use crate::journal::Call;

impl World {
    /// All messages of a chat in order, deleted ones too.
    pub fn messages(&self, chat: ChatId) -> Vec<MessageView> {
        self.select(chat, |_| true)
    }

    /// The messages of one topic (1: General).
    pub fn messages_in_topic(&self, chat: ChatId, topic: MessageId) -> Vec<MessageView> {
        self.select(chat, |message| message.topic.unwrap_or(GENERAL) == topic)
    }

    /// The newest message of a chat that was not deleted.
    pub fn last_message(&self, chat: ChatId) -> Option<MessageView> {
        let state = self.lock();
        let mut newest = state.chats.get(&chat)?.messages.values().rev();
        newest.find(|message| !message.deleted).map(|message| state.view(message))
    }

    /// One message.
    pub fn get_message(&self, chat: ChatId, id: MessageId) -> Option<MessageView> {
        let state = self.lock();
        state.chats.get(&chat)?.messages.get(&id).map(|message| state.view(message))
    }

    /// What a person sees in a chat now: nothing when they are not in it, and no deleted message.
    pub fn view_as(&self, person: PersonId, chat: ChatId) -> Vec<MessageView> {
        let sees = match chat {
            ChatId::Private { .. } => chat.is_of(person.0),
            ChatId::Group(_) => {
                self.lock().chats.get(&chat).is_some_and(|chat| chat.status(person.0).is_in())
            }
        };
        if sees { self.select(chat, |message| !message.deleted) } else { Vec::new() }
    }

    fn select(&self, chat: ChatId, wanted: impl Fn(&Message) -> bool) -> Vec<MessageView> {
        let state = self.lock();
        let messages = state.chats.get(&chat).into_iter().flat_map(|chat| chat.messages.values());
        messages.filter(|message| wanted(message)).map(|message| state.view(message)).collect()
    }

    /// The topics of a forum, General first; deleted ones too.
    pub fn topics(&self, chat: ChatId) -> Vec<TopicView> {
        self.lock().chats.get(&chat).map(State::topic_views).unwrap_or_default()
    }

    /// The answers to presses on buttons that this person saw, among the newest 1,000 of the world.
    pub fn callback_answers(&self, person: PersonId) -> Vec<CallbackAnswer> {
        self.lock().answers.iter().filter(|answer| answer.person == person).cloned().collect()
    }

    /// Every call that the journal keeps.
    pub fn journal(&self) -> Vec<Call> {
        self.journal_after(0)
    }

    /// The calls with a number above `after`.
    pub fn journal_after(&self, after: u64) -> Vec<Call> {
        self.lock().journal.after(after, usize::MAX).cloned().collect()
    }

    /// The calls of one method, as the Bot API spells it.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        self.lock().journal.after(0, usize::MAX).filter(|call| call.method == method).cloned().collect()
    }

    /// Forgets the calls; their numbers go on.
    pub fn clear_journal(&self) {
        self.lock().journal.clear();
    }

    /// Every bot, by id.
    pub fn bots(&self) -> Vec<Bot> {
        let state = self.lock();
        let mut bots: Vec<_> = state.bots.values().map(|bot| bot.id).collect();
        bots.sort_unstable();
        let made = |id: BotId| {
            let username = state.users.get(&id.0)?.username.clone().unwrap_or_default();
            Some(Bot { id, token: state.bots.get(&id)?.token.clone(), username })
        };
        bots.into_iter().filter_map(made).collect()
    }

    /// Updates that the bot has not confirmed.
    pub fn pending_updates(&self, bot: BotId) -> usize {
        self.lock().bots.get(&bot).map_or(0, |bot| bot.queue.len() + bot.replays.len())
    }

    /// Method calls of the bot under way, without getUpdates.
    pub fn in_flight(&self, bot: BotId) -> usize {
        self.lock().bots.get(&bot).map_or(0, |bot| bot.in_flight)
    }

    /// Waits until the bot has confirmed every update, by its offset or by its webhook's 200.
    pub async fn wait_until_delivered(&self, bot: BotId) {
        self.wait_for(bot, |bot| bot.queue.is_empty() && bot.replays.is_empty()).await;
    }

    /// Waits until every update is confirmed and no call is under way. A bot may still be thinking.
    pub async fn wait_until_idle(&self, bot: BotId) {
        self.wait_for(bot, BotState::is_idle).await;
    }

    /// Waits until the chat holds a message that fits, and returns it. It looks again after every call of the bots.
    pub async fn wait_for_message(&self, chat: ChatId, fits: impl Fn(&MessageView) -> bool) -> MessageView {
        let mut events = self.events();
        loop {
            if let Some(found) =
                self.messages(chat).into_iter().rev().find(|message| !message.deleted && fits(message))
            {
                return found;
            }
            // Falling behind is no matter: the world is read anew.
            drop(events.recv().await);
        }
    }

    async fn wait_for(&self, bot: BotId, done: impl Fn(&BotState) -> bool) {
        let Some(progress) = self.lock().bots.get(&bot).map(|bot| Arc::clone(&bot.progress)) else { return };
        loop {
            let mut changed = std::pin::pin!(progress.notified());
            changed.as_mut().enable();
            if self.lock().bots.get(&bot).is_none_or(&done) {
                return;
            }
            changed.await;
        }
    }

    /// Queues any JSON as an update: hostile, unknown, malformed. An object without `update_id` gets one; returns the
    /// number that confirms it.
    pub fn send_raw_update(&self, bot: BotId, mut update: Value) -> i64 {
        let mut state = self.lock();
        let Some(account) = state.bots.get_mut(&bot) else { return 0 };
        let id = account.next_update;
        account.next_update = account.next_update.saturating_add(1);
        if let Some(object) = update.as_object_mut() {
            object.entry("update_id").or_insert(id.into());
        }
        state.enqueue(bot, id, None, 0, update.to_string());
        id
    }

    /// Sets a fault; returns its id.
    pub fn add_fault(&self, fault: Fault) -> u64 {
        let mut state = self.lock();
        let id = state.faults.add(fault);
        state.event(|| json!({"event": "faults", "faults": state.fault_list()}));
        id
    }

    /// How often a fault with a count will still strike; `None`: without a count, used up or taken away.
    pub fn strikes_left(&self, id: u64) -> Option<u64> {
        let state = self.lock();
        state.faults.list().iter().find(|(have, _)| *have == id).and_then(|(_, fault)| fault.count)
    }

    /// Takes one fault away, or all, and releases what was withheld.
    pub fn remove_faults(&self, id: Option<u64>) {
        let mut state = self.lock();
        state.faults.remove(id);
        state.event(|| json!({"event": "faults", "faults": state.fault_list()}));
    }

    /// Lets withheld answers go.
    pub fn release(&self) {
        self.lock().faults.release();
    }

    /// Every method but getUpdates takes so long (microseconds of real time) from now on.
    pub fn set_latency(&self, micros: i64) {
        self.lock().settings.latency = micros.max(0);
    }

    /// How long a webhook may take to answer a delivery before it counts as failed (microseconds of real time): 60 s
    /// at the beginning.
    pub fn set_webhook_patience(&self, micros: i64) {
        self.lock().settings.webhook_patience = micros.max(0);
    }

    /// Refuses what bots send faster than Telegram's limits: 30 a second in all, one a second to a person after a
    /// burst of five, 20 a minute to a group.
    pub fn set_flood_control(&self, on: bool) {
        self.lock().settings.flood_control = on;
    }

    /// Plays a later version of Telegram: unknown fields in every object, unknown types in lists, and after every fifth
    /// update one that no bot knows: its kind, its status, its chat's type or its content.
    pub fn set_newer(&self, on: bool) {
        self.lock().settings.newer = on;
    }

    /// What the validator found wrong with the sandbox's own answers and updates; empty without a validator.
    pub fn violations(&self) -> Vec<String> {
        self.lock().checker.as_ref().map(|checker| checker.violations.clone()).unwrap_or_default()
    }

    /// How many answers and updates were validated.
    pub fn validated(&self) -> u64 {
        self.lock().checker.as_ref().map_or(0, |checker| checker.answers + checker.updates)
    }

    /// How often each method was answered under validation.
    pub fn validated_methods(&self) -> BTreeMap<String, u64> {
        self.lock().checker.as_ref().map(|checker| checker.methods.clone()).unwrap_or_default()
    }

    /// The bot's profile text of a kind (`name`, `description`, `short_description`) in a language (`""`: default).
    pub fn profile(&self, bot: BotId, kind: &str, language: &str) -> Option<String> {
        let state = self.lock();
        let texts = state.bots.get(&bot)?.profile.iter();
        texts.filter(|((have, tag), _)| have == kind && tag == language).map(|(_, text)| text.clone()).next()
    }
}
