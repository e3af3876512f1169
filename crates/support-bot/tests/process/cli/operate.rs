//! `jobs`, `dead-letters` and `health` beside a bot that runs.

use rustix::process::Signal;
use sandbox::{Fault, FaultKind};
use serde_json::Value;
use testkit::Backend;

use super::fails;
use crate::desk::{Desk, on_both};
use crate::process::{Process, eventually};

const WORDS: &str = "private words of the customer";

fn json(text: &str) -> Value {
    assert_eq!(text.lines().count(), 1, "one line, for scripts: {text}");
    serde_json::from_str(text).unwrap()
}

/// A bot that runs, with two dead letters: what two customers wrote while the tables refused them.
async fn with_dead_letters(desk: &mut Desk) -> Process {
    let bot = desk.run().await;
    assert_eq!(bot.stopped(Signal::TERM).await.code, Some(0));
    let mut side = desk.side().await;
    side.run("alter table tickets rename to hidden").await;
    for name in ["Nino", "Tamar"] {
        let person = desk.world.add_person(name, "en");
        desk.world.say(person, desk.chat(person), WORDS).unwrap();
    }
    desk.set("HTTP_ADDR", "127.0.0.1:0");
    let bot = desk.run().await;
    // Each attempt comes later than the one before; the fifth is the last.
    while side.number("select count(*) from dead_letters").await < 2 {
        side.run("update inbox set attempts = 4 where state = 0 and attempts between 1 and 3").await;
        assert!(!bot.err().contains("panicked"), "{}", bot.err());
        tokio::task::yield_now().await;
    }
    side.run("alter table hidden rename to tickets").await;
    bot
}

on_both!(dead_letters_are_shown_without_content_tried_again_and_dropped, |mut desk| async move {
    let bot = with_dead_letters(&mut desk).await;
    let list = desk.ask(&["dead-letters", "list"]).await;
    assert_eq!(list.code, Some(0), "{}", list.err);
    let lines: Vec<_> = list.out.lines().collect();
    assert!(lines[0].starts_with("ID  WHAT") && lines.len() == 3, "{}", list.out);
    assert!(lines[1].contains("update message") && lines[1].contains("failed"), "{}", list.out);
    let all = json(&desk.ask(&["dead-letters", "list", "--json"]).await.out);
    assert_eq!(all["count"], 2);
    let one = desk.ask(&["dead-letters", "list", "--limit", "1"]).await.out;
    assert!(one.ends_with("and 1 more; see --limit\n"), "{one}");
    let ids: Vec<String> =
        all["dead_letters"].as_array().unwrap().iter().map(|letter| letter["id"].to_string()).collect();

    let shown = desk.ask(&["dead-letters", "show", &ids[0]]).await;
    assert!(shown.out.contains("--reveal prints it") && !shown.out.contains(WORDS), "{}", shown.out);
    assert!(json(&desk.ask(&["dead-letters", "show", &ids[0], "--json"]).await.out)["content"].is_null());
    assert!(desk.ask(&["dead-letters", "show", &ids[0], "--reveal"]).await.out.contains(WORDS));
    fails(
        &desk.ask(&["dead-letters", "show", "999"]).await,
        &["999: there is no dead letter of this number"],
    );
    assert_eq!(desk.health().await["dead_letters"], 2);
    assert_eq!(desk.health().await["status"], "degraded");

    let dropped = desk.ask(&["dead-letters", "drop", &ids[1]]).await;
    assert_eq!((dropped.code, dropped.out), (Some(0), format!("{}: dropped\n", ids[1])));
    let replayed = desk.ask(&["dead-letters", "replay", &ids[0], "999"]).await;
    assert_eq!(
        (replayed.code, replayed.out.as_str()),
        (Some(1), format!("{}: goes again\n", ids[0]).as_str())
    );
    assert!(replayed.err.contains("999: there is no dead letter"), "{}", replayed.err);
    let arrived = || desk.at_staff().iter().filter(|text| text.contains(WORDS)).count() == 1;
    assert!(eventually(arrived).await, "what is tried again arrives; the log:\n{}", bot.err());
    desk.idle().await;
    assert_eq!(desk.ask(&["dead-letters", "replay", "--all"]).await.out, "There are no dead letters.\n");
    assert_eq!(desk.health().await["status"], "ok");
});

on_both!(who_holds_neither_token_nor_staff_group_can_ask_how_the_bot_is, |mut desk| async move {
    let bot = with_dead_letters(&mut desk).await;
    for name in ["TELEGRAM_BOT_TOKEN", "STAFF_GROUP_ID", "ADMIN_USER_ID"] {
        desk.unset(name);
    }
    assert_eq!(desk.ask(&["jobs"]).await.out, "No job waits.\n");
    let all = json(&desk.ask(&["dead-letters", "list", "--json"]).await.out);
    assert_eq!(all["count"], 2);
    let replayed = desk.ask(&["dead-letters", "replay", "--all"]).await;
    assert_eq!(replayed.code, Some(0), "{}", replayed.err);
    let arrived = || desk.at_staff().iter().filter(|text| text.contains(WORDS)).count() == 2;
    assert!(eventually(arrived).await, "what is tried again arrives; the log:\n{}", bot.err());
    desk.idle().await;
});

#[tokio::test]
async fn what_is_no_number_of_a_dead_letter_is_said() {
    let desk = Desk::open(Backend::Sqlite).await;
    for command in ["show", "replay", "drop"] {
        let ended = desk.ask(&["dead-letters", command, "x"]).await;
        assert_eq!(ended.code, Some(2));
        assert!(
            ended.err.contains("'x'") && ended.err.contains("`dead-letters list` shows them"),
            "{}",
            ended.err
        );
    }
}

on_both!(jobs_are_counted_and_the_oldest_shown_beside_a_running_bot, |mut desk| async move {
    let bot = desk.run().await;
    assert_eq!(desk.ask(&["jobs"]).await.out, "No job waits.\n");
    desk.world.add_fault(Fault::new(FaultKind::Withhold).method("createForumTopic"));
    let nino = desk.world.add_person("Nino", "en");
    desk.world.say(nino, desk.chat(nino), WORDS).unwrap();
    assert!(eventually(|| !desk.world.calls_of("createForumTopic").is_empty()).await);
    let jobs = desk.ask(&["jobs"]).await;
    assert_eq!(jobs.code, Some(0), "{}", jobs.err);
    assert!(jobs.out.starts_with("KIND  DUE  WAITING\ncall"), "{}", jobs.out);
    assert!(jobs.out.contains("in flight") && !jobs.out.contains(WORDS), "{}", jobs.out);
    let told = json(&desk.ask(&["jobs", "--json", "--oldest", "1"]).await.out);
    assert_eq!(
        (told["oldest"].as_array().unwrap().len(), &told["kinds"][0]["kind"]),
        (1, &Value::from("call"))
    );
    desk.world.remove_faults(None);
    desk.idle().await;
    assert_eq!(desk.ask(&["jobs"]).await.out, "No job waits.\n");
    drop(bot);
});

#[tokio::test]
async fn health_is_0_for_a_bot_that_is_well_and_1_for_none() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    desk.set("HTTP_ADDR", "127.0.0.1:1");
    let nobody = desk.ask(&["health"]).await;
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.out.contains("unreachable") && nobody.out.contains("127.0.0.1:1"), "{}", nobody.out);
    assert_eq!(json(&desk.ask(&["health", "--json"]).await.out)["status"], "unreachable");
    let stranger = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    desk.set("HTTP_ADDR", stranger.local_addr().unwrap().to_string());
    std::thread::spawn(move || {
        for stream in stranger.incoming() {
            use std::io::Write as _;
            let _ = stream.unwrap().write_all(b"SSH-2.0-x\r\n\r\n");
        }
    });
    let other = desk.ask(&["health"]).await;
    assert_eq!(other.code, Some(1));
    desk.set("HTTP_ADDR", "127.0.0.1:0");
    let bot = desk.run().await;
    let well = desk.ask(&["health"]).await;
    assert_eq!(well.code, Some(0), "{}", well.out);
    assert!(well.out.starts_with("ok: support-bot "), "{}", well.out);
    let told = json(&desk.ask(&["health", "--json"]).await.out);
    assert_eq!((&told["bot"], &told["database"]["ok"]), (&Value::from("support-bot"), &Value::from(true)));
    drop(bot);
}
