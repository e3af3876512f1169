//! The bot, played call by call.

use std::cell::Cell;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

/// How many times an update is asked for, each up to five seconds, before it counts as missing.
const PATIENCE: usize = 5;

/// A bot of the sandbox.
pub(super) struct Bot {
    /// Its user id.
    pub id: i64,
    url: String,
    control: String,
    client: reqwest::Client,
    /// The update that is wanted next.
    offset: Cell<i64>,
}

impl Bot {
    /// The first bot of the sandbox at `url`, and the state that the control API tells.
    pub(super) async fn find(url: &str) -> Result<(Self, Value)> {
        let client = crate::faults::client()?;
        let url = url.trim_end_matches('/');
        let state = client.get(format!("{url}/api/state")).send().await?.text().await?;
        let state: Value = serde_json::from_str(&state).context("the sandbox's state is no JSON")?;
        let bot = &state["bots"][0];
        let token = bot["token"].as_str().context("the sandbox has no bot")?;
        let id = bot["id"].as_i64().context("the bot has no id")?;
        let (control, url) = (format!("{url}/api"), format!("{url}/bot{token}"));
        Ok((Self { id, url, control, client, offset: Cell::new(0) }, state))
    }

    /// The whole answer to a call.
    pub(super) async fn ask(&self, method: &str, parameters: Value) -> Result<Value> {
        let request = self.client.post(format!("{}/{method}", self.url));
        let request = request.header("content-type", "application/json").body(parameters.to_string());
        // The address holds the bot's token.
        let response = request.send().await.map_err(reqwest::Error::without_url)?;
        let text = response.text().await.map_err(reqwest::Error::without_url)?;
        serde_json::from_str(&text).with_context(|| format!("{method} answered no JSON"))
    }

    /// The result of a call that must succeed.
    pub(super) async fn call(&self, method: &str, parameters: Value) -> Result<Value> {
        let answer = self.ask(method, parameters).await?;
        ensure!(answer["ok"] == true, "{method} failed: {answer}");
        Ok(answer["result"].clone())
    }

    /// Sends a text with whatever else is in `more`.
    pub(super) async fn say(&self, chat: &str, text: &str, more: Value) -> Result<i64> {
        let mut parameters = json!({ "chat_id": chat, "text": text });
        if let (Some(all), Value::Object(more)) = (parameters.as_object_mut(), more) {
            all.extend(more);
        }
        let sent = self.call("sendMessage", parameters).await?;
        sent["message_id"].as_i64().context("sendMessage answered no message")
    }

    /// Waits for an update that holds this kind and fits; those before it are confirmed and forgotten.
    pub(super) async fn hear(&self, kind: &str, fits: impl Fn(&Value) -> bool) -> Result<Value> {
        for _ in 0..PATIENCE {
            let wanted = json!({ "offset": self.offset.get(), "timeout": 5,
                "allowed_updates": ["message", "edited_message", "callback_query", "poll_answer", "message_reaction", "my_chat_member", "chat_member"] });
            for update in self.call("getUpdates", wanted).await?.as_array().into_iter().flatten() {
                self.offset.set(update["update_id"].as_i64().unwrap_or_default() + 1);
                let heard = &update[kind];
                if heard.is_object() && fits(heard) {
                    return Ok(heard.clone());
                }
            }
        }
        bail!("the bot heard no {kind} that fits")
    }

    /// Does something by the control API, for what is not what the step is about.
    pub(super) async fn act(&self, act: Value) -> Result<Value> {
        let request = self.client.post(format!("{}/act", self.control)).body(act.to_string());
        let text = request.send().await?.text().await?;
        let answer: Value = serde_json::from_str(&text)?;
        ensure!(answer["error"].is_null(), "{act} was refused: {answer}");
        Ok(answer)
    }
}
