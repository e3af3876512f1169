//! Taking jobs: which may go, which wait, which have ended before they began.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::land::Landing;
use super::{Lane, Sender};
use crate::app::lock;
use crate::bot::Bot;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::flow::event::Outcome;
use crate::flow::job::{CALL, Policy, REMINDER};
use crate::store::jobs;
use crate::store::sent::{self, Sent};
use crate::telegram::FilePart;

/// A job ready to go.
#[derive(Debug)]
pub(super) enum Prepared {
    Call(CallPayload),
    Own(Value),
}

/// What a call's row holds.
#[derive(Debug, Deserialize)]
pub(super) struct CallPayload {
    pub method: String,
    pub body: Map<String, Value>,
    #[serde(default)]
    pub files: Vec<FilePart>,
}

impl CallPayload {
    /// The chat whose limit the call counts against. Asking for facts counts against the bot only.
    fn limited_chat(&self, chat: Option<i64>) -> Option<i64> {
        chat.filter(|_| counts_against_chat(&self.method))
    }

    /// Whether it puts something into the chat, which a parked chat does not take.
    fn writes(&self) -> bool {
        ["send", "copy", "forward", "edit", "createForum", "pin"]
            .iter()
            .any(|verb| self.method.starts_with(verb))
    }

    /// The values that may name a message or topic by its job.
    fn references(&self) -> impl Iterator<Item = &Value> {
        let reply = self.body.get("reply_parameters").and_then(|reply| reply.get("message_id"));
        ["message_thread_id", "message_id"].iter().filter_map(|name| self.body.get(*name)).chain(reply)
    }
}

/// Whether a call waits at its chat's limit.
pub(super) fn counts_against_chat(method: &str) -> bool {
    !method.starts_with("get") && method != "sendChatAction"
}

/// The job and part that a value refers to.
fn reference(value: &Value) -> Option<(i64, i64)> {
    let job = value.get("$job")?.as_i64()?;
    Some((job, value.get("part").and_then(Value::as_i64).unwrap_or(0)))
}

/// What the references of a round's heads have become.
#[derive(Default)]
struct Known {
    sent: HashMap<(i64, i64), Sent>,
    standing: Vec<i64>,
}

impl<B: Bot> Sender<B> {
    /// The next job of each of these lanes: in flight from this transaction's commit on, or why not.
    pub(super) async fn claim(
        &mut self,
        tx: &mut Tx,
        lanes: &[String],
        now: Timestamp,
        landing: &mut Landing,
    ) -> Result<Vec<Lane>, sqlx::Error> {
        let rows = jobs::heads(tx, lanes).await?;
        let calls: HashMap<i64, serde_json::Result<CallPayload>> = rows
            .iter()
            .filter(|row| row.kind == CALL)
            .map(|row| (row.id, serde_json::from_str(&row.payload)))
            .collect();
        let known = known(tx, calls.values().flatten(), &mut self.remembered).await?;
        let mut calls = calls;
        let mut heads: HashMap<String, jobs::Row> =
            rows.into_iter().map(|row| (row.lane.clone(), row)).collect();
        let (mut nexts, mut ids) = (Vec::with_capacity(lanes.len()), Vec::new());
        for lane in lanes {
            let Some(job) = heads.remove(lane) else {
                nexts.push(Lane::Empty(lane.clone()));
                continue;
            };
            let call = calls.remove(&job.id);
            let next = self.decide(job, call, &known, now, landing);
            if let Lane::Fly(job, _) = &next {
                ids.push(job.id);
            }
            nexts.push(next);
        }
        self.store_ended(tx, landing, now).await?;
        if jobs::in_flight(tx, &ids).await? != ids.len() as u64 {
            // PostgreSQL: a handler took one back between our two statements.
            let standing = jobs::standing(tx, &ids).await?;
            for next in &mut nexts {
                if let Lane::Fly(job, _) = next
                    && !standing.contains(&job.id)
                {
                    *next = Lane::Release(job.lane.clone());
                }
            }
        }
        Ok(nexts)
    }

    fn decide(
        &mut self,
        job: jobs::Row,
        call: Option<serde_json::Result<CallPayload>>,
        known: &Known,
        now: Timestamp,
        landing: &mut Landing,
    ) -> Lane {
        let lane = job.lane.clone();
        if self.flying.contains(&job.id) {
            // It was moved here while it is in flight: a group became a supergroup just now.
            self.behind.entry(job.id).or_default().push(lane.clone());
            return Lane::Hold(lane);
        }
        if job.expires_at.is_some_and(|at| at <= now) {
            landing.ended.push((job, Outcome::Expired));
            return Lane::Release(lane);
        }
        if job.retry_at > now {
            return Lane::Wait(lane, job.retry_at);
        }
        if job.kind == REMINDER {
            landing.ended.push((job, Outcome::Done { result: Value::Null }));
            return Lane::Release(lane);
        }
        let Some(call) = call else {
            let payload = serde_json::from_str(&job.payload).unwrap_or(Value::Null);
            return Lane::Fly(Box::new(job), Box::new(Prepared::Own(payload)));
        };
        let Ok(mut call) = call else {
            let why = "the row of this job cannot be read by this version".to_owned();
            landing.ended.push((job, Outcome::Failed { code: 0, why }));
            return Lane::Release(lane);
        };
        let today = job.chat_id.map(|chat| self.app.shared.aliases.today(chat));
        if let Some(chat) = today
            && call.writes()
            && let Some(why) = lock(&self.app.shared.parked).get(&chat).cloned()
        {
            if Policy::from_bits(job.policy).wait_while_parked {
                self.parked.entry(chat).or_default().push(lane.clone());
                return Lane::Hold(lane);
            }
            landing.ended.push((job, Outcome::Parked { why }));
            return Lane::Release(lane);
        }
        match resolve(&mut call.body, known) {
            Resolved::Whole => {}
            Resolved::Behind(other) => {
                self.behind.entry(other).or_default().push(lane.clone());
                return Lane::Hold(lane);
            }
            Resolved::Broken => {
                let why = "the message or topic it belongs to was never sent".to_owned();
                landing.ended.push((job, Outcome::Failed { code: 0, why }));
                return Lane::Release(lane);
            }
        }
        for name in ["chat_id", "from_chat_id"] {
            if let Some(chat) = call.body.get(name).and_then(Value::as_i64) {
                call.body.insert(name.to_owned(), self.app.shared.aliases.today(chat).into());
            }
        }
        let chat = call.limited_chat(today);
        let priority = i16::try_from(job.priority).unwrap_or(0);
        if !self.gates.pass(&lane, chat, priority, now) {
            return Lane::Hold(lane);
        }
        Lane::Fly(Box::new(job), Box::new(Prepared::Call(call)))
    }
}

/// What a job became never changes: what was looked up is kept, up to so many.
const REMEMBERED: usize = 4096;

async fn known<'a>(
    tx: &mut Tx,
    calls: impl Iterator<Item = &'a CallPayload>,
    remembered: &mut HashMap<(i64, i64), Sent>,
) -> Result<Known, sqlx::Error> {
    let mut known = Known::default();
    let mut wanted = Vec::new();
    for name in calls.flat_map(CallPayload::references).filter_map(reference) {
        match remembered.get(&name) {
            Some(sent) => drop(known.sent.insert(name, *sent)),
            None => wanted.push(name.0),
        }
    }
    if wanted.is_empty() {
        return Ok(known);
    }
    wanted.sort_unstable();
    wanted.dedup();
    let sent = sent::of_jobs(tx, &wanted).await?;
    wanted.retain(|id| !sent.iter().any(|sent| sent.job_id == *id));
    known.standing = jobs::standing(tx, &wanted).await?;
    if remembered.len() + sent.len() > REMEMBERED {
        remembered.clear();
    }
    for sent in sent {
        remembered.insert((sent.job_id, sent.part), sent);
        known.sent.insert((sent.job_id, sent.part), sent);
    }
    Ok(known)
}

enum Resolved {
    Whole,
    /// It waits for this job.
    Behind(i64),
    /// It refers to something that will never be.
    Broken,
}

/// Puts real ids where a job's name stands. An answer to a message that was never sent goes as a message
/// of its own.
fn resolve(body: &mut Map<String, Value>, known: &Known) -> Resolved {
    for name in ["message_thread_id", "message_id"] {
        let Some((job, part)) = body.get(name).and_then(reference) else { continue };
        match known.sent.get(&(job, part)) {
            Some(sent) => drop(body.insert(name.to_owned(), sent.message_id.into())),
            None if known.standing.contains(&job) => return Resolved::Behind(job),
            None => return Resolved::Broken,
        }
    }
    let reply = body.get("reply_parameters").and_then(|reply| reply.get("message_id")).and_then(reference);
    if let Some((job, part)) = reply {
        match known.sent.get(&(job, part)) {
            Some(sent) => body["reply_parameters"]["message_id"] = sent.message_id.into(),
            None if known.standing.contains(&job) => return Resolved::Behind(job),
            None => drop(body.remove("reply_parameters")),
        }
    }
    Resolved::Whole
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_name_becomes_an_id_once_its_job_was_sent() {
        let sent = Sent { job_id: 4, part: 0, chat_id: -1, message_id: 77 };
        let known = Known { sent: HashMap::from([((4, 0), sent)]), standing: vec![5] };
        let mut whole =
            body(&json!({"message_thread_id": {"$job": 4}, "reply_parameters": {"message_id": {"$job": 9}}}));
        assert!(matches!(resolve(&mut whole, &known), Resolved::Whole));
        assert_eq!(
            Value::from(whole),
            json!({"message_thread_id": 77}),
            "an answer to nothing goes without it"
        );
        let mut behind = body(&json!({"message_id": {"$job": 5}}));
        assert!(matches!(resolve(&mut behind, &known), Resolved::Behind(5)));
        let mut broken = body(&json!({"message_id": {"$job": 6}}));
        assert!(matches!(resolve(&mut broken, &known), Resolved::Broken));
    }
}
