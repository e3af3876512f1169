use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use frontdesk_core::Bot;
use frontdesk_core::app::{Options, Running, Shared, Updates};
use frontdesk_core::clock::{Clock, Stopwatch, Timestamp, real_pause, within};
use frontdesk_core::db::{Db, DbError, Patience};
use frontdesk_core::telegram::ClientOptions;
use frontdesk_core::telegram::limits::Limits;
use mask::{Masker, SecretString};
use sandbox::schema::Validator;
use sandbox::{BotSpec, Fault, PersonSpec, Server, World};

use crate::backend::{Backend, TestDatabase};
use crate::logs::Logs;
use crate::person::Person;
use crate::place::Group;
use crate::report::Expected;
use crate::shared::Again;

/// When a story begins: 2026-09-21 13:46:40 UTC.
pub const START: i64 = 1_790_000_000_000_000;
/// How long real work may take before a story says what is stuck.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// How a town is to be.
#[derive(Clone, Debug)]
pub struct TownSpec {
    /// The bot's name as people see it.
    pub bot_name: String,
    /// Without `@`.
    pub bot_username: String,
    /// Whether the bot is in privacy mode: it does not hear everything in groups.
    pub privacy: bool,
    /// Whether the sandbox's answers are held against the Bot API's schema. Switch it off only where a story sends
    /// updates that break it on purpose.
    pub schema: bool,
}

impl Default for TownSpec {
    fn default() -> Self {
        Self {
            bot_name: "Lotus Support".to_owned(),
            bot_username: "lotus_support_bot".to_owned(),
            privacy: true,
            schema: true,
        }
    }
}

type Tweak = Box<dyn Fn(&mut Options) + Send + Sync>;
type Starting = Pin<Box<dyn Future<Output = anyhow::Result<Running>> + Send>>;
type Start = Arc<dyn Fn(Db, Options) -> Starting + Send + Sync>;

/// A sandbox, a clock, a database, and the bot while it runs. Clones are the same town.
#[derive(Clone)]
pub struct Town(Arc<Inner>);

struct Inner {
    server: Server,
    world: World,
    account: sandbox::Bot,
    clock: Clock,
    masker: Masker,
    logs: Logs,
    backend: Backend,
    schema: bool,
    tweaks: Mutex<Vec<Tweak>>,
    reach: Mutex<Option<(String, Patience)>>,
    start: Mutex<Option<Start>>,
    running: Mutex<Option<Running>>,
    expected: Mutex<Expected>,
    /// Last: dropped when nothing uses it any more.
    database: TestDatabase,
}

impl Town {
    /// A town as most stories want it, for tests that are told without [`story!`](crate::story).
    pub async fn start(backend: Backend) -> Self {
        Self::build(backend, TownSpec::default()).await
    }

    /// A town.
    ///
    /// # Panics
    /// Without what `cargo xtask test` brings.
    pub async fn build(backend: Backend, spec: TownSpec) -> Self {
        let options = sandbox::Options {
            clock: sandbox::Clock::manual(START),
            validator: spec.schema.then(validator),
            ..sandbox::Options::default()
        };
        let server = Server::start(options).await.expect("the sandbox takes a free port");
        let world = server.world();
        let mut bot = BotSpec::new(&spec.bot_username, &spec.bot_name);
        bot.privacy = spec.privacy;
        let account = world.add_bot(bot);
        Self(Arc::new(Inner {
            world,
            account,
            clock: Clock::manual(Timestamp(START)),
            masker: Masker::new([7; 32]),
            logs: Logs::default(),
            backend,
            schema: spec.schema,
            tweaks: Mutex::default(),
            reach: Mutex::default(),
            start: Mutex::default(),
            running: Mutex::default(),
            expected: Mutex::default(),
            database: TestDatabase::create(backend).await,
            server,
        }))
    }

    /// Changes the options of every start from now on, after what earlier calls changed.
    pub fn options(&self, tweak: impl Fn(&mut Options) + Send + Sync + 'static) {
        lock(&self.0.tweaks).push(Box::new(tweak));
    }

    /// Lets every bot from now on reach the database at `url` and with this patience: through a proxy of the story's own.
    pub fn reach_database(&self, url: String, patience: Patience) {
        *lock(&self.0.reach) = Some((url, patience));
    }

    /// Starts the bot.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn run<B: Bot>(&self, bot: B) {
        self.try_run(bot).await.unwrap_or_else(|error| panic!("the bot does not start: {error:#}"));
    }

    /// Starts the bot, or says why it does not start.
    ///
    /// # Errors
    /// Those of [`Running::start`].
    pub async fn try_run<B: Bot>(&self, bot: B) -> anyhow::Result<()> {
        let bot = Arc::new(bot);
        let start: Start = Arc::new(move |db, options| {
            let bot = Again(Arc::clone(&bot));
            Box::pin(async move { Running::start(bot, db, options).await })
        });
        *lock(&self.0.start) = Some(start);
        self.try_restart().await
    }

    /// Stops the bot cleanly.
    ///
    /// # Panics
    /// When it does not run, or does not stop in time.
    pub async fn stop_bot(&self) {
        self.try_stop().await.unwrap_or_else(|error| panic!("the bot does not stop: {error:#}"));
    }

    /// Stops the bot, or says what was wrong with that.
    ///
    /// # Errors
    /// Those of [`Running::stop`].
    pub async fn try_stop(&self) -> anyhow::Result<()> {
        let running = lock(&self.0.running).take().context("the bot does not run")?;
        running.stop().await
    }

    /// Starts the bot again, after [`Town::stop_bot`] or [`Town::crash_bot`]; one that runs is stopped first.
    ///
    /// # Panics
    /// When it does not stop or start.
    pub async fn restart_bot(&self) {
        if lock(&self.0.running).is_some() {
            self.stop_bot().await;
        }
        self.try_restart().await.unwrap_or_else(|error| panic!("the bot does not start again: {error:#}"));
    }

    /// Drops the bot with everything that it has in hand.
    ///
    /// # Panics
    /// When it does not run.
    pub fn crash_bot(&self) {
        drop(lock(&self.0.running).take().expect("the bot runs"));
    }

    async fn try_restart(&self) -> anyhow::Result<()> {
        let start = lock(&self.0.start).clone().context("no bot was ever started here")?;
        let running = start(self.open().await?, self.current_options()).await?;
        *lock(&self.0.running) = Some(running);
        Ok(())
    }

    /// Opens the database. The tasks of a bot that crashed just now may hold it for another moment.
    async fn open(&self) -> anyhow::Result<Db> {
        let watch = Stopwatch::start();
        let reach = lock(&self.0.reach).clone();
        let (url, patience) =
            reach.unwrap_or_else(|| (self.0.database.url().to_owned(), Patience::default()));
        loop {
            match Db::open_with(&url, patience).await {
                Err(DbError::InUse(_)) if watch.elapsed() < PATIENCE => {
                    real_pause(Duration::from_millis(2)).await;
                }
                opened => return Ok(opened?),
            }
        }
    }

    fn current_options(&self) -> Options {
        let mut options = Options {
            token: SecretString::from(self.0.account.token.clone()),
            telegram: ClientOptions { api_url: self.0.server.url(), timeout: Duration::from_secs(10) },
            updates: Updates::Polling,
            limits: Limits::Off,
            http_addr: ([127, 0, 0, 1], 0).into(),
            environment: "development".to_owned(),
            clock: self.0.clock.clone(),
            masker: self.0.masker.clone(),
            seed: Some(1),
            budget: Duration::from_secs(5),
        };
        for tweak in lock(&self.0.tweaks).iter() {
            tweak(&mut options);
        }
        options
    }

    /// Somebody new, in their private chat with the bot.
    pub fn person(&self, first_name: &str, language: &str) -> Person {
        let id = self.0.world.add_person(first_name, language);
        Person::new(self, id, first_name)
    }

    /// Somebody new with a whole profile.
    pub fn person_as(&self, spec: PersonSpec) -> Person {
        let name = spec.first_name.clone();
        Person::new(self, self.0.world.add_person_as(spec), &name)
    }

    /// A basic group.
    pub fn group(&self, title: &str, creator: &Person) -> Group {
        Group::new(self, self.0.world.add_group(title, creator.id()))
    }

    /// A supergroup without topics.
    pub fn supergroup(&self, title: &str, creator: &Person) -> Group {
        Group::new(self, self.0.world.add_supergroup(title, creator.id()))
    }

    /// A supergroup with topics.
    pub fn forum(&self, title: &str, creator: &Person) -> Group {
        Group::new(self, self.0.world.add_forum(title, creator.id()))
    }

    /// Lets something go wrong at Telegram; returns its number for `world().remove_faults(Some(…))`.
    pub fn fault(&self, fault: Fault) -> u64 {
        self.0.world.add_fault(fault)
    }

    /// The whole sandbox.
    pub fn world(&self) -> &World {
        &self.0.world
    }

    /// The Bot API's address.
    pub fn api_url(&self) -> String {
        self.0.server.url()
    }

    /// The bot's account at Telegram.
    pub fn account(&self) -> &sandbox::Bot {
        &self.0.account
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The masker that the bot and the log use.
    pub fn masker(&self) -> &Masker {
        &self.0.masker
    }

    /// The log so far.
    pub fn logs(&self) -> &Logs {
        &self.0.logs
    }

    /// Which database.
    pub fn backend(&self) -> Backend {
        self.0.backend
    }

    /// The story's database.
    pub fn database(&self) -> &TestDatabase {
        &self.0.database
    }

    /// What the running bot's tasks share. Let it go before a crash or a stop: it holds the database.
    ///
    /// # Panics
    /// When the bot does not run.
    pub fn shared(&self) -> Arc<Shared> {
        let running = lock(&self.0.running);
        Arc::clone(running.as_ref().expect("the bot runs: call town.run(…) first").shared())
    }

    /// Where the bot serves HTTP.
    ///
    /// # Panics
    /// When the bot does not run.
    pub fn http_addr(&self) -> std::net::SocketAddr {
        lock(&self.0.running).as_ref().expect("the bot runs").http_addr()
    }

    /// Returns when the bot cannot go on, with the reason.
    ///
    /// # Panics
    /// When the bot does not run, or nothing is wrong with it for 20 s.
    pub async fn failed(&self) -> anyhow::Error {
        let mut running = lock(&self.0.running).take().expect("the bot runs");
        let failed = within(PATIENCE, running.failed()).await;
        *lock(&self.0.running) = Some(running);
        failed.expect("the bot was to give up")
    }

    pub(crate) fn is_running(&self) -> bool {
        lock(&self.0.running).is_some()
    }

    pub(crate) fn was_started(&self) -> bool {
        lock(&self.0.start).is_some()
    }

    pub(crate) fn expected(&self) -> MutexGuard<'_, Expected> {
        lock(&self.0.expected)
    }

    pub(crate) fn checks_schema(&self) -> bool {
        self.0.schema
    }

    pub(crate) fn capture(&self) -> tracing::subscriber::DefaultGuard {
        self.0.logs.capture(&self.0.masker, &self.0.clock)
    }

    /// The database, opened anew when the bot does not run.
    pub(crate) async fn db(&self) -> Db {
        if self.is_running() {
            return self.shared().db.clone();
        }
        self.open().await.unwrap_or_else(|error| panic!("{error:#}"))
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn validator() -> Validator {
    static LOADED: std::sync::OnceLock<Validator> = std::sync::OnceLock::new();
    let load = || {
        let path = std::env::var("TELEGRAM_SCHEMA").unwrap_or_else(|_| {
            panic!(
                "TELEGRAM_SCHEMA is not set, so the sandbox's answers cannot be held against the Bot API: run stories \
                 by `cargo xtask test`, or export the path that `cargo xtask schema` prints"
            )
        });
        Validator::load(path).unwrap_or_else(|error| panic!("TELEGRAM_SCHEMA: {error:#}"))
    };
    LOADED.get_or_init(load).clone()
}
