//! Inline mode: answers, prepared messages, and what a result becomes.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{ApiError, Done, Outcome, Request};
use crate::ids::PersonId;
use crate::world::inline::{Answer, Prepared, QUERY_LIFE, Ready, answer_json};

mod results;

/// More results than these an answer cannot hold.
const MOST_RESULTS: usize = 50;

pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "answerInlineQuery" => request.answer_inline(),
        "savePreparedInlineMessage" => request.prepare(),
        // No Mini App asks here.
        "answerWebAppQuery" => request.inline_result().and_then(|_| Err(too_old())),
        _ => return None,
    })
}

fn too_old() -> ApiError {
    ApiError::bad("query is too old and response timeout expired or query ID is invalid")
}

impl Request<'_> {
    fn answer_inline(&mut self) -> Outcome {
        let button = self.results_button()?;
        let given = match self.params.json("results") {
            Some(Value::Array(given)) => given.clone(),
            None => Vec::new(),
            Some(Value::String(text)) if text.is_empty() => Vec::new(),
            Some(Value::String(_)) => {
                return Err(ApiError::bad("can't parse JSON encoded inline query results"));
            }
            Some(_) => return Err(ApiError::bad("expected an Array of inline query results")),
        };
        if given.len() > MOST_RESULTS {
            return Err(ApiError::bad("too many inline query results specified"));
        }
        let number = self.params.text("inline_query_id").and_then(|id| id.parse::<u64>().ok()).unwrap_or(0);
        let now = self.state.clock.now();
        let bot = self.bot;
        let fresh = |query: &crate::world::inline::Query| {
            query.bot == bot && query.answer.is_none() && now.saturating_sub(query.asked_at) < QUERY_LIFE
        };
        let asked = self.state.inline.queries.get(&number).filter(|query| fresh(query));
        let person = asked.map(|query| query.person);
        let results = given.iter().map(|result| self.ready(result)).collect::<Result<Vec<_>, _>>()?;
        let mut seen = HashSet::new();
        if !results.iter().all(|ready| seen.insert(ready.id.as_str())) {
            return Err(ApiError::bad("RESULT_ID_DUPLICATE"));
        }
        let next_offset = self.params.text("next_offset").unwrap_or_default();
        if next_offset.len() > 64 {
            return Err(ApiError::bad("NEXT_OFFSET_INVALID"));
        }
        let person = person.ok_or_else(too_old)?;
        let answer = Answer { results, next_offset, button };
        self.state.event(|| {
            json!({"event": "inline_answer", "query": number.to_string(), "person": person, "answer": answer_json(&answer)})
        });
        if let Some(query) = self.state.inline.queries.get_mut(&number) {
            query.answer = Some(answer);
        }
        Ok(Done::yes())
    }

    fn results_button(&self) -> Result<String, ApiError> {
        let wrong = |text: &str| ApiError::bad(&format!("can't parse inline query results button: {text}"));
        let legacy = || {
            let text = self.params.text("switch_pm_text")?;
            let parameter = self.params.text("switch_pm_parameter").unwrap_or_default();
            Some(json!({"text": text, "start_parameter": parameter}))
        };
        let given = match self.params.json("button") {
            Some(Value::Object(given)) => Some(Value::Object(given.clone())),
            Some(Value::String(text)) if !text.is_empty() => {
                return Err(ApiError::bad("can't parse inline query results button JSON object"));
            }
            None | Some(Value::String(_)) => legacy(),
            Some(_) => return Err(wrong("InlineQueryResultsButton must be an Object")),
        };
        let Some(button) = given else { return Ok(String::new()) };
        if !button["text"].is_string() {
            return Err(wrong("Can't find field \"text\""));
        }
        if let Some(parameter) = button.get("start_parameter") {
            let fits = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '-';
            let parameter = parameter.as_str().unwrap_or_default();
            if !(1..=64).contains(&parameter.len()) || !parameter.chars().all(fits) {
                return Err(ApiError::bad("START_PARAM_INVALID"));
            }
        } else if !button["web_app"]["url"].is_string() {
            return Err(wrong("InlineQueryResultsButton must have exactly one optional field"));
        }
        Ok(button.to_string())
    }

    fn prepare(&mut self) -> Outcome {
        let user = self.params.int("user_id").filter(|id| *id > 0);
        let user = user.ok_or_else(|| ApiError::bad("invalid user_id specified"))?;
        let ready = self.inline_result()?;
        if self.state.users.get(&user).is_none_or(|user| user.is_bot) {
            return Err(ApiError::bad("USER_ID_INVALID"));
        }
        let chats = ["allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats"];
        if !chats.iter().any(|name| self.params.flag(name)) {
            return Err(ApiError::bad("PEER_TYPES_EMPTY"));
        }
        let id = format!("sandbox-prepared-{}", self.state.number("prepared", 0));
        let now = self.state.clock.seconds();
        let expires = now.saturating_add(3_600);
        let prepared = Prepared { bot: self.bot, person: PersonId(user), ready, expires };
        self.state.inline.prepare(id.clone(), prepared, now);
        Ok(Done::from(json!({"id": id, "expiration_date": expires}).to_string()))
    }

    /// The one result of a call.
    fn inline_result(&mut self) -> Result<Ready, ApiError> {
        match self.params.json("result") {
            Some(result @ Value::Object(_)) => {
                let result = result.clone();
                self.ready(&result)
            }
            Some(Value::String(text)) if !text.is_empty() => {
                Err(ApiError::bad("can't parse JSON encoded web view query results"))
            }
            None | Some(Value::String(_)) => Err(ApiError::bad("result isn't specified")),
            Some(_) => Err(ApiError::bad("inline query result must be an object")),
        }
    }
}

fn text_of<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn required<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a str, ApiError> {
    match object.get(name) {
        Some(Value::String(text)) => Ok(text),
        Some(Value::Null) | None => Err(ApiError::bad(&format!("can't find field \"{name}\""))),
        Some(_) => Err(ApiError::bad(&format!("field \"{name}\" must be of type String"))),
    }
}
