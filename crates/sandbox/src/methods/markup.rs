//! Keyboards.

use serde_json::{Map, Value, json};

use super::{ApiError, Request};
use crate::ids::ChatId;
use crate::world::chat::ChatKind;

/// Keyboards of a new message, as JSON; empty for none.
#[derive(Default)]
pub(super) struct Markup {
    /// Under the message.
    pub inline: String,
    /// In place of the person's keyboard: it is not part of the message.
    pub keyboard: String,
}

impl Request<'_> {
    /// The keyboard that comes with a message.
    pub(super) fn markup(&self, chat: ChatId) -> Result<Markup, ApiError> {
        self.params
            .json("reply_markup")
            .map_or_else(|| Ok(Markup::default()), |given| self.markup_of(given, chat))
    }

    /// A keyboard that stands somewhere else than in `reply_markup`.
    pub(super) fn markup_of(&self, given: &Value, chat: ChatId) -> Result<Markup, ApiError> {
        let given = match given {
            Value::String(text) if text.is_empty() => return Ok(Markup::default()),
            Value::Object(given) => given,
            _ => return Err(ApiError::bad("object expected as reply markup")),
        };
        if let Some(rows) = given.get("inline_keyboard") {
            return Ok(Markup { inline: inline(rows, chat)?, keyboard: String::new() });
        }
        for kind in ["keyboard", "remove_keyboard", "force_reply"] {
            if given.contains_key(kind) {
                // A channel's readers have no keyboard there.
                if self.place(chat)?.kind == ChatKind::Channel {
                    return Err(ApiError::bad("inline keyboard expected"));
                }
                let keyboard = reply_keyboard(kind, given)?;
                return Ok(Markup { inline: String::new(), keyboard });
            }
        }
        Ok(Markup::default())
    }
}

fn reply_keyboard(kind: &str, given: &Map<String, Value>) -> Result<String, ApiError> {
    if kind == "keyboard" {
        let rows = given["keyboard"].as_array();
        let rows = rows
            .ok_or_else(|| ApiError::bad("field \"keyboard\" of the ReplyKeyboardMarkup must be an Array"))?;
        for button in rows.iter().flat_map(|row| row.as_array().into_iter().flatten()) {
            if button.as_str().or_else(|| button["text"].as_str()).is_none() {
                return Err(ApiError::bad("can't parse keyboard button: Can't find field \"text\""));
            }
        }
    }
    Ok(Value::Object(given.clone()).to_string())
}

fn inline(rows: &Value, chat: ChatId) -> Result<String, ApiError> {
    let expected =
        || ApiError::bad("field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array of Arrays");
    let mut out = Vec::new();
    for row in rows.as_array().ok_or_else(expected)? {
        let row = row.as_array().ok_or_else(expected)?;
        let buttons = row.iter().map(|given| button(given, chat)).collect::<Result<Vec<_>, _>>()?;
        if !buttons.is_empty() {
            out.push(Value::Array(buttons));
        }
    }
    let count: usize = out.iter().map(|row| row.as_array().map_or(0, Vec::len)).sum();
    if count > 100 {
        return Err(ApiError::bad("reply markup is too long"));
    }
    Ok(if out.is_empty() { String::new() } else { json!({ "inline_keyboard": out }).to_string() })
}

fn button(given: &Value, chat: ChatId) -> Result<Value, ApiError> {
    let wrong = |text: &str| ApiError::bad(&format!("can't parse inline keyboard button: {text}"));
    let given = given.as_object().ok_or_else(|| wrong("InlineKeyboardButton must be an Object"))?;
    let text = given.get("text").and_then(Value::as_str).ok_or_else(|| wrong("Can't find field \"text\""))?;
    if text.trim().is_empty() {
        return Err(ApiError::bad("inline keyboard button text must be non-empty"));
    }
    let mut button = Map::new();
    button.insert("text".to_owned(), text.trim().into());
    for name in ["style", "icon_custom_emoji_id"] {
        if let Some(value) = given.get(name).filter(|value| value.is_string()) {
            button.insert(name.to_owned(), value.clone());
        }
    }
    let field = |name: &str| given.get(name).filter(|value| !value.is_null());
    let (name, value) = if let Some(url) = field("url").and_then(Value::as_str) {
        ("url", checked_url(url)?)
    } else if let Some(data) = field("callback_data") {
        let data = data.as_str().ok_or_else(|| wrong("Field \"callback_data\" must be of type String"))?;
        if data.is_empty() || data.len() > 64 {
            return Err(ApiError::bad("BUTTON_DATA_INVALID"));
        }
        ("callback_data", data.into())
    } else if let Some(app) = field("web_app") {
        if !chat.is_private() {
            return Err(ApiError::bad("BUTTON_TYPE_INVALID"));
        }
        ("web_app", app.clone())
    } else {
        let others = [
            "copy_text",
            "switch_inline_query",
            "switch_inline_query_current_chat",
            "switch_inline_query_chosen_chat",
            "callback_game",
            "login_url",
            "pay",
        ];
        let other = others.into_iter().find_map(|name| Some((name, field(name)?.clone())));
        other.ok_or_else(|| wrong("Text buttons are unallowed in the inline keyboard"))?
    };
    button.insert(name.to_owned(), value);
    Ok(Value::Object(button))
}

fn checked_url(text: &str) -> Result<Value, ApiError> {
    let with_scheme = if text.contains("://") || text.starts_with("tg:") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let parsed = url::Url::parse(&with_scheme).ok();
    let fits = parsed.as_ref().is_some_and(|url| match url.scheme() {
        "tg" | "ton" => true,
        "http" | "https" => url.host_str().is_some_and(|host| host.contains('.') || host.starts_with('[')),
        _ => false,
    });
    match parsed.filter(|_| fits) {
        Some(url) => Ok(url.as_str().into()),
        None => {
            Err(ApiError::bad(&format!("inline keyboard button URL '{text}' is invalid: Wrong HTTP URL")))
        }
    }
}
