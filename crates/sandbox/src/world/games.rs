//! Games of bots, and who scored how much in them.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::World;
use super::media::{Incoming, Wish};
use super::message::Kind;
use super::state::State;
use super::{Refused, json::quoted};
use crate::ids::{BotId, ChatId};

/// A game, as BotFather's /newgame makes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Game {
    pub title: String,
    pub description: String,
    /// Number of the picture's file.
    pub photo: u32,
    /// Number of the animation's file.
    pub animation: Option<u32>,
    /// Scores by chat and user.
    pub scores: BTreeMap<String, BTreeMap<i64, i64>>,
}

/// A game to be made; see [`World::add_game`].
#[derive(Clone, Debug, Default)]
pub struct GameSpec {
    /// What the bot sends it by.
    pub short_name: String,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The bytes of its picture; a made-up one when left out.
    pub photo: Option<Bytes>,
}

impl World {
    /// BotFather's /newgame.
    pub fn add_game(&self, bot: BotId, spec: GameSpec) -> Result<(), Refused> {
        let mut state = self.lock();
        let photo = match spec.photo {
            Some(bytes) => {
                let incoming = Incoming { name: "game.jpg".to_owned(), mime: None, bytes, prepared: None };
                state.receive_from_person(incoming, &Wish::of(Kind::Photo))
            }
            None => state.sample(Kind::Photo),
        };
        let animation = Some(state.sample(Kind::Animation));
        let Some(account) = state.bots.get_mut(&bot) else {
            return Refused::because(format!("there is no bot {bot}"));
        };
        let fits = |char: char| char.is_ascii_alphanumeric() || char == '_';
        if !(3..=30).contains(&spec.short_name.len()) || !spec.short_name.chars().all(fits) {
            return Refused::because("a game's short name is 3 to 30 Latin letters, digits and underscores");
        }
        let scores = BTreeMap::new();
        let game = Game { title: spec.title, description: spec.description, photo, animation, scores };
        account.games.insert(spec.short_name, game);
        Ok(())
    }
}

impl State {
    /// The `Game` object as it stands in a chat now, with its best scores.
    pub fn game_json(&self, bot: BotId, short_name: &str, chat: ChatId) -> Option<String> {
        let game = self.bots.get(&bot)?.games.get(short_name)?;
        let photo: Value = serde_json::from_str(&self.file_content(game.photo).body).ok()?;
        let mut object = json!({"title": game.title, "description": game.description, "photo": photo});
        if let Some(animation) = game.animation {
            object["animation"] = serde_json::from_str(&self.file_content(animation).body).ok()?;
        }
        let best = self.best_scores(game, chat, 3);
        if !best.is_empty() {
            let line = |(place, user, score): &(usize, i64, i64)| {
                let name = self.users.get(user).map(super::user::User::name).unwrap_or_default();
                format!("{place}. {name} – {score}")
            };
            object["text"] = best.iter().map(line).collect::<Vec<_>>().join("\n").into();
        }
        Some(object.to_string())
    }

    /// Place, user and score of the best in a chat.
    fn best_scores(&self, game: &Game, chat: ChatId, most: usize) -> Vec<(usize, i64, i64)> {
        let mut all: Vec<(i64, i64)> = game
            .scores
            .get(&chat.to_string())
            .into_iter()
            .flatten()
            .filter(|(user, _)| self.users.contains_key(user))
            .map(|(user, score)| (*user, *score))
            .collect();
        all.sort_by_key(|(user, score)| (std::cmp::Reverse(*score), *user));
        all.into_iter()
            .take(most)
            .enumerate()
            .map(|(index, (user, score))| (index + 1, user, score))
            .collect()
    }

    /// `GameHighScore` objects: the user with a few neighbours, or the best when the user has none.
    pub fn high_scores(&self, bot: BotId, short_name: &str, chat: ChatId, user: i64) -> String {
        let game = self.bots.get(&bot).and_then(|account| account.games.get(short_name));
        let all = game.map(|game| self.best_scores(game, chat, usize::MAX)).unwrap_or_default();
        let near = all.iter().position(|(_, who, _)| *who == user).unwrap_or(0);
        let shown = all.iter().enumerate().filter(|(index, _)| *index < 3 || index.abs_diff(near) <= 2);
        let entry = |(_, (place, who, score)): (usize, &(usize, i64, i64))| {
            let user = self.users.get(who).map_or("null", |user| &user.json);
            format!(r#"{{{}:{place},"user":{user},"score":{score}}}"#, quoted("position"))
        };
        format!("[{}]", shown.map(entry).collect::<Vec<_>>().join(","))
    }
}
