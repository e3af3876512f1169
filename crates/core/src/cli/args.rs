use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// The command line. Name, version and purpose are the bot's and set at run time.
#[derive(Debug, Parser)]
#[command(arg_required_else_help = true, subcommand_required = true, max_term_width = 100)]
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
    Run,
}
