//! The drill that breaks things: kills, outages, lost answers.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::drill::{self, Database, Drill};
use crate::workspace::Workspace;

/// Break a bot under load and count what is lost, doubled or out of order.
///
/// Builds support-bot and the drill in release mode and runs them against a sandbox, on SQLite, on a PostgreSQL that
/// is started for it, or on both. Fails if an update is lost, a state change happens twice, an order is broken, or a
/// message is sent twice without need.
#[derive(Args)]
pub struct Options {
    /// How often the bot is stopped and started again
    #[arg(long, default_value_t = 300)]
    kills: u32,
    /// What goes wrong
    #[arg(long, value_enum, default_value_t = Mode::Kill)]
    mode: Mode,
    /// The database under the bot
    #[arg(long, value_enum, default_value_t = Database::Both)]
    db: Database,
    /// Leave the failpoints out of the build, as in what ships
    #[arg(long)]
    no_failpoints: bool,
    /// Further arguments for the drill itself, after `--`
    #[arg(last = true)]
    more: Vec<String>,
}

/// A way in which things go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// SIGKILL at random instants
    Kill,
    /// SIGTERM at random instants: nothing may be sent twice
    Term,
    /// Telegram asks for patience
    #[value(name = "429")]
    TooMany,
    /// Telegram is broken
    #[value(name = "5xx")]
    Broken,
    /// Calls succeed, their answers are lost
    LostReply,
    /// Updates arrive twice
    Duplicate,
    /// Updates arrive out of order
    Reordered,
    /// The database is locked or stopped for a while
    DbDown,
    /// One lane floods, one is slow, one panics; the others must not notice
    Lanes,
    /// Each of them, one after the other
    All,
}

/// The command: hands everything to the drill.
pub fn run(workspace: &Workspace, options: &Options, json: bool) -> Result<()> {
    let drill = Drill {
        binary: "faults",
        failpoints: !options.no_failpoints,
        database: options.db,
        arguments: options.arguments(json),
    };
    drill::run(workspace, &drill)
}

impl Options {
    fn arguments(&self, json: bool) -> Vec<String> {
        let mode = self.mode.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        let mut arguments = vec!["--kills".to_owned(), self.kills.to_string(), "--mode".to_owned(), mode];
        arguments.extend(["--db".to_owned(), self.db.word().to_owned()]);
        arguments.extend(json.then(|| "--json".to_owned()));
        arguments.extend(self.more.iter().cloned());
        arguments
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn every_argument_reaches_the_drill() {
        let words = ["x", "--kills", "20", "--mode", "429", "--db", "postgres", "--", "--seed", "7"];
        let arguments = Line::parse_from(words).options.arguments(true);
        assert_eq!(arguments.join(" "), "--kills 20 --mode 429 --db postgres --json --seed 7");
    }
}
