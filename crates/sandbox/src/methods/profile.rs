//! The bot's name, descriptions and menu button.

use serde_json::{Value, json};

use super::{ApiError, Done, Outcome, Request};
use crate::text::utf16_len;

impl Request<'_> {
    /// Sets `name`, `description` or `short_description` for a language; empty takes it away.
    pub(super) fn set_profile(&mut self, field: &'static str) -> Outcome {
        let language = self.language()?;
        let text = self.params.text(field).unwrap_or_default();
        let (most, wrong) = match field {
            "name" => (64, "bot name is too long"),
            "description" => (512, "bot description is too long"),
            _ => (120, "bot short description is too long"),
        };
        if utf16_len(&text) > most {
            return Err(ApiError::bad(wrong));
        }
        let account = self.state.bots.get_mut(&self.bot).ok_or_else(|| ApiError::new(401, "Unauthorized"))?;
        if text.is_empty() {
            account.profile.remove(&(field.to_owned(), language));
        } else {
            account.profile.insert((field.to_owned(), language.clone()), text.clone());
            if field == "name"
                && language.is_empty()
                && let Some(user) = self.state.users.get_mut(&self.bot.0)
            {
                user.first_name = text;
                user.rebuild();
            }
        }
        self.state.show_bot(self.bot);
        Ok(Done::yes())
    }

    /// What people of that language read: their own text, or the one for everybody.
    pub(super) fn get_profile(&mut self, field: &'static str) -> Outcome {
        let language = self.language()?;
        let texts = self.state.bots.get(&self.bot).map(|account| &account.profile);
        let find =
            |language: String| texts.and_then(|texts| texts.get(&(field.to_owned(), language))).cloned();
        let name = || {
            self.state.users.get(&self.bot.0).filter(|_| field == "name").map(|user| user.first_name.clone())
        };
        let text = find(language).or_else(|| find(String::new())).or_else(name).unwrap_or_default();
        let mut result = json!({});
        result[field] = text.into();
        Ok(Done::from(result.to_string()))
    }

    pub(super) fn set_menu_button(&mut self) -> Outcome {
        let chat = self.menu_chat()?;
        let button = self.params.json("menu_button").cloned().unwrap_or_else(|| json!({"type": "default"}));
        let button = match button["type"].as_str() {
            Some(kind @ ("default" | "commands")) => json!({ "type": kind }),
            Some("web_app") if button["text"].is_string() && button["web_app"]["url"].is_string() => {
                json!({"type": "web_app", "text": button["text"], "web_app": {"url": button["web_app"]["url"]}})
            }
            _ => return Err(ApiError::bad("can't parse menu button: unsupported type specified")),
        };
        if let Some(account) = self.state.bots.get_mut(&self.bot) {
            account.menu_buttons.insert(chat, button.to_string());
        }
        Ok(Done::yes())
    }

    pub(super) fn get_menu_button(&mut self) -> Outcome {
        let chat = self.menu_chat()?;
        let buttons = self.state.bots.get(&self.bot).map(|account| &account.menu_buttons);
        let find = |chat: Option<i64>| buttons.and_then(|buttons| buttons.get(&chat)).cloned();
        // A chat without a button of its own says so; the bot's own is the list of commands at first.
        let kind = if chat.is_some() { "default" } else { "commands" };
        let is_default = |button: &String| {
            serde_json::from_str::<Value>(button).is_ok_and(|button| button["type"] == "default")
        };
        let button = find(chat).filter(|button| chat.is_some() || !is_default(button));
        Ok(Done::from(button.unwrap_or_else(|| json!({ "type": kind }).to_string())))
    }

    fn menu_chat(&mut self) -> Result<Option<i64>, ApiError> {
        if self.params.map.contains_key("chat_id") {
            let chat = self.chat()?;
            return if chat.is_private() {
                Ok(Some(chat.number()))
            } else {
                Err(ApiError::bad("private chat not found"))
            };
        }
        Ok(None)
    }
}
