//! A completion in pieces, as server-sent events.

use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// So many letters in a piece.
const PIECE: usize = 12;

/// The events of a completion. They are all there at once; a client sees no difference but in time.
pub(super) fn events(completion: &Value, with_usage: bool) -> Response {
    let mut out = String::new();
    for chunk in chunks(completion, with_usage) {
        out.push_str("data: ");
        out.push_str(&chunk.to_string());
        out.push_str("\n\n");
    }
    out.push_str("data: [DONE]\n\n");
    ([("content-type", "text/event-stream; charset=utf-8")], out).into_response()
}

fn chunks(completion: &Value, with_usage: bool) -> Vec<Value> {
    let message = &completion["choices"][0]["message"];
    let chunk = |choices: Value, usage: &Value| {
        let mut chunk = json!({
            "id": completion["id"], "object": "chat.completion.chunk", "created": completion["created"],
            "model": completion["model"], "service_tier": "default", "system_fingerprint": "fp_sandbox",
            "choices": choices,
        });
        if with_usage {
            chunk["usage"] = usage.clone();
        }
        chunk
    };
    let choice = |delta: Value, finish: &Value| {
        chunk(json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]), &Value::Null)
    };
    let mut list = vec![choice(json!({"role": "assistant", "content": "", "refusal": null}), &Value::Null)];
    for name in ["content", "refusal"] {
        let letters: Vec<char> = message[name].as_str().unwrap_or_default().chars().collect();
        for piece in letters.chunks(PIECE) {
            let mut delta = json!({});
            delta[name] = piece.iter().collect::<String>().into();
            list.push(choice(delta, &Value::Null));
        }
    }
    for (index, call) in message["tool_calls"].as_array().into_iter().flatten().enumerate() {
        let mut call = call.clone();
        call["index"] = index.into();
        list.push(choice(json!({"tool_calls": [call]}), &Value::Null));
    }
    list.push(choice(json!({}), &completion["choices"][0]["finish_reason"]));
    if with_usage {
        list.push(chunk(json!([]), &completion["usage"]));
    }
    list
}
