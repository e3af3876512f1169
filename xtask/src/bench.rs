//! The drill that measures.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::drill::{self, Database, Drill};
use crate::workspace::Workspace;

/// Measure a bot, or the sandbox alone: messages a second, CPU, memory.
///
/// Builds what is measured and the drill in release mode. The figures that must hold are in the READMEs; the command
/// fails if one of them does not.
#[derive(Args)]
pub struct Options {
    /// What is measured
    #[arg(value_enum, default_value_t = Subject::SupportBot)]
    subject: Subject,
    /// The database under the bot
    #[arg(long, value_enum, default_value_t = Database::Sqlite)]
    db: Database,
    /// Further arguments for the drill itself, after `--`
    #[arg(last = true)]
    more: Vec<String>,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// A bot under load, its start, and its cost with a million tickets
    SupportBot,
    /// The sandbox with a trivial client: at least 8,000 messages a second, under 300 MB over 200,000
    Sandbox,
}

/// The command: hands everything to the drill.
pub fn run(workspace: &Workspace, options: &Options, json: bool) -> Result<()> {
    if options.subject == Subject::Sandbox {
        let mut arguments: Vec<String> = json.then(|| "--json".to_owned()).into_iter().collect();
        arguments.extend(options.more.iter().cloned());
        return drill::sandbox(workspace, arguments);
    }
    let mut arguments = vec!["--db".to_owned(), options.db.word().to_owned()];
    arguments.extend(json.then(|| "--json".to_owned()));
    arguments.extend(options.more.iter().cloned());
    // Failpoints cost a lock at each place: what is measured is what ships.
    drill::run(workspace, &Drill { binary: "bench", failpoints: false, database: options.db, arguments })
}
