//! What the page needs beside the acts: the town that it opens with, answers in the log, votes.

use sandbox::Media;
use sandbox::town::Town as Demo;
use serde_json::{Value, json};

use crate::support::Town;

async fn get(town: &Town, path: &str) -> Value {
    let response = town.client.get(format!("{}{path}", town.server.url())).send().await.unwrap();
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn the_demo_town_has_topics_with_history_that_its_bot_never_hears() {
    let town = Town::new().await;
    let demo = Demo::build(&town.world).unwrap();
    let names: Vec<String> = town.world.topics(demo.staff).into_iter().map(|topic| topic.name).collect();
    assert_eq!(names, ["General", "Deliveries", "Spring tasting"]);
    assert!(town.world.messages(demo.staff).len() > 6 && town.world.messages(demo.cafe).len() > 2);
    let url = format!("{}/bot{}/getUpdates", town.server.url(), demo.bot.token);
    let updates = town.client.get(url).send().await.unwrap().text().await.unwrap();
    assert!(updates.contains("my_chat_member") && !updates.contains("The van comes"), "{updates}");
    let chat = sandbox::ChatId::private(demo.customers[0], demo.bot.id);
    assert!(town.world.messages(chat).is_empty(), "a customer begins with an empty chat");
}

#[tokio::test]
async fn the_log_holds_what_a_call_was_answered() {
    let town = Town::new().await;
    let last = get(&town, "/api/journal").await["last"].as_u64().unwrap();
    town.call("getMe", json!({})).await;
    town.fails("sendMessage", json!({"chat_id": 5, "text": "x"})).await;
    let calls = get(&town, &format!("/api/journal?after={last}")).await["calls"].clone();
    assert_eq!(calls[0]["answer"]["result"]["username"], "lotus_support_bot");
    assert_eq!(calls[1]["answer"]["description"], "Bad Request: chat not found");
}

#[tokio::test]
async fn a_poll_shows_who_voted_for_what() {
    let town = Town::new().await;
    let poll = Media::Poll("Which?".to_owned(), vec!["Jasmine".to_owned(), "Oolong".to_owned()]);
    let id = town.world.message(town.nino, town.chat).media(poll).send().unwrap();
    town.world.vote(town.nino, town.chat, id, &[1]).unwrap();
    let list = get(&town, &format!("/api/chats/{}/messages", town.chat)).await;
    assert_eq!(list["messages"][0]["votes"], json!([{"from": town.nino, "options": [1]}]));
    town.world.vote(town.nino, town.chat, id, &[]).unwrap();
    let list = get(&town, &format!("/api/chats/{}/messages", town.chat)).await;
    assert_eq!(list["messages"][0]["votes"], Value::Null);
    town.updates().await;
}
