//! `jobs`: what is to happen later or elsewhere.

use std::process::ExitCode;

use serde_json::json;

use super::args;
use super::place::Place;
use super::table::table;
use super::{Deployable, Say};
use crate::config::Database;
use crate::db::Access;
use crate::logs::time::rfc3339;
use crate::store::jobs::{self, Row};

pub(super) async fn jobs<B: Deployable>(
    (database, bot_id): &(Database, Option<i64>),
    asked: &args::Jobs,
    say: &Say,
) -> anyhow::Result<ExitCode> {
    let place = Place::open::<B>(database, *bot_id, Access::Read, say).await?;
    let mut tx = place.db.read().await?;
    let counts = jobs::counts(&mut tx, place.now).await?;
    let oldest = jobs::oldest(&mut tx, asked.oldest).await?;
    tx.rollback().await;
    if asked.form.json {
        let kinds: Vec<_> = counts
            .iter()
            .map(|(kind, due, waiting)| json!({"kind": kind, "due": due, "waiting": waiting}))
            .collect();
        let oldest: Vec<_> = oldest.iter().map(|job| as_json(job, say)).collect();
        say.line(&json!({"kinds": kinds, "oldest": oldest}));
        return Ok(ExitCode::SUCCESS);
    }
    if counts.is_empty() {
        say.line(&"No job waits.");
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<_> = counts
        .into_iter()
        .map(|(kind, due, waiting)| vec![kind, due.to_string(), waiting.to_string()])
        .collect();
    say.line(&table(&["KIND", "DUE", "WAITING"], &rows));
    if !oldest.is_empty() {
        let rows: Vec<_> = oldest.iter().map(|job| cells(job, say)).collect();
        say.line(&format_args!(
            "\nThe oldest:\n{}",
            table(&["JOB", "KIND", "LANE", "STATE", "TRIES", "MADE"], &rows)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn state(job: &Row) -> &'static str {
    if job.state == 1 { "in flight" } else { "waiting" }
}

fn cells(job: &Row, say: &Say) -> Vec<String> {
    vec![
        job.id.to_string(),
        job.kind.clone(),
        say.masker.lane(&job.lane),
        state(job).to_owned(),
        job.attempts.to_string(),
        rfc3339(job.created_at.micros()),
    ]
}

fn as_json(job: &Row, say: &Say) -> serde_json::Value {
    json!({
        "job": job.id,
        "kind": job.kind,
        "lane": say.masker.lane(&job.lane),
        "state": state(job),
        "attempts": job.attempts,
        "due": rfc3339(job.due.micros()),
        "created": rfc3339(job.created_at.micros()),
    })
}
