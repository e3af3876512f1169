//! The command line: what there is, and what an exit code means.

use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::supervisor::Interrupted;
use crate::workspace::Workspace;
use crate::{bench, demo, e2e, faults, postgres, report, schema, test, tidy};

/// The project's own commands.
///
/// Exit codes: 0 all is well, 1 it failed, 2 it was called wrongly.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Task,
    /// Print the result as one line of JSON, last on stdout
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Task {
    Demo(demo::Options),
    Test(test::Options),
    E2e(e2e::Options),
    Faults(faults::Options),
    Bench(bench::Options),
    Tidy(tidy::Options),
    Postgres(postgres::Options),
    Schema(schema::Options),
    /// Print a completion script for a shell
    Completions {
        /// The shell that will read the script
        shell: Shell,
    },
}

/// A failure that is told already, with the exit code to end with.
#[derive(Debug)]
pub struct Told(pub u8);

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "failed with exit code {}", self.0)
    }
}

impl std::error::Error for Told {}

/// Reads the command line, runs the command and turns its outcome into an exit code.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.json;
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(Told(code)) = error.downcast_ref() {
                return ExitCode::from(*code);
            }
            let text = if error.is::<Interrupted>() {
                "stopped by a signal".to_owned()
            } else {
                format!("{error:#}")
            };
            report::note(&format!("error: {text}"));
            if json {
                report::result(&serde_json::json!({ "ok": false, "error": text }).to_string());
            }
            ExitCode::FAILURE
        }
    }
}

fn dispatch(cli: Cli) -> Result<()> {
    let json = cli.json;
    if let Task::Completions { shell } = cli.command {
        clap_complete::generate(shell, &mut Cli::command(), "cargo-xtask", &mut std::io::stdout());
        return Ok(());
    }
    let workspace = Workspace::find()?;
    match cli.command {
        Task::Demo(options) => demo::run(&workspace, &options, json),
        Task::Test(options) => test::run(&workspace, &options, json),
        Task::E2e(options) => e2e::run(&workspace, &options, json),
        Task::Faults(options) => faults::run(&workspace, &options, json),
        Task::Bench(options) => bench::run(&workspace, &options, json),
        Task::Tidy(options) => tidy::run(&workspace, &options, json),
        Task::Postgres(options) => postgres::run(&workspace, &options, json),
        Task::Schema(options) => schema::run(&workspace, &options, json),
        Task::Completions { .. } => Ok(()),
    }
}

/// Every command with its first line of help, for the rule that each has one.
pub fn commands() -> Vec<(String, String)> {
    let text = |command: &clap::Command| command.get_about().map(ToString::to_string).unwrap_or_default();
    Cli::command().get_subcommands().map(|command| (command.get_name().to_owned(), text(command))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_says_what_it_does() {
        for (name, about) in commands() {
            assert!(about.len() > 10, "`cargo xtask {name}` has no help; document its options");
        }
    }

    #[test]
    fn no_argument_shows_help_and_a_wrong_one_is_misuse() {
        let error = |words: &[&str]| Cli::try_parse_from(words).map(|_| ()).unwrap_err();
        assert_eq!(error(&["xtask"]).exit_code(), 2);
        assert_eq!(error(&["xtask", "nonsense"]).exit_code(), 2);
        assert_eq!(error(&["xtask", "test", "--help"]).exit_code(), 0);
    }
}
