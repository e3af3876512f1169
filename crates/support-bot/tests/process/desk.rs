//! A shop at the sandbox, and what its bot's processes need to know.

use std::cell::Cell;
use std::path::Path;

use frontdesk_core::clock::Stopwatch;
use sandbox::{BotSpec, ChatId, PersonId, Rights, Server, Status, World};
use serde_json::Value;
use tempfile::TempDir;
use testkit::{Backend, TestDatabase};

use crate::process::{Ended, Env, PATIENCE, Process, eventually, get};

/// A staff forum with its owner Mei, a bot, a database and a folder.
pub struct Desk {
    pub server: Server,
    pub world: World,
    pub bot: sandbox::Bot,
    pub mei: PersonId,
    pub staff: ChatId,
    pub database: TestDatabase,
    folder: TempDir,
    env: Env,
    started: Cell<usize>,
}

impl Desk {
    pub async fn open(backend: Backend) -> Self {
        Self::open_with(backend, BotSpec::new("lotus_support_bot", "Lotus Support")).await
    }

    pub async fn open_with(backend: Backend, bot: BotSpec) -> Self {
        Self::open_at(backend, bot, sandbox::Options::default()).await
    }

    /// At a sandbox of one's own.
    pub async fn open_at(backend: Backend, bot: BotSpec, sandbox: sandbox::Options) -> Self {
        // `cargo xtask test` names the schema, and fails when an answer or update breaks it.
        let schema = std::env::var_os("TELEGRAM_SCHEMA");
        let validator = schema.map(|schema| sandbox::schema::Validator::load(schema).unwrap());
        let server = Server::start(sandbox::Options { validator, ..sandbox }).await.unwrap();
        let world = server.world();
        let bot = world.add_bot(bot);
        let mei = world.add_person("Mei", "en");
        let staff = world.add_forum("Lotus staff", mei);
        world.add_member(staff, bot.id, Status::Administrator(Rights::all())).unwrap();
        let database = TestDatabase::create(backend).await;
        let folder = tempfile::tempdir().unwrap();
        let mut desk =
            Self { server, world, bot, mei, staff, database, folder, env: Env::new(), started: Cell::new(0) };
        for (name, value) in [
            ("TELEGRAM_BOT_TOKEN", desk.bot.token.clone()),
            ("TELEGRAM_API_URL", desk.server.url()),
            ("TELEGRAM_LIMITS", "off".to_owned()),
            ("DATABASE_URL", desk.database.url().to_owned()),
            ("DATA_DIR", "data".to_owned()),
            ("HTTP_ADDR", "127.0.0.1:0".to_owned()),
            ("STAFF_GROUP_ID", desk.staff.number().to_string()),
            ("ADMIN_USER_ID", desk.mei.0.to_string()),
            ("LOG_FORMAT", "json".to_owned()),
        ] {
            desk.set(name, value);
        }
        desk
    }

    /// Where its processes run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Sets a variable for the processes that start from now on.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.unset(name);
        self.env.push((name.to_owned(), value.into()));
    }

    /// Takes a variable away.
    pub fn unset(&mut self, name: &str) {
        self.env.retain(|(known, _)| known != name);
    }

    /// The variable's value.
    pub fn get(&self, name: &str) -> &str {
        &self.env.iter().find(|(known, _)| known == name).unwrap().1
    }

    /// Whether the variable is set.
    pub fn has(&self, name: &str) -> bool {
        self.env.iter().any(|(known, _)| known == name)
    }

    /// On which database it is.
    pub fn backend(&self) -> Backend {
        if self.database.url().starts_with("sqlite:") { Backend::Sqlite } else { Backend::Postgres }
    }

    /// Starts a process with these words.
    pub fn start(&self, words: &[&str]) -> Process {
        Process::start(self.folder.path(), &self.next_name(), words, &self.env)
    }

    fn next_name(&self) -> String {
        self.started.set(self.started.get() + 1);
        format!("process-{}", self.started.get())
    }

    /// Starts the bot and waits until it can do its work; HTTP_ADDR names its address from then on.
    pub async fn run(&mut self) -> Process {
        let mut bot = self.start(&["run"]);
        let address = bot.http().await;
        let watch = Stopwatch::start();
        while !get(&address, "/health/ready").await.contains(" 200 ") {
            assert!(watch.elapsed() < PATIENCE, "the bot was to be ready; it wrote\n{}", bot.err());
            tokio::task::yield_now().await;
        }
        self.set("HTTP_ADDR", address);
        bot
    }

    /// Runs a command to its end.
    pub async fn ask(&self, words: &[&str]) -> Ended {
        self.start(words).ended().await
    }

    /// Runs a command of another copy of the binary, or as another user.
    pub async fn ask_as(&self, command: std::process::Command, words: &[&str]) -> Ended {
        Process::start_as(command, self.folder.path(), &self.next_name(), words, &self.env).ended().await
    }

    /// Somebody's private chat with the bot.
    pub fn chat(&self, person: PersonId) -> ChatId {
        ChatId::private(person, self.bot.id)
    }

    /// Waits until every update is taken and handled, and no job is due.
    pub async fn idle(&self) {
        let (world, id) = (&self.world, self.bot.id);
        let watch = Stopwatch::start();
        loop {
            let quiet = || world.pending_updates(id) == 0 && world.in_flight(id) == 0;
            assert!(eventually(quiet).await, "Telegram was to have nothing left for the bot");
            let health = self.health().await;
            let due = health["jobs"].as_object().map(|kinds| kinds.values().all(|kind| kind["due"] == 0));
            if health["updates_waiting"] == 0 && due == Some(true) && quiet() {
                return;
            }
            assert!(watch.elapsed() < PATIENCE, "the bot was to be idle; its health is {health:#}");
        }
    }

    /// What /health says; null where nobody answers.
    pub async fn health(&self) -> Value {
        let answer = get(self.get("HTTP_ADDR"), "/health").await;
        answer
            .split_once("\r\n\r\n")
            .and_then(|(_, body)| serde_json::from_str(body).ok())
            .unwrap_or_default()
    }

    /// The texts that the bot has written in the staff group, in order.
    pub fn at_staff(&self) -> Vec<String> {
        let messages = self.world.messages(self.staff).into_iter();
        messages
            .filter(|message| message.from.bot && !message.deleted)
            .filter_map(|message| message.text)
            .collect()
    }
}

/// `on_both!(name, |desk| async move { … })`: a test on each database, with a desk on it.
macro_rules! on_both {
    ($name:ident, |$desk:pat_param| $story:expr) => {
        async fn $name($desk: crate::desk::Desk) {
            ($story).await;
        }

        mod $name {
            use testkit::Backend;

            use crate::desk::Desk;

            #[tokio::test]
            async fn on_sqlite() {
                super::$name(Desk::open(Backend::Sqlite).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                super::$name(Desk::open(Backend::Postgres).await).await;
            }
        }
    };
}
pub(crate) use on_both;
