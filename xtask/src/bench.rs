//! The drill that measures.

use anyhow::Result;
use clap::Args;

use crate::drill::{self, Database, Drill};
use crate::workspace::Workspace;

/// Measure a bot: messages a second, CPU, memory, start-up, cost with a million tickets.
///
/// Builds support-bot and the drill in release mode. The figures that must hold are in the README; the command fails
/// if one of them does not.
#[derive(Args)]
pub struct Options {
    /// The database under the bot
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    db: Database,
    /// Further arguments for the drill itself, after `--`
    #[arg(last = true)]
    more: Vec<String>,
}

/// The command: hands everything to the drill.
pub fn run(workspace: &Workspace, options: &Options, json: bool) -> Result<()> {
    let mut arguments = vec!["--db".to_owned(), options.db.word().to_owned()];
    arguments.extend(json.then(|| "--json".to_owned()));
    arguments.extend(options.more.iter().cloned());
    // Failpoints cost a lock at each place: what is measured is what ships.
    drill::run(workspace, &Drill { binary: "bench", failpoints: false, database: options.db, arguments })
}
