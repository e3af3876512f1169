//! What the end of a job means: pure, so that every case can be tested without a network.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::event::Outcome;
use super::job::{JobError, MOST_ATTEMPTS, Policy, backoff};
use crate::store::sent::Sent;
use crate::telegram::CallError;

/// How a job in flight came back.
#[derive(Debug)]
pub(crate) enum Returned {
    /// Done. For a call the text is Telegram's `result`.
    Done(String),
    /// A call that was not.
    Call(CallError),
    /// A job of the bot's own that was not.
    Own(JobError),
}

/// What is to be done with it.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It has ended.
    Ended(Outcome),
    /// It has ended, and the chat takes nothing more for now.
    Parked(String),
    /// Again after this time, with so many attempts counted.
    Again(Duration, i64),
    /// Again when the chat's limit allows: after this time.
    ChatPause(Duration),
    /// Again when the service answers.
    Outage,
    /// Again, to the group's new id.
    Migrated(i64),
    /// Given up: a dead letter, for this reason, with this error.
    Dead(&'static str, String),
}

pub(crate) fn verdict(returned: &Returned, policy: Policy, attempts: i64) -> Verdict {
    match returned {
        Returned::Done(text) => {
            let result = serde_json::from_str(text).unwrap_or(Value::Null);
            Verdict::Ended(Outcome::Done { result })
        }
        Returned::Call(error) => call(error, policy, attempts),
        Returned::Own(JobError::Permanent(why)) => failed(0, why),
        Returned::Own(JobError::Temporary(why)) => counted(attempts, "failed", why),
        Returned::Own(JobError::Outage(_)) => Verdict::Again(Duration::from_secs(5), attempts),
        Returned::Own(JobError::Unclear(why)) => unclear(policy, attempts, why),
    }
}

fn call(error: &CallError, policy: Policy, attempts: i64) -> Verdict {
    match error {
        CallError::Refused(refusal) if refusal.is_not_modified() => {
            Verdict::Ended(Outcome::Done { result: Value::Bool(true) })
        }
        CallError::Refused(refusal) if refusal.is_parking() => Verdict::Parked(refusal.description.clone()),
        CallError::Refused(refusal) => failed(refusal.code, &refusal.description),
        CallError::RetryAfter(wait) => Verdict::ChatPause(*wait),
        CallError::Migrated(to) => Verdict::Migrated(*to),
        CallError::Unauthorized | CallError::Outage(_) => Verdict::Outage,
        CallError::Unclear(why) => unclear(policy, attempts, why),
    }
}

/// An answer was lost. Bounded: something that swallows every answer must not flood a person with copies.
fn unclear(policy: Policy, attempts: i64, why: &str) -> Verdict {
    if policy.ask_when_unclear {
        return Verdict::Dead("unknown", why.to_owned());
    }
    counted(attempts, "unknown", why)
}

fn counted(attempts: i64, reason: &'static str, why: &str) -> Verdict {
    let attempts = attempts + 1;
    if attempts >= MOST_ATTEMPTS {
        return Verdict::Dead(reason, why.to_owned());
    }
    Verdict::Again(backoff(attempts), attempts)
}

fn failed(code: u16, why: &str) -> Verdict {
    Verdict::Ended(Outcome::Failed { code, why: why.to_owned() })
}

/// The messages or the topic that a call made, from its result: none for calls that make nothing.
pub(crate) fn made(method: &str, result: &str, job_id: i64, chat_id: Option<i64>) -> Vec<Sent> {
    #[derive(Deserialize)]
    struct Made {
        message_id: Option<i64>,
        message_thread_id: Option<i64>,
        chat: Option<Chat>,
    }
    #[derive(Deserialize)]
    struct Chat {
        id: i64,
    }
    let makes =
        ["send", "copy", "forward"].iter().any(|verb| method.starts_with(verb)) && method != "sendChatAction";
    let topic = method == "createForumTopic";
    if !makes && !topic {
        return Vec::new();
    }
    let many = serde_json::from_str::<Vec<Made>>(result);
    let parts =
        many.or_else(|_| serde_json::from_str::<Made>(result).map(|one| vec![one])).unwrap_or_default();
    (0..)
        .zip(parts)
        .filter_map(|(part, made)| {
            let message_id = if topic { made.message_thread_id } else { made.message_id }?;
            let chat_id = made.chat.map(|chat| chat.id).or(chat_id)?;
            Some(Sent { job_id, part, chat_id, message_id })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telegram::Refusal;

    fn refused(code: u16, description: &str) -> Returned {
        Returned::Call(CallError::Refused(Refusal { code, description: description.to_owned() }))
    }

    #[test]
    fn an_outage_and_a_429_count_no_attempt() {
        let policy = Policy::default();
        assert_eq!(verdict(&Returned::Call(CallError::Outage("502".into())), policy, 4), Verdict::Outage);
        let wait = Duration::from_secs(9);
        assert_eq!(
            verdict(&Returned::Call(CallError::RetryAfter(wait)), policy, 4),
            Verdict::ChatPause(wait)
        );
    }

    #[test]
    fn what_costs_money_is_never_repeated_blindly() {
        let lost = || Returned::Call(CallError::Unclear("cut".into()));
        let policy = Policy { ask_when_unclear: true, ..Policy::default() };
        assert_eq!(verdict(&lost(), policy, 0), Verdict::Dead("unknown", "cut".into()));
        assert_eq!(verdict(&lost(), Policy::default(), 0), Verdict::Again(Duration::from_secs(1), 1));
        assert_eq!(verdict(&lost(), Policy::default(), 4), Verdict::Dead("unknown", "cut".into()));
    }

    #[test]
    fn a_message_that_reads_so_already_is_done_and_a_blocked_bot_parks() {
        let policy = Policy::default();
        let same = refused(400, "Bad Request: message is not modified: specified new message content …");
        assert!(matches!(verdict(&same, policy, 0), Verdict::Ended(Outcome::Done { .. })));
        let blocked = refused(403, "Forbidden: bot was blocked by the user");
        assert!(matches!(verdict(&blocked, policy, 0), Verdict::Parked(_)));
    }

    #[test]
    fn only_calls_that_make_something_are_noted() {
        let topic = made("createForumTopic", r#"{"message_thread_id":9,"name":"x"}"#, 1, Some(-100));
        assert_eq!(topic, [Sent { job_id: 1, part: 0, chat_id: -100, message_id: 9 }]);
        let album = made("copyMessages", r#"[{"message_id":5},{"message_id":6}]"#, 2, Some(7));
        assert_eq!(
            album.iter().map(|sent| (sent.part, sent.message_id)).collect::<Vec<_>>(),
            [(0, 5), (1, 6)]
        );
        let edit = made("editMessageText", r#"{"message_id":5,"chat":{"id":7}}"#, 3, Some(7));
        assert_eq!(edit, []);
        assert_eq!(made("sendChatAction", "true", 3, Some(7)), []);
    }
}
