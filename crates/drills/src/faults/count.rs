//! Counting what was lost, doubled and out of order: from the chats as people see them, from the sandbox's
//! journal, and from the bot's tables.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use sandbox::Call;
use serde::Serialize;

use super::{Happened, Mode, Stage};
use crate::town::{Arrived, answer, question};

/// An answer must have been stored so long after it was written to the socket; a kill before that leaves the
/// call unclear. Microseconds.
const STORED_WITHIN: i64 = 50_000;
/// A request that was on its way when the bot was killed may be read so long after that.
const READ_WITHIN: i64 = 50_000;

/// What was counted.
#[derive(Debug, Default, Serialize)]
pub struct Tally {
    /// Messages that people wrote.
    pub messages: usize,
    /// Of them, those that never arrived.
    pub lost: usize,
    /// Some of the lost, as they were written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lost_texts: Vec<String>,
    /// Tickets beyond one a customer, messages on two maps, dead letters.
    pub doubled_state: usize,
    /// Messages that arrived before one that was written earlier in the same conversation.
    pub order_breaks: usize,
    /// Calls that made the same thing a second time.
    pub doubled_sends: usize,
    /// Of them, those whose earlier call was not unclear: there was no reason to make it again.
    pub doubled_unexplained: usize,
    /// Some of those: the method, and how long before the next kill its answer had been written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unexplained: Vec<String>,
    /// Calls whose answer was lost, or written less than 50 ms before a kill: at most one a lane and kill.
    pub unclear: usize,
    /// Updates and jobs that were given up.
    pub dead_letters: usize,
    /// Calls that the sandbox accepted.
    pub calls: usize,
    /// Calls, updates and answers with updates that a fault struck.
    pub struck: usize,
}

impl Tally {
    /// What of it must not be.
    pub fn broken(&self, mode: Mode) -> Vec<String> {
        let mut broken = Vec::new();
        let mut must = |holds: bool, what: String| {
            if !holds {
                broken.push(what);
            }
        };
        must(self.messages > 0, "nothing was written".to_owned());
        must(self.lost == 0, format!("{} of {} messages were lost", self.lost, self.messages));
        must(self.doubled_state == 0, format!("{} state changes happened twice", self.doubled_state));
        must(self.order_breaks == 0, format!("{} messages overtook another", self.order_breaks));
        must(self.dead_letters == 0, format!("{} dead letters", self.dead_letters));
        // A drill whose faults strike nobody shows nothing.
        let strikes = !matches!(mode, Mode::Kill | Mode::Term | Mode::DbDown);
        must(!strikes || self.struck > 0, "no fault struck anything".to_owned());
        must(
            self.doubled_unexplained == 0,
            format!("{} sends were repeated although the answer had come", self.doubled_unexplained),
        );
        let allowed = if matches!(mode, Mode::Kill | Mode::LostReply) { self.unclear } else { 0 };
        must(
            self.doubled_sends <= allowed,
            format!("{} sends were repeated, {allowed} may have been", self.doubled_sends),
        );
        broken
    }
}

pub(super) async fn tally(stage: &Stage<'_>, happened: &Happened) -> Result<Tally> {
    let arrived =
        if stage.drill.echo { Arrived::echoed(&stage.town) } else { Arrived::at_staff(&stage.town) };
    let questions = conversations(&arrived, &happened.asked);
    let answers = conversations(&Arrived::at_customers(&stage.town), &happened.answered);
    let journal = stage.town.world.journal();
    let struck = journal.iter().filter(|call| call.fault.is_some()).count() + happened.struck_updates;
    let calls: Vec<Call> = journal.into_iter().filter(makes_something).collect();
    let doubled_rows = if stage.drill.echo { 0 } else { doubled_rows(stage, happened).await? };
    let dead_letters = stage.database.number("select count(*) from dead_letters").await?;
    let doubled = doubled(&calls, &happened.kills);
    Ok(Tally {
        messages: happened.asked.iter().sum::<usize>() + happened.answered.iter().sum::<usize>(),
        lost: questions.lost.len() + answers.lost.len(),
        lost_texts: lost_texts(&questions, &answers),
        doubled_state: doubled_rows + questions.elsewhere + answers.elsewhere,
        order_breaks: questions.order_breaks + answers.order_breaks,
        doubled_sends: doubled.all,
        doubled_unexplained: doubled.unexplained.len(),
        unexplained: doubled.unexplained.into_iter().take(8).collect(),
        unclear: unclear(&calls, &happened.kills),
        dead_letters: usize::try_from(dead_letters)?,
        calls: calls.len(),
        struck,
    })
}

/// Tickets beyond one a customer, and messages that stand on the map twice.
async fn doubled_rows(stage: &Stage<'_>, happened: &Happened) -> Result<usize> {
    let tickets = stage.database.number("select count(*) from tickets").await?;
    let customers = happened.asked.iter().filter(|asked| **asked > 0).count();
    let twice = stage
        .database
        .number(
            "select count(*) from (select 1 from messages where from_message_id is not null \
             group by from_chat_id, from_message_id having count(*) > 1) as twice",
        )
        .await?;
    Ok(usize::try_from(tickets)?.abs_diff(customers) + usize::try_from(twice)?)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Conversations {
    /// Whose, and which.
    lost: Vec<(usize, usize)>,
    order_breaks: usize,
    /// Conversations that are torn over two places.
    elsewhere: usize,
}

fn conversations(arrived: &Arrived, written: &[usize]) -> Conversations {
    let mut result = Conversations::default();
    for (who, written) in written.iter().enumerate() {
        let places: Vec<&Vec<usize>> =
            arrived.by_place.iter().filter(|((whose, _), _)| *whose == who).map(|(_, list)| list).collect();
        result.elsewhere += places.len().saturating_sub(1);
        let mut seen = HashSet::new();
        for place in places {
            // A repeated message counts where it first arrived; the repetition is counted as a doubled send.
            let firsts: Vec<usize> = place.iter().copied().filter(|n| seen.insert(*n)).collect();
            result.order_breaks += firsts.windows(2).filter(|pair| pair[0] > pair[1]).count();
        }
        result.lost.extend((0..*written).filter(|n| !seen.contains(n)).map(|n| (who, n)));
    }
    result
}

fn lost_texts(questions: &Conversations, answers: &Conversations) -> Vec<String> {
    let questions = questions.lost.iter().map(|(who, n)| question(*who, *n));
    let answers = answers.lost.iter().map(|(who, n)| answer(*who, *n));
    questions.chain(answers).take(8).collect()
}

fn makes_something(call: &Call) -> bool {
    ["send", "copy", "forward", "create"].iter().any(|verb| call.method.starts_with(verb))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Doubled {
    all: usize,
    unexplained: Vec<String>,
}

/// Calls that did the same as an earlier one. What identifies a call are its parameters: each message is
/// copied once, each ticket has a number, each confirmation answers another message. A repetition is explained by
/// the call right before it, if the answer to that one was lost.
fn doubled(calls: &[Call], kills: &[i64]) -> Doubled {
    let mut same: BTreeMap<String, Vec<&Call>> = BTreeMap::new();
    for call in calls.iter().filter(|call| !call.messages.is_empty()) {
        let name = format!("{} {}", call.method, serde_json::Value::Object(call.params.clone()));
        same.entry(name).or_default().push(call);
    }
    let mut doubled = Doubled::default();
    for pair in same.values().flat_map(|calls| calls.windows(2)) {
        doubled.all += 1;
        if !is_unclear(pair[0], kills) {
            doubled.unexplained.push(told(pair[0], kills));
        }
    }
    doubled
}

fn told(call: &Call, kills: &[i64]) -> String {
    let answered = call.answered_at.unwrap_or(call.accepted_at);
    let next = kills.iter().find(|kill| **kill >= answered);
    let before = next.map_or_else(
        || "with no kill after it".to_owned(),
        |kill| format!("{} ms before a kill", (kill - answered) / 1000),
    );
    format!("{} answered {before}", call.method)
}

/// Whether the bot could not know what became of this call: its answer was lost, or the bot was killed before it
/// can have stored it.
fn is_unclear(call: &Call, kills: &[i64]) -> bool {
    let killed = |kill: &i64| {
        call.accepted_at <= kill + READ_WITHIN
            && call.answered_at.is_none_or(|answered| answered > kill - STORED_WITHIN)
    };
    call.fault.as_deref() == Some("lost_reply") || kills.iter().any(killed)
}

/// The calls that were unclear to the bot: those whose answer was lost on the way, and at each kill at most
/// one of each lane, since a lane has one call in flight.
fn unclear(calls: &[Call], kills: &[i64]) -> usize {
    let mut unclear = calls.iter().filter(|call| call.fault.as_deref() == Some("lost_reply")).count();
    let mut before = i64::MIN;
    for kill in kills {
        let lanes: HashSet<String> = calls
            .iter()
            .filter(|call| call.accepted_at <= *kill && call.accepted_at > before)
            .filter(|call| call.answered_at.is_none_or(|answered| answered > kill - STORED_WITHIN))
            .map(lane)
            .collect();
        unclear += lanes.len();
        before = *kill;
    }
    unclear
}

fn lane(call: &Call) -> String {
    let topic = call.params.get("message_thread_id").or_else(|| call.params.get("name"));
    format!("{:?} {topic:?}", call.chat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_doubled_torn_or_overtaken_is_counted() {
        let mut arrived = Arrived::default();
        arrived.by_place.insert((0, 5), vec![0, 1, 1, 3, 2]);
        arrived.by_place.insert((1, 6), vec![0]);
        arrived.by_place.insert((1, 7), vec![1]);
        let found = conversations(&arrived, &[5, 2]);
        assert_eq!(found, Conversations { lost: vec![(0, 4)], order_breaks: 1, elsewhere: 1 });
        let clean = Tally { messages: 1, ..Tally::default() };
        assert_eq!(clean.broken(Mode::Kill), Vec::<String>::new());
        let doubled = Tally { doubled_sends: 1, unclear: 1, ..clean };
        assert_eq!(doubled.broken(Mode::Kill), Vec::<String>::new());
        assert_eq!(doubled.broken(Mode::Term).len(), 1, "a stop repeats nothing");
        let unharmed = Tally { messages: 1, ..Tally::default() };
        assert_eq!(unharmed.broken(Mode::Broken), ["no fault struck anything"]);
        assert_eq!(unharmed.broken(Mode::Duplicate), ["no fault struck anything"]);
        assert_eq!(unharmed.broken(Mode::Reordered), ["no fault struck anything"]);
    }

    fn call(accepted_at: i64, answered_at: Option<i64>) -> Call {
        let call = serde_json::json!({
            "seq": 1, "bot": null, "method": "sendMessage", "params": {"text": "m0-1"}, "chat": null,
            "accepted_at": accepted_at, "answered_at": answered_at, "ok": true, "code": 200, "description": null,
            "messages": [1], "fault": null,
        });
        serde_json::from_value(call).unwrap()
    }

    #[test]
    fn a_repetition_is_explained_by_its_own_call_and_by_no_other() {
        let kills = [1_000_000, 9_000_000];
        let in_flight = [call(990_000, None), call(2_000_000, Some(2_020_000))];
        assert_eq!(doubled(&in_flight, &kills), Doubled { all: 1, unexplained: Vec::new() });
        let stored_long_ago = [call(500_000, Some(520_000)), call(2_000_000, Some(2_020_000))];
        let why = "sendMessage answered 480 ms before a kill".to_owned();
        assert_eq!(doubled(&stored_long_ago, &kills), Doubled { all: 1, unexplained: vec![why] });
        let twice = [&in_flight[..], &[call(2_500_000, Some(2_520_000))]].concat();
        let found = doubled(&twice, &kills);
        assert_eq!((found.all, found.unexplained.len()), (2, 1), "once was enough");
        let mut lost = call(500_000, Some(520_000));
        lost.fault = Some("lost_reply".into());
        let lost = [lost, call(2_000_000, Some(2_020_000))];
        assert_eq!(doubled(&lost, &[]), Doubled { all: 1, unexplained: Vec::new() });
        let unexplained =
            Tally { messages: 1, doubled_sends: 1, unclear: 9, doubled_unexplained: 1, ..Tally::default() };
        assert_eq!(unexplained.broken(Mode::Kill).len(), 1, "other calls that were unclear explain nothing");
    }
}
