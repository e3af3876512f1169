//! The test clock: step by step, with participants.

use std::time::Duration;

use sandbox::client::Client;
use sandbox::{Clock, Fault, FaultKind, Options};
use serde_json::json;

use crate::support::{START, Town};
use crate::webhooks::hook;

fn client(town: &Town) -> Client {
    Client::new(&town.server.url())
}

/// What an advance without patience is refused with.
async fn hasty(town: &Town) -> String {
    let body = json!({"micros": 5, "timeout_ms": 1}).to_string();
    let url = format!("{}/api/clock/advance", town.server.url());
    let answer = town.client.post(url).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 409);
    answer.text().await.unwrap()
}

#[tokio::test]
async fn an_advance_carries_out_every_retry_of_a_webhook_at_its_time() {
    let town = Town::new().await;
    let (url, mut got) = hook(4, "").await;
    town.call("setWebhook", json!({"url": url})).await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let clock = client(&town);
    // At once, again at once, after 2 s and after 4 s more it fails; the fifth attempt is due after 8 s more.
    assert_eq!(clock.advance(13_999_999).await.unwrap(), START + 13_999_999);
    assert_eq!(town.world.pending_updates(town.bot.id), 1);
    assert_eq!(clock.clock().await.unwrap().due, Some(START + 14_000_000));
    clock.advance(1).await.unwrap();
    assert_eq!(town.world.pending_updates(town.bot.id), 0);
    let mut attempts = 0;
    while got.try_recv().is_ok() {
        attempts += 1;
    }
    assert_eq!(attempts, 5);
}

#[tokio::test]
async fn an_advance_stops_where_a_participant_has_something_to_do() {
    let town = Town::new().await;
    let clock = client(&town);
    let told = clock.register("shop", Some(town.bot.id)).await.unwrap();
    assert_eq!((told.now, told.stands), (START, true));
    let due = [START + 3_000_000, START + 5_000_000];
    let process = async {
        // What a process does: it follows, wakes what is due, and says when it is done.
        let (mut turn, mut woken) = (told.turn, Vec::new());
        let mut now = told.now;
        loop {
            woken.extend(due.iter().filter(|at| **at <= now).map(|at| (*at, now)));
            let next = due.iter().copied().find(|at| *at > now);
            let told = clock.report_idle(told.id, turn, next).await.unwrap();
            if woken.len() >= due.len() && told.now == START + 10_000_000 {
                return woken;
            }
            let told = clock.follow(told.id, turn).await.unwrap();
            (turn, now) = (told.turn, told.now);
        }
    };
    let other = client(&town);
    let (woken, advanced) = tokio::join!(process, other.advance(10_000_000));
    assert_eq!(advanced.unwrap(), START + 10_000_000);
    // Each was seen at its own time, and at none after it for the first time.
    assert_eq!(woken[0], (due[0], due[0]));
    assert!(woken.contains(&(due[1], due[1])), "{woken:?}");
    assert!(clock.clock().await.unwrap().participants[0].idle);
    clock.leave(told.id).await.unwrap();
    clock.advance(1).await.unwrap();
}

#[tokio::test]
async fn a_report_counts_for_nothing_once_the_bot_was_given_something() {
    let town = Town::new().await;
    let clock = client(&town);
    let told = clock.register("shop", Some(town.bot.id)).await.unwrap();
    clock.report_idle(told.id, told.turn, None).await.unwrap();
    assert!(hasty(&town).await.contains("has not said"));
    // The advance moved the clock, which the participant does not know of: it is asked again.
    let told = clock.follow(told.id, told.turn).await.unwrap();
    clock.report_idle(told.id, told.turn, None).await.unwrap();
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    assert!(!clock.clock().await.unwrap().participants[0].idle);
    let now = clock.follow(told.id, told.turn).await.unwrap();
    assert!(now.turn > told.turn);
    let stale = clock.report_idle(told.id, told.turn, None).await.unwrap();
    assert_eq!(stale.turn, now.turn);
    assert!(!clock.clock().await.unwrap().participants[0].idle);
}

#[tokio::test]
async fn an_advance_names_the_participant_that_died_and_goes_on_without_it() {
    let town = Town::new().await;
    let clock = client(&town);
    let told = clock.register("shop", None).await.unwrap();
    let following = tokio::spawn({
        let clock = client(&town);
        async move { clock.follow(told.id, told.turn).await }
    });
    let advance = clock.advance(5);
    let die = async {
        // It hears that the clock has moved, or dies before: either way it never says that it is idle.
        following.abort();
    };
    let (failed, ()) = tokio::join!(advance, die);
    let said = failed.unwrap_err().to_string();
    assert!(said.contains("\"shop\" is gone"), "{said}");
    clock.advance(5).await.unwrap();
}

#[tokio::test]
async fn an_advance_says_what_it_waits_for_in_vain() {
    let town = Town::new().await;
    let clock = client(&town);
    clock.register("shop", None).await.unwrap();
    let said = hasty(&town).await;
    assert!(said.contains("shop") && said.contains("has not said that it is idle"), "{said}");
}

#[tokio::test]
async fn a_slow_answer_is_a_due_time_and_a_withheld_one_is_none() {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.world.add_fault(Fault::new(FaultKind::Slow { ms: 5_000 }).method("sendMessage").count(1));
    town.world.add_fault(Fault::new(FaultKind::Withhold).method("getMe").count(1));
    let clock = client(&town);
    let send = town.raw("sendMessage", json!({"chat_id": town.nino, "text": "x"}));
    let withheld = town.raw("getMe", json!({}));
    let time = async {
        while town.world.in_flight(town.bot.id) < 2 || town.world.clock_view().due.is_none() {
            tokio::task::yield_now().await;
        }
        clock.advance(60_000_000).await.unwrap();
        town.world.release();
    };
    let (slow, released, ()) = tokio::join!(send, withheld, time);
    assert_eq!((&slow["ok"], &released["ok"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn a_running_clock_is_frozen_advanced_and_thawed() {
    let town = Town::with(Options { clock: Clock::real(), ..Options::default() }).await;
    let clock = client(&town);
    let refused = clock.advance(5).await.unwrap_err().to_string();
    assert!(refused.contains("/api/clock/freeze"), "{refused}");
    let at = clock.freeze().await.unwrap();
    assert_eq!(clock.clock().await.unwrap().now, at);
    assert_eq!(clock.advance(3_600_000_000).await.unwrap(), at + 3_600_000_000);
    assert_eq!(clock.freeze().await.unwrap(), at + 3_600_000_000, "it stands already");
    let thawed = clock.thaw().await.unwrap();
    assert!(thawed >= at + 3_600_000_000 && clock.clock().await.unwrap().clock == "real");
    let ahead = Duration::from_micros(u64::try_from(town.world.clock().now() - at).unwrap());
    assert!(ahead >= Duration::from_hours(1));
}

#[tokio::test]
async fn an_advance_that_a_participant_keeps_going_ends_with_its_patience() {
    let town = Town::new().await;
    let clock = client(&town);
    let told = clock.register("restless", None).await.unwrap();
    let restless = async {
        let mut told = told;
        loop {
            clock.report_idle(told.id, told.turn, Some(told.now + 1)).await.unwrap();
            told = clock.follow(told.id, told.turn).await.unwrap();
        }
    };
    let patient = town.world.advance(60_000_000, 300_000);
    let hasty = async {
        // Somebody else's advance is under way, and this one's patience counts while it waits for it.
        while town.world.clock().now() == START {
            tokio::task::yield_now().await;
        }
        town.world.advance(60_000_000, 1_000).await.unwrap_err().to_string()
    };
    let both = async { tokio::join!(patient, hasty) };
    let (kept_going, hasty) = tokio::select! {
        both = both => both,
        () = restless => unreachable!(),
    };
    let said = kept_going.unwrap_err().to_string();
    assert!(said.contains("\"restless\""), "{said}");
    assert!(hasty.contains("another advance is under way"), "{hasty}");
    assert!(town.world.clock().now() < START + 60_000_000);
    town.call("getMe", json!({})).await;
}
