use std::collections::HashMap;
use std::time::Duration;

use anyhow::Result;
use sandbox::JournalSize;
use serde::Serialize;

use super::{LATENCY, Setup, megabytes};
use crate::clock::{Moment, pause};
use crate::database::Database;
use crate::faults::client;
use crate::process::{Bot, BotProcess};
use crate::progress::Progress;
use crate::town::{Arrived, Town};

/// What one load came to.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// Messages that people wrote.
    pub messages: usize,
    /// From the first written to the last delivered, opening their tickets included.
    pub per_second: f64,
    /// User and system time of the bot's process a message, milliseconds.
    pub cpu_ms: f64,
    /// The most memory, MB.
    pub peak_mb: f64,
    /// Calls that the bot made for them.
    pub calls: usize,
    /// Messages that did not arrive.
    pub lost: usize,
    /// Messages that overtook another of their conversation.
    pub order_breaks: usize,
}

/// `people` write `each` messages, all at once, in rounds.
pub(super) async fn run(setup: &Setup, name: &str, people: usize, each: usize) -> Result<Figures> {
    let folder = setup.folder.join(name);
    std::fs::create_dir_all(&folder)?;
    let database = Database::fresh(setup.backend, &folder).await?;
    let town = Town::build(people, LATENCY, JournalSize::Unbounded).await?;
    let bot = BotProcess::new(setup.bot.clone(), town.env(&database.url(), &folder), folder.join("bot.log"))?;
    let mut bot = bot.start()?;
    ready(&mut bot).await?;
    let progress = Progress::new(name, 1);
    let figures = measure(&town, &mut bot, people, each, 0).await?;
    progress.at(1);
    bot.terminate().await?;
    Ok(figures)
}

/// Waits until the bot is idle after its start.
pub(super) async fn ready(bot: &mut Bot) -> Result<()> {
    let http = client()?;
    let since = Moment::now();
    loop {
        if bot.is_calm(&http).await {
            // What it sets at start (commands, descriptions) is not what is measured.
            pause(Duration::from_secs(1)).await;
            return Ok(());
        }
        anyhow::ensure!(
            bot.ended()?.is_none() && since.elapsed() < Duration::from_secs(30),
            "{}",
            bot.tail()
        );
        pause(Duration::from_millis(20)).await;
    }
}

/// Measures one burst; numbers of messages begin at `from`.
pub(super) async fn measure(
    town: &Town,
    bot: &mut Bot,
    people: usize,
    each: usize,
    from: usize,
) -> Result<Figures> {
    let clock = town.world.clock().clone();
    let calls_before = town.world.journal().len();
    let before = bot.usage()?;
    let began = clock.real_now();
    for n in from..from + each {
        for who in 0..people {
            town.ask(who, n)?;
        }
        // The journal and the chats are behind the same lock that the bot's calls need.
        tokio::task::yield_now().await;
    }
    let messages = people * each;
    let done = wait(town, bot, messages, calls_before).await?;
    let after = bot.usage()?;
    let seconds = f64::from(u32::try_from((done - began).max(1))?) / 1e6;
    let count = f64::from(u32::try_from(messages)?);
    let (lost, order_breaks) = check(town, people, from + each);
    Ok(Figures {
        messages,
        per_second: count / seconds,
        cpu_ms: after.cpu.saturating_sub(before.cpu).as_secs_f64() * 1000.0 / count,
        peak_mb: megabytes(after.peak),
        calls: town.world.journal().len() - calls_before,
        lost,
        order_breaks,
    })
}

/// When the last copy had been answered.
async fn wait(town: &Town, bot: &mut Bot, messages: usize, calls_before: usize) -> Result<i64> {
    let since = Moment::now();
    let mut after = u64::try_from(calls_before)?;
    let (mut copies, mut last) = (0, 0);
    loop {
        // Far enough behind that an answer has gone out, and rarely enough not to disturb.
        pause(Duration::from_millis(60)).await;
        for call in town.world.journal_after(after) {
            // A poll waits as long as nobody writes.
            if call.method == "getUpdates" {
                continue;
            }
            let Some(answered) = call.answered_at else { break };
            after = call.seq;
            if call.method == "copyMessage" && call.ok == Some(true) {
                copies += 1;
                last = last.max(answered);
            }
        }
        if copies >= messages {
            return Ok(last);
        }
        anyhow::ensure!(
            bot.ended()?.is_none() && since.elapsed() < Duration::from_mins(2),
            "only {copies} of {messages} messages were delivered:\n{}",
            bot.tail()
        );
    }
}

fn check(town: &Town, people: usize, each: usize) -> (usize, usize) {
    let arrived = Arrived::at_staff(town);
    let by_person: HashMap<usize, &Vec<usize>> =
        arrived.by_place.iter().map(|((who, _), numbers)| (*who, numbers)).collect();
    let lost = (0..people).map(|who| each.saturating_sub(by_person.get(&who).map_or(0, |n| n.len()))).sum();
    let breaks = by_person.values().map(|n| n.windows(2).filter(|pair| pair[0] > pair[1]).count()).sum();
    (lost, breaks)
}
