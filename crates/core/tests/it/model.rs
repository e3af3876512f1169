//! The state machines of ADR 1 as a pure model: its steps are the transactions and calls, driven through random
//! interleavings, with crashes between any two of them and commits whose answer is lost.
//!
//! Each rule that keeps the promises can be broken, and then the same property fails: see the end.

mod machine;
mod tables;
mod telegram;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use machine::{Commit, Machine, Nature, Rules};
use telegram::Answer;

/// Chats in the model, each with one lane.
pub const LANES: u8 = 3;

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    Write(u8, Nature),
    Block(u8),
    Unblock(u8),
    Poll,
    Store(Commit),
    Handle(u8, Commit),
    Send(Commit),
    Call(u8, Answer),
    Tick,
    /// Whether what was on its way to Telegram still arrives there.
    Crash(bool),
    Start,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let lane = || 0..LANES;
    let commit =
        || prop_oneof![6 => Just(Commit::Stored), 1 => Just(Commit::Undone), 1 => Just(Commit::Unclear)];
    let nature = prop_oneof![
        5 => Just(Nature::Plain),
        1 => (1..6_u8).prop_map(Nature::Fails),
        2 => Just(Nature::Money),
        1 => Just(Nature::Insists),
    ];
    let answer = prop_oneof![
        6 => Just(Answer::Done),
        1 => Just(Answer::Lost),
        1 => Just(Answer::Cut),
        1 => Just(Answer::TooMany),
        1 => Just(Answer::Away),
    ];
    let step = prop_oneof![
        6 => (lane(), nature).prop_map(|(lane, nature)| Step::Write(lane, nature)),
        1 => lane().prop_map(Step::Block),
        1 => lane().prop_map(Step::Unblock),
        5 => Just(Step::Poll),
        5 => commit().prop_map(Step::Store),
        8 => (lane(), commit()).prop_map(|(lane, commit)| Step::Handle(lane, commit)),
        8 => commit().prop_map(Step::Send),
        8 => (lane(), answer).prop_map(|(lane, answer)| Step::Call(lane, answer)),
        3 => Just(Step::Tick),
        2 => any::<bool>().prop_map(Step::Crash),
        4 => Just(Step::Start),
    ];
    prop::collection::vec(step, 1..120)
}

fn take(machine: &mut Machine, step: &Step) {
    match *step {
        Step::Write(lane, nature) => machine.telegram.write(lane, nature),
        Step::Block(lane) => machine.telegram.block(lane),
        Step::Unblock(lane) => machine.telegram.unblock(lane),
        Step::Poll => machine.poll(),
        Step::Store(commit) => machine.store(commit),
        Step::Handle(lane, commit) => machine.handle(lane, commit),
        Step::Send(commit) => machine.send(commit),
        Step::Call(lane, answer) => machine.call(lane, answer),
        Step::Tick => machine.tick(),
        Step::Crash(arrives) => machine.crash(arrives),
        Step::Start => machine.start(),
    }
}

/// Nothing goes wrong any more: everything must come to its end by itself.
fn heal(machine: &mut Machine) -> Result<(), TestCaseError> {
    (0..LANES).for_each(|lane| machine.telegram.unblock(lane));
    machine.start();
    for _ in 0..400 {
        machine.poll();
        machine.store(Commit::Stored);
        (0..LANES).for_each(|lane| machine.handle(lane, Commit::Stored));
        machine.send(Commit::Stored);
        (0..LANES).for_each(|lane| machine.call(lane, Answer::Done));
        machine.tick();
        always(machine)?;
        if at_last(machine).is_ok() {
            break;
        }
    }
    Ok(())
}

/// What holds after every step.
fn always(machine: &Machine) -> Result<(), TestCaseError> {
    let (db, telegram) = (&machine.db, &machine.telegram);
    for (n, effect) in db.effects.iter().enumerate() {
        prop_assert!(!db.effects[..n].contains(effect), "a state change happened twice: {effect:?}");
    }
    for update in telegram.confirmed() {
        prop_assert!(db.knows(update.id), "an update was acknowledged and is not stored: {update:?}");
    }
    for lane in 0..LANES {
        let order = db.handled_in(lane);
        prop_assert!(order.is_sorted(), "updates of a lane were handled out of order: {order:?}");
        let sent = &telegram.sent[usize::from(lane)];
        prop_assert!(sent.is_sorted(), "messages of a lane were sent out of order: {sent:?}");
        let unclear = db.jobs.iter().filter(|job| job.lane == lane && job.in_flight).count();
        prop_assert!(unclear <= 1, "{unclear} calls of a lane are in flight");
        for job in sent {
            let copies = sent.iter().filter(|other| *other == job).count();
            let unclear = machine.unclear.get(job).copied().unwrap_or(0);
            prop_assert!(
                copies <= 1 + unclear,
                "{copies} copies of {job}, which was unclear {unclear} times"
            );
            prop_assert!(copies == 1 || !machine.money.contains(job), "money was sent {copies} times");
        }
    }
    Ok(())
}

/// What holds when nothing goes wrong any more and everything had time.
fn at_last(machine: &Machine) -> Result<(), TestCaseError> {
    let db = &machine.db;
    for update in &machine.telegram.written {
        let done = db.is_handled(update.id) || db.buried.contains(&update.id);
        prop_assert!(done, "lost, or waiting for ever: {update:?}");
    }
    prop_assert!(db.jobs.is_empty(), "jobs wait for ever: {:?}", db.jobs);
    prop_assert!(db.inbox.iter().all(tables::Row::is_done), "rows wait for ever: {:?}", db.inbox);
    prop_assert!(db.parked.is_empty(), "a chat stays parked: {:?}", db.parked);
    Ok(())
}

fn run(rules: Rules, cases: u32) -> Result<(), TestError<Vec<Step>>> {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, seed).run(&steps(), |steps| {
        let mut machine = Machine::new(rules);
        for step in &steps {
            take(&mut machine, step);
            always(&machine)?;
        }
        heal(&mut machine)?;
        at_last(&machine)
    })
}

#[test]
fn nothing_is_lost_doubled_or_out_of_order_whatever_crashes_when() {
    if let Err(error) = run(Rules::default(), 1_000) {
        panic!("{error}");
    }
}

/// The reason for which the property fails.
fn broken(rules: Rules) -> String {
    match run(rules, 20_000) {
        Err(TestError::Fail(reason, _)) => reason.message().to_owned(),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
        Ok(()) => panic!("the property holds although {rules:?}"),
    }
}

#[test]
fn to_acknowledge_before_the_commit_would_lose_updates() {
    let reason = broken(Rules { acknowledge_before_commit: true, ..Rules::default() });
    assert!(reason.contains("acknowledged and is not stored"), "{reason}");
}

#[test]
fn to_call_before_the_mark_is_committed_would_repeat_what_costs_money() {
    let reason = broken(Rules { call_before_mark: true, ..Rules::default() });
    assert!(reason.contains("money") || reason.contains("copies"), "{reason}");
}

#[test]
fn to_mark_an_update_done_in_a_transaction_of_its_own_would_double_a_change() {
    let reason = broken(Rules { done_mark_apart: true, ..Rules::default() });
    assert!(reason.contains("happened twice"), "{reason}");
}

#[test]
fn to_wake_nobody_after_an_unclear_commit_would_leave_work_lying() {
    let reason = broken(Rules { wake_after_clear_commits_only: true, ..Rules::default() });
    assert!(reason.contains("for ever"), "{reason}");
}

#[test]
fn to_end_jobs_again_after_an_unclear_commit_would_double_their_events() {
    let reason = broken(Rules { believe_failed_commits: true, ..Rules::default() });
    assert!(reason.contains("happened twice"), "{reason}");
}

#[test]
fn to_skip_over_a_job_in_backoff_would_break_the_order() {
    let reason = broken(Rules { skip_over_backoff: true, ..Rules::default() });
    assert!(reason.contains("out of order"), "{reason}");
}

#[test]
fn to_park_on_an_answer_older_than_the_return_would_leave_a_chat_parked() {
    let reason = broken(Rules { park_on_old_answers: true, ..Rules::default() });
    assert!(reason.contains("stays parked") || reason.contains("for ever"), "{reason}");
}
