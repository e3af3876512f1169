//! What core does by itself: takes up what a process that died left behind, and clears away what is old.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use teloxide::types::{ChatKind, ChatMemberUpdated, PublicChatKind};

use super::event::{EVENT, JobResult, Outcome, Stored};
use super::job::{CALL, JobId, MOST_ATTEMPTS, Policy, Tell};
use crate::app::Shared;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::store::chats::Chat;
use crate::store::dead_letters::DeadLetter;
use crate::store::inbox::NewRow;
use crate::store::{dead_letters, inbox, jobs, meta};

/// Rows that ended are kept so long, to know an update that comes a second time.
const KEEP: Duration = Duration::from_hours(48);
const EVERY: Duration = Duration::from_mins(10);
const AT_ONCE: i64 = 1000;

/// How often the bot looks whether an operator put something back into the tables.
const LOOK: Duration = Duration::from_secs(2);
const WAKE: &str = "wake";

/// Clears away old rows, and takes up what an operator put back, until the bot stops.
pub(crate) async fn run(shared: Arc<Shared>) {
    tokio::join!(clear_until_stopped(&shared), look_until_stopped(&shared));
}

/// Waits on the clock. False: the bot stops.
async fn passed(shared: &Shared, wait: Duration) -> bool {
    tokio::select! {
        () = shared.clock.sleep(wait) => true,
        () = shared.stopped() => false,
    }
}

/// Says that rows came into the tables from beside: the bot that runs looks at all its lanes then.
pub(crate) async fn wake(tx: &mut Tx, now: Timestamp) -> Result<(), sqlx::Error> {
    meta::set(tx, WAKE, &now.micros().to_string()).await
}

/// One look by primary key; the lanes are read only when [`wake`] was called.
async fn look_until_stopped(shared: &Shared) {
    let mut seen = None;
    while passed(shared, LOOK).await {
        // An outage passes, and the next look finds what this one missed.
        if let Err(error) = look(shared, &mut seen).await {
            tracing::debug!(error = crate::logs::describe_error(&error), "the tables could not be looked at");
        }
    }
}

async fn look(shared: &Shared, seen: &mut Option<String>) -> Result<(), sqlx::Error> {
    let mut tx = shared.db.read().await?;
    let called = meta::get(&mut tx, WAKE).await?;
    if called == *seen {
        tx.rollback().await;
        return Ok(());
    }
    let updates = inbox::waiting_lanes(&mut tx).await?;
    let jobs = jobs::due_lanes(&mut tx).await?;
    tx.rollback().await;
    for lane in &updates {
        shared.inbox().notify(lane, 0);
    }
    for (lane, priority) in &jobs {
        shared.jobs().notify(lane, i16::try_from(*priority).unwrap_or(0));
    }
    shared.inbox_wake.notify_one();
    shared.jobs_wake.notify_one();
    *seen = called;
    Ok(())
}

async fn clear_until_stopped(shared: &Shared) {
    let mut said = false;
    while passed(shared, EVERY).await {
        said = say_of_the_clock(shared.clock.ahead(), said);
        while let Ok(AT_ONCE..) = clear(shared).await.map(|gone| i64::try_from(gone).unwrap_or(0)) {
            tokio::task::yield_now().await;
        }
    }
}

/// A clock that was put back is not followed before the next start: an operator who compares times must know.
fn say_of_the_clock(ahead: Duration, said: bool) -> bool {
    let is_ahead = ahead > Duration::from_mins(1);
    if is_ahead && !said {
        tracing::warn!(
            ahead_s = ahead.as_secs(),
            "the machine's clock was put back; the bot keeps to the time before that. Where reminders must keep to the \
             new time, start it again"
        );
    }
    is_ahead
}

async fn clear(shared: &Shared) -> Result<u64, sqlx::Error> {
    let mut tx = shared.db.begin().await?;
    let gone = inbox::clear(&mut tx, shared.clock.now() - KEEP, AT_ONCE).await?;
    tx.commit().await?;
    Ok(gone)
}

/// The event that tells the bot that it has started.
pub(crate) fn started() -> NewRow {
    NewRow {
        update_id: None,
        lane: "bot".to_owned(),
        chat_id: None,
        kind: EVENT.to_owned(),
        album: None,
        raw: json!(Stored::Started).to_string(),
    }
}

/// Jobs that were in flight when the last process died: whether they were done is not known. Each goes as
/// its policy says: again, or to a person.
pub(crate) async fn resolve_left_in_flight(
    tx: &mut Tx,
    bot_id: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    for job in jobs::left_in_flight(tx).await? {
        let policy = Policy::from_bits(job.policy);
        // A call cannot have killed the process; a job of the bot's own can.
        let attempts = if job.kind == CALL { job.attempts } else { job.attempts + 1 };
        if !policy.ask_when_unclear && attempts < MOST_ATTEMPTS {
            jobs::put_back(tx, job.id, attempts, Timestamp(0)).await?;
            continue;
        }
        let letter = DeadLetter {
            id: 0,
            what: "job".to_owned(),
            reference: job.id,
            lane: job.lane.clone(),
            chat_id: job.chat_id,
            kind: job.kind.clone(),
            content: json!(job).to_string(),
            reason: "unknown".to_owned(),
            error: "the bot died while this was in flight".to_owned(),
            attempts,
            died_at: now,
        };
        dead_letters::insert(tx, &letter).await?;
        jobs::remove(tx, &[job.id]).await?;
        let Some(lane) = job.reply_lane.filter(|_| policy.tell != Tell::Nothing) else { continue };
        let result = JobResult {
            job: JobId(job.id),
            kind: job.kind,
            tag: job.tag.unwrap_or_default(),
            outcome: Outcome::Unknown,
        };
        let row = NewRow {
            update_id: None,
            lane,
            chat_id: job.chat_id,
            kind: EVENT.to_owned(),
            album: None,
            raw: json!(Stored::Job(result)).to_string(),
        };
        inbox::insert(tx, bot_id, &[row], now).await?;
    }
    Ok(())
}

/// What a `my_chat_member` update says of a chat.
pub(crate) fn chat_of(change: &ChatMemberUpdated) -> Chat {
    let (kind, is_forum) = match &change.chat.kind {
        ChatKind::Private(_) => ("private", false),
        ChatKind::Public(public) => match &public.kind {
            PublicChatKind::Group => ("group", false),
            PublicChatKind::Supergroup(group) => ("supergroup", group.is_forum),
            PublicChatKind::Channel(_) => ("channel", false),
        },
    };
    let member = &change.new_chat_member;
    let rights = serde_json::to_value(member).unwrap_or_default();
    let status = rights.get("status").and_then(|status| status.as_str()).unwrap_or("unknown").to_owned();
    let parked = match status.as_str() {
        "kicked" if kind == "private" => Some("Forbidden: bot was blocked by the user".to_owned()),
        "kicked" => Some("Forbidden: bot was kicked from the chat".to_owned()),
        "left" => Some("Forbidden: bot is not a member of the chat".to_owned()),
        _ => None,
    };
    Chat {
        chat_id: change.chat.id.0,
        kind: Some(kind.to_owned()),
        is_forum: Some(i64::from(is_forum)),
        bot_status: Some(status),
        bot_rights: Some(without_user(rights).to_string()),
        parked,
        migrated_to: None,
    }
}

fn without_user(mut rights: serde_json::Value) -> serde_json::Value {
    if let Some(fields) = rights.as_object_mut() {
        fields.remove("user");
    }
    rights
}
