//! `dead-letters`: what failed too often, for a person to look at, to try again or to drop.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{self, Which};
use super::place::Place;
use super::table::{short, table};
use super::{Deployable, Say};
use crate::config::Database;
use crate::db::{Access, Tx};
use crate::flow::replay;
use crate::logs::time::rfc3339;
use crate::store::dead_letters::{self, DeadLetter};

pub(super) async fn dead_letters<B: Deployable>(
    (database, bot_id): &(Database, Option<i64>),
    asked: &args::DeadLetters,
    say: &Say,
) -> anyhow::Result<ExitCode> {
    let access = match asked {
        args::DeadLetters::List { .. } | args::DeadLetters::Show { .. } => Access::Read,
        args::DeadLetters::Replay(_) | args::DeadLetters::Drop(_) => Access::Write,
    };
    let place = Place::open::<B>(database, *bot_id, access, say).await?;
    match asked {
        args::DeadLetters::List { limit, form } => list(&place, *limit, form.json, say).await?,
        args::DeadLetters::Show { id, reveal, form } => {
            let mut tx = place.db.read().await?;
            let found = dead_letters::get(&mut tx, *id).await?;
            tx.rollback().await;
            let Some(letter) = found else { return Ok(unknown(*id, say)) };
            show(&letter, *reveal, form.json, say);
        }
        args::DeadLetters::Replay(which) => return each(&place, which, say, Act::Replay).await,
        args::DeadLetters::Drop(which) => return each(&place, which, say, Act::Drop).await,
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Clone, Copy)]
enum Act {
    Replay,
    Drop,
}

/// All in one transaction: what cannot be replayed stays, and the rest is done.
async fn each(place: &Place, which: &Which, say: &Say, act: Act) -> anyhow::Result<ExitCode> {
    let mut tx = place.db.begin().await?;
    let ids = if which.all { all(&mut tx).await? } else { which.ids.clone() };
    let mut code = ExitCode::SUCCESS;
    let mut done = Vec::new();
    for id in ids {
        let Some(letter) = dead_letters::get(&mut tx, id).await? else {
            code = unknown(id, say);
            continue;
        };
        match act {
            Act::Replay => {
                if let Some(why) = replay(&mut tx, &letter, place.bot_id, place.now).await? {
                    say.error(&format_args!("{id}: {why}"));
                    code = ExitCode::FAILURE;
                    continue;
                }
            }
            Act::Drop => {
                if !dead_letters::remove(&mut tx, id).await? {
                    code = unknown(id, say);
                    continue;
                }
            }
        }
        done.push(id);
    }
    tx.commit().await?;
    for id in &done {
        match act {
            Act::Replay => say.line(&format_args!("{id}: goes again")),
            Act::Drop => say.line(&format_args!("{id}: dropped")),
        }
    }
    if done.is_empty() && which.all {
        say.line(&"There are no dead letters.");
    }
    Ok(code)
}

async fn all(tx: &mut Tx) -> Result<Vec<i64>, sqlx::Error> {
    let letters = dead_letters::list(tx, i64::MAX).await?;
    Ok(letters.into_iter().map(|letter| letter.id).collect())
}

fn unknown(id: i64, say: &Say) -> ExitCode {
    say.error(&format_args!("{id}: there is no dead letter of this number; see `dead-letters list`"));
    ExitCode::FAILURE
}

async fn list(place: &Place, limit: i64, as_json: bool, say: &Say) -> anyhow::Result<()> {
    let mut tx = place.db.read().await?;
    let letters = dead_letters::list(&mut tx, limit).await?;
    let count = dead_letters::count(&mut tx).await?;
    tx.rollback().await;
    if as_json {
        let letters: Vec<_> = letters.iter().map(|letter| summary(letter, say)).collect();
        say.line(&json!({"count": count, "dead_letters": letters}));
        return Ok(());
    }
    if letters.is_empty() {
        say.line(&"There are no dead letters.");
        return Ok(());
    }
    let rows: Vec<_> = letters
        .iter()
        .map(|letter| {
            vec![
                letter.id.to_string(),
                format!("{} {}", letter.what, letter.kind),
                say.masker.lane(&letter.lane),
                letter.reason.clone(),
                letter.attempts.to_string(),
                rfc3339(letter.died_at.micros()),
                short(&letter.error, 60),
            ]
        })
        .collect();
    say.line(&table(&["ID", "WHAT", "LANE", "REASON", "TRIES", "DIED", "ERROR"], &rows));
    let more = count - i64::try_from(letters.len()).unwrap_or(count);
    if more > 0 {
        say.line(&format_args!("and {more} more; see --limit"));
    }
    Ok(())
}

fn show(letter: &DeadLetter, reveal: bool, as_json: bool, say: &Say) {
    let mut fields = summary(letter, say);
    if reveal {
        fields["content"] = unfolded(&letter.content);
        fields["chat_id"] = json!(letter.chat_id);
    }
    if as_json {
        say.line(&fields);
        return;
    }
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    for (name, value) in fields.as_object().into_iter().flatten().filter(|(name, _)| *name != "content") {
        say.line(&format_args!("{name:<9} {}", shown(value)));
    }
    match fields.get("content") {
        Some(content) => say.line(&format_args!("content\n{content:#}")),
        None => say.line(&"content   not shown: it may hold private text; --reveal prints it"),
    }
}

/// The row as JSON, with the JSON that it holds as text (an update's `raw`, a job's `payload`) read too.
fn unfolded(content: &str) -> Value {
    let Ok(mut value) = serde_json::from_str::<Value>(content) else { return json!(content) };
    for key in ["raw", "payload"] {
        if let Some(inner) =
            value.get(key).and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok())
        {
            value[key] = inner;
        }
    }
    value
}

/// Without content; people and chats by the names that they have in the log.
fn summary(letter: &DeadLetter, say: &Say) -> Value {
    json!({
        "id": letter.id,
        "what": letter.what,
        "kind": letter.kind,
        "ref": letter.reference,
        "lane": say.masker.lane(&letter.lane),
        "chat": letter.chat_id.map(|chat| say.masker.chat(chat)),
        "reason": letter.reason,
        "error": letter.error,
        "attempts": letter.attempts,
        "died": rfc3339(letter.died_at.micros()),
    })
}
