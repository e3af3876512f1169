//! Channels: posts, what bots hear of them, discussion groups.

use sandbox::{ChatId, Rights, Status};
use serde_json::{Value, json};

use crate::support::Town;

async fn channel(town: &Town) -> ChatId {
    let channel = town.world.add_channel("Lotus news", Some("lotus_news"), town.mei).unwrap();
    town.world.add_member(channel, town.bot.id, Status::Administrator(Rights::all())).unwrap();
    let joined = town.updates().await;
    assert_eq!(joined.len(), 1, "a channel does not tell who comes: {joined:?}");
    assert_eq!(joined[0]["my_chat_member"]["chat"]["type"], "channel");
    assert_eq!(joined[0]["my_chat_member"]["new_chat_member"]["can_post_messages"], true);
    channel
}

#[tokio::test]
async fn a_post_comes_from_the_channel_itself() {
    let town = Town::new().await;
    let news = channel(&town).await;
    let said = town.world.say(town.mei, news, "We open at nine").unwrap();
    let post = town.updates().await[0]["channel_post"].clone();
    assert_eq!(
        (&post["text"], &post["sender_chat"]["username"]),
        (&json!("We open at nine"), &json!("lotus_news"))
    );
    assert!(post.get("from").is_none() && post.get("author_signature").is_none(), "{post}");

    town.world.set_signatures(news, true).unwrap();
    town.world.say(town.mei, news, "Signed").unwrap();
    assert_eq!(town.updates().await[0]["channel_post"]["author_signature"], "Mei");
    town.world.edit(town.mei, news, said, "We open at ten").unwrap();
    assert_eq!(town.updates().await[0]["edited_channel_post"]["text"], "We open at ten");

    town.world.join(town.nino, news).unwrap();
    assert!(town.updates().await.is_empty());
    assert!(town.world.say(town.nino, news, "May I?").is_err(), "readers do not write");
    assert_eq!(town.world.view_as(town.nino, news).last().unwrap().text.as_deref(), Some("Signed"));
}

#[tokio::test]
async fn a_bot_posts_and_edits_and_finds_the_channel_by_name() {
    let town = Town::new().await;
    let news = channel(&town).await;
    let sent = town.call("sendMessage", json!({"chat_id": "@Lotus_News", "text": "Tea"})).await;
    assert_eq!(
        (&sent["chat"]["id"], &sent["sender_chat"]["id"]),
        (&json!(news.number()), &json!(news.number()))
    );
    let edit = json!({"chat_id": "@lotus_news", "message_id": sent["message_id"], "text": "Jasmine tea"});
    town.call("editMessageText", edit).await;
    let said = town.world.say(town.mei, news, "by hand").unwrap();
    let edit = json!({"chat_id": "@lotus_news", "message_id": said, "text": "by a bot"});
    assert_eq!(town.call("editMessageText", edit.clone()).await["text"], "by a bot");
    let keyboard = json!({"chat_id": "@lotus_news", "text": "x", "reply_markup": {"keyboard": [["Yes"]]}});
    assert_eq!(town.fails("sendMessage", keyboard).await, "Bad Request: inline keyboard expected");
    town.call("pinChatMessage", json!({"chat_id": "@lotus_news", "message_id": said})).await;
    let updates = town.updates().await;
    assert!(updates.iter().any(|update| update["channel_post"]["pinned_message"].is_object()), "{updates:?}");

    let poster = Rights { can_post_messages: true, ..Rights::default() };
    town.world.promote(news, town.bot.id, poster).unwrap();
    assert_eq!(town.fails("editMessageText", edit).await, "Bad Request: message can't be edited");
    town.world.promote(news, town.bot.id, Rights { can_manage_chat: true, ..Rights::default() }).unwrap();
    let error = town.fails("sendMessage", json!({"chat_id": "@lotus_news", "text": "x"})).await;
    assert_eq!(error, "Bad Request: need administrator rights in the channel chat");
    assert!(
        town.world.add_member(news, town.bot.id, Status::Member).is_err(),
        "bots are administrators there"
    );
    town.world.kick(town.mei, news, town.bot.id).unwrap();
    let error = town.fails("sendMessage", json!({"chat_id": "@lotus_news", "text": "x"})).await;
    assert_eq!(error, "Forbidden: bot was kicked from the channel chat");
}

#[tokio::test]
async fn a_public_channel_can_be_looked_at_from_outside() {
    let town = Town::new().await;
    let news = town.world.add_channel("Lotus news", Some("lotus_news"), town.mei).unwrap();
    let full = town.call("getChat", json!({"chat_id": "@lotus_news"})).await;
    assert_eq!((&full["type"], &full["active_usernames"]), (&json!("channel"), &json!(["lotus_news"])));
    assert!(full.get("permissions").is_none());
    let error = town.fails("sendMessage", json!({"chat_id": "@lotus_news", "text": "x"})).await;
    assert_eq!(error, "Forbidden: bot is not a member of the channel chat");
    town.world.set_username(news, None).unwrap();
    assert_eq!(town.fails("getChat", json!({"chat_id": "@lotus_news"})).await, "Bad Request: chat not found");
    assert_eq!(town.fails("getChat", json!({"chat_id": news.number()})).await, "Bad Request: chat not found");
}

#[tokio::test]
async fn a_post_goes_to_the_discussion_group_by_itself() {
    let town = Town::new().await;
    let news = channel(&town).await;
    let talk = town.world.add_supergroup("Lotus talk", town.mei);
    town.world.add_member(talk, town.bot.id, Status::Administrator(Rights::usual())).unwrap();
    town.world.set_discussion(news, Some(talk)).unwrap();
    town.updates().await;
    assert_eq!(
        town.call("getChat", json!({"chat_id": news.number()})).await["linked_chat_id"],
        talk.number()
    );
    assert_eq!(
        town.call("getChat", json!({"chat_id": talk.number()})).await["linked_chat_id"],
        news.number()
    );
    let sent = town.call("sendMessage", json!({"chat_id": news.number(), "text": "What tea?"})).await;
    let copy = town.updates().await[0]["message"].clone();
    assert_eq!((&copy["is_automatic_forward"], &copy["from"]["id"]), (&json!(true), &json!(777_000)));
    assert_eq!(copy["sender_chat"]["id"], news.number());
    let origin = &copy["forward_origin"];
    assert_eq!((&origin["type"], &origin["message_id"]), (&json!("channel"), &sent["message_id"]));
    let id = copy["message_id"].as_i64().unwrap();
    town.world.message(town.mei, talk).text("Jasmine").reply_to(id).send().unwrap();
    let answer = town.updates().await[0]["message"].clone();
    assert_eq!(answer["reply_to_message"]["is_automatic_forward"], true);
}

#[tokio::test]
async fn nobody_learns_who_reacted_to_a_post() {
    let town = Town::new().await;
    let news = channel(&town).await;
    town.call("getUpdates", json!({"allowed_updates": ["message_reaction", "message_reaction_count"]})).await;
    let said = town.world.say(town.mei, news, "Tea").unwrap();
    town.world.react(town.mei, news, said, Some("👍")).unwrap();
    let counts: Value = town.updates().await[0]["message_reaction_count"]["reactions"].clone();
    assert_eq!(counts, json!([{"type": {"type": "emoji", "emoji": "👍"}, "total_count": 1}]));
}

#[tokio::test]
async fn a_channel_is_made_over_http() {
    let town = Town::new().await;
    let post = |body: Value| {
        let request = town.client.post(format!("{}/api/act", town.server.url())).body(body.to_string());
        async { serde_json::from_str::<Value>(&request.send().await.unwrap().text().await.unwrap()).unwrap() }
    };
    let made =
        post(json!({"act": "create_channel", "as": town.mei, "title": "News", "username": "tea_news"})).await;
    let chat = made["chat"].clone();
    let taken =
        post(json!({"act": "create_channel", "as": town.mei, "title": "News", "username": "Tea_News"})).await;
    assert_eq!(taken["error"], "this username is taken");
    let add = json!({"act": "add_member", "chat": chat, "who": town.bot.id, "status": "administrator"});
    assert_eq!(post(add).await, json!({}));
    assert_eq!(post(json!({"act": "signatures", "chat": chat, "on": true})).await, json!({}));
    let said = post(json!({"act": "say", "as": town.mei, "chat": chat, "text": "Hello"})).await;
    assert!(said["message"].is_i64(), "{said}");
    let post_seen = town.updates().await.last().unwrap()["channel_post"].clone();
    assert_eq!((&post_seen["text"], &post_seen["author_signature"]), (&json!("Hello"), &json!("Mei")));
}
