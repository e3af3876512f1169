use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use mask::{Masker, SecretString};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::JoinSet;

use super::{About, App, Shared, idle, lock};
use crate::aliases::Aliases;
use crate::bot::Bot;
use crate::clock::{Clock, Stopwatch};
use crate::db::{Db, DbError, migrate};
use crate::flow::board::Board;
use crate::flow::intake::Intake;
use crate::flow::{housekeeping, runner, sender};
use crate::metrics::Metrics;
use crate::store::{self, chats, inbox, jobs, meta};
use crate::telegram::limits::Limits;
use crate::telegram::{Client, ClientOptions, poll, webhook};
use crate::texts::Texts;

/// How updates come.
#[derive(Clone, Debug)]
pub enum Updates {
    /// The bot asks.
    Polling,
    /// Telegram calls `url`, with `secret` in a header.
    Webhook {
        /// The public address, whose path is served here too.
        url: String,
        /// `X-Telegram-Bot-Api-Secret-Token`.
        secret: SecretString,
    },
}

/// What a bot needs to start, apart from its database.
#[derive(Debug)]
pub struct Options {
    /// From @BotFather.
    pub token: SecretString,
    /// The Bot API server and the bound on a call.
    pub telegram: ClientOptions,
    /// How updates come.
    pub updates: Updates,
    /// Whether Telegram's limits are kept.
    pub limits: Limits,
    /// Where health, metrics and the webhook are served; port 0 takes a free one.
    pub http_addr: SocketAddr,
    /// `development`, `staging` or `production`.
    pub environment: String,
    /// Time.
    pub clock: Clock,
    /// The masker of every sink.
    pub masker: Masker,
    /// A fixed seed for randomness in tests.
    pub seed: Option<u64>,
    /// What a handler may take.
    pub budget: Duration,
}

/// A bot that runs. Dropped without [`Running::stop`], it stops as suddenly as a crash.
pub struct Running {
    shared: Arc<Shared>,
    http_addr: SocketAddr,
    tasks: JoinSet<()>,
    fatal: oneshot::Receiver<anyhow::Error>,
    /// A task of the bot's own panicked.
    broken: bool,
}

impl Running {
    /// Starts `bot` on `db`, whose schema is brought up to date first.
    pub async fn start<B: Bot>(bot: B, db: Db, options: Options) -> anyhow::Result<Self> {
        let now = options.clock.now();
        migrate(&db, &store::MIGRATIONS, now).await?;
        migrate(&db, &bot.migrations(), now).await?;
        let bot_id = bot_id(&options.token)?;
        let shared = Arc::new(shared(&bot, db, &options, bot_id)?);
        shared.claim_database().await?;
        shared.load().await.map_err(DbError::from)?;

        let app = Arc::new(App { bot, shared: Arc::clone(&shared) });
        let mut tasks = JoinSet::new();
        let intake = Intake::spawn(Arc::clone(&shared), &mut tasks);
        let hook = match &options.updates {
            Updates::Polling => None,
            Updates::Webhook { url, secret } => Some(webhook::Hook::new(url, secret, intake.clone())?),
        };
        let http_addr = crate::http::serve(Arc::clone(&shared), options.http_addr, hook, &mut tasks).await?;
        let allowed = app.bot.allowed_updates();
        match &options.updates {
            Updates::Polling => drop(tasks.spawn(poll::run(Arc::clone(&shared), intake, allowed))),
            Updates::Webhook { url, secret } => drop(tasks.spawn(webhook::announce(
                Arc::clone(&shared),
                url.clone(),
                secret.clone(),
                allowed,
            ))),
        }
        runner::spawn(&app, &mut tasks);
        tasks.spawn(housekeeping::run(Arc::clone(&shared)));
        let (failed, fatal) = oneshot::channel();
        tasks.spawn(identify(Arc::clone(&app), failed));
        tasks.spawn(sender::run(app));
        Ok(Self { shared, http_addr, tasks, fatal, broken: false })
    }

    /// What the bot's tasks share.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Where health, metrics and the webhook are served.
    pub fn http_addr(&self) -> SocketAddr {
        self.http_addr
    }

    /// Returns once the bot is idle.
    pub async fn idle(&self) {
        self.shared.idle().await;
    }

    /// Returns when the bot cannot go on, with the reason; otherwise never.
    pub async fn failed(&mut self) -> anyhow::Error {
        let mut untold = true;
        loop {
            tokio::select! {
                told = &mut self.fatal, if untold => match told {
                    Ok(error) => return error,
                    Err(_) => untold = false,
                },
                // Without one of its tasks the bot would live on and do nothing.
                Some(Err(error)) = self.tasks.join_next() => {
                    if error.is_panic() {
                        self.broken = true;
                        return anyhow::anyhow!("a task of the bot panicked; the next start takes up what it had in hand");
                    }
                }
                else => std::future::pending().await,
            }
        }
    }

    /// Stops: no update is taken any more, what is in hand is finished, what is in flight is waited for.
    /// Within ten seconds.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.shared.stopping.send_replace(true);
        let watch = Stopwatch::start();
        let ended = async {
            while let Some(ended) = self.tasks.join_next().await {
                self.broken |= ended.is_err();
            }
        };
        crate::clock::within(Duration::from_secs(9), ended)
            .await
            .context("not everything ended in time; the next start takes it up")?;
        anyhow::ensure!(
            !self.broken,
            "a task of the bot panicked; the next start takes up what it had in hand"
        );
        let marked = async {
            let mut tx = self.shared.db.begin().await?;
            meta::set(&mut tx, CLEAN, "1").await?;
            tx.commit().await
        };
        let left = Duration::from_millis(9_500).saturating_sub(watch.elapsed());
        let marked = crate::clock::within(left, marked).await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
        marked.context("the clean stop could not be noted")?;
        crate::clock::within(Duration::from_millis(500), self.shared.db.close()).await;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tasks.abort_all();
        // Only what serves HTTP connections is left to hear it, in tasks of the server's own.
        self.shared.stopping.send_replace(true);
    }
}

const CLEAN: &str = "clean_stop";

async fn identify<B: Bot>(app: Arc<App<B>>, failed: oneshot::Sender<anyhow::Error>) {
    tokio::select! {
        ended = super::identify::run(Arc::clone(&app)) => {
            if let Err(error) = ended {
                // Nobody listens only when the bot stops anyway.
                let _ = failed.send(error);
            } else {
                // Kept open, so that `failed` waits.
                app.shared.stopped().await;
            }
        }
        () = app.shared.stopped() => {}
    }
}

/// Whose a database is, as `meta` holds it under `owner`.
pub(crate) fn owner(name: &str, bot_id: i64) -> String {
    format!("{name} (bot {bot_id})")
}

/// The number in what [`owner`] made, where it is of this name.
pub(crate) fn owner_id(name: &str, owner: &str) -> Option<i64> {
    owner.strip_prefix(name)?.strip_prefix(" (bot ")?.strip_suffix(')')?.parse().ok()
}

fn bot_id(token: &SecretString) -> anyhow::Result<i64> {
    let digits = token.expose().split(':').next().unwrap_or_default();
    digits.parse().context("TELEGRAM_BOT_TOKEN: a token begins with the bot's number and a colon")
}

fn shared<B: Bot>(bot: &B, db: Db, options: &Options, bot_id: i64) -> anyhow::Result<Shared> {
    Ok(Shared {
        name: bot.name(),
        environment: options.environment.clone(),
        about: About::new(bot, &options.updates, &options.clock),
        db,
        clock: options.clock.clone(),
        client: Client::new(&options.token, options.telegram.clone())?,
        bot_id,
        texts: Texts::new(bot.locales())?,
        masker: options.masker.clone(),
        aliases: Aliases::default(),
        metrics: Metrics::new(bot.name(), &options.environment),
        limits: options.limits,
        budget: options.budget,
        me: watch::Sender::new(None),
        inbox: Mutex::new(Board::default()),
        inbox_wake: Notify::new(),
        jobs: Mutex::new(Board::default()),
        jobs_wake: Notify::new(),
        next_due: Mutex::new(None),
        gate_opens: Mutex::new(None),
        parked: Mutex::new(HashMap::new()),
        unparked: Mutex::new(Vec::new()),
        gone: Mutex::new(Vec::new()),
        suspects: Mutex::new(HashSet::new()),
        solo: tokio::sync::Mutex::new(()),
        stopping: watch::Sender::new(false),
        counted: Mutex::new(None),
        idle: idle::Idle::default(),
        rng: Mutex::new(options.seed.map_or_else(rand::make_rng, StdRng::seed_from_u64)),
    })
}

impl Shared {
    /// Makes sure that the database is this bot's, and takes its masking key from it.
    async fn claim_database(&self) -> anyhow::Result<()> {
        let ours = owner(self.name, self.bot_id);
        let mut tx = self.db.begin().await?;
        match meta::get(&mut tx, "owner").await? {
            Some(theirs) if theirs != ours => {
                tx.rollback().await;
                return Err(DbError::AnotherBot { theirs, ours }.into());
            }
            Some(_) => {}
            None => meta::set(&mut tx, "owner", &ours).await?,
        }
        let key = if let Some(text) = meta::get(&mut tx, "person_key").await? {
            serde_json::from_str(&text).context("meta.person_key is no key")?
        } else {
            let key: [u8; 32] = lock(&self.rng).random();
            meta::set(&mut tx, "person_key", &json!(key).to_string()).await?;
            key
        };
        self.masker.set_person_key(key);
        tx.commit().await?;
        Ok(())
    }

    /// Takes up where the last process stopped, or was stopped.
    async fn load(&self) -> Result<(), sqlx::Error> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        store::outlive_the_last_process(&mut tx).await?;
        let clean = meta::get(&mut tx, CLEAN).await?.is_none_or(|value| value == "1");
        meta::set(&mut tx, CLEAN, "0").await?;
        let lanes = inbox::waiting_lanes(&mut tx).await?;
        if !clean {
            tracing::warn!(
                lanes = lanes.len(),
                "the last run did not stop cleanly; what it had in hand is taken up"
            );
            lock(&self.suspects).extend(lanes.iter().cloned());
        }
        housekeeping::resolve_left_in_flight(&mut tx, self.bot_id, now).await?;
        inbox::insert(&mut tx, self.bot_id, &[housekeeping::started()], now).await?;
        for (lane, priority) in jobs::due_lanes(&mut tx).await? {
            self.jobs().notify(&lane, i16::try_from(priority).unwrap_or(0));
        }
        *lock(&self.next_due) = jobs::next_due(&mut tx).await?;
        let parked = chats::parked(&mut tx).await?;
        lock(&self.parked).extend(parked);
        for (from, to) in chats::migrations(&mut tx).await? {
            self.aliases.learn(from, to);
        }
        for lane in inbox::waiting_lanes(&mut tx).await? {
            self.inbox().notify(&lane, 0);
        }
        tx.commit().await?;
        self.remember_me().await
    }
}
