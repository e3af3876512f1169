//! The drill that breaks things, and what it counts.

mod count;
mod kill;
pub mod lanes;
mod load;
mod trouble;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use serde::Serialize;

pub use count::Tally;

use crate::clock::{Moment, pause};
use crate::database::{Backend, Database};
use crate::process::{Bot, BotProcess};
use crate::town::Town;

/// A way in which things go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// SIGKILL at random instants, and at the failpoints where they are compiled in
    Kill,
    /// SIGTERM at random instants: nothing may be sent twice
    Term,
    /// Telegram asks for patience
    #[value(name = "429")]
    TooMany,
    /// Telegram is broken for seconds at a time
    #[value(name = "5xx")]
    Broken,
    /// Calls succeed, their answers are lost
    LostReply,
    /// Updates arrive twice
    Duplicate,
    /// Updates arrive out of order
    Reordered,
    /// The database is locked or stopped for ten seconds
    DbDown,
    /// One lane floods, one is slow, one panics; the others must not notice
    Lanes,
    /// Each of them, one after the other
    All,
}

impl Mode {
    /// The modes that it stands for.
    pub fn each(self) -> Vec<Self> {
        match self {
            Self::All => Self::value_variants().iter().copied().filter(|mode| *mode != Self::All).collect(),
            one => vec![one],
        }
    }

    /// The word for it.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// What is to be drilled.
#[derive(Clone, Debug)]
pub struct Drill {
    /// How.
    pub mode: Mode,
    /// On what.
    pub backend: Backend,
    /// How often the bot is stopped, in the modes that stop it.
    pub kills: u32,
    /// support-bot's binary.
    pub bot: PathBuf,
    /// The echo bot beside it instead: core alone, without a bot's tables.
    pub echo: bool,
    /// Where logs and SQLite files go.
    pub folder: PathBuf,
}

/// One drill's result.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The mode's word.
    pub mode: String,
    /// `support-bot` or `echo-bot`.
    pub bot: &'static str,
    /// `sqlite` or `postgres`.
    pub db: &'static str,
    /// How often the bot was stopped.
    pub kills: u32,
    /// How many of them by failpoints.
    pub failpoint_kills: u32,
    /// What was counted.
    #[serde(flatten)]
    pub tally: Tally,
    /// How long it took.
    pub seconds: u64,
    /// Whether everything that must hold holds.
    pub ok: bool,
    /// What does not.
    pub broken: Vec<String>,
}

/// Runs one mode on one database.
pub async fn run(drill: &Drill) -> Result<Report> {
    let began = Moment::now();
    let folder = drill.folder.join(format!("{}-{}", drill.mode.name(), drill.backend.name()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let database = Database::fresh(drill.backend, &folder).await?;
    let town = Town::build(30, 20_000, sandbox::JournalSize::Unbounded).await?;
    let mut env = town.env(&database.url(), &folder);
    let mut binary = drill.bot.clone();
    if drill.echo {
        binary.set_file_name("echo-bot");
        Town::leave_to_support(&mut env);
    }
    let bot = BotProcess::new(binary, env, folder.join("bot.log"))?;
    let stage = Stage { drill, town, database, bot, http: client()? };
    let (stopped, failpoints) = match drill.mode {
        Mode::Kill | Mode::Term => kill::run(&stage).await?,
        _ => (trouble::run(&stage).await?, 0),
    };
    let tally = count::tally(&stage, &stopped).await?;
    let mut broken = tally.broken(drill.mode);
    broken.extend(without_failpoints(drill, failpoints));
    Ok(Report {
        mode: drill.mode.name(),
        bot: if drill.echo { "echo-bot" } else { "support-bot" },
        db: drill.backend.name(),
        kills: u32::try_from(stopped.kills.len()).unwrap_or(u32::MAX),
        failpoint_kills: failpoints,
        seconds: began.elapsed().as_secs(),
        ok: broken.is_empty(),
        broken,
        tally,
    })
}

/// A build with failpoints whose kills never came from one shows nothing of the narrow places.
fn without_failpoints(drill: &Drill, kills: u32) -> Option<String> {
    let were_to_strike = cfg!(feature = "failpoints") && drill.mode == Mode::Kill && drill.kills >= 10;
    (were_to_strike && kills == 0)
        .then(|| "no failpoint struck: is the bot built without `--features drills/failpoints`?".to_owned())
}

/// Everything that a drill plays on.
pub(crate) struct Stage<'a> {
    pub drill: &'a Drill,
    pub town: Town,
    pub database: Database,
    pub bot: BotProcess,
    pub http: reqwest::Client,
}

/// What happened, for the counting.
#[derive(Debug, Default)]
pub(crate) struct Happened {
    /// When the bot was killed: the sandbox's monotonic microseconds.
    pub kills: Vec<i64>,
    /// How many questions each customer wrote.
    pub asked: Vec<usize>,
    /// How many answers each customer was written.
    pub answered: Vec<usize>,
    /// How many updates, or answers with updates, a fault struck.
    pub struck_updates: usize,
}

impl Stage<'_> {
    /// Waits until nothing is under way: every update delivered and handled, every job done.
    pub async fn quiet(&self, bot: &mut Bot) -> Result<()> {
        let since = Moment::now();
        let mut calm = 0;
        while calm < 3 {
            if let Some(status) = bot.ended()? {
                anyhow::bail!("the bot ended with {status}:\n{}", bot.tail());
            }
            anyhow::ensure!(
                since.elapsed() < Duration::from_mins(2),
                "the bot did not come to rest within two minutes; it says {:?}",
                bot.health(&self.http).await
            );
            let delivered = self.town.world.pending_updates(self.town.bot.id) == 0;
            calm = if delivered && bot.is_calm(&self.http).await { calm + 1 } else { 0 };
            pause(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

pub(crate) fn client() -> Result<reqwest::Client> {
    // Another part of the process may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().build().context("the HTTP client cannot start")
}
