use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// The command line. Name, version and purpose are the bot's and set at run time.
#[derive(Debug, Parser)]
#[command(
    arg_required_else_help = true,
    subcommand_required = true,
    max_term_width = 100,
    after_help = "Settings come from the environment and from --config; `settings` describes each.\n\
                  Exit codes: 0 all is well, 1 something failed, 2 the command line was misused."
)]
pub(super) struct Args {
    /// Read settings from this TOML file; the environment wins over it
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run the bot until SIGTERM or SIGINT
    ///
    /// The first signal ends what is in hand, within ten seconds; a second one stops at once, and the next start
    /// takes up the rest.
    Run,
    /// Check the settings and show where each came from
    Check(Form),
    /// Check everything that the bot needs, and say what to do
    ///
    /// Token, database, webhook, clock, rights in each group, address and folder. A running bot is not disturbed.
    Doctor(Form),
    /// Bring the database up to this version's schema
    Migrate(Migrate),
    /// Look at what failed too often, try it again, or drop it
    #[command(subcommand)]
    DeadLetters(DeadLetters),
    /// Count the jobs that wait, and show the oldest
    Jobs(Jobs),
    /// Ask the running bot how it is; for containers and scripts
    Health(Form),
    /// Describe every setting
    Settings(Settings),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// How a command answers.
#[derive(Clone, Copy, Debug, Group)]
pub(super) struct Form {
    /// Print one line of JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Group)]
pub(super) struct Migrate {
    /// Only show what would be done
    #[arg(long, visible_alias = "status")]
    pub dry_run: bool,
    #[command(flatten)]
    pub form: Form,
}

#[derive(Debug, Subcommand)]
pub(super) enum DeadLetters {
    /// List them, oldest first
    List {
        /// Show so many at most
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=100_000))]
        limit: i64,
        #[command(flatten)]
        form: Form,
    },
    /// Show one
    Show {
        /// Its number in the list
        #[arg(value_parser = letter)]
        id: i64,
        /// Print its content too, which may hold private text
        #[arg(long)]
        reveal: bool,
        #[command(flatten)]
        form: Form,
    },
    /// Try them again; a running bot takes them up within seconds
    Replay(Which),
    /// Take them away for good
    Drop(Which),
}

#[derive(Debug, Group)]
#[group(required = true, multiple = false)]
pub(super) struct Which {
    /// Their numbers in the list
    #[arg(value_name = "ID", value_parser = letter)]
    pub ids: Vec<i64>,
    /// All of them
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Group)]
pub(super) struct Jobs {
    /// Show so many of the oldest
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(i64).range(0..=1_000))]
    pub oldest: i64,
    #[command(flatten)]
    pub form: Form,
}

#[derive(Debug, Group)]
pub(super) struct Settings {
    /// In which form
    #[arg(long, value_enum, default_value_t = SettingsForm::Env)]
    pub format: SettingsForm,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SettingsForm {
    /// As `.env.example`
    Env,
    /// As `config.example.toml`
    Toml,
    /// As a Markdown table
    Table,
}

fn letter(text: &str) -> Result<i64, &'static str> {
    text.parse().map_err(|_| "not the number of a dead letter; `dead-letters list` shows them")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_command_and_option_has_its_help() {
        fn look(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            assert!(command.get_name() == "frontdesk-core" || command.get_about().is_some(), "{path}");
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{path} {}", argument.get_id());
            }
            command.get_subcommands().for_each(|inner| look(inner, &path));
        }
        look(&Args::command(), "");
    }

    #[test]
    fn replay_and_drop_want_numbers_or_all_and_not_both() {
        let parse = |words: &[&str]| Args::try_parse_from([&["bot", "dead-letters"], words].concat());
        assert!(parse(&["replay"]).is_err());
        assert!(parse(&["drop", "3", "--all"]).is_err());
        assert!(parse(&["replay", "3", "4"]).is_ok());
        assert!(parse(&["drop", "--all"]).is_ok());
    }
}
