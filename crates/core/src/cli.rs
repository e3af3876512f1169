//! The command line that every bot has: its `main.rs` hands the bot over and adds nothing.
//!
//! ```ignore
//! fn main() -> std::process::ExitCode {
//!     frontdesk_core::cli::main::<SupportBot>()
//! }
//! ```
//!
//! Exit codes: 0 all is well, 1 something failed, 2 the command line was misused. What a command is asked for
//! goes to stdout, everything else to stderr; both pass the masker.

mod args;
mod run;
mod say;

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{CommandFactory as _, FromArgMatches as _};
use mask::Masker;
use rand::RngExt as _;
use rand::rngs::StdRng;

use crate::bot::Bot;
use crate::clock::Clock;
use crate::config::{self, BotInfo, Loaded, Settings, Sources};
use crate::logs;
use args::{Args, Command};
use say::Say;

/// A bot that can be started from a command line.
pub trait Deployable: Bot + Sized {
    /// The bot's own settings, beside the common ones.
    type Settings: Settings;
    /// Its name and the defaults that differ from bot to bot.
    const INFO: BotInfo;
    /// What it is, in a sentence, for `--help`.
    const ABOUT: &'static str;

    /// The bot, by its settings.
    fn new(settings: Self::Settings) -> Self;
}

/// The `main` of a bot: reads the command line and the settings, sets up the log, does what was asked.
pub fn main<B: Deployable>() -> ExitCode {
    let named = Args::command().name(B::INFO.name).version(B::VERSION).about(B::ABOUT);
    let parsed = named.clone().try_get_matches().and_then(|matches| Args::from_arg_matches(&matches));
    let args = match parsed {
        Ok(args) => args,
        // Prints help and version too; its codes are 0 for those and 2 for misuse.
        Err(error) => error.exit(),
    };
    let masker = Masker::new(rand::make_rng::<StdRng>().random());
    let say = Say::new(masker.clone());
    let sources = Sources::of_process(args.config.clone());
    let loaded = match config::load::<B::Settings>(&B::INFO, &sources, &masker) {
        Ok(loaded) => loaded,
        Err(problems) => {
            say.error(&problems);
            return ExitCode::FAILURE;
        }
    };
    let ended = start_log::<B>(&loaded, &masker).and_then(|()| dispatch::<B>(args.command, loaded, &say));
    ended.unwrap_or_else(|error| {
        say.failure(&error);
        ExitCode::FAILURE
    })
}

fn start_log<B: Deployable>(loaded: &Loaded<B::Settings>, masker: &Masker) -> anyhow::Result<()> {
    let clock = Clock::system();
    let now = std::sync::Arc::new(move || clock.now().micros());
    let common = &loaded.common;
    let options = logs::Options::stderr(B::INFO.name, common.environment, &common.log, masker.clone(), now);
    Ok(logs::init(options, Vec::new())?)
}

/// The runtime of every command: two workers, as on the smallest machine that is worth renting.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.context("the process cannot start its threads")
}

fn dispatch<B: Deployable>(
    command: Command,
    loaded: Loaded<B::Settings>,
    say: &Say,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run => run::run::<B>(loaded, say),
    }
}
