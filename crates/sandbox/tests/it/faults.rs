//! What a test lets go wrong, and what the journal says of it.

use sandbox::{Clock, Fault, FaultKind, JournalSize, Options};
use serde_json::json;

use crate::support::{START, Town};

async fn started() -> Town {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    town
}

fn texts(town: &Town) -> Vec<String> {
    town.world.view_as(town.nino, town.chat).into_iter().filter_map(|message| message.text).collect()
}

#[tokio::test]
async fn flood_control_refuses_with_retry_after() {
    let town = started().await;
    town.world
        .add_fault(Fault::new(FaultKind::TooManyRequests { retry_after: 7 }).method("sendMessage").count(1));
    let request = town.client.post(town.url("sendMessage")).body(format!("chat_id={}&text=x", town.nino));
    let response = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "7");
    let body = response.text().await.unwrap();
    assert!(
        body.contains(r#""parameters":{"retry_after":7}"#)
            && body.contains("Too Many Requests: retry after 7")
    );
    assert_eq!(texts(&town), ["/start"], "nothing was done");
    town.call("sendMessage", json!({"chat_id": town.nino, "text": "x"})).await;
}

#[tokio::test]
async fn a_server_error_strikes_one_chat_only() {
    let town = started().await;
    town.world.add_fault(Fault::new(FaultKind::ServerError { code: 502 }).chat(town.chat));
    let answer = town.raw("sendMessage", json!({"chat_id": town.nino, "text": "x"})).await;
    assert_eq!((&answer["error_code"], &answer["description"]), (&json!(502), &json!("Bad Gateway")));
    town.call("sendMessage", json!({"chat_id": town.staff.number(), "text": "x"})).await;
    town.world.remove_faults(None);
    town.call("sendMessage", json!({"chat_id": town.nino, "text": "x"})).await;
}

#[tokio::test]
async fn a_lost_reply_was_carried_out_and_a_cut_call_was_not() {
    let town = started().await;
    let send = |text: &str| {
        let body = json!({"chat_id": town.nino, "text": text}).to_string();
        town.client.post(town.url("sendMessage")).header("content-type", "application/json").body(body).send()
    };
    town.world.add_fault(Fault::new(FaultKind::LostReply).count(1));
    assert!(send("lost").await.is_err());
    town.world.add_fault(Fault::new(FaultKind::Cut).count(1));
    assert!(send("cut").await.is_err());
    assert_eq!(texts(&town), ["/start", "lost"]);
    let calls = town.world.calls_of("sendMessage");
    assert_eq!(calls.len(), 1, "a cut call was never accepted");
    assert_eq!(
        (calls[0].ok, calls[0].answered_at, calls[0].fault.as_deref()),
        (Some(true), None, Some("lost_reply"))
    );
    town.world.wait_until_idle(town.bot.id).await;
}

#[tokio::test]
async fn the_journal_tells_when_an_answer_was_written() {
    let town = started().await;
    let sent = town.call("sendMessage", json!({"chat_id": town.nino, "text": "x"})).await;
    let call = town.world.calls_of("sendMessage").pop().unwrap();
    assert!(call.answered_at.unwrap() >= call.accepted_at);
    assert_eq!(call.messages, [sent["message_id"].as_i64().unwrap()]);
    assert_eq!((call.chat, call.params["text"].as_str(), call.code), (Some(town.chat), Some("x"), 200));
    assert_eq!(town.world.journal_after(call.seq - 1).len(), 1);
}

#[tokio::test]
async fn a_withheld_answer_waits_and_is_unanswered_until_then() {
    let town = started().await;
    town.world.add_fault(Fault::new(FaultKind::Withhold).count(1));
    let call = town.raw("sendMessage", json!({"chat_id": town.nino, "text": "x"}));
    let release = async {
        while town.world.calls_of("sendMessage").is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(texts(&town), ["/start", "x"]);
        assert_eq!(town.world.in_flight(town.bot.id), 1);
        assert_eq!(town.world.calls_of("sendMessage")[0].answered_at, None);
        town.world.release();
    };
    let (answer, ()) = tokio::join!(call, release);
    assert_eq!(answer["ok"], true);
    town.world.wait_until_idle(town.bot.id).await;
    assert_eq!(town.world.in_flight(town.bot.id), 0);
}

#[tokio::test]
async fn a_call_that_is_never_answered_ends_when_its_client_goes() {
    let town = started().await;
    town.world.add_fault(Fault::new(FaultKind::Timeout).count(1));
    let call = town.raw("sendMessage", json!({"chat_id": town.nino, "text": "x"}));
    let accepted = async {
        while town.world.calls_of("sendMessage").is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        answer = call => panic!("it was answered: {answer}"),
        () = accepted => {}
    }
    town.world.wait_until_idle(town.bot.id).await;
    assert_eq!(texts(&town), ["/start", "x"]);
    assert_eq!(town.world.calls_of("sendMessage")[0].answered_at, None);
}

#[tokio::test]
async fn a_slow_answer_follows_the_manual_clock() {
    let town = started().await;
    town.world.add_fault(Fault::new(FaultKind::Slow { ms: 5_000 }).count(1));
    let call = town.raw("sendMessage", json!({"chat_id": town.nino, "text": "x"}));
    let advance = async {
        while town.world.calls_of("sendMessage").is_empty() {
            tokio::task::yield_now().await;
        }
        town.world.clock().advance(5_000_000);
    };
    let (answer, ()) = tokio::join!(call, advance);
    assert_eq!((&answer["ok"], town.world.clock().now()), (&json!(true), START + 5_000_000));
}

#[tokio::test]
async fn a_duplicate_comes_again_after_it_was_confirmed() {
    let town = started().await;
    town.world.add_fault(Fault::new(FaultKind::Duplicate).count(1));
    town.world.say(town.nino, town.chat, "twice").unwrap();
    let first = town.call("getUpdates", json!({})).await;
    let next = first[0]["update_id"].as_i64().unwrap() + 1;
    let again = town.call("getUpdates", json!({"offset": next})).await;
    assert_eq!(again, first);
    assert_eq!(town.call("getUpdates", json!({"offset": next})).await, json!([]));
}

#[tokio::test]
async fn reordering_shuffles_chats_and_keeps_each_in_order() {
    let town = started().await;
    town.world.add_fault(Fault::new(FaultKind::Reorder));
    for number in 0..20 {
        town.world.say(town.nino, town.chat, &number.to_string()).unwrap();
        town.world.say(town.mei, town.staff, &number.to_string()).unwrap();
    }
    let updates = town.call("getUpdates", json!({})).await;
    let ids: Vec<_> =
        updates.as_array().unwrap().iter().map(|update| update["update_id"].as_i64().unwrap()).collect();
    assert!(!ids.is_sorted() && ids.len() == 40);
    for chat in [town.nino.0, town.staff.number()] {
        let numbers: Vec<i32> = updates
            .as_array()
            .unwrap()
            .iter()
            .filter(|update| update["message"]["chat"]["id"] == chat)
            .map(|update| update["message"]["text"].as_str().unwrap().parse().unwrap())
            .collect();
        assert!(numbers.is_sorted() && numbers.len() == 20);
    }
}

#[tokio::test]
async fn hostile_and_newer_updates_are_delivered_as_they_are() {
    let town = started().await;
    town.world.send_raw_update(town.bot.id, json!({"message": {"text": 5}}));
    town.world.send_raw_update(town.bot.id, json!("no object"));
    let id = town.world.send_raw_update(town.bot.id, json!({"kind_from_tomorrow": {}}));
    let updates = town.call("getUpdates", json!({})).await;
    assert_eq!(updates[0]["message"]["text"], 5);
    assert_eq!((&updates[1], &updates[2]["update_id"]), (&json!("no object"), &json!(id)));
    assert_eq!(town.call("getUpdates", json!({"offset": id + 1})).await, json!([]));

    town.world.set_newer(true);
    for _ in 0..25 {
        town.world.say(town.nino, town.chat, "x").unwrap();
    }
    let updates = town.updates().await;
    assert!(updates.iter().any(|update| update["message"]["field_of_a_later_version"].is_object()));
    let text = json!(updates).to_string();
    for word in ["kind_of", "status_of", "content_of", "\"type\":\"type_of"] {
        assert!(text.contains(&format!("{word}_a_later_version")), "no update holds {word}…");
    }
}

#[tokio::test]
async fn the_journal_forgets_the_oldest_calls() {
    let options =
        Options { clock: Clock::manual(START), journal: JournalSize::Newest(3), ..Options::default() };
    let town = Town::with(options).await;
    for _ in 0..5 {
        town.call("getMe", json!({})).await;
    }
    let seqs: Vec<_> = town.world.journal().iter().map(|call| call.seq).collect();
    assert_eq!(seqs.len(), 3);
    assert!(seqs.is_sorted());
    assert_eq!(town.world.journal_after(seqs[1]).len(), 1);
}

#[tokio::test]
async fn a_fault_by_method_chat_count_and_chance_strikes_only_what_fits_all_of_them() {
    let town = started().await;
    let fault = Fault::new(FaultKind::TooManyRequests { retry_after: 7 });
    town.world.add_fault(fault.method("sendmessage").chat(town.chat).count(3).chance(0.5));
    let (mut struck, mut spared) = (0, 0);
    for _ in 0..40 {
        let answer = town.raw("sendMessage", json!({"chat_id": town.nino, "text": "x"})).await;
        match answer["parameters"]["retry_after"].as_i64() {
            Some(7) => struck += 1,
            _ => spared += 1,
        }
        town.call("sendMessage", json!({"chat_id": town.staff.number(), "text": "x"})).await;
        town.call("sendChatAction", json!({"chat_id": town.nino, "action": "typing"})).await;
    }
    assert_eq!((struck, spared), (3, 37), "count ends it, whatever the chance");
}
