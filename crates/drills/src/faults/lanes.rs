//! One lane has 500 updates waiting, one handler hangs past its budget, one panics: 200 messages in other
//! lanes must not notice. Played with the echo bot, since no handler of a real bot hangs or panics on demand.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context as _, Result};
use sandbox::JournalSize;
use serde::Serialize;

use super::{Drill, client};
use crate::clock::{Moment, pause};
use crate::database::Database;
use crate::process::{Bot, BotProcess};
use crate::progress::Progress;
use crate::town::{Town, question};

/// Messages whose delay is measured, a twentieth of a second apart.
const MEASURED: usize = 200;
const APART: Duration = Duration::from_millis(50);
/// Updates that wait in the flooded lane.
const FLOOD: usize = 500;
/// By how much the delay of the others may grow.
const MAY_GROW: f64 = 100.0;

/// What was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    mode: &'static str,
    db: &'static str,
    /// The 99th percentile of the delay from written to answered, with nothing else going on: milliseconds.
    p99_calm_ms: f64,
    /// The same beside the flood, the hanging and the panicking handler.
    p99_troubled_ms: f64,
    grew_ms: f64,
    /// Of the 500, how many were answered in order.
    flood_answered: usize,
    ok: bool,
    broken: Vec<String>,
}

/// Runs it.
pub async fn run(drill: &Drill) -> Result<Report> {
    let folder = drill.folder.join(format!("lanes-{}", drill.backend.name()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let database = Database::fresh(drill.backend, &folder).await?;
    let town = Town::build(23, 20_000, JournalSize::Unbounded).await?;
    let binary = drill.bot.with_file_name("echo-bot");
    let mut env = town.env(&database.url(), &folder);
    Town::leave_to_support(&mut env);
    let mut bot = BotProcess::new(binary, env, folder.join("bot.log"))?.start()?;
    let http = client()?;
    let stage = Measured { town, http };
    stage.warm_up(&mut bot).await?;

    let progress = Progress::new(&format!("lanes on {}", drill.backend.name()), 2);
    let calm = stage.delays(0).await?;
    progress.at(1);
    let (flooded, hanging, panicking) = (20, 21, 22);
    for n in 0..FLOOD {
        stage.town.ask(flooded, n)?;
    }
    stage.say(hanging, "/hang")?;
    stage.say(panicking, "/panic")?;
    let troubled = stage.delays(MEASURED).await?;
    progress.at(2);
    let flood_answered = stage.in_order(flooded).await?;
    anyhow::ensure!(bot.ended()?.is_none(), "the bot did not live on:\n{}", bot.tail());
    // Both gave up at last: they did fail, each of their five times.
    let given_up = given_up(&bot, &stage.http).await;
    bot.terminate().await?;

    let (p99_calm_ms, p99_troubled_ms) = (p99(calm), p99(troubled));
    let grew_ms = p99_troubled_ms - p99_calm_ms;
    let mut broken = Vec::new();
    if grew_ms > MAY_GROW {
        broken.push(format!("the others' p99 grew by {grew_ms:.1} ms, more than {MAY_GROW} ms"));
    }
    if flood_answered < FLOOD {
        broken
            .push(format!("of {FLOOD} messages of the flooded lane {flood_answered} were answered in order"));
    }
    if given_up != 2 {
        broken.push(format!("{given_up} dead letters: the hanging and the panicking handler make one each"));
    }
    Ok(Report {
        mode: "lanes",
        db: drill.backend.name(),
        p99_calm_ms,
        p99_troubled_ms,
        grew_ms,
        flood_answered,
        ok: broken.is_empty(),
        broken,
    })
}

/// The dead letters, once there are two, or after a minute.
async fn given_up(bot: &Bot, http: &reqwest::Client) -> u64 {
    let since = Moment::now();
    loop {
        let letters = bot.health(http).await.and_then(|health| health["dead_letters"].as_u64()).unwrap_or(0);
        if letters >= 2 || since.elapsed() > Duration::from_mins(1) {
            return letters;
        }
        pause(Duration::from_millis(100)).await;
    }
}

struct Measured {
    town: Town,
    http: reqwest::Client,
}

impl Measured {
    fn say(&self, who: usize, text: &str) -> Result<()> {
        self.town.world.say(self.town.customers[who], self.town.chat(who), text)?;
        Ok(())
    }

    async fn warm_up(&self, bot: &mut Bot) -> Result<()> {
        let since = Moment::now();
        while bot.health(&self.http).await.is_none() {
            anyhow::ensure!(
                bot.ended()?.is_none() && since.elapsed() < Duration::from_secs(20),
                "{}",
                bot.tail()
            );
            pause(Duration::from_millis(20)).await;
        }
        for who in 0..20 {
            self.say(who, "hello")?;
        }
        pause(Duration::from_secs(1)).await;
        Ok(())
    }

    /// Writes the measured messages in twenty lanes and returns each one's delay until it was answered.
    async fn delays(&self, from: usize) -> Result<Vec<f64>> {
        let clock = self.town.world.clock().clone();
        let mut written = HashMap::new();
        for n in from..from + MEASURED {
            written.insert(question(n % 20, n), clock.real_now());
            self.town.ask(n % 20, n)?;
            pause(APART).await;
        }
        let since = Moment::now();
        loop {
            let answered: HashMap<String, i64> = self
                .town
                .world
                .journal()
                .into_iter()
                .filter(|call| call.method == "sendMessage" && call.ok == Some(true))
                .filter_map(|call| Some((call.params.get("text")?.as_str()?.to_owned(), call.accepted_at)))
                .collect();
            let delays: Vec<f64> = written
                .iter()
                .filter_map(|(text, at)| answered.get(text).map(|then| micros(then - at) / 1000.0))
                .collect();
            if delays.len() == MEASURED {
                return Ok(delays);
            }
            anyhow::ensure!(
                since.elapsed() < Duration::from_mins(1),
                "only {} of {MEASURED} messages were answered",
                delays.len()
            );
            pause(Duration::from_millis(50)).await;
        }
    }

    /// How many of the flooded lane's answers came, up to the first that is out of order.
    async fn in_order(&self, who: usize) -> Result<usize> {
        let since = Moment::now();
        loop {
            let texts: Vec<String> = self
                .town
                .world
                .messages(self.town.chat(who))
                .into_iter()
                .filter(|message| message.from.bot)
                .filter_map(|message| message.text)
                .collect();
            let right = texts.iter().enumerate().take_while(|(n, text)| **text == question(who, *n)).count();
            if right >= FLOOD || since.elapsed() > Duration::from_mins(1) {
                return Ok(right);
            }
            pause(Duration::from_millis(100)).await;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "delays are far below 2^52 µs")]
fn micros(time: i64) -> f64 {
    time as f64
}

/// The nearest-rank 99th percentile.
fn p99(mut delays: Vec<f64>) -> f64 {
    delays.sort_by(f64::total_cmp);
    let rank = (delays.len() * 99).div_ceil(100).max(1) - 1;
    delays.get(rank).copied().unwrap_or(f64::INFINITY)
}
