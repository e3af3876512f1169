//! A PostgreSQL of our own for the time of a command: a fresh cluster, loopback only, gone at the end.

mod binaries;
mod server;

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use serde_json::json;

pub use server::{Durability, Server, free_port};

use crate::report;
use crate::supervisor::{Event, Supervisor};
use crate::workspace::Workspace;

/// Run a throw-away PostgreSQL until Ctrl-C, and print its URL.
///
/// The cluster is made afresh, listens on loopback only, trusts every local user, and is removed at the end. Export
/// the URL as TEST_POSTGRES_URL to run single tests by hand.
#[derive(Args)]
pub struct Options {
    /// Write through to the disk, as a real server does; slower
    #[arg(long)]
    durable: bool,
}

/// The command: a server until a signal comes.
pub fn run(workspace: &Workspace, options: &Options, json: bool) -> Result<()> {
    let mut supervisor = Supervisor::new()?;
    let durability = if options.durable { Durability::Durable } else { Durability::Fast };
    let server = Server::start(workspace, durability)?;
    if json {
        report::result(&json!({ "url": server.url(), "data": server.data() }).to_string());
    } else {
        report::result(&server.url());
        report::note("PostgreSQL runs until Ctrl-C; then its data is removed.");
    }
    while !matches!(supervisor.next(Duration::from_hours(1)), Some(Event::Signal)) {}
    Ok(())
}
