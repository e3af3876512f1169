//! What it is told to answer.

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reply {
    /// A text.
    Text {
        /// The content.
        text: String,
    },
    /// A value as JSON in the content. Where the request has a strict schema, it must fit.
    Json {
        /// The value.
        json: Value,
        /// Sends it though it does not fit the request's schema.
        #[serde(default)]
        unchecked: bool,
    },
    /// Calls of the request's tools.
    ToolCalls {
        /// The calls.
        calls: Vec<ToolCall>,
    },
    /// The model refuses.
    Refusal {
        /// Its words.
        text: String,
    },
    /// The content is cut off: `finish_reason` is `length`.
    Length {
        /// As far as it came.
        text: String,
    },
    /// The content was filtered: `finish_reason` is `content_filter`.
    ContentFilter,
    /// 429 with `retry-after` and the headers of the rate limit.
    RateLimit {
        /// Seconds.
        #[serde(default = "one")]
        #[schema(value_type = i64, minimum = 0, maximum = 4_294_967_295_u32)]
        retry_after: u32,
    },
    /// 429 that no waiting helps: the account has no money.
    InsufficientQuota,
    /// 5xx with OpenAI's body.
    ServerError {
        /// 500 to 599; 500 when left out.
        #[serde(default = "internal")]
        #[schema(minimum = 500, maximum = 599)]
        status: u16,
    },
    /// Never answered: held until the client goes.
    Timeout,
    /// The connection is closed without an answer.
    Cut,
    /// A body that is no JSON, as a gateway between sends it.
    Garbage,
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ToolCall {
    /// The function's name.
    pub name: String,
    /// Its arguments.
    pub arguments: Value,
}

/// An answer, and to what. Of those that fit, scripts with a number of times come before standing ones, then those with
/// a match before those without, then the older.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"match": "ribs", "times": 1, "kind": "json", "json": {"items": []}}))]
pub struct Script {
    /// A regular expression that the last message of the user must match; any when left out.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// How many times it answers; until it is taken away when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 4_294_967_295_u32)]
    pub times: Option<u32>,
    /// Answers so many milliseconds of the clock later.
    #[serde(default)]
    #[schema(value_type = i64, minimum = 0, maximum = 4_294_967_295_u32)]
    pub delay_ms: u32,
    /// What is answered.
    #[serde(flatten)]
    pub reply: Reply,
}

/// A script that is set.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetScript {
    /// What takes it away.
    pub id: u64,
    /// What it does.
    #[serde(flatten)]
    pub script: Script,
}

fn one() -> u32 {
    1
}

fn internal() -> u16 {
    500
}

/// The scripts that are set.
#[derive(Default)]
pub(super) struct Scripts {
    set: Vec<(u64, Option<Regex>, Script)>,
    last: u64,
}

impl Scripts {
    /// Sets one; fails with a sentence when it makes no sense.
    pub fn add(&mut self, script: Script) -> Result<u64, String> {
        let regex = script.matches.as_deref().map(Regex::new).transpose();
        let regex = regex.map_err(|error| format!("match is no regular expression: {error}"))?;
        if script.times == Some(0) {
            return Err("times is to be at least 1".to_owned());
        }
        if matches!(script.reply, Reply::ServerError { status } if !(500..=599).contains(&status)) {
            return Err("status is to be 500 to 599".to_owned());
        }
        self.last += 1;
        self.set.push((self.last, regex, script));
        Ok(self.last)
    }

    /// Takes one away, or all; false when there is no such one.
    pub fn remove(&mut self, id: Option<u64>) -> bool {
        let before = self.set.len();
        self.set.retain(|(have, ..)| id.is_some_and(|id| id != *have));
        id.is_none() || self.set.len() < before
    }

    pub fn list(&self) -> Vec<SetScript> {
        self.set.iter().map(|(id, _, script)| SetScript { id: *id, script: script.clone() }).collect()
    }

    /// The script for what a user wrote; one of its times is used up.
    pub fn take(&mut self, user: &str) -> Option<(u64, Script)> {
        let fits = |regex: &Option<Regex>| regex.as_ref().is_none_or(|regex| regex.is_match(user));
        let fitting = self.set.iter().enumerate().filter(|(_, (_, regex, _))| fits(regex));
        let rank = |(at, (_, regex, script)): &(usize, &(u64, Option<Regex>, Script))| {
            (script.times.is_none(), regex.is_none(), *at)
        };
        let at = fitting.min_by_key(rank)?.0;
        let (id, _, script) = &mut self.set[at];
        let (id, taken) = (*id, script.clone());
        if let Some(times) = &mut script.times {
            *times -= 1;
            if *times == 0 {
                self.set.remove(at);
            }
        }
        Some((id, taken))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(matches: Option<&str>, times: Option<u32>, text: &str) -> Script {
        let reply = Reply::Text { text: text.to_owned() };
        Script { matches: matches.map(str::to_owned), times, delay_ms: 0, reply }
    }

    #[test]
    fn what_is_counted_and_what_matches_comes_first() {
        let mut scripts = Scripts::default();
        for (matches, times, text) in [
            (None, None, "any"),
            (Some("ribs"), None, "ribs"),
            (None, Some(1), "once"),
            (Some("x"), Some(1), "x"),
        ] {
            scripts.add(script(matches, times, text)).unwrap();
        }
        let mut said = |user| match scripts.take(user).unwrap().1.reply {
            Reply::Text { text } => text,
            _ => String::new(),
        };
        assert_eq!([said("ribs"), said("ribs"), said("tea")], ["once", "ribs", "any"]);
        assert!(scripts.add(script(Some("("), None, "")).unwrap_err().contains("regular expression"));
    }
}
