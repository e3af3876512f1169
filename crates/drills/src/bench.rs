//! Measuring a bot from outside: its own process, its release build, a Telegram that takes 50 ms for a call.

mod history;
mod load;
mod rows;
mod start;

use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use crate::database::Backend;

/// What is measured on.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Under the bot.
    pub backend: Backend,
    /// support-bot's binary.
    pub bot: PathBuf,
    /// Where logs and SQLite files go.
    pub folder: PathBuf,
    /// Tickets in the long history.
    pub tickets: u32,
}

/// Telegram's own time for a call, microseconds.
const LATENCY: i64 = 50_000;

/// Everything that was measured. Times in milliseconds, memory in MB, rates a second.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// `sqlite` or `postgres`.
    pub db: &'static str,
    /// 10 messages each from 500 people: messages delivered a second.
    pub wide: load::Figures,
    /// 100 messages each from 50 people.
    pub deep: load::Figures,
    /// Memory of a bot that has nothing to do.
    pub idle_mb: f64,
    /// The most it ever took, under either load.
    pub peak_mb: f64,
    /// From exec to the first getUpdates, with an existing database: median of five.
    pub start_ms: f64,
    /// The cost of an update with a million tickets over that with a thousand: CPU, median of the pairs.
    pub history_ratio: f64,
    /// How many tickets the long history had.
    pub history_tickets: u32,
    /// Whether each figure is as good as it must be (SQLite's are the ones that must).
    pub ok: bool,
    /// What is not.
    pub broken: Vec<String>,
}

/// Measures everything on one database.
pub async fn run(setup: &Setup) -> Result<Figures> {
    let folder = setup.folder.join(setup.backend.name());
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let setup = Setup { folder, ..setup.clone() };
    let (idle_mb, start_ms) = start::run(&setup).await?;
    let wide = load::run(&setup, "wide", 500, 10).await?;
    let deep = load::run(&setup, "deep", 50, 100).await?;
    let history_ratio = history::run(&setup).await?;
    let peak_mb = wide.peak_mb.max(deep.peak_mb);
    let mut broken = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            broken.push(what);
        }
    };
    must(wide.per_second >= 2000.0, format!("wide: {:.0} a second, not 2,000", wide.per_second));
    must(deep.per_second >= 800.0, format!("deep: {:.0} a second, not 800", deep.per_second));
    for load in [&wide, &deep] {
        must(
            load.order_breaks == 0 && load.lost == 0,
            format!("{} lost, {} out of order", load.lost, load.order_breaks),
        );
        must(load.cpu_ms <= 0.5, format!("{:.3} ms CPU a message, not 0.5", load.cpu_ms));
    }
    must(idle_mb <= 20.0, format!("{idle_mb:.1} MB idle, not 20"));
    must(peak_mb <= 60.0, format!("{peak_mb:.1} MB at the peak, not 60"));
    must(start_ms <= 150.0, format!("{start_ms:.0} ms to the first getUpdates, not 150"));
    must(
        history_ratio <= 1.2,
        format!("an update costs {history_ratio:.2} times as much with a long history, not 1.2"),
    );
    let ok = broken.is_empty();
    let history_tickets = setup.tickets;
    Ok(Figures {
        db: setup.backend.name(),
        wide,
        deep,
        idle_mb,
        peak_mb,
        start_ms,
        history_ratio,
        history_tickets,
        ok,
        broken,
    })
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
