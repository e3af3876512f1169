//! The ids of people, bots and chats.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

/// A message's id: unique in its chat.
pub type MessageId = i64;

/// A person's id, as bots see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct PersonId(pub i64);

/// A bot's id: the number before the colon of its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct BotId(pub i64);

/// A person or a bot, where either will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UserId(pub i64);

impl From<PersonId> for UserId {
    fn from(person: PersonId) -> Self {
        Self(person.0)
    }
}

impl From<BotId> for UserId {
    fn from(bot: BotId) -> Self {
        Self(bot.0)
    }
}

/// A chat. A private chat belongs to a person and a bot: two bots never share one.
///
/// In text: the group's number, or `<person>_<bot>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChatId {
    /// A basic group, supergroup or channel, by the negative number that bots see.
    Group(i64),
    /// The private chat of a person with a bot.
    Private {
        /// Who.
        person: PersonId,
        /// With which bot; in a chat of two people, the id of the second.
        bot: BotId,
    },
}

impl ChatId {
    /// The private chat of `person` with `bot`.
    pub fn private(person: PersonId, bot: BotId) -> Self {
        Self::Private { person, bot }
    }

    /// The `chat_id` that a bot uses for it.
    pub fn number(self) -> i64 {
        match self {
            Self::Group(number) => number,
            Self::Private { person, .. } => person.0,
        }
    }

    /// Whether it is a private chat of this account, of a person or a bot, with somebody.
    pub fn is_of(self, account: i64) -> bool {
        self.other_than(account).is_some()
    }

    /// Who the other side of a private chat is; `None` when the account is neither side.
    pub fn other_than(self, account: i64) -> Option<i64> {
        match self {
            Self::Private { person, bot } if person.0 == account => Some(bot.0),
            Self::Private { person, bot } if bot.0 == account => Some(person.0),
            _ => None,
        }
    }

    /// Whether it is a private chat.
    pub fn is_private(self) -> bool {
        matches!(self, Self::Private { .. })
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for BotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(number) => number.fmt(f),
            Self::Private { person, bot } => write!(f, "{person}_{bot}"),
        }
    }
}

/// A text that names no chat.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no chat: write a group's negative number, or <person>_<bot>")]
pub struct NoChat(String);

impl FromStr for ChatId {
    type Err = NoChat;

    fn from_str(text: &str) -> Result<Self, NoChat> {
        let parsed = match text.split_once('_') {
            Some((person, bot)) => digits(person)
                .zip(digits(bot))
                .map(|(person, bot)| Self::Private { person: PersonId(person), bot: BotId(bot) }),
            None => text.strip_prefix('-').and_then(digits).map(|number| Self::Group(-number)),
        };
        parsed.ok_or_else(|| NoChat(text.to_owned()))
    }
}

/// A number without sign. 18 digits are less than 64 bits hold.
fn digits(text: &str) -> Option<i64> {
    let is_number = (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

impl utoipa::PartialSchema for ChatId {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^(-[0-9]{1,18}|[0-9]{1,18}_[0-9]{1,18})$"))
            .description(Some("A group's negative number, or `<person>_<bot>` for a private chat."))
            .examples(["-1002000000001", "2000003_1000001"])
            .into()
    }
}

impl ToSchema for ChatId {}

impl Serialize for ChatId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChatId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_survives_being_written_down() {
        for chat in [ChatId::Group(-1_002_000_000_001), ChatId::private(PersonId(7), BotId(8))] {
            assert_eq!(chat.to_string().parse::<ChatId>().unwrap(), chat);
        }
        assert!("12".parse::<ChatId>().is_err());
        for wrong in ["1_x", "+1_2", "1_-2", "--5", "", "_", "-", "9999999999999999999_1"] {
            assert!(wrong.parse::<ChatId>().is_err(), "{wrong}");
        }
    }
}
