use std::time::Duration;

use anyhow::Result;
use sandbox::JournalSize;

use super::{LATENCY, Setup, median, megabytes};
use crate::clock::{Moment, pause};
use crate::database::Database;
use crate::process::BotProcess;
use crate::progress::Progress;
use crate::town::Town;

const STARTS: u64 = 5;

/// Memory when idle (MB), and the time from exec to the first getUpdates with an existing database (ms).
pub(super) async fn run(setup: &Setup) -> Result<(f64, f64)> {
    let folder = setup.folder.join("start");
    std::fs::create_dir_all(&folder)?;
    let database = Database::fresh(setup.backend, &folder).await?;
    let town = Town::build(1, LATENCY, JournalSize::Unbounded).await?;
    let bot = BotProcess::new(setup.bot.clone(), town.env(&database.url(), &folder), folder.join("bot.log"))?;
    let progress = Progress::new("start", STARTS);
    let clock = town.world.clock().clone();
    let (mut times, mut idle) = (Vec::new(), Vec::new());
    // The first start makes the database; it is not counted.
    for n in 0..=STARTS {
        town.world.clear_journal();
        let before = clock.real_now();
        let mut running = bot.start()?;
        let since = Moment::now();
        let first = loop {
            let calls = town.world.calls_of("getUpdates");
            if let Some(call) = calls.first() {
                break call.accepted_at;
            }
            anyhow::ensure!(
                running.ended()?.is_none() && since.elapsed() < Duration::from_secs(20),
                "{}",
                running.tail()
            );
            pause(Duration::from_millis(1)).await;
        };
        pause(Duration::from_millis(1500)).await;
        if n > 0 {
            times.push(f64::from(u32::try_from(first - before)?) / 1000.0);
            idle.push(megabytes(running.usage()?.resident));
        }
        running.terminate().await?;
        progress.at(n);
    }
    Ok((median(idle), median(times)))
}
