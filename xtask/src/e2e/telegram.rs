//! A local Telegram for a suite: the sandbox as a process, and its control API over HTTP.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};

use super::suite::Scene;
use crate::{demo, http, schema};

/// How long the sandbox may take to start, even on a busy machine.
const START: Duration = Duration::from_mins(1);

/// A sandbox that runs until its suite ends.
pub struct Telegram {
    /// Its address with the scheme, without a slash at the end.
    pub url: String,
    /// Host and port.
    address: String,
}

impl Telegram {
    /// Starts the sandbox on a free port, with nobody in it. `arguments` are further ones of its own.
    pub fn start(scene: &mut Scene<'_>, arguments: &[&str]) -> Result<Self> {
        let schema = schema::fetch(scene.workspace)?;
        let mut command = Command::new(scene.workspace.binary("debug", "sandbox"));
        demo::clean(&mut command)
            .env("TELEGRAM_SCHEMA", schema)
            .envs([scene.coverage().environment()])
            .args(["--town", "empty", "--addr", "127.0.0.1:0", "--json"])
            .args(arguments);
        let mut output = scene.output("sandbox");
        // Its line holds tokens.
        output.stdout_answers = true;
        let who = scene.supervisor.start("sandbox", command, output)?;
        let line = scene.supervisor.first_line(who, START)?;
        let ready: Value = serde_json::from_str(&line).context("the sandbox's first line is no JSON")?;
        Self::at(ready["url"].as_str().context("the sandbox's first line has no url")?)
    }

    /// The one that runs at `url`.
    pub fn at(url: &str) -> Result<Self> {
        let address = url.strip_prefix("http://").context("the sandbox's url is no http:// address")?;
        Ok(Self { url: url.to_owned(), address: address.trim_end_matches('/').to_owned() })
    }

    /// `GET` of a path of the control API.
    pub fn get(&self, path: &str) -> Result<Value> {
        http::ask(&self.address, "GET", path, None)?.json().with_context(|| format!("GET {path}"))
    }

    /// The bytes of a path of the control API, as of a file.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>> {
        let answer = http::ask(&self.address, "GET", path, None)?;
        ensure!(answer.status == 200, "GET {path} answered {}", answer.status);
        Ok(answer.body)
    }

    /// `POST` of a body to a path of the control API.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        http::ask(&self.address, "POST", path, Some(body))?
            .json()
            .with_context(|| format!("POST {path} {body}"))
    }

    /// Calls a method of the Bot API. Returns the result.
    pub fn call(&self, token: &str, method: &str, parameters: &Value) -> Result<Value> {
        let answer = self.post(&format!("/bot{token}/{method}"), parameters);
        // The path holds a token.
        Ok(answer.map_err(|error| anyhow!("{method}: {}", error.root_cause()))?["result"].clone())
    }

    /// Does something as a person, or changes the world; see the README of the sandbox for the acts.
    pub fn act(&self, act: &Value) -> Result<Value> {
        self.post("/api/act", act)
    }

    /// A new person. Returns the id.
    pub fn person(&self, first_name: &str, last_name: &str, username: &str) -> Result<i64> {
        let made = self.act(&json!({ "act": "create_person", "first_name": first_name,
            "last_name": last_name, "username": username }))?;
        made["person"].as_i64().context("create_person answered no person")
    }

    /// A new bot, in privacy mode. Returns id and token.
    pub fn bot(&self, username: &str, name: &str) -> Result<(i64, String)> {
        let made = self.act(&json!({ "act": "create_bot", "username": username, "name": name }))?;
        let token = made["token"].as_str().context("create_bot answered no token")?;
        Ok((made["bot"].as_i64().context("create_bot answered no bot")?, token.to_owned()))
    }

    /// A new `group`, `supergroup`, `forum` or `channel` of a person's. Returns its id as the control API knows it.
    pub fn chat(&self, kind: &str, title: &str, creator: i64) -> Result<String> {
        let made = self.act(&json!({ "act": format!("create_{kind}"), "title": title, "as": creator }))?;
        Ok(made["chat"].as_str().context("a chat was made, and has no id")?.to_owned())
    }

    /// The messages of a chat as a person sees them, oldest first; `query` is `topic=5` and its like.
    pub fn messages(&self, chat: &str, person: i64, query: &str) -> Result<Vec<Value>> {
        let seen = self.get(&format!("/api/chats/{chat}/messages?as={person}&{query}"))?;
        seen["messages"].as_array().cloned().context("the chat has no list of messages")
    }

    /// Waits until every bot has taken and handled what there is, at most ten seconds.
    #[expect(dead_code, reason = "the suites that need it land one by one")]
    pub fn idle(&self) -> Result<bool> {
        Ok(self.get("/api/idle?timeout_ms=10000")?["idle"].as_bool().unwrap_or_default())
    }
}
