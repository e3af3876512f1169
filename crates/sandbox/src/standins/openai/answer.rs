//! From what was scripted to OpenAI's completion object.

use serde_json::{Value, json};

use super::errors::Failure;
use super::script::Reply;
use super::strict;

/// What is said when nothing was scripted and the request asks for no JSON.
const NOTHING_SCRIPTED: &str =
    "This is the sandbox's stand-in for OpenAI. No answer was scripted for this message.";

/// The choice of a completion.
pub(super) struct Choice {
    pub message: Value,
    pub finish: &'static str,
}

impl Choice {
    fn content(text: &str, finish: &'static str) -> Self {
        Self { message: json!({"role": "assistant", "content": text, "refusal": null}), finish }
    }

    /// The choice that a reply stands for; `None` for errors and silence.
    pub fn of(reply: &Reply, request: &Value) -> Result<Option<Self>, Failure> {
        Ok(Some(match reply {
            Reply::Text { text } => Self::content(text, "stop"),
            Reply::Json { json, unchecked } => {
                let schema = strict_schema(request).filter(|_| !unchecked);
                if let Some(why) = schema.and_then(|schema| strict::misfit(schema, json)) {
                    let message =
                        format!("The stand-in was told to answer what the schema does not allow: {why}.");
                    return Err(Failure::new(
                        500,
                        "stand_in_error",
                        Some("answer_misfits_schema"),
                        None,
                        &message,
                    ));
                }
                Self::content(&json.to_string(), "stop")
            }
            Reply::ToolCalls { calls } => {
                let calls: Vec<Value> = calls
                    .iter()
                    .enumerate()
                    .map(|(index, call)| {
                        json!({"id": format!("call_sandbox{index}"), "type": "function",
                            "function": {"name": call.name, "arguments": call.arguments.to_string()}})
                    })
                    .collect();
                let message =
                    json!({"role": "assistant", "content": null, "refusal": null, "tool_calls": calls});
                Self { message, finish: "tool_calls" }
            }
            Reply::Refusal { text } => Self {
                message: json!({"role": "assistant", "content": null, "refusal": text}),
                finish: "stop",
            },
            Reply::Length { text } => Self::content(text, "length"),
            Reply::ContentFilter => Self::content("", "content_filter"),
            _ => return Ok(None),
        }))
    }

    /// What is answered when nothing was scripted.
    pub fn unscripted(request: &Value) -> Self {
        match (&request["response_format"]["type"], strict_schema(request)) {
            (_, Some(schema)) => Self::content(&strict::least(schema).to_string(), "stop"),
            (Value::String(kind), None) if kind != "text" => Self::content("{}", "stop"),
            _ => Self::content(NOTHING_SCRIPTED, "stop"),
        }
    }

    /// Cuts the content where the request's limit is reached.
    pub fn limited(mut self, request: &Value) -> Self {
        let limit =
            ["max_completion_tokens", "max_tokens"].into_iter().find_map(|name| request[name].as_u64());
        let text = self.message["content"].as_str().unwrap_or_default();
        let Some(limit) = limit.filter(|limit| tokens(text) > *limit) else { return self };
        let letters = usize::try_from(limit.saturating_mul(4)).unwrap_or(usize::MAX);
        self.message["content"] = text.chars().take(letters).collect::<String>().into();
        self.finish = "length";
        self
    }
}

/// The schema that the answer must fit.
fn strict_schema(request: &Value) -> Option<&Value> {
    let format = &request["response_format"]["json_schema"];
    (format["strict"] == true).then(|| &format["schema"])
}

/// About as many tokens as a text has: four letters make one.
pub(super) fn tokens(text: &str) -> u64 {
    u64::try_from(text.chars().count().div_ceil(4)).unwrap_or_default()
}

/// The whole completion.
pub(super) fn completion(seq: u64, created: i64, request: &Value, choice: &Choice) -> Value {
    let messages = request["messages"].as_array().into_iter().flatten();
    let prompt: u64 = messages.map(|message| 4 + tokens(&text_of(message))).sum::<u64>() + 3;
    let said = match &choice.message["tool_calls"] {
        Value::Null => {
            choice.message["content"].as_str().or(choice.message["refusal"].as_str()).map_or(0, tokens)
        }
        calls => tokens(&calls.to_string()),
    };
    json!({
        "id": format!("chatcmpl-sandbox{seq}"), "object": "chat.completion", "created": created,
        "model": request["model"],
        "choices": [{"index": 0, "message": choice.message, "logprobs": null, "finish_reason": choice.finish}],
        "usage": {
            "prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0,
                "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0},
        },
        "service_tier": "default", "system_fingerprint": "fp_sandbox",
    })
}

/// The text of a message, whose content is a text or a list of parts.
pub(super) fn text_of(message: &Value) -> String {
    match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}
