//! Builds a drill in release mode and runs it, with a PostgreSQL beside it when it wants one.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;

use crate::cli::Told;
use crate::demo::GRACE;
use crate::postgres::{Durability, Server};
use crate::supervisor::{Show, Supervisor};
use crate::workspace::Workspace;
use crate::{cargo, report};

/// Which databases a drill runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Database {
    /// The embedded default.
    Sqlite,
    /// A server that is started for the drill.
    Postgres,
    /// One after the other.
    Both,
}

impl Database {
    /// The word that the drill knows it by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Both => "both",
        }
    }
}

/// One run of a drill.
pub struct Drill {
    /// The name of the binary in `crates/drills`.
    pub binary: &'static str,
    /// Whether the failpoints are compiled in.
    pub failpoints: bool,
    /// The databases; a server is started unless it is only SQLite.
    pub database: Database,
    /// Every argument of the drill.
    pub arguments: Vec<String>,
}

/// Builds the sandbox's own bench and runs it. Its exit code becomes ours.
pub fn sandbox(workspace: &Workspace, arguments: Vec<String>) -> Result<()> {
    let mut supervisor = Supervisor::new()?;
    build(&mut supervisor, &["--package", "sandbox"], "the sandbox")?;
    let mut command = Command::new(workspace.binary("release", "sandbox-bench"));
    command.args(arguments);
    follow(&mut supervisor, "sandbox-bench", command)
}

/// Builds and runs it. The drill's exit code becomes ours.
pub fn run(workspace: &Workspace, drill: &Drill) -> Result<()> {
    let mut supervisor = Supervisor::new()?;
    let mut packages = vec!["--package", "support-bot", "--package", "drills"];
    if drill.failpoints {
        packages.extend(["--features", "drills/failpoints"]);
    }
    build(&mut supervisor, &packages, "support-bot and the drills")?;
    let server = match drill.database {
        Database::Sqlite => None,
        Database::Postgres | Database::Both => Some(Server::start(workspace, Durability::Durable)?),
    };
    let mut command = Command::new(workspace.binary("release", drill.binary));
    command.args(&drill.arguments);
    if let Some(server) = &server {
        command.envs(server.environment());
    }
    // The drill runs on its own what is built beside it.
    command.env("SUPPORT_BOT", workspace.binary("release", "support-bot"));
    follow(&mut supervisor, drill.binary, command)
}

fn follow(supervisor: &mut Supervisor, name: &str, command: Command) -> Result<()> {
    let who = supervisor.start(name, command, Show::Through.into())?;
    let ended = supervisor.wait(who);
    // A drill that was interrupted stops its own bots.
    supervisor.stop(GRACE + Duration::from_secs(3));
    match ended?.code() {
        Some(0) => Ok(()),
        Some(code) => Err(Told(u8::try_from(code).unwrap_or(1)).into()),
        None => Err(supervisor.died(who)),
    }
}

fn build(supervisor: &mut Supervisor, packages: &[&str], what: &str) -> Result<()> {
    let mut command = cargo::command(&["build", "--release"]);
    command.args(packages);
    let text = cargo::to_copy(&command);
    report::note(&format!("… building {what}, optimised"));
    let building = supervisor.start("cargo build", command, Show::Inherited.into())?;
    anyhow::ensure!(supervisor.wait(building)?.success(), "the build failed; see above, or run `{text}`");
    Ok(())
}
