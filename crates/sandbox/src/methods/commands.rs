//! Command menus, by scope and language.

use serde_json::{Value, json};

use super::{ApiError, Done, Outcome, Request};
use crate::text::utf16_len;
use crate::world::state::State;

impl Request<'_> {
    pub(super) fn set_commands(&mut self) -> Outcome {
        let key = self.commands_key()?;
        let given = self.params.json("commands").and_then(Value::as_array).cloned();
        let given =
            given.ok_or_else(|| ApiError::bad("can't parse commands: expected an Array of BotCommand"))?;
        if given.len() > 100 {
            return Err(ApiError::bad("BOT_COMMANDS_TOO_MUCH"));
        }
        let list = given.iter().map(command).collect::<Result<Vec<_>, _>>()?;
        self.keep_commands(key, (!list.is_empty()).then(|| Value::from(list).to_string()));
        Ok(Done::yes())
    }

    pub(super) fn delete_commands(&mut self) -> Outcome {
        let key = self.commands_key()?;
        self.keep_commands(key, None);
        Ok(Done::yes())
    }

    pub(super) fn get_commands(&mut self) -> Outcome {
        let key = self.commands_key()?;
        let list = self.state.bots.get(&self.bot).and_then(|account| account.commands.get(&key));
        Ok(Done::from(list.cloned().unwrap_or_else(|| "[]".to_owned())))
    }

    fn keep_commands(&mut self, key: (String, String), list: Option<String>) {
        if let Some(account) = self.state.bots.get_mut(&self.bot) {
            match list {
                Some(list) => drop(account.commands.insert(key, list)),
                None => drop(account.commands.remove(&key)),
            }
        }
        self.state.show_bot(self.bot);
    }

    /// Scope and language.
    fn commands_key(&mut self) -> Result<(String, String), ApiError> {
        let scope = self.params.json("scope").cloned().unwrap_or_else(|| json!({"type": "default"}));
        let kind = scope["type"].as_str().unwrap_or_default().to_owned();
        let number = |name: &str| {
            let value = &scope[name];
            value.as_i64().or_else(|| value.as_str()?.parse().ok())
        };
        let key = match kind.as_str() {
            "default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators" => kind,
            "chat" | "chat_administrators" | "chat_member" => {
                let chat = number("chat_id")
                    .ok_or_else(|| ApiError::bad("can't parse BotCommandScope: chat_id is empty"))?;
                let id = State::chat_of(self.bot, chat);
                if !self.state.chats.contains_key(&id) {
                    return Err(ApiError::bad("chat not found"));
                }
                let user = number("user_id").filter(|_| kind == "chat_member").unwrap_or_default();
                format!("{kind} {chat} {user}")
            }
            _ => return Err(ApiError::bad("can't parse BotCommandScope: unsupported type specified")),
        };
        Ok((key, self.language()?))
    }

    pub(super) fn language(&self) -> Result<String, ApiError> {
        let code = self.params.text("language_code").unwrap_or_default();
        let fits = code.is_empty() || (code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()));
        if fits { Ok(code) } else { Err(ApiError::bad("invalid language code specified")) }
    }
}

fn command(given: &Value) -> Result<Value, ApiError> {
    let name = given["command"].as_str().unwrap_or_default().trim_start_matches('/').trim();
    let description = given["description"].as_str().unwrap_or_default().trim();
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.is_empty() || name.len() > 32 || !name.bytes().all(fits) {
        return Err(ApiError::bad("BOT_COMMAND_INVALID"));
    }
    if description.is_empty() {
        return Err(ApiError::bad("command description must be non-empty"));
    }
    if utf16_len(description) > 256 {
        return Err(ApiError::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
    }
    Ok(json!({"command": name, "description": description}))
}
