//! Flood control, by the clock.

use serde_json::{Value, json};

use crate::support::Town;

async fn send(town: &Town, chat: i64) -> Value {
    town.raw("sendMessage", json!({"chat_id": chat, "text": "x"})).await
}

async fn switched_on() -> Town {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    let on = json!({"act": "flood_control", "on": true}).to_string();
    let url = format!("{}/api/act", town.server.url());
    assert_eq!(town.client.post(url).body(on).send().await.unwrap().status(), 200);
    town
}

#[tokio::test]
async fn a_person_is_sent_one_message_a_second_after_a_burst() {
    let town = switched_on().await;
    for _ in 0..5 {
        assert_eq!(send(&town, town.nino.0).await["ok"], true);
    }
    let body = json!({"chat_id": town.nino, "text": "x"}).to_string();
    let request =
        town.client.post(town.url("sendMessage")).header("content-type", "application/json").body(body);
    let answer = request.send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (429, "1"));
    let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(answer["description"], "Too Many Requests: retry after 1");
    assert_eq!(answer["parameters"]["retry_after"], 1);
    assert_eq!(
        town.raw("sendChatAction", json!({"chat_id": town.nino, "action": "typing"})).await["ok"],
        true
    );
    assert_eq!(send(&town, town.staff.number()).await["ok"], true, "another chat has its own limit");
    town.world.advance(1_000_000, 10_000_000).await.unwrap();
    assert_eq!(send(&town, town.nino.0).await["ok"], true);
    assert_eq!(send(&town, town.nino.0).await["error_code"], 429);
}

#[tokio::test]
async fn a_group_is_sent_twenty_messages_a_minute() {
    let town = switched_on().await;
    for _ in 0..20 {
        assert_eq!(send(&town, town.staff.number()).await["ok"], true);
    }
    assert_eq!(send(&town, town.staff.number()).await["parameters"]["retry_after"], 3);
    town.world.advance(60_000_000, 10_000_000).await.unwrap();
    for _ in 0..20 {
        assert_eq!(send(&town, town.staff.number()).await["ok"], true);
    }
    town.world.set_flood_control(false);
    assert_eq!(send(&town, town.staff.number()).await["ok"], true);
}
