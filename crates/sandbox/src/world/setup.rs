//! Bots, people and groups come into being.

use serde_json::json;

use super::World;
use super::bot::BotState;
use super::chat::{Chat, ChatKind, GENERAL, Topic};
use super::member::{Member, Status};
use super::message::Message;
use super::state::State;
use super::user::User;
use crate::ids::{BotId, ChatId, PersonId};

/// A bot to be made.
#[derive(Clone, Debug)]
pub struct BotSpec {
    /// Without `@`.
    pub username: String,
    /// What people see.
    pub name: String,
    /// `None`: one that is clearly no real token, the same in every run.
    pub token: Option<String>,
    /// Privacy mode: the bot does not hear everything in groups. On by default, as at Telegram.
    pub privacy: bool,
}

impl BotSpec {
    /// A bot in privacy mode with a made-up token.
    pub fn new(username: &str, name: &str) -> Self {
        Self { username: username.to_owned(), name: name.to_owned(), token: None, privacy: true }
    }

    /// Privacy mode off: in groups that it is added to from now on it hears everything.
    #[must_use]
    pub fn without_privacy(mut self) -> Self {
        self.privacy = false;
        self
    }

    /// With this token; its number becomes the bot's id.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }
}

/// A bot that was made.
#[derive(Clone, Debug)]
pub struct Bot {
    /// Its user id.
    pub id: BotId,
    /// What it authenticates with.
    pub token: String,
    /// Without `@`.
    pub username: String,
}

/// A person to be made.
#[derive(Clone, Debug, Default)]
pub struct PersonSpec {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: Option<String>,
    /// Without `@`.
    pub username: Option<String>,
    /// IETF tag of the app's language.
    pub language: Option<String>,
}

impl World {
    /// Makes a bot. Its id is the number of its token, or the next from 1000001.
    pub fn add_bot(&self, spec: BotSpec) -> Bot {
        self.lock().add_bot(spec)
    }

    /// Takes a bot's token away, as BotFather's /revoke does, and gives it another.
    pub fn revoke_token(&self, bot: BotId) -> Option<String> {
        let mut state = self.lock();
        let number = state.number("revoked", 0);
        let account = state.bots.get_mut(&bot)?;
        let old = std::mem::take(&mut account.token);
        account.token = format!("{bot}:{:x<35}", format!("sandbox-revoked-{number}-"));
        let new = account.token.clone();
        state.tokens.remove(&old);
        state.tokens.insert(new.clone(), bot);
        Some(new)
    }

    /// Makes a person with a first name and a language such as `en`.
    pub fn add_person(&self, first_name: &str, language: &str) -> PersonId {
        self.add_person_as(PersonSpec {
            first_name: first_name.to_owned(),
            language: Some(language.to_owned()),
            ..PersonSpec::default()
        })
    }

    /// Makes a person. Ids count from 2000001.
    pub fn add_person_as(&self, spec: PersonSpec) -> PersonId {
        self.lock().add_person(None, spec)
    }

    /// Makes a person with an id that is free.
    pub fn add_person_with_id(&self, id: i64, spec: PersonSpec) -> PersonId {
        self.lock().add_person(Some(id), spec)
    }

    /// A basic group.
    pub fn add_group(&self, title: &str, creator: PersonId) -> ChatId {
        self.lock().create_group(title, creator, ChatKind::Group, false)
    }

    /// A supergroup without topics.
    pub fn add_supergroup(&self, title: &str, creator: PersonId) -> ChatId {
        self.lock().create_group(title, creator, ChatKind::Supergroup, false)
    }

    /// A supergroup with topics.
    pub fn add_forum(&self, title: &str, creator: PersonId) -> ChatId {
        self.lock().create_group(title, creator, ChatKind::Supergroup, true)
    }

    /// BotFather's switches of a bot: inline mode, feedback on what is chosen, business mode, whether it may be added
    /// to groups. What is `None` stays.
    pub fn configure_bot(
        &self,
        bot: BotId,
        inline: Option<bool>,
        feedback: Option<bool>,
        business: Option<bool>,
        joins_groups: Option<bool>,
    ) {
        let mut state = self.lock();
        if let Some(account) = state.bots.get_mut(&bot) {
            let modes = &mut account.modes;
            modes.inline = inline.unwrap_or(modes.inline);
            modes.feedback = feedback.unwrap_or(modes.feedback);
            modes.business = business.unwrap_or(modes.business);
            account.can_join_groups = joins_groups.unwrap_or(account.can_join_groups);
        }
        state.show_bot(bot);
    }

    /// BotFather's /setprivacy. It counts for a group once the bot is added there again.
    pub fn set_privacy(&self, bot: BotId, on: bool) {
        let mut state = self.lock();
        if let Some(account) = state.bots.get_mut(&bot) {
            account.privacy = on;
        }
        state.show_bot(bot);
    }
}

impl State {
    /// Whether a person, bot or chat has this username.
    pub fn is_taken(&self, username: &str) -> bool {
        self.usernames.contains_key(&username.to_lowercase())
    }

    pub fn add_bot(&mut self, spec: BotSpec) -> Bot {
        let given = spec.token.as_ref().and_then(|token| token.split_once(':')?.0.parse().ok());
        let id = BotId(given.unwrap_or_else(|| self.number("bots", 1_000_000)));
        let token =
            spec.token.unwrap_or_else(|| format!("{id}:{:x<35}", format!("sandbox-{}-", spec.username)));
        let mut user = User::new(id.0, true, &spec.name);
        user.username = Some(spec.username.clone());
        user.rebuild();
        self.usernames.insert(spec.username.to_lowercase(), id.0);
        self.users.insert(id.0, user);
        self.tokens.insert(token.clone(), id);
        let mut bot = BotState::new(id, token.clone());
        bot.privacy = spec.privacy;
        self.bots.insert(id, bot);
        self.show_bot(id);
        Bot { id, token, username: spec.username }
    }

    pub fn add_person(&mut self, id: Option<i64>, spec: PersonSpec) -> PersonId {
        let id = id.unwrap_or_else(|| self.number("people", 2_000_000));
        let mut user = User::new(id, false, &spec.first_name);
        user.last_name = spec.last_name;
        user.username = spec.username;
        user.language = spec.language;
        user.rebuild();
        if let Some(username) = &user.username {
            self.usernames.insert(username.to_lowercase(), id);
        }
        self.users.insert(id, user);
        self.show_person(id);
        PersonId(id)
    }

    pub fn create_group(&mut self, title: &str, creator: PersonId, kind: ChatKind, is_forum: bool) -> ChatId {
        let id = ChatId::Group(match kind {
            ChatKind::Supergroup | ChatKind::Channel => {
                (-1_002_000_000_000_i64).saturating_sub(self.number("supergroups", 0))
            }
            _ => (-4_000_000_i64).saturating_sub(self.number("groups", 0)),
        });
        let mut chat = Chat::new(id, kind, title);
        chat.is_forum = is_forum;
        chat.put_member(creator.0, false, Member { hears_all: true, ..Member::new(Status::Creator) });
        if is_forum {
            let general = Topic {
                id: GENERAL,
                name: "General".to_owned(),
                icon_color: 7_322_096,
                icon_emoji: None,
                closed: false,
                hidden: false,
                deleted: false,
                creator: creator.0,
                messages: Vec::new(),
            };
            chat.topics.insert(GENERAL, general);
        }
        chat.rebuild(None);
        self.chats.insert(id, chat);
        self.store(Message::new(id, creator.0, Self::creation(kind)));
        self.show_chat(id);
        id
    }

    pub fn show_bot(&self, id: BotId) {
        self.event(|| json!({"event": "bot", "bot": self.bots.get(&id).map(|bot| self.bot_view(bot))}));
    }

    pub fn show_person(&self, id: i64) {
        self.event(|| json!({"event": "person", "person": self.users.get(&id).map(Self::person_view)}));
    }

    pub fn show_chat(&self, id: ChatId) {
        self.event(|| json!({"event": "chat", "chat": self.chats.get(&id).map(|chat| self.chat_view(chat))}));
    }
}
