//! A person and a bot write to each other.

use serde_json::json;

use crate::support::{START, Town};

#[tokio::test]
async fn a_person_asks_and_the_bot_answers() {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, Some("tea")).unwrap();
    let updates = town.updates().await;
    assert_eq!(updates.len(), 1);
    let message = &updates[0]["message"];
    assert_eq!(message["text"], "/start tea");
    assert_eq!(message["entities"], json!([{"type": "bot_command", "offset": 0, "length": 6}]));
    assert_eq!(message["chat"]["type"], "private");
    assert_eq!(message["date"], START / 1_000_000);

    let sent = town.call("SENDMESSAGE", json!({"chat_id": town.nino, "text": "  Hello! "})).await;
    assert_eq!(sent["text"], "Hello!");
    let seen = town.world.view_as(town.nino, town.chat);
    assert_eq!(seen.last().unwrap().text.as_deref(), Some("Hello!"));
    assert_eq!(seen.last().unwrap().from.name, "Lotus Support");
}

#[tokio::test]
async fn updates_stay_until_their_offset_is_confirmed() {
    let town = Town::new().await;
    for number in 0..5 {
        town.world.say(town.nino, town.chat, &format!("m{number}")).unwrap();
    }
    let first = town.call("getUpdates", json!({"limit": 2})).await;
    assert_eq!(first, town.call("getUpdates", json!({"limit": 2})).await);
    assert_eq!(first.as_array().unwrap().len(), 2);
    let next = first[1]["update_id"].as_i64().unwrap() + 1;
    assert_eq!(town.call("getUpdates", json!({"offset": next})).await.as_array().unwrap().len(), 3);
    let last = town.call("getUpdates", json!({"offset": -1})).await;
    assert_eq!(last[0]["message"]["text"], "m4");
    assert_eq!(town.world.pending_updates(town.bot.id), 1);
}

#[tokio::test]
async fn a_long_poll_returns_when_an_update_arrives() {
    let town = Town::new().await;
    let (world, nino, chat) = (town.world.clone(), town.nino, town.chat);
    let poll = town.call("getUpdates", json!({"timeout": 50}));
    let write = async move {
        tokio::task::yield_now().await;
        world.say(nino, chat, "hi").unwrap();
    };
    let (updates, ()) = tokio::join!(poll, write);
    assert_eq!(updates[0]["message"]["text"], "hi");
}
