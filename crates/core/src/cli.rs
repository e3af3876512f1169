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
mod ask;
mod check;
mod dead_letters;
mod doctor;
mod health;
mod jobs;
mod migrate;
mod place;
mod run;
mod say;
mod table;

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
pub use doctor::{Finding, Group, Level, Visit};
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

    /// What `doctor` looks at besides, such as the bot's rights in a group that a setting names. Reads only.
    fn doctor(&self, visit: &Visit<'_>) -> impl Future<Output = Vec<Finding>> + Send {
        let _ = visit;
        std::future::ready(Vec::new())
    }
}

/// The `main` of a bot: reads the command line and the settings, sets up the log, does what was asked.
pub fn main<B: Deployable>() -> ExitCode {
    // Reads FAILPOINTS; in what ships there are none.
    #[cfg(feature = "failpoints")]
    let _places_to_die = fail::FailScenario::setup();
    let mut named =
        Args::command().name(B::INFO.name).bin_name(B::INFO.name).version(B::VERSION).about(B::ABOUT);
    let parsed = named.clone().try_get_matches().and_then(|matches| Args::from_arg_matches(&matches));
    let args = match parsed {
        Ok(args) => args,
        // Prints help and version too; its codes are 0 for those and 2 for misuse.
        Err(error) => error.exit(),
    };
    let masker = Masker::new(rand::make_rng::<StdRng>().random());
    let say = Say::new(masker.clone());
    let sources = Sources::of_process(args.config);
    match args.command {
        Command::Settings(asked) => {
            check::settings::<B>(asked.format, &say);
            ExitCode::SUCCESS
        }
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut named, B::INFO.name, &mut std::io::stdout());
            ExitCode::SUCCESS
        }
        Command::Check(form) => check::check::<B>(&sources, &masker, form, &say),
        command => with_settings::<B>(command, &sources, &say),
    }
}

fn with_settings<B: Deployable>(command: Command, sources: &Sources, say: &Say) -> ExitCode {
    let loaded = match config::load::<B::Settings>(&B::INFO, sources, &say.masker) {
        Ok(loaded) => loaded,
        Err(problems) => {
            say.error(&problems);
            return ExitCode::FAILURE;
        }
    };
    let ended = start_log::<B>(&loaded, &say.masker).and_then(|()| dispatch::<B>(command, loaded, say));
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
    let common = loaded.common.clone();
    let work = async {
        match command {
            Command::Doctor(form) => doctor::doctor::<B>(loaded, form, say).await,
            Command::Migrate(asked) => {
                migrate::migrate::<B>(loaded, &asked, say).await.map(|()| ExitCode::SUCCESS)
            }
            Command::DeadLetters(asked) => dead_letters::dead_letters::<B>(&common, &asked, say).await,
            Command::Jobs(asked) => jobs::jobs::<B>(&common, &asked, say).await.map(|()| ExitCode::SUCCESS),
            Command::Health(form) => Ok(health::health(&common, form, say).await),
            Command::Run => run::run::<B>(loaded, say).await,
            // Done before the settings were read.
            Command::Check(_) | Command::Settings(_) | Command::Completions { .. } => Ok(ExitCode::SUCCESS),
        }
    };
    let runtime = runtime()?;
    let ended = runtime.block_on(work);
    // A name look-up that hangs must not hold the exit.
    runtime.shutdown_background();
    ended
}
