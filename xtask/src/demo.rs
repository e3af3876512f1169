//! The whole thing on one page: sandbox and support-bot as processes, and the address to open.

mod stage;

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use serde_json::json;

pub use stage::{Settings, Stage, build, clean};

use crate::report;
use crate::supervisor::{Event, Interrupted, Show, Supervisor};
use crate::workspace::Workspace;

/// How long a bot may take to stop: it promises 10 s.
pub const GRACE: Duration = Duration::from_secs(12);

/// Play customer and staff on one page: a local Telegram and a real support-bot, as processes.
///
/// Builds both, starts them on free loopback ports, waits until the bot is ready and prints the address of the page.
/// Runs until Ctrl-C. Nothing leaves this machine and no account is needed.
#[derive(Args)]
pub struct Options {
    /// Port of the page and of the local Telegram; a free one by default
    #[arg(long, default_value_t = 0)]
    port: u16,
}

/// The command: runs until a signal comes or a process dies.
pub fn run(workspace: &Workspace, options: &Options, json: bool) -> Result<()> {
    let mut supervisor = Supervisor::new()?;
    // The local Telegram begins its numbers anew: a database that knows them would take new updates for old ones.
    let data = workspace.fresh_folder("demo/support-bot")?;
    // The bot's output is a pipe, for which it would choose JSON: but a person reads it.
    let format = std::env::var("LOG_FORMAT").unwrap_or_else(|_| "pretty".to_owned());
    let bot_environment = vec![("LOG_FORMAT", format)];
    let settings = Settings { port: options.port, data, logs: None, show: Show::Named, bot_environment };
    let played = play(workspace, &mut supervisor, &settings, json);
    report::note("stopping …");
    supervisor.stop(GRACE);
    match played {
        // Ctrl-C is how a demo ends.
        Err(error) if error.is::<Interrupted>() => Ok(()),
        played => played,
    }
}

fn play(workspace: &Workspace, supervisor: &mut Supervisor, settings: &Settings, json: bool) -> Result<()> {
    build(supervisor)?;
    let stage = Stage::start(workspace, supervisor, settings)?;
    if json {
        let pid = |who: usize| supervisor.process(who).pid();
        let pids = json!({ "sandbox": pid(stage.sandbox), "support-bot": pid(stage.bot) });
        let health = format!("http://{}/health", stage.health);
        report::result(&json!({ "url": stage.page, "health": health, "pids": pids }).to_string());
    } else {
        report::result(&format!("\n    {}\n", stage.page));
        report::note(
            "    Write to the bot as the customer, on the left: a ticket opens in the staff group, on the right.",
        );
        report::note("    Answer in its topic as staff, and see the answer arrive. Ctrl-C ends the demo.\n");
    }
    loop {
        match supervisor.next(Duration::from_hours(1)) {
            Some(Event::Signal) => return Ok(()),
            Some(Event::Exited { who, .. }) => return Err(supervisor.died(who)),
            _ => {}
        }
    }
}
