//! `health`: how the running bot is, for containers and scripts.

use std::net::SocketAddr;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::Form;
use super::{Say, ask};

pub(super) async fn health(http_addr: SocketAddr, form: Form, say: &Say) -> ExitCode {
    let (answer, well) = match ask::health(http_addr).await {
        Ok((code, page)) => (page, code == 200),
        Err(why) => (json!({"status": "unreachable", "problems": [why]}), false),
    };
    if form.json {
        say.line(&answer);
    } else {
        say.line(&sentence(&answer));
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn sentence(page: &Value) -> String {
    let text = |key: &str| page[key].as_str().unwrap_or("?").to_owned();
    let mut sentence = text("status");
    if let Some(uptime) = page["uptime_s"].as_u64() {
        sentence = format!("{sentence}: {} {} is up for {uptime} s", text("bot"), text("version"));
    }
    for problem in page["problems"].as_array().into_iter().flatten() {
        sentence.push_str("\n  ");
        sentence.push_str(problem.as_str().unwrap_or_default());
    }
    sentence
}
