//! Bots on clients that we did not write, each a process of its own, hold a whole conversation with people of the local
//! Telegram: once by polling and once by webhook.
//!
//! The bots are the small scripts in `clients/`; all behave alike. What is asserted is what the people see.

mod story;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::suite::{Outcome, Scene, Suite};
use super::telegram::Telegram;
use crate::postgres::free_port;
use crate::supervisor::Interrupted;
use crate::{demo, install, schema};
use story::Story;

/// The conversation with each client.
pub const SUITE: Suite = Suite {
    name: "clients",
    about: "Bots on aiogram, python-telegram-bot and grammY hold a conversation, polling and by webhook",
    binaries: &[("sandbox", "sandbox")],
    run,
};

/// The clients of Python, and what the second needs for webhooks.
const PYTHON: [&str; 3] = ["aiogram==3.31.0", "python-telegram-bot==22.8", "tornado==6.6.1"];
/// The client of JavaScript.
const JAVASCRIPT: [&str; 1] = ["grammy@1.46.0"];

/// A bot on one client.
struct Client {
    name: &'static str,
    program: PathBuf,
    script: PathBuf,
}

fn run(scene: &mut Scene<'_>) -> Result<Outcome> {
    let schema = schema::fetch(scene.workspace)?.display().to_string();
    let clients = clients(scene)?;
    let telegram = Telegram::start(scene, &["--schema", &schema])?;
    let mut outcome = Outcome::default();
    for client in &clients {
        for by_webhook in [false, true] {
            play(scene, &telegram, client, by_webhook, &mut outcome)?;
        }
    }
    let seen = telegram.get("/api/violations")?;
    for violation in seen["violations"].as_array().into_iter().flatten() {
        outcome.failures.push(format!("against the schema of the Bot API: {violation}"));
    }
    outcome.fact("validated", seen["validated"].clone());
    Ok(outcome)
}

fn clients(scene: &Scene<'_>) -> Result<Vec<Client>> {
    let python = install::venv(scene.workspace, "clients", &PYTHON)?.join("python");
    let modules = install::npm(scene.workspace, "clients", &JAVASCRIPT)?;
    // Node finds modules from where a script lies.
    let grammy = modules.join("grammy_bot.mjs");
    std::fs::copy(scene.script("clients/grammy_bot.mjs")?, &grammy)
        .context("cannot copy the bot on grammY")?;
    let of_python = |name, script: &str| -> Result<Client> {
        Ok(Client { name, program: python.clone(), script: scene.script(script)? })
    };
    Ok(vec![
        of_python("aiogram", "clients/aiogram_bot.py")?,
        of_python("python-telegram-bot", "clients/ptb_bot.py")?,
        Client { name: "grammY", program: PathBuf::from("node"), script: grammy },
    ])
}

/// Starts the bot, plays the story and stops the bot again.
fn play(
    scene: &mut Scene<'_>,
    telegram: &Telegram,
    client: &Client,
    by_webhook: bool,
    outcome: &mut Outcome,
) -> Result<()> {
    let way = if by_webhook { "webhook" } else { "polling" };
    let name = format!("{}-{way}", client.name);
    scene.progress.step(&format!("{} by {way}", client.name));
    let cast = story::Cast::make(telegram, &name)?;
    let mut command = Command::new(&client.program);
    demo::clean(&mut command)
        .arg(&client.script)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("TELEGRAM_API_URL", &telegram.url)
        .env("TELEGRAM_BOT_TOKEN", &cast.token);
    if by_webhook {
        command.env("WEBHOOK_PORT", free_port()?.to_string());
    }
    let output = scene.output(&name);
    let bot = scene.supervisor.start(&name, command, output)?;
    let mut story = Story { telegram, supervisor: &mut scene.supervisor, cast: &cast, is_new: true };
    for (what, part) in Story::PARTS {
        let result = part(&mut story);
        if result.as_ref().is_err_and(anyhow::Error::is::<Interrupted>) {
            return result;
        }
        let failed = result.is_err();
        outcome.check(&format!("{} by {way}: {what}", client.name), result);
        if failed {
            // What follows stands on it, and each would wait in vain.
            break;
        }
    }
    scene.supervisor.dismiss(bot, demo::GRACE)
}
