//! A bot's account: its updates, webhook and profile.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::chat::ChatKind;
use super::rights::Rights;
use crate::ids::{BotId, ChatId};

/// Update kinds in the Bot API's order; an index is a bit of [`BotState::allowed`].
pub(crate) const UPDATE_KINDS: [&str; 27] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "subscription",
    "stopped_message_generation",
];

/// The bit of an update kind; none for a kind that this version does not know.
pub(crate) fn kind_bit(kind: &str) -> Option<u64> {
    UPDATE_KINDS.iter().position(|known| *known == kind).map(|index| 1 << index)
}

/// What a bot gets that never asked: all but members' and reactions' updates.
pub(crate) fn default_kinds() -> u64 {
    let left_out = ["chat_member", "message_reaction", "message_reaction_count"];
    left_out
        .iter()
        .filter_map(|kind| kind_bit(kind))
        .fold((1 << UPDATE_KINDS.len()) - 1, |all, bit| all & !bit)
}

/// An update on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Queued {
    pub id: i64,
    /// Whose order it must keep when a fault shuffles.
    pub chat: Option<ChatId>,
    /// Apart from messages, what happens in a chat is delivered to a webhook in a line of its own.
    pub line: u64,
    /// The `Update` object.
    #[serde(with = "super::save::text")]
    pub json: Bytes,
    /// A webhook delivery of it is under way.
    #[serde(skip)]
    pub in_delivery: bool,
    /// Failed deliveries by webhook.
    pub attempts: u32,
    /// A webhook tries it again from then on (microseconds).
    pub due: i64,
    /// A fault delivers it once more: no fault does so again.
    #[serde(default)]
    pub replayed: bool,
    /// Nobody took it until then (microseconds): it is dropped.
    #[serde(default = "never")]
    pub expires: i64,
}

/// How long an update waits for its bot (microseconds).
pub(crate) const KEPT: i64 = 24 * 3_600 * 1_000_000;

/// When an update expires that was saved without its time.
fn never() -> i64 {
    i64::MAX
}

/// Where updates are delivered to when not polled for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub max_connections: usize,
    /// Where to connect, whatever the URL's host resolves to.
    pub ip_address: Option<String>,
    pub has_certificate: bool,
    pub last_error: Option<(i64, String)>,
}

/// What BotFather can switch on and off.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Modes {
    /// /setinline: people may type `@bot` in any chat.
    pub inline: bool,
    /// /setinlinefeedback: the bot is told which results are chosen.
    pub feedback: bool,
    /// Business mode: people may connect it to their accounts.
    pub business: bool,
}

/// A bot.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BotState {
    pub id: BotId,
    pub token: String,
    /// Privacy mode: the bot does not hear everything in groups.
    pub privacy: bool,
    pub can_join_groups: bool,
    pub queue: VecDeque<Queued>,
    /// Confirmed updates that a fault delivers once more.
    pub replays: Vec<Queued>,
    pub next_update: i64,
    pub allowed: u64,
    /// Asked for with setWebhook or getUpdates; shown by getWebhookInfo.
    pub allowed_names: Option<Vec<String>>,
    /// Counts polls: the older of two ends.
    #[serde(skip)]
    pub poll: u64,
    pub webhook: Option<Webhook>,
    /// Counts changes of the webhook, so that its task ends with it.
    #[serde(skip)]
    pub webhook_epoch: u64,
    /// An update came, a poll began, the webhook changed.
    #[serde(skip)]
    pub wake: Arc<Notify>,
    /// An update was confirmed or a call ended.
    #[serde(skip)]
    pub progress: Arc<Notify>,
    /// The last getUpdates failed: the bot may wait before it asks again.
    #[serde(skip)]
    pub poll_failed: bool,
    /// Calls under way that a fault holds up.
    #[serde(skip)]
    pub held: usize,
    /// Method calls under way, without getUpdates.
    #[serde(skip)]
    pub in_flight: usize,
    /// What flood control has counted.
    #[serde(default)]
    pub flood: super::flood::Flood,
    /// Commands by scope and language, as JSON arrays.
    #[serde(with = "super::save::pairs")]
    pub commands: BTreeMap<(String, String), String>,
    /// Name, description and short description, by field and language.
    #[serde(with = "super::save::pairs")]
    pub profile: BTreeMap<(String, String), String>,
    /// The rights that it asks for when it is added to a group, and to a channel.
    pub group_rights: Option<Rights>,
    pub channel_rights: Option<Rights>,
    /// Its games, by short name.
    pub games: BTreeMap<String, super::games::Game>,
    pub modes: Modes,
    /// When its first call came in since it was made or closed (microseconds).
    pub launched_at: Option<i64>,
    /// After logOut, no call is carried out before then (microseconds).
    pub logged_out_until: i64,
    /// Menu buttons by chat (`None`: the default), as JSON.
    #[serde(with = "super::save::pairs")]
    pub menu_buttons: BTreeMap<Option<i64>, String>,
}

impl BotState {
    pub fn new(id: BotId, token: String) -> Self {
        Self {
            id,
            token,
            privacy: true,
            can_join_groups: true,
            queue: VecDeque::new(),
            replays: Vec::new(),
            next_update: 100_000_000 + id.0.rem_euclid(1_000) * 1_000_000 + 1,
            allowed: default_kinds(),
            allowed_names: None,
            poll: 0,
            webhook: None,
            webhook_epoch: 0,
            wake: Arc::new(Notify::new()),
            progress: Arc::new(Notify::new()),
            poll_failed: false,
            held: 0,
            in_flight: 0,
            flood: super::flood::Flood::default(),
            commands: BTreeMap::new(),
            profile: BTreeMap::new(),
            group_rights: None,
            channel_rights: None,
            games: BTreeMap::new(),
            modes: Modes::default(),
            launched_at: None,
            logged_out_until: 0,
            menu_buttons: BTreeMap::new(),
        }
    }

    /// Notes a call; false when the bot has logged out.
    pub fn admit(&mut self, now: i64) -> bool {
        self.launched_at.get_or_insert(now);
        now >= self.logged_out_until
    }

    /// Sets what the bot wants to hear; `None` leaves it as it was, an empty list is the default.
    pub fn set_allowed(&mut self, kinds: Option<Vec<String>>) {
        let Some(kinds) = kinds else { return };
        let bits = kinds.iter().filter_map(|kind| kind_bit(kind)).fold(0, |all, bit| all | bit);
        self.allowed = if kinds.is_empty() { default_kinds() } else { bits };
        self.allowed_names = (!kinds.is_empty()).then_some(kinds);
    }

    /// When a webhook is to be given something next, and whether a delivery is under way.
    pub fn webhook_due(&self) -> (Option<i64>, bool) {
        if self.webhook.is_none() {
            return (None, false);
        }
        let mut busy = HashSet::new();
        let is_first = |update: &&Queued| update.chat.is_none_or(|chat| busy.insert((chat, update.line)));
        let due = self.queue.iter().filter(is_first).map(|update| update.due).min();
        (due, self.queue.iter().any(|update| update.in_delivery))
    }

    /// The rights that it asks for in a chat of this kind.
    pub fn default_rights_mut(&mut self, kind: ChatKind) -> &mut Option<Rights> {
        if kind == ChatKind::Channel { &mut self.channel_rights } else { &mut self.group_rights }
    }

    /// Nothing undelivered and no call under way.
    pub fn is_idle(&self) -> bool {
        self.queue.is_empty() && self.replays.is_empty() && self.in_flight == 0
    }
}
