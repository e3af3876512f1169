//! `health`: how the running bot is, for containers and scripts.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::Form;
use super::{Say, ask};
use crate::config::Common;

pub(super) async fn health(common: &Common, form: Form, say: &Say) -> ExitCode {
    match ask::health(common.http_addr).await {
        Ok((code, page)) => {
            if form.json {
                say.line(&page)
            } else {
                say.line(&sentence(&page))
            }
            if code == 200 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => {
            if form.json {
                say.line(&json!({"status": "unreachable", "problems": [why]}))
            } else {
                say.error(&why)
            }
            ExitCode::FAILURE
        }
    }
}

fn sentence(page: &Value) -> String {
    let text = |key: &str| page[key].as_str().unwrap_or("?").to_owned();
    let mut sentence =
        format!("{}: {} {} is up for {} s", text("status"), text("bot"), text("version"), page["uptime_s"]);
    for problem in page["problems"].as_array().into_iter().flatten() {
        sentence.push_str("\n  ");
        sentence.push_str(problem.as_str().unwrap_or_default());
    }
    sentence
}
