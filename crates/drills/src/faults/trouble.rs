//! Telegram or the database fails under a bot that runs on.

use std::time::Duration;

use anyhow::Result;
use sandbox::{Fault, FaultKind};

use super::load::Load;
use super::{Happened, Mode, Stage};
use crate::clock::pause;
use crate::progress::Progress;

/// How long people write while things fail: in steps of a second.
const SECONDS: u64 = 24;
/// More often than a fault can strike in that time.
const PLENTY: u64 = 1_000_000;

pub(crate) async fn run(stage: &Stage<'_>) -> Result<Happened> {
    let world = &stage.town.world;
    let progress =
        Progress::new(&format!("{} on {}", stage.drill.mode.name(), stage.drill.backend.name()), SECONDS);
    let mut bot = stage.bot.start()?;
    let load = Load::start(&stage.town, Duration::from_millis(10), 13);
    let outage = |at: u64| stage.drill.mode == Mode::DbDown && at == 6;
    let fault = match stage.drill.mode {
        Mode::TooMany => Some(Fault::new(FaultKind::TooManyRequests { retry_after: 1 }).chance(0.05)),
        Mode::LostReply => Some(Fault::new(FaultKind::LostReply).chance(0.03)),
        // Of updates the journal knows nothing: what is left of the count tells how often they were struck.
        Mode::Duplicate => Some(Fault::new(FaultKind::Duplicate).chance(0.3).count(PLENTY)),
        Mode::Reordered => Some(Fault::new(FaultKind::Reorder).chance(0.5).count(PLENTY)),
        _ => None,
    };
    let fault = fault.map(|fault| world.add_fault(fault));
    for second in 0..SECONDS {
        if stage.drill.mode == Mode::Broken {
            // Three seconds of every six Telegram answers nothing but 502, getUpdates included.
            match second % 6 {
                1 => {
                    world.add_fault(Fault::new(FaultKind::ServerError { code: 502 }));
                    world.add_fault(Fault::new(FaultKind::ServerError { code: 502 }).method("getUpdates"));
                }
                4 => world.remove_faults(None),
                _ => {}
            }
        }
        if outage(second) {
            stage.database.outage(Duration::from_secs(10)).await?;
        }
        pause(Duration::from_secs(1)).await;
        progress.at(second + 1);
    }
    let (asked, answered) = load.stop().await?;
    let left = fault.and_then(|id| world.strikes_left(id)).unwrap_or(PLENTY);
    // What fails, fails until the people have stopped; then everything must still arrive.
    world.remove_faults(None);
    stage.quiet(&mut bot).await?;
    bot.terminate().await?;
    let struck_updates = usize::try_from(PLENTY - left)?;
    Ok(Happened { kills: Vec::new(), asked, answered, struck_updates })
}
