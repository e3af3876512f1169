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
use crate::config::{self, BotInfo, Environment, Loaded, Log, Settings, Sources, Values};
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
        Command::Health(form) => {
            let ask = async |addr| Ok(health::health(addr, form, &say).await);
            beside::<B, _>(&["HTTP_ADDR"], config::http_addr, &sources, &say, ask)
        }
        Command::DeadLetters(asked) => {
            let look = async |place| dead_letters::dead_letters::<B>(&place, &asked, &say).await;
            beside::<B, _>(DATABASE, config::database_beside, &sources, &say, look)
        }
        Command::Jobs(asked) => {
            let look = async |place| jobs::jobs::<B>(&place, &asked, &say).await;
            beside::<B, _>(DATABASE, config::database_beside, &sources, &say, look)
        }
        command => with_settings::<B>(command, &sources, &say),
    }
}

/// What a command needs that looks into the database.
const DATABASE: &[&str] = &["DATABASE_URL", "DATA_DIR"];

/// A command beside the bot: with the settings that it needs, and no others.
fn beside<B: Deployable, T>(
    needed: &[&str],
    read: impl FnOnce(&mut Values) -> Option<T>,
    sources: &Sources,
    say: &Say,
    work: impl AsyncFnOnce(T) -> anyhow::Result<ExitCode>,
) -> ExitCode {
    let loaded = match config::load_beside::<B::Settings, T>(&B::INFO, sources, &say.masker, needed, read) {
        Ok(loaded) => loaded,
        Err(problems) => {
            say.error(&problems);
            return ExitCode::FAILURE;
        }
    };
    let log = start_log::<B>(loaded.environment, &loaded.log, &say.masker);
    ended(log.and_then(|()| finish(work(loaded.needed))), say)
}

fn with_settings<B: Deployable>(command: Command, sources: &Sources, say: &Say) -> ExitCode {
    let loaded = match config::load::<B::Settings>(&B::INFO, sources, &say.masker) {
        Ok(loaded) => loaded,
        Err(problems) => {
            say.error(&problems);
            return ExitCode::FAILURE;
        }
    };
    let log = start_log::<B>(loaded.common.environment, &loaded.common.log, &say.masker);
    ended(log.and_then(|()| finish(dispatch::<B>(command, loaded, say))), say)
}

fn ended(ended: anyhow::Result<ExitCode>, say: &Say) -> ExitCode {
    ended.unwrap_or_else(|error| {
        say.failure(&error);
        ExitCode::FAILURE
    })
}

fn start_log<B: Deployable>(environment: Environment, log: &Log, masker: &Masker) -> anyhow::Result<()> {
    let clock = Clock::system();
    let now = std::sync::Arc::new(move || clock.now().micros());
    let options = logs::Options::stderr(B::INFO.name, environment, log, masker.clone(), now);
    Ok(logs::init(options, Vec::new())?)
}

/// Runs a command: on two workers, as on the smallest machine that is worth renting.
fn finish(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.context("the process cannot start its threads")?;
    let ended = runtime.block_on(work);
    // A name look-up that hangs must not hold the exit.
    runtime.shutdown_background();
    ended
}

async fn dispatch<B: Deployable>(
    command: Command,
    loaded: Loaded<B::Settings>,
    say: &Say,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Doctor(form) => doctor::doctor::<B>(loaded, form, say).await,
        Command::Migrate(asked) => {
            migrate::migrate::<B>(loaded, &asked, say).await.map(|()| ExitCode::SUCCESS)
        }
        Command::Run => run::run::<B>(loaded, say).await,
        // Done before the settings were read.
        _ => Ok(ExitCode::SUCCESS),
    }
}
