//! Bots, people and chats as the page and the control API show them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::TopicView;
use crate::faults::Fault;
use crate::ids::{BotId, ChatId, MessageId, PersonId};
use crate::world::bot::BotState;
use crate::world::chat::Chat;
use crate::world::chat_settings::ChatSettings;
use crate::world::state::State;
use crate::world::user::User;

/// Whose time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// The system's.
    Real,
    /// It stands until it is advanced.
    Manual,
}

/// Everything but the messages.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    /// Microseconds since 1970 UTC.
    pub now: i64,
    /// Whose time it is.
    pub clock: ClockKind,
    /// The number of the newest call.
    pub last_call: u64,
    /// All bots.
    pub bots: Vec<BotView>,
    /// All people.
    pub people: Vec<PersonView>,
    /// All chats.
    pub chats: Vec<ChatView>,
    /// The faults that are set.
    pub faults: Vec<SetFault>,
    /// Every method but getUpdates takes so many milliseconds.
    pub latency_ms: i64,
    /// A later version of Telegram is played.
    pub newer: bool,
    /// Whether Telegram's limits on what bots send hold.
    #[serde(default)]
    pub flood_control: bool,
}

/// A bot.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BotView {
    /// Its user id.
    pub id: BotId,
    /// What people see.
    pub name: Option<String>,
    /// Without `@`.
    pub username: Option<String>,
    /// What it authenticates with.
    pub token: String,
    /// Privacy mode.
    pub privacy: bool,
    /// `BotCommand` objects of the default scope and language.
    pub commands: Vec<Value>,
    /// The commands of every scope and language.
    pub command_lists: Vec<CommandList>,
    /// `name`, `description` and `short_description` by language (`""`: default).
    pub profile: BTreeMap<String, BTreeMap<String, String>>,
    /// Updates that it has not confirmed.
    pub pending_updates: usize,
    /// Method calls under way, without getUpdates.
    pub in_flight: usize,
    /// Where its updates go; empty when it polls.
    pub webhook: String,
}

/// The commands of one scope and language.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CommandList {
    /// `default`, `all_private_chats`, `chat -100…`…
    pub scope: String,
    /// Empty: any.
    pub language: String,
    /// `BotCommand` objects.
    pub commands: Vec<Value>,
}

/// A person.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    /// Their user id.
    pub id: PersonId,
    /// First and last name.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: Option<String>,
    /// Without `@`.
    pub username: Option<String>,
    /// IETF tag of the app's language.
    pub language: Option<String>,
    /// The account was deleted.
    pub deactivated: bool,
}

/// A chat.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChatView {
    /// Its id.
    pub chat: ChatId,
    /// `private`, `group`, `supergroup` or `channel`.
    pub r#type: String,
    /// Its title; of a private chat the person's name.
    pub title: String,
    /// Without `@`: it is public.
    pub username: Option<String>,
    /// Whether it has topics.
    pub forum: bool,
    /// What administrators set.
    pub settings: ChatSettings,
    /// Who is or was in it.
    pub members: Vec<MemberView>,
    /// General first.
    pub topics: Vec<TopicView>,
    /// The newest message's id.
    pub last_message: Option<MessageId>,
    /// The pinned messages, the newest pin last.
    pub pinned: Vec<MessageId>,
    /// The supergroup that it has become.
    pub migrated_to: Option<ChatId>,
    /// Whose private chat it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// With which bot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<BotId>,
    /// The person blocked the bot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<bool>,
    /// The person has written or pressed Start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<bool>,
}

/// Somebody in a chat.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MemberView {
    /// User id.
    pub id: i64,
    /// First and last name.
    pub name: Option<String>,
    /// Whether it is a bot.
    pub bot: bool,
    /// `creator`, `administrator`, `member`, `restricted`, `left` or `kicked`.
    pub status: String,
}

/// A fault that is set.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetFault {
    /// What takes it away.
    pub id: u64,
    /// What goes wrong, and for whom.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many times it still strikes; without end when `null`.
    pub left: Option<u64>,
}

impl State {
    pub fn overview(&self) -> Overview {
        let mut bots: Vec<_> = self.bots.values().collect();
        bots.sort_unstable_by_key(|bot| bot.id);
        let mut people: Vec<_> = self.users.values().filter(|user| !user.is_bot).collect();
        people.sort_unstable_by_key(|user| user.id);
        let mut chats: Vec<_> = self.chats.values().collect();
        chats.sort_unstable_by_key(|chat| chat.id);
        Overview {
            now: self.clock.now(),
            clock: if self.clock.is_manual() { ClockKind::Manual } else { ClockKind::Real },
            last_call: self.journal.last(),
            bots: bots.into_iter().map(|bot| self.bot_view(bot)).collect(),
            people: people.into_iter().map(Self::person_view).collect(),
            chats: chats.into_iter().map(|chat| self.chat_view(chat)).collect(),
            faults: self.fault_list(),
            latency_ms: self.settings.latency / 1_000,
            newer: self.settings.newer,
            flood_control: self.settings.flood_control,
        }
    }

    pub fn bot_view(&self, bot: &BotState) -> BotView {
        let user = self.users.get(&bot.id.0);
        let parsed = |list: &String| serde_json::from_str::<Vec<Value>>(list).unwrap_or_default();
        let commands = bot.commands.get(&("default".to_owned(), String::new()));
        let lists = bot.commands.iter().map(|((scope, language), list)| CommandList {
            scope: scope.clone(),
            language: language.clone(),
            commands: parsed(list),
        });
        let mut profile = BTreeMap::<String, BTreeMap<String, String>>::new();
        for ((kind, language), text) in &bot.profile {
            profile.entry(kind.clone()).or_default().insert(language.clone(), text.clone());
        }
        BotView {
            id: bot.id,
            name: user.map(User::name),
            username: user.and_then(|user| user.username.clone()),
            token: bot.token.clone(),
            privacy: bot.privacy,
            commands: commands.map(parsed).unwrap_or_default(),
            command_lists: lists.collect(),
            profile,
            pending_updates: bot.queue.len(),
            in_flight: bot.in_flight,
            webhook: bot.webhook.as_ref().map(|webhook| webhook.url.clone()).unwrap_or_default(),
        }
    }

    pub fn person_view(user: &User) -> PersonView {
        PersonView {
            id: PersonId(user.id),
            name: user.name(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            username: user.username.clone(),
            language: user.language.clone(),
            deactivated: user.deactivated,
        }
    }

    pub fn chat_view(&self, chat: &Chat) -> ChatView {
        let member = |id: i64, status: &str| {
            let user = self.users.get(&id);
            MemberView {
                id,
                name: user.map(User::name),
                bot: user.is_some_and(|user| user.is_bot),
                status: status.to_owned(),
            }
        };
        let mut ids: Vec<i64> = chat.members.keys().copied().collect();
        ids.sort_unstable();
        let (members, person, bot) = match chat.id {
            ChatId::Private { person, bot } => {
                let both = [person.0, bot.0].map(|id| member(id, "member"));
                (both.to_vec(), Some(person), Some(bot))
            }
            ChatId::Group(_) => {
                (ids.into_iter().map(|id| member(id, chat.status(id).word())).collect(), None, None)
            }
        };
        ChatView {
            chat: chat.id,
            r#type: chat.kind_word().to_owned(),
            title: chat.title.clone(),
            username: chat.username.clone(),
            forum: chat.is_forum,
            settings: chat.settings.clone(),
            members,
            topics: Self::topic_views(chat),
            last_message: chat.messages.keys().next_back().copied(),
            pinned: chat.pinned.clone(),
            migrated_to: chat.migrated_to.map(ChatId::Group),
            person,
            bot,
            blocked: person.map(|_| chat.blocked),
            started: person.map(|_| chat.started),
        }
    }

    pub fn fault_list(&self) -> Vec<SetFault> {
        let list = self.faults.list().iter();
        list.map(|(id, fault)| SetFault { id: *id, fault: fault.clone(), left: fault.count }).collect()
    }
}
