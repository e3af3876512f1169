//! Builds and starts what a demo consists of; `e2e` plays on the same stage.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cargo;
use crate::clock::Deadline;
use crate::http;
use crate::postgres::free_port;
use crate::report::note;
use crate::supervisor::{Event, Interrupted, Output, Show, Supervisor};
use crate::workspace::Workspace;

/// How long sandbox and bot may take to start; far more than they need, even on a busy machine.
const START: Duration = Duration::from_mins(1);

/// How a stage is set.
pub struct Settings {
    /// Port of the sandbox; 0 for a free one.
    pub port: u16,
    /// The bot's data folder.
    pub data: PathBuf,
    /// A folder for the log of each process.
    pub logs: Option<PathBuf>,
    /// What the reader sees of their lines.
    pub show: Show,
    /// More settings for the bot.
    pub bot_environment: Vec<(&'static str, String)>,
}

/// Sandbox and bot, started and ready.
pub struct Stage {
    /// The address of the page.
    pub page: String,
    /// The bot's own HTTP address.
    pub health: String,
    /// The sandbox's number at the supervisor.
    pub sandbox: usize,
    /// The bot's number at the supervisor.
    pub bot: usize,
}

/// What the sandbox says once it listens.
#[derive(Debug, PartialEq)]
struct Ready {
    url: String,
    token: String,
    staff_group: i64,
    admin: i64,
}

/// Builds sandbox and support-bot, as `cargo build` does.
pub fn build(supervisor: &mut Supervisor) -> Result<()> {
    let command = cargo::command(&["build", "--package", "sandbox", "--package", "support-bot"]);
    let text = cargo::to_copy(&command);
    let building = supervisor.start("cargo build", command, Show::Inherited.into())?;
    if !supervisor.wait(building)?.success() {
        bail!("the build failed; see above, or run `{text}`");
    }
    Ok(())
}

impl Stage {
    /// Starts the sandbox, then the bot against it, and waits until the bot is ready.
    pub fn start(workspace: &Workspace, supervisor: &mut Supervisor, settings: &Settings) -> Result<Self> {
        let output = |name: &str, stdout_answers| Output {
            show: settings.show,
            log: settings.logs.as_ref().map(|folder| folder.join(format!("{name}.log"))),
            stdout_answers,
        };
        let mut command = Command::new(workspace.binary("debug", "sandbox"));
        clean(&mut command).arg("--addr").arg(format!("127.0.0.1:{}", settings.port)).arg("--json");
        let sandbox = supervisor.start("sandbox", command, output("sandbox", true))?;
        let ready = Ready::parse(&supervisor.first_line(sandbox, START)?)?;

        let health = format!("127.0.0.1:{}", free_port()?);
        let mut command = Command::new(workspace.binary("debug", "support-bot"));
        clean(&mut command)
            .arg("run")
            .env("TELEGRAM_BOT_TOKEN", &ready.token)
            .env("TELEGRAM_API_URL", &ready.url)
            .env("STAFF_GROUP_ID", ready.staff_group.to_string())
            .env("ADMIN_USER_ID", ready.admin.to_string())
            .env("DATA_DIR", &settings.data)
            .env("ENVIRONMENT", "development")
            .env("HTTP_ADDR", &health)
            .env("TELEGRAM_LIMITS", "telegram")
            .envs(settings.bot_environment.iter().map(|(name, value)| (name, value)));
        let bot = supervisor.start("support-bot", command, output("support-bot", false))?;
        wait_until_ready(supervisor, &health)?;
        Ok(Self { page: ready.url, health, sandbox, bot })
    }
}

/// Leaves a program only what a terminal needs: it must not pick up a real token or database from the caller's shell.
pub fn clean(command: &mut Command) -> &mut Command {
    const KEPT: [&str; 9] =
        ["PATH", "HOME", "LANG", "TERM", "TMPDIR", "RUST_BACKTRACE", "LOG_LEVEL", "LOG_FORMAT", "NO_COLOR"];
    let kept: Vec<_> = KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))).collect();
    command.env_clear().envs(kept)
}

fn wait_until_ready(supervisor: &mut Supervisor, address: &str) -> Result<()> {
    let deadline = Deadline::after(START);
    while !http::is_ready(address) {
        match supervisor.next(Duration::from_millis(50)) {
            Some(Event::Signal) => return Err(Interrupted.into()),
            Some(Event::Exited { who, .. }) => return Err(supervisor.died(who)),
            _ => {}
        }
        if deadline.passed() {
            note("support-bot runs, but is not ready");
            bail!(
                "http://{address}/health/ready did not answer 200 within {} s; see its lines above",
                START.as_secs()
            );
        }
    }
    Ok(())
}

impl Ready {
    fn parse(line: &str) -> Result<Self> {
        // The line holds a token, so errors name the missing field and never quote it.
        let value: Value = serde_json::from_str(line).context("the sandbox's first line is no JSON")?;
        let text = |value: &Value, field: &str| -> Result<String> {
            let found =
                value[field].as_str().with_context(|| format!("the sandbox's first line has no {field}"))?;
            Ok(found.to_owned())
        };
        let number = |field: &str| {
            value[field].as_i64().with_context(|| format!("the sandbox's first line has no number {field}"))
        };
        Ok(Self {
            url: text(&value, "url")?,
            token: text(&value["bots"][0], "token")?,
            staff_group: number("staff_group_id")?,
            admin: number("admin_user_id")?,
        })
    }
}

#[cfg(test)]
mod tests;
