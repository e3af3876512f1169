//! Stopping the bot at random instants, again and again, while people write.

use std::time::Duration;

use anyhow::Result;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::load::Load;
use super::{Happened, Mode, Stage};
use crate::clock::{Moment, pause};
use crate::progress::Progress;

/// The places to die at: before and after each commit and call.
pub(crate) const FAILPOINTS: &[&str] = &[
    "intake-before-commit",
    "intake-after-commit",
    "handler-before-commit",
    "handler-after-commit",
    "suspect-counted",
    "sender-before-commit",
    "sender-after-commit",
    "call-before",
    "call-after",
];

/// Kills or stops the bot `kills` times. Returns what happened, and how many kills were by failpoints.
pub(crate) async fn run(stage: &Stage<'_>) -> Result<(Happened, u32)> {
    let mut rng = StdRng::seed_from_u64(7);
    let load = Load::start(&stage.town, Duration::from_millis(8), 11);
    let progress = Progress::new(
        &format!("{} on {}", stage.drill.mode.name(), stage.drill.backend.name()),
        stage.drill.kills.into(),
    );
    let mut happened = Happened::default();
    let mut at_failpoints = 0;
    for n in 0..stage.drill.kills {
        let at_failpoint = cfg!(feature = "failpoints") && stage.drill.mode == Mode::Kill && n % 2 == 1;
        let bot = if at_failpoint {
            let point = FAILPOINTS[rng.random_range(0..FAILPOINTS.len())];
            let passages = rng.random_range(0..40);
            stage.bot.clone().with("FAILPOINTS", format!("{point}={passages}*off->return"))
        } else {
            stage.bot.clone()
        };
        let mut bot = bot.start()?;
        let life = Duration::from_millis(rng.random_range(60..900));
        let died = wait_for_death(&mut bot, life).await?;
        match (died, stage.drill.mode) {
            (true, _) if at_failpoint => at_failpoints += 1,
            (true, _) => anyhow::bail!("the bot ended by itself:\n{}", bot.tail()),
            (false, Mode::Term) => bot.terminate().await?,
            (false, _) => bot.kill()?,
        }
        happened.kills.push(stage.town.world.clock().real_now());
        progress.at(u64::from(n) + 1);
    }
    let (asked, answered) = load.stop().await?;
    (happened.asked, happened.answered) = (asked, answered);
    let mut bot = stage.bot.start()?;
    stage.quiet(&mut bot).await?;
    bot.terminate().await?;
    Ok((happened, at_failpoints))
}

/// Whether the bot died by itself within `life`.
async fn wait_for_death(bot: &mut crate::process::Bot, life: Duration) -> Result<bool> {
    let since = Moment::now();
    while since.elapsed() < life {
        if bot.ended()?.is_some() {
            return Ok(true);
        }
        pause(Duration::from_millis(2)).await;
    }
    Ok(false)
}
