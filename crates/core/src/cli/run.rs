//! `run`: the bot, until a signal or until it cannot go on.

use std::convert::Infallible;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use mask::{Masker, SecretString};
use sd_notify::NotifyState;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{Deployable, Say};
use crate::app::{self, Follower, Running};
use crate::clock::Clock;
use crate::config::{self, Common, Loaded};
use crate::db::Db;
use crate::logs;
use crate::telegram::ClientOptions;
use crate::telegram::limits::Limits;

/// What a handler may take.
const BUDGET: Duration = Duration::from_millis(100);

pub(super) async fn run<B: Deployable>(loaded: Loaded<B::Settings>, say: &Say) -> anyhow::Result<ExitCode> {
    until_stopped::<B>(loaded, &say.masker).await.or_else(|error| {
        if !tracing::enabled!(tracing::Level::ERROR) {
            return Err(error);
        }
        tracing::error!("{} ends: {}", B::INFO.name, logs::describe(&error));
        Ok(ExitCode::FAILURE)
    })
}

async fn until_stopped<B: Deployable>(
    loaded: Loaded<B::Settings>,
    masker: &Masker,
) -> anyhow::Result<ExitCode> {
    // Before anything else, so that no signal finds the process with the system's own behaviour.
    let mut signals = Signals::new()?;
    let common = loaded.common;
    tracing::info!(version = B::VERSION, "starting");
    let starting = async {
        let (clock, follower) = match &common.test_clock {
            Some(url) => {
                let (clock, follower) = Follower::begin(url, B::INFO.name, common.telegram.bot_id).await?;
                (clock, Some(follower))
            }
            None => (Clock::system(), None),
        };
        let db = Db::open(database_url(&common.database).expose()).await?;
        let running = Running::start(B::new(loaded.own), db, options(&common, masker, clock)).await?;
        Ok::<_, anyhow::Error>((running, follower))
    };
    let (mut running, mut follower) = tokio::select! {
        running = starting => running?,
        stop = signals.stop() => {
            tracing::info!(signal = stop.name, "stopped before it had started");
            return Ok(ExitCode::SUCCESS);
        }
    };
    let shared = std::sync::Arc::clone(running.shared());
    let ready = tokio::spawn(announce_ready(std::sync::Arc::clone(&shared)));
    tracing::info!(http = %running.http_addr(), "started");
    let stop = tokio::select! {
        stop = signals.stop() => stop,
        never = follow(follower.as_mut(), &shared) => match never {},
        error = running.failed() => {
            notify(&[NotifyState::Stopping]);
            // So that the next start does not look for damage.
            drop(running.stop().await);
            return Err(error);
        }
    };
    ready.abort();
    notify(&[NotifyState::Stopping, NotifyState::Status("finishing what is in hand")]);
    tracing::info!(signal = stop.name, "stopping; a second signal stops at once");
    let stopped = tokio::select! {
        stopped = running.stop() => stopped,
        never = follow(follower.as_mut(), &shared) => match never {},
        second = signals.stop() => {
            tracing::warn!(signal = second.name, "stopped at once; the next start takes up what was in hand");
            std::process::exit(128 + second.number);
        }
    };
    if let Some(follower) = follower {
        follower.leave().await;
    }
    match stopped {
        Ok(()) => tracing::info!("stopped"),
        // Nothing is lost: what was not finished is in the tables.
        Err(error) => tracing::warn!("stopped: {}", logs::describe(&error)),
    }
    Ok(ExitCode::SUCCESS)
}

/// Keeps to the test clock, where there is one.
async fn follow(follower: Option<&mut Follower>, shared: &std::sync::Arc<app::Shared>) -> Infallible {
    match follower {
        Some(follower) => follower.run(std::sync::Arc::clone(shared)).await,
        None => std::future::pending().await,
    }
}

/// A signal that ends the bot.
struct Stop {
    name: &'static str,
    number: i32,
}

struct Signals {
    term: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn new() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("the process cannot listen for signals");
        Ok(Self {
            term: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    /// Returns at the next SIGTERM or SIGINT.
    async fn stop(&mut self) -> Stop {
        loop {
            tokio::select! {
                _ = self.term.recv() => return Stop { name: "SIGTERM", number: 15 },
                _ = self.interrupt.recv() => return Stop { name: "SIGINT", number: 2 },
                _ = self.hang_up.recv() => {
                    tracing::info!("SIGHUP does nothing: settings are read at the start only");
                }
            }
        }
    }
}

/// Tells systemd once the bot can do its work: database open, Telegram known.
async fn announce_ready(shared: std::sync::Arc<app::Shared>) {
    let mut known = shared.me.subscribe();
    // The sender lives in shared.
    let Ok(username) =
        known.wait_for(Option::is_some).await.map(|me| me.as_ref().map(|me| me.username.clone()))
    else {
        return;
    };
    let status = format!("running as @{}", username.unwrap_or_default());
    notify(&[NotifyState::Ready, NotifyState::Status(&status)]);
}

/// To systemd; nothing where there is none.
fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "systemd was not told");
    }
}

/// `DATABASE_URL` as [`Db::open`] takes it.
pub(super) fn database_url(database: &config::Database) -> SecretString {
    match database {
        config::Database::Sqlite { path } => SecretString::from(sqlite_url(path)),
        config::Database::Postgres { url } => url.clone(),
    }
}

fn sqlite_url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// The bound on calls, and the server.
pub(super) fn client_options(common: &Common) -> ClientOptions {
    ClientOptions { api_url: common.telegram.api_url.clone(), ..ClientOptions::default() }
}

fn options(common: &Common, masker: &Masker, clock: Clock) -> app::Options {
    app::Options {
        token: common.telegram.token.clone(),
        telegram: client_options(common),
        updates: match &common.updates {
            config::Updates::Polling => app::Updates::Polling,
            config::Updates::Webhook { url, secret } => {
                app::Updates::Webhook { url: url.clone(), secret: secret.clone() }
            }
        },
        limits: match common.telegram.limits {
            config::Limits::Telegram => Limits::Telegram,
            config::Limits::Off => Limits::Off,
        },
        http_addr: common.http_addr,
        environment: common.environment.as_str().to_owned(),
        clock,
        masker: masker.clone(),
        seed: None,
        budget: BUDGET,
    }
}
