use anyhow::Result;
use sandbox::JournalSize;

use super::load::{measure, ready};
use super::rows::fill;
use super::{LATENCY, Setup, median};
use crate::database::Database;
use crate::process::{Bot, BotProcess};
use crate::progress::Progress;
use crate::town::Town;

const PEOPLE: usize = 50;
const EACH: usize = 20;
const PAIRS: usize = 5;
const SHORT: u32 = 1_000;

/// The CPU that an update costs with a long history, over that with a short one: the median of pairs that
/// were run in turn, since machines drift.
pub(super) async fn run(setup: &Setup) -> Result<f64> {
    let mut short = Side::build(setup, "short", SHORT).await?;
    let mut long = Side::build(setup, "long", setup.tickets).await?;
    let progress = Progress::new("history", u64::try_from(PAIRS)?);
    // The first round opens the tickets and warms the caches.
    short.round(0).await?;
    long.round(0).await?;
    let mut ratios = Vec::new();
    for n in 1..=PAIRS {
        let (a, b) = (short.round(n).await?, long.round(n).await?);
        ratios.push(b / a);
        progress.at(u64::try_from(n)?);
    }
    short.bot.terminate().await?;
    long.bot.terminate().await?;
    Ok(median(ratios))
}

struct Side {
    town: Town,
    bot: Bot,
    _database: Database,
}

impl Side {
    /// A bot that has served `tickets` closed tickets.
    async fn build(setup: &Setup, name: &str, tickets: u32) -> Result<Self> {
        let folder = setup.folder.join(name);
        std::fs::create_dir_all(&folder)?;
        let database = Database::fresh(setup.backend, &folder).await?;
        let town = Town::build(PEOPLE, LATENCY, JournalSize::Unbounded).await?;
        let process =
            BotProcess::new(setup.bot.clone(), town.env(&database.url(), &folder), folder.join("bot.log"))?;
        // The first start makes the tables.
        let mut bot = process.start()?;
        ready(&mut bot).await?;
        bot.terminate().await?;
        let progress = Progress::new(&format!("{tickets} tickets"), 1);
        for sql in fill(town.staff.number(), tickets) {
            database.run(sql).await?;
        }
        progress.at(1);
        let mut bot = process.start()?;
        ready(&mut bot).await?;
        Ok(Self { town, bot, _database: database })
    }

    async fn round(&mut self, n: usize) -> Result<f64> {
        Ok(measure(&self.town, &mut self.bot, PEOPLE, EACH, n * EACH).await?.cpu_ms)
    }
}
