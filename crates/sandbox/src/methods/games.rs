//! Games.

use super::{ApiError, Done, Outcome, Request};
use crate::ids::ChatId;
use crate::world::message::{Content, Kind, Message};

pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "sendGame" => request.send_game(),
        "setGameScore" => request.set_score(),
        "getGameHighScores" => request.high_scores(),
        _ => return None,
    })
}

impl Request<'_> {
    fn send_game(&mut self) -> Outcome {
        let name = self
            .params
            .text("game_short_name")
            .ok_or_else(|| ApiError::bad("parameter \"game_short_name\" is required"))?;
        let chat = self.writable()?;
        let content = self.game(&name, chat)?;
        self.post(chat, content)
    }

    /// The content that shows one of the bot's games. Its text, which nobody sees, is the game's name.
    pub(super) fn game(&self, name: &str, chat: ChatId) -> Result<Content, ApiError> {
        let body = self.state.game_json(self.bot, name, chat);
        let body = body.ok_or_else(|| ApiError::bad("wrong game short name specified"))?;
        Ok(Content { text: name.into(), ..Content::new(Kind::Game, body) })
    }

    fn set_score(&mut self) -> Outcome {
        let (chat, old) = self.game_message("message to set game score")?;
        let user = self.player()?;
        let score = self.params.int("score").unwrap_or(0);
        if !(0..=i64::from(i32::MAX)).contains(&score) {
            return Err(ApiError::bad("SCORE_INVALID"));
        }
        let name = old.content.text.to_string();
        let force = self.params.flag("force");
        let account = self.state.bots.get_mut(&self.bot).ok_or_else(|| ApiError::new(401, "Unauthorized"))?;
        let game = account.games.get_mut(&name).ok_or_else(|| ApiError::bad("GAME_BOT_INVALID"))?;
        let scores = game.scores.entry(chat.to_string()).or_default();
        if scores.get(&user).is_some_and(|before| *before == score || (*before > score && !force)) {
            return Err(ApiError::bad("BOT_SCORE_NOT_MODIFIED"));
        }
        scores.insert(user, score);
        let edit = if self.params.map.contains_key("disable_edit_message") {
            !self.params.flag("disable_edit_message")
        } else {
            !self.params.map.contains_key("edit_message") || self.params.flag("edit_message")
        };
        if edit {
            self.show_scores(chat, &old, &name);
        }
        Ok(Done { result: self.edited_json(chat, old.id), messages: vec![old.id] })
    }

    fn show_scores(&mut self, chat: ChatId, old: &Message, name: &str) {
        let Some(body) = self.state.game_json(self.bot, name, chat) else { return };
        if let Some(message) =
            self.state.chats.get_mut(&chat).and_then(|place| place.messages.get_mut(&old.id))
        {
            message.content.body = body.into();
        }
        self.state.show(chat, old.id, "edited");
    }

    fn high_scores(&mut self) -> Outcome {
        let (chat, old) = self.game_message("message to get game high scores")?;
        let user = self.player()?;
        Ok(Done::from(self.state.high_scores(self.bot, &old.content.text, chat, user)))
    }

    fn game_message(&mut self, what: &str) -> Result<(ChatId, Message), ApiError> {
        let (chat, old): (ChatId, Message) = self.editable_as(what)?;
        if old.content.kind == Kind::Game {
            Ok((chat, old))
        } else {
            Err(ApiError::bad("MESSAGE_ID_INVALID"))
        }
    }

    fn player(&self) -> Result<i64, ApiError> {
        let id = self.params.int("user_id").filter(|id| *id > 0);
        let id = id.ok_or_else(|| ApiError::bad("invalid user_id specified"))?;
        if self.state.users.contains_key(&id) { Ok(id) } else { Err(ApiError::bad("user not found")) }
    }
}
