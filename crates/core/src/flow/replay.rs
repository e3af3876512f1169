//! What an operator does with a dead letter: back into the tables with it.

use serde::Deserialize;

use super::housekeeping;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::logs::time::rfc3339;
use crate::store::dead_letters::{self, DeadLetter};
use crate::store::inbox::{self, NewRow};
use crate::store::jobs;

/// What an update's dead letter holds.
#[derive(Deserialize)]
struct Kept {
    update_id: Option<i64>,
    album: Option<String>,
    raw: String,
}

/// Makes a dead letter live again: an update goes to the end of its lane, a job keeps its id and by it its
/// place. A bot that runs on this database takes it up within seconds, whichever process does this.
///
/// Some: why it stays a dead letter.
///
/// # Errors
/// Those of the database.
pub async fn replay(
    tx: &mut Tx,
    letter: &DeadLetter,
    bot_id: i64,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    // Whoever replays it at the same moment waits here on PostgreSQL, and then finds it gone.
    if !dead_letters::hold(tx, letter.id).await? {
        return Ok(Some("somebody else has replayed or dropped it just now".to_owned()));
    }
    let refused = match letter.what.as_str() {
        "update" => update(tx, letter, bot_id, now).await?,
        "job" => job(tx, letter, now).await?,
        other => Some(format!("this version does not know how to replay {other:?}")),
    };
    if refused.is_none() {
        dead_letters::remove(tx, letter.id).await?;
        housekeeping::wake(tx, now).await?;
    }
    Ok(refused)
}

async fn update(
    tx: &mut Tx,
    letter: &DeadLetter,
    bot_id: i64,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let Ok(Kept { update_id, album, raw }) = serde_json::from_str(&letter.content) else {
        return Ok(Some(unreadable()));
    };
    let row = NewRow {
        update_id,
        lane: letter.lane.clone(),
        chat_id: letter.chat_id,
        kind: letter.kind.clone(),
        album,
        raw,
    };
    // What was buried stands there as done, so that its number is known.
    inbox::remove_ended(tx, letter.reference).await?;
    let stored = inbox::insert(tx, bot_id, &[row], now).await?;
    Ok(stored.is_empty().then(|| {
        "Telegram has sent this update a second time, and it is in the inbox; drop the letter".to_owned()
    }))
}

async fn job(tx: &mut Tx, letter: &DeadLetter, now: Timestamp) -> Result<Option<String>, sqlx::Error> {
    let Ok(mut job) = serde_json::from_str::<jobs::Row>(&letter.content) else {
        return Ok(Some(unreadable()));
    };
    if let Some(at) = job.expires_at.filter(|at| *at <= now) {
        let at = rfc3339(at.micros());
        return Ok(Some(format!("it was of use until {at} only and would end unsent; drop it")));
    }
    if !jobs::standing(tx, &[job.id]).await?.is_empty() {
        return Ok(Some(format!("job {} stands already; drop the letter", job.id)));
    }
    job.attempts = 0;
    job.state = 0;
    job.retry_at = Timestamp(0);
    job.due = job.due.min(now);
    job.delayed = 0;
    jobs::insert(tx, &[job]).await?;
    Ok(None)
}

fn unreadable() -> String {
    "its content has another form than this version knows; see `dead-letters show --reveal`".to_owned()
}
