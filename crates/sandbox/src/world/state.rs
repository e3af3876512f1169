//! Everything there is, behind one lock.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use super::bot::BotState;
use super::chat::{Chat, ChatKind, GENERAL, Topic};
use super::files::Files;
use super::generator::Generator;
use super::message::{Kind, Message};
use super::participants::Participants;
use super::photos::Photos;
use super::save::sorted;
use super::stickers::Stickers;
use super::user::User;
use crate::clock::Clock;
use crate::coverage::Counts;
use crate::faults::Faults;
use crate::ids::{BotId, ChatId, MessageId, PersonId};
use crate::journal::Journal;
use crate::schema::Checker;

/// Switches of the whole world.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// Answers of all methods but getUpdates take so long (microseconds of real time).
    pub latency: i64,
    /// Play a later version of Telegram.
    pub newer: bool,
    /// Refuse what comes faster than Telegram's limits.
    #[serde(default)]
    pub flood_control: bool,
    /// How long a webhook may take to answer (microseconds of real time): the other side is real.
    #[serde(default = "webhook_patience")]
    pub webhook_patience: i64,
}

fn webhook_patience() -> i64 {
    60_000_000
}

impl Default for Settings {
    fn default() -> Self {
        Self { latency: 0, newer: false, flood_control: false, webhook_patience: webhook_patience() }
    }
}

/// A press on a button can be answered for so long (microseconds).
pub(crate) const CALLBACK_LIFE: i64 = 15 * 60 * 1_000_000;
/// Presses that wait for an answer while the clock stands, and answers: the newest so many are kept.
const MOST_CALLBACKS: usize = 100_000;
const MOST_ANSWERS: usize = 1_000;

/// A press on a button, until it is answered or too old for it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Callback {
    pub bot: BotId,
    pub person: PersonId,
    pub chat: ChatId,
    pub asked_at: i64,
}

/// The world behind the lock.
///
/// Every field that is not skipped is saved and loaded: it owns its data and holds no clock and no channel. Maps are
/// `BTreeMap`s, or `HashMap`s written by [`sorted`], so that one state always makes the same document.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    #[serde(skip, default = "Clock::real")]
    pub clock: Clock,
    #[serde(serialize_with = "sorted")]
    pub users: HashMap<i64, User>,
    #[serde(serialize_with = "sorted")]
    pub bots: HashMap<BotId, BotState>,
    #[serde(serialize_with = "sorted")]
    pub tokens: HashMap<String, BotId>,
    #[serde(serialize_with = "sorted")]
    pub chats: HashMap<ChatId, Chat>,
    /// Users and public groups, by lower-case name.
    #[serde(serialize_with = "sorted")]
    pub usernames: HashMap<String, i64>,
    /// No update that waits for its bot is too old before then (microseconds).
    #[serde(default)]
    pub updates_expire: Option<i64>,
    /// When a ban, a restriction or a paid membership ends (seconds since 1970 UTC), where and whose.
    pub expiries: BTreeSet<(i64, ChatId, i64)>,
    /// The chats of invite links.
    pub links: BTreeMap<String, ChatId>,
    pub callbacks: BTreeMap<u64, Callback>,
    /// The newest answers to presses.
    pub answers: VecDeque<super::view::CallbackAnswer>,
    #[serde(serialize_with = "sorted")]
    pub polls: HashMap<String, super::poll::Poll>,
    pub business: super::business::Business,
    pub inline: super::inline::Inline,
    /// When the world came into being (microseconds since 1970 UTC).
    pub began_at: i64,
    pub timers: super::timers::Timers,
    /// Something was added to the timers.
    #[serde(skip)]
    pub timers_changed: Arc<tokio::sync::Notify>,
    pub files: Files,
    pub photos: Photos,
    pub stickers: Stickers,
    #[serde(skip, default = "Journal::off")]
    pub journal: Journal,
    pub faults: Faults,
    pub settings: Settings,
    #[serde(skip)]
    pub checker: Option<Checker>,
    #[serde(default)]
    pub rng: Generator,
    #[serde(skip, default = "nobody_listens")]
    pub events: broadcast::Sender<Arc<str>>,
    #[serde(skip)]
    pub counts: Counts,
    #[serde(skip)]
    pub participants: Participants,
    /// Counts loads and resets: what was under way before belongs to another world.
    #[serde(skip)]
    pub generation: u64,
    /// The saved state that a reset goes back to.
    #[serde(skip)]
    pub opening: Arc<str>,
    /// Message ids of private chats and basic groups come from one mailbox.
    next_mail: MessageId,
    #[serde(serialize_with = "sorted")]
    next: HashMap<String, i64>,
}

fn nobody_listens() -> broadcast::Sender<Arc<str>> {
    broadcast::channel(4_096).0
}

impl State {
    pub fn new(clock: Clock, seed: u64, journal: Journal, checker: Option<Checker>) -> Self {
        Self {
            began_at: clock.now(),
            clock,
            users: HashMap::new(),
            bots: HashMap::new(),
            tokens: HashMap::new(),
            chats: HashMap::new(),
            usernames: HashMap::new(),
            updates_expire: None,
            expiries: BTreeSet::new(),
            links: BTreeMap::new(),
            callbacks: BTreeMap::new(),
            answers: VecDeque::new(),
            polls: HashMap::new(),
            business: super::business::Business::default(),
            inline: super::inline::Inline::default(),
            timers: super::timers::Timers::default(),
            timers_changed: Arc::default(),
            files: Files::default(),
            photos: Photos::default(),
            stickers: Stickers::default(),
            journal,
            faults: Faults::default(),
            settings: Settings::default(),
            checker,
            rng: Generator::new(seed),
            events: nobody_listens(),
            counts: Counts::default(),
            participants: Participants::default(),
            generation: 0,
            opening: "".into(),
            next_mail: 1,
            next: HashMap::new(),
        }
    }

    /// The next number of a series that starts after `first`.
    pub fn number(&mut self, series: &'static str, first: i64) -> i64 {
        if let Some(next) = self.next.get_mut(series) {
            *next = next.saturating_add(1);
            return *next;
        }
        self.next.insert(series.to_owned(), first + 1);
        first + 1
    }

    /// Drops the presses that can no longer be answered; the oldest come first.
    pub fn forget_callbacks(&mut self, now: i64) {
        while let Some(oldest) = self.callbacks.first_entry() {
            if now.saturating_sub(oldest.get().asked_at) < CALLBACK_LIFE {
                break;
            }
            oldest.remove();
        }
        while self.callbacks.len() >= MOST_CALLBACKS {
            self.callbacks.pop_first();
        }
    }

    /// Keeps an answer to a press, and the newest of those before it.
    pub fn keep_answer(&mut self, answer: super::view::CallbackAnswer) {
        while self.answers.len() >= MOST_ANSWERS {
            self.answers.pop_front();
        }
        self.answers.push_back(answer);
    }

    /// Puts a message into its chat: gives it id and date, books it in its topic. Tells no bot.
    pub fn store(&mut self, mut message: Message) -> MessageId {
        let date = self.clock.seconds();
        if message.sender.is_none() && !message.chat.is_private() {
            message.sender =
                self.chats.get(&message.chat).and_then(|chat| self.sender_in(chat, message.from));
        }
        let Some(chat) = self.chats.get_mut(&message.chat) else { return 0 };
        let id = if matches!(chat.kind, ChatKind::Supergroup | ChatKind::Channel) {
            let id = chat.next_message;
            chat.next_message = id.saturating_add(1);
            id
        } else {
            let id = self.next_mail;
            self.next_mail = id.saturating_add(1);
            id
        };
        message.id = id;
        message.date = date;
        if message.content.kind == Kind::Service("forum_topic_created") {
            message.topic = Some(id);
        }
        if let Some(topic) = chat.topics.get_mut(&message.topic.unwrap_or(GENERAL)) {
            topic.messages.push(id);
        }
        if self.users.get(&message.from).is_some_and(|user| user.is_bot) {
            chat.last_bot = Some(message.from);
        } else if !message.content.kind.is_service() {
            // A person's message does not change which bot wrote last.
            chat.started = true;
        }
        chat.messages.insert(id, Box::new(message));
        id
    }

    /// The private chat of a person and a bot, made when it is not there.
    pub fn private_chat(&mut self, person: PersonId, bot: BotId) -> ChatId {
        let id = ChatId::private(person, bot);
        if !self.chats.contains_key(&id) {
            let user = self.users.get(&person.0);
            let mut chat = Chat::new(id, ChatKind::Private, &user.map(User::name).unwrap_or_default());
            if self.bots.contains_key(&bot) {
                chat.bots.push(bot.0);
            } else {
                self.business.note_chat(id);
            }
            chat.rebuild(user);
            self.chats.insert(id, chat);
        }
        id
    }

    /// The chat that a bot means by a number.
    pub fn chat_of(bot: BotId, number: i64) -> ChatId {
        if number < 0 { ChatId::Group(number) } else { ChatId::private(PersonId(number), bot) }
    }

    /// A topic that is there and not deleted.
    pub fn topic(&self, chat: ChatId, topic: MessageId) -> Option<&Topic> {
        self.chats.get(&chat)?.topics.get(&topic).filter(|topic| !topic.deleted)
    }

    /// Tells the page, if somebody watches.
    pub fn event(&self, build: impl FnOnce() -> serde_json::Value) {
        if self.events.receiver_count() > 0 {
            // It fails only when the last watcher has just gone.
            let _ = self.events.send(build().to_string().into());
        }
    }
}
