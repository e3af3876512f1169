//! What BotFather does for a bot, and inline mode.

use base64::Engine as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::wire::Failure;
use super::Done;
use crate::ids::{BotId, ChatId, PersonId};
use crate::world::World;
use crate::world::games::GameSpec;

/// BotFather's /setinline, /setinlinefeedback, /setjoingroups and business mode; what is left out stays.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConfigureBot {
    /// Which.
    pub bot: BotId,
    /// People may type `@bot` in any chat. Off at first.
    pub inline: Option<bool>,
    /// The bot is told which results are chosen. Off at first.
    pub feedback: Option<bool>,
    /// People may connect it to their business accounts. Off at first.
    pub business: Option<bool>,
    /// It may be added to groups. On at first.
    pub joins_groups: Option<bool>,
}

/// BotFather's /newgame.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreateGame {
    /// Whose.
    pub bot: BotId,
    /// What the bot sends it by: Latin letters, digits, underscores.
    #[schema(min_length = 3, max_length = 30)]
    pub short_name: String,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// Its picture in base64; a made-up one when left out.
    #[schema(
        pattern = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
    )]
    pub photo: Option<String>,
}

/// A person types `@bot text` in a chat.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InlineQuery {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Where.
    pub chat: ChatId,
    /// Which bot.
    pub bot: BotId,
    /// What follows its name.
    #[schema(max_length = 256)]
    pub text: String,
    /// Where the person has scrolled to: what the bot gave as the next offset.
    pub offset: Option<String>,
}

/// A person chooses a result of an inline query.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChooseResult {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// The query's id.
    pub query: String,
    /// The result's id.
    pub result: String,
}

/// A person sends a message that a bot prepared for them.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SendPrepared {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Where.
    pub chat: ChatId,
    /// The id that savePreparedInlineMessage gave.
    pub prepared: String,
}

impl ConfigureBot {
    pub(super) fn perform(self, world: &World) -> Done {
        world.configure_bot(self.bot, self.inline, self.feedback, self.business, self.joins_groups);
        Done::nothing()
    }
}

impl CreateGame {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let decode = |text: String| base64::engine::general_purpose::STANDARD.decode(text);
        let photo = self.photo.map(decode).transpose();
        let photo = photo.map_err(|error| Failure::bad(format!("base64 cannot be decoded: {error}")))?;
        let (short_name, title, description) = (self.short_name, self.title, self.description);
        let spec = GameSpec { short_name, title, description, photo: photo.map(Into::into) };
        Ok(world.add_game(self.bot, spec)?.into())
    }
}

impl InlineQuery {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let offset = self.offset.unwrap_or_default();
        let query = world.inline_query(self.person, self.chat, self.bot, &self.text, &offset)?;
        Ok(Done { query: Some(query), ..Done::default() })
    }
}

impl ChooseResult {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(Done::messages(vec![world.choose_result(self.person, &self.query, &self.result)?]))
    }
}

impl SendPrepared {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(Done::messages(vec![world.send_prepared(self.person, self.chat, &self.prepared)?]))
    }
}
