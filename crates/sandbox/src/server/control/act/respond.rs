//! What a person does at a message, and with a bot.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::wire::{Failure, Natural};
use super::Done;
use crate::ids::{BotId, ChatId, MessageId, PersonId};
use crate::world::World;

/// A person at a message.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct At {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// In which chat.
    pub chat: ChatId,
    /// Which message of it.
    pub message: MessageId,
}

/// A person presses a button.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Tap {
    /// Who, and under which message.
    #[serde(flatten)]
    pub at: At,
    /// The text on the button.
    pub label: String,
}

/// A person reacts.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct React {
    /// Who, and to what.
    #[serde(flatten)]
    pub at: At,
    /// With which emoji of those that Telegram offers; `null` takes the reaction back.
    pub emoji: Option<String>,
}

/// A person votes in a poll.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Vote {
    /// Who, and in which poll.
    #[serde(flatten)]
    pub at: At,
    /// Indexes of the options; none takes the vote back.
    pub options: Vec<Natural>,
}

/// A person presses Start in a bot's chat.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Start {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Whose chat.
    pub bot: BotId,
    /// Of the deep link.
    pub payload: Option<String>,
}

/// A person and a bot.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct WithBot {
    /// Who.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Which bot.
    pub bot: BotId,
}

impl At {
    pub(super) fn delete(self, world: &World) -> Result<Done, Failure> {
        Ok(world.delete(self.person, self.chat, self.message)?.into())
    }

    pub(super) fn pin(self, world: &World) -> Result<Done, Failure> {
        Ok(world.pin(self.person, self.chat, self.message)?.into())
    }

    pub(super) fn unpin(self, world: &World) -> Result<Done, Failure> {
        Ok(world.unpin(self.person, self.chat, self.message)?.into())
    }
}

impl Tap {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let callback = world.tap(self.at.person, self.at.chat, self.at.message, &self.label)?;
        Ok(Done { callback: Some(callback), ..Done::default() })
    }
}

impl React {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.react(self.at.person, self.at.chat, self.at.message, self.emoji.as_deref())?.into())
    }
}

impl Vote {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let options: Vec<usize> = self.options.iter().map(|option| option.size()).collect();
        Ok(world.vote(self.at.person, self.at.chat, self.at.message, &options)?.into())
    }
}

impl Start {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(Done::messages(vec![world.start(self.person, self.bot, self.payload.as_deref())?]))
    }
}

impl WithBot {
    pub(super) fn block(self, world: &World) -> Done {
        world.block(self.person, self.bot);
        Done::nothing()
    }

    pub(super) fn unblock(self, world: &World) -> Done {
        world.unblock(self.person, self.bot);
        Done::nothing()
    }
}
