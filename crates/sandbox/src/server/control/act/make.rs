//! People, bots and groups come into being, and the world's switches.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::wire::Failure;
use super::Done;
use crate::ids::{BotId, PersonId};
use crate::world::World;
use crate::world::setup::{BotSpec, PersonSpec};
use crate::world::state::State;

/// A person comes into the world.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct CreatePerson {
    /// Their user id; made up when left out.
    #[schema(minimum = 1, maximum = 999_999_999_999_i64)]
    pub id: Option<i64>,
    /// First name.
    #[schema(min_length = 1)]
    pub first_name: String,
    /// Last name.
    pub last_name: Option<String>,
    /// Without `@`.
    pub username: Option<String>,
    /// IETF tag of the app's language.
    pub language: Option<String>,
}

/// A bot comes into the world.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct CreateBot {
    /// Without `@`.
    #[schema(min_length = 1)]
    pub username: String,
    /// What people see; the username when left out.
    pub name: Option<String>,
    /// `<id>:<secret>`; its number becomes the bot's id. Made up when left out.
    #[schema(pattern = r"^[1-9][0-9]{0,14}:[A-Za-z0-9_-]+$")]
    pub token: Option<String>,
    /// Privacy mode: on when left out.
    pub privacy: Option<bool>,
}

/// A group is founded.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Founding {
    /// Its creator.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Its title.
    pub title: String,
}

/// A person.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Who {
    /// Whose account.
    pub who: PersonId,
}

/// Privacy mode of a bot.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Privacy {
    /// Whose.
    pub bot: BotId,
    /// Whether it hears less.
    pub on: bool,
}

/// Any JSON as an update.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RawUpdate {
    /// Who gets it.
    pub bot: BotId,
    /// An object without `update_id` gets one.
    pub update: Value,
}

/// How long calls take.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Latency {
    /// Milliseconds.
    pub ms: i64,
}

/// On or off.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Switch {
    /// Whether.
    pub on: bool,
}

impl CreatePerson {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let Self { id, first_name, last_name, username, language } = self;
        if first_name.is_empty() {
            return Err(Failure::bad("a person needs a first name"));
        }
        let mut state = world.lock();
        if let Some(id) = id {
            if !(1..1_000_000_000_000).contains(&id) {
                return Err(Failure::bad(format!("{id} is no id that a person can have")));
            }
            if state.users.contains_key(&id) {
                return Err(Failure::refused(format!("the id {id} is taken")));
            }
        }
        username.as_deref().map_or(Ok(()), |username| refuse_taken(&state, username))?;
        let person = state.add_person(id, PersonSpec { first_name, last_name, username, language });
        Ok(Done { person: Some(person), ..Done::default() })
    }
}

impl CreateBot {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let Self { username, name, token, privacy } = self;
        if username.is_empty() {
            return Err(Failure::bad("a bot needs a username"));
        }
        let mut state = world.lock();
        refuse_taken(&state, &username)?;
        if let Some(token) = &token {
            let id = id_of(token)
                .ok_or_else(|| Failure::bad(format!("{token:?} is no token: write <id>:<secret>")))?;
            if state.users.contains_key(&id) {
                return Err(Failure::refused(format!("the id {id} is taken")));
            }
        }
        let name = name.unwrap_or_else(|| username.clone());
        let bot = state.add_bot(BotSpec { username, name, token, privacy: privacy.unwrap_or(true) });
        Ok(Done { bot: Some(bot.id), token: Some(bot.token), ..Done::default() })
    }
}

fn refuse_taken(state: &State, username: &str) -> Result<(), Failure> {
    if state.is_taken(username) {
        return Err(Failure::refused(format!("the username @{username} is taken")));
    }
    Ok(())
}

fn id_of(token: &str) -> Option<i64> {
    let (id, secret) = token.split_once(':')?;
    let is_id =
        (1..=15).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit()) && !id.starts_with('0');
    let is_secret = !secret.is_empty()
        && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if is_id && is_secret { id.parse().ok() } else { None }
}

impl Founding {
    pub(super) fn group(self, world: &World) -> Done {
        Done::chat(world.add_group(&self.title, self.person))
    }

    pub(super) fn supergroup(self, world: &World) -> Done {
        Done::chat(world.add_supergroup(&self.title, self.person))
    }

    pub(super) fn forum(self, world: &World) -> Done {
        Done::chat(world.add_forum(&self.title, self.person))
    }
}

impl Who {
    pub(super) fn deactivate(self, world: &World) -> Done {
        world.deactivate(self.who);
        Done::nothing()
    }
}

impl Privacy {
    pub(super) fn perform(self, world: &World) -> Done {
        world.set_privacy(self.bot, self.on);
        Done::nothing()
    }
}

impl RawUpdate {
    pub(super) fn perform(self, world: &World) -> Done {
        Done { update: Some(world.send_raw_update(self.bot, self.update)), ..Done::default() }
    }
}

impl Latency {
    pub(super) fn perform(self, world: &World) -> Done {
        world.set_latency(self.ms.saturating_mul(1_000));
        Done::nothing()
    }
}

impl Switch {
    pub(super) fn newer(self, world: &World) -> Done {
        world.set_newer(self.on);
        Done::nothing()
    }

    pub(super) fn flood_control(self, world: &World) -> Done {
        world.set_flood_control(self.on);
        Done::nothing()
    }
}
