//! How the bot ends, and what it leaves behind.

use std::collections::HashMap;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use frontdesk_core::clock::Stopwatch;
use rustix::process::Signal;
use sandbox::{Fault, FaultKind, PersonId};
use testkit::Backend;

use crate::desk::{Desk, on_both};
use crate::process::eventually;

const PEOPLE: usize = 12;
const EACH: usize = 8;

/// Many people write many messages, to a Telegram that takes its time.
fn load(desk: &Desk) -> Vec<PersonId> {
    desk.world.set_latency(10_000);
    let people: Vec<_> = (0..PEOPLE).map(|n| desk.world.add_person(&format!("Customer {n}"), "en")).collect();
    for n in 0..EACH {
        for (who, person) in people.iter().enumerate() {
            desk.world.say(*person, desk.chat(*person), &format!("m{who}-{n}")).unwrap();
        }
    }
    people
}

/// Waits until the work has begun and is far from done.
async fn amid(desk: &Desk) {
    let arrived = || questions(desk).len();
    assert!(eventually(|| arrived() >= 10).await, "questions were to arrive");
    assert!(arrived() < PEOPLE * EACH, "the load is too small to stop amid it");
}

/// The customers' texts that stand in the staff group.
fn questions(desk: &Desk) -> Vec<String> {
    let is_question = |text: &String| text.starts_with('m') && text.contains('-') && text.len() < 8;
    desk.at_staff().into_iter().filter(is_question).collect()
}

/// How often each question arrived; each has to, and those of one person in order.
fn copies(desk: &Desk) -> HashMap<String, usize> {
    let mut copies = HashMap::new();
    let mut newest = HashMap::new();
    for text in questions(desk) {
        *copies.entry(text.clone()).or_insert(0) += 1;
        let (who, n) = text.split_once('-').unwrap();
        let before = newest.insert(who.to_owned(), n.to_owned());
        assert!(before.is_none_or(|before| before.as_str() <= n), "{text} came late");
    }
    for who in 0..PEOPLE {
        for n in 0..EACH {
            assert!(copies.contains_key(&format!("m{who}-{n}")), "m{who}-{n} is lost");
        }
    }
    copies
}

async fn a_clean_stop(mut desk: Desk, signal: Signal) {
    let bot = desk.run().await;
    load(&desk);
    amid(&desk).await;
    let ended = bot.stopped(signal).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let stood = questions(&desk).len();
    desk.set("HTTP_ADDR", "127.0.0.1:0");
    let again = desk.run().await;
    desk.idle().await;
    assert!(stood < PEOPLE * EACH, "it was to stop amid the load");
    assert!(copies(&desk).values().all(|count| *count == 1), "nothing arrives twice after a clean stop");
    assert!(!again.err().contains("did not stop cleanly"), "{}", again.err());
    let topics = desk.world.topics(desk.staff).len();
    assert_eq!(topics, PEOPLE + 1, "a topic each, and General");
    assert_eq!(again.stopped(signal).await.code, Some(0));
}

on_both!(sigterm_under_load_ends_well_and_loses_or_doubles_nothing, |desk| a_clean_stop(desk, Signal::TERM));
on_both!(sigint_under_load_ends_well_and_loses_or_doubles_nothing, |desk| a_clean_stop(desk, Signal::INT));

on_both!(sigkill_under_load_loses_nothing, |mut desk| async move {
    let bot = desk.run().await;
    load(&desk);
    amid(&desk).await;
    bot.signal(Signal::KILL);
    assert_eq!(bot.ended().await.code, None);
    desk.set("HTTP_ADDR", "127.0.0.1:0");
    let again = desk.run().await;
    desk.idle().await;
    assert!(again.err().contains("did not stop cleanly"), "{}", again.err());
    let copies = copies(&desk);
    for who in 0..PEOPLE {
        let twice =
            copies.iter().filter(|(text, count)| text.starts_with(&format!("m{who}-")) && **count > 1);
        assert!(twice.count() <= 1, "only what was in flight may arrive twice: {copies:?}");
    }
    let topics = desk.world.topics(desk.staff);
    for who in 0..PEOPLE {
        let theirs = topics.iter().filter(|topic| topic.name.ends_with(&format!("Customer {who}"))).count();
        assert!(theirs == 1 || theirs == 2, "{theirs} topics: one, and one more whose making was in flight");
    }
});

on_both!(a_second_signal_ends_it_at_once_and_the_next_start_finishes, |mut desk| async move {
    let mut bot = desk.run().await;
    let nino = desk.world.add_person("Nino", "en");
    desk.world.add_fault(Fault::new(FaultKind::Withhold).method("createForumTopic"));
    desk.world.say(nino, desk.chat(nino), "still there?").unwrap();
    assert!(
        eventually(|| !desk.world.calls_of("createForumTopic").is_empty()).await,
        "a call was to be under way"
    );
    bot.signal(Signal::TERM);
    bot.logs("a second signal stops at once").await;
    let watch = Stopwatch::start();
    bot.signal(Signal::INT);
    let ended = bot.ended().await;
    assert_eq!(ended.code, Some(130), "as a shell counts SIGINT: {}", ended.err);
    assert!(watch.elapsed() < Duration::from_secs(2), "{:?}", watch.elapsed());
    desk.world.remove_faults(None);
    desk.set("HTTP_ADDR", "127.0.0.1:0");
    let _again = desk.run().await;
    desk.idle().await;
    assert!(desk.at_staff().contains(&"still there?".to_owned()), "{:?}", desk.at_staff());
});

#[tokio::test]
async fn a_stop_waits_no_longer_than_ten_seconds_for_telegram() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let bot = desk.run().await;
    let nino = desk.world.add_person("Nino", "en");
    desk.world.add_fault(Fault::new(FaultKind::Timeout).method("createForumTopic"));
    desk.world.say(nino, desk.chat(nino), "hello").unwrap();
    assert!(
        eventually(|| !desk.world.calls_of("createForumTopic").is_empty()).await,
        "a call was to be under way"
    );
    let ended = bot.stopped(Signal::TERM).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.err.contains("stopped before every call was answered"), "{}", ended.err);
}

#[tokio::test]
async fn systemd_hears_that_it_is_ready_and_that_it_stops() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let path = desk.folder().join("notify.sock");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_nonblocking(true).unwrap();
    desk.set("NOTIFY_SOCKET", path.to_str().unwrap());
    let mut notices = String::new();
    let mut hears = |words: &str| {
        let mut notice = [0; 1024];
        while let Ok(length) = socket.recv(&mut notice) {
            notices.push_str(&String::from_utf8_lossy(&notice[..length]));
            notices.push('\n');
        }
        notices.contains(words)
    };
    desk.world.add_fault(Fault::new(FaultKind::Withhold).method("getMe"));
    let mut bot = desk.start(&["run"]);
    bot.http().await;
    assert!(!hears("READY=1"), "it is not ready before Telegram has told who it is");
    desk.world.remove_faults(None);
    assert!(eventually(|| hears("READY=1\nSTATUS=running as @lotus_support_bot")).await);
    assert!(!hears("STOPPING=1"));
    assert_eq!(bot.stopped(Signal::TERM).await.code, Some(0));
    assert!(hears("STOPPING=1"));
}

#[tokio::test]
async fn a_signal_before_the_start_is_over_ends_it_well() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    // A server that takes connections and says nothing holds the start up.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    desk.set("DATABASE_URL", format!("postgres://desk@127.0.0.1:{port}/desk"));
    let mut bot = desk.start(&["run"]);
    bot.logs("starting").await;
    silent.set_nonblocking(true).unwrap();
    let mut held = None;
    let asked = eventually(|| {
        held = silent.accept().ok();
        held.is_some()
    });
    assert!(asked.await, "the bot was to connect");
    let ended = bot.stopped(Signal::TERM).await;
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert!(ended.err.contains("stopped before it had started"), "{}", ended.err);
}

#[tokio::test]
async fn sighup_is_answered_in_the_log_and_ends_nothing() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let mut bot = desk.run().await;
    bot.signal(Signal::HUP);
    bot.logs("SIGHUP does nothing").await;
    assert_eq!(bot.stopped(Signal::INT).await.code, Some(0));
}
