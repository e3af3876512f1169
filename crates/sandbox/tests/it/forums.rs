//! Topics of a staff group.

use sandbox::{Rights, Status};
use serde_json::json;

use crate::support::Town;

#[tokio::test]
async fn a_topic_has_the_id_of_its_first_message() {
    let town = Town::new().await;
    let staff = town.staff.number();
    let topic = town.call("createForumTopic", json!({"chat_id": staff, "name": "#1 Nino"})).await;
    let id = topic["message_thread_id"].as_i64().unwrap();
    let created = town.updates().await;
    assert_eq!(created[0]["message"]["message_id"], id);
    assert_eq!(created[0]["message"]["forum_topic_created"]["name"], "#1 Nino");
    assert_eq!(created[0]["message"]["is_topic_message"], true);

    let sent =
        town.call("sendMessage", json!({"chat_id": staff, "message_thread_id": id, "text": "card"})).await;
    assert_eq!(sent["message_thread_id"], id);
    assert_eq!(
        sent["reply_to_message"]["message_id"], id,
        "Telegram shows the topic's first message as answered"
    );

    let in_general =
        town.call("sendMessage", json!({"chat_id": staff, "message_thread_id": 1, "text": "hi"})).await;
    assert!(in_general.get("message_thread_id").is_none());
    let error =
        town.fails("sendMessage", json!({"chat_id": staff, "message_thread_id": 999, "text": "hi"})).await;
    assert_eq!(error, "Bad Request: message thread not found");
}

#[tokio::test]
async fn staff_writes_in_topics_and_closes_them() {
    let town = Town::new().await;
    let staff = town.staff.number();
    let topic = town.call("createForumTopic", json!({"chat_id": staff, "name": "#2"})).await;
    let id = topic["message_thread_id"].as_i64().unwrap();
    let said = town.world.message(town.mei, town.staff).text("on it").topic(id).send().unwrap();
    town.world.message(town.mei, town.staff).text("as I said").reply_to(said).quote("on").send().unwrap();
    let updates = town.updates().await;
    assert_eq!(updates[1]["message"]["message_thread_id"], id);
    assert_eq!(updates[2]["message"]["message_thread_id"], id, "an answer stays in its topic");
    assert_eq!(updates[2]["message"]["quote"]["text"], "on");

    town.world.close_topic(town.mei, town.staff, id).unwrap();
    assert!(town.updates().await[0]["message"]["forum_topic_closed"].is_object());
    let error = town.fails("closeForumTopic", json!({"chat_id": staff, "message_thread_id": id})).await;
    assert_eq!(error, "Bad Request: TOPIC_NOT_MODIFIED");
    // An administrator may still write.
    town.call("sendMessage", json!({"chat_id": staff, "message_thread_id": id, "text": "closed"})).await;
    town.world
        .promote(town.staff, town.bot.id, Rights { can_manage_chat: true, ..Rights::default() })
        .unwrap();
    let error =
        town.fails("sendMessage", json!({"chat_id": staff, "message_thread_id": id, "text": "x"})).await;
    assert_eq!(error, "Bad Request: TOPIC_CLOSED");
    let error = town.fails("createForumTopic", json!({"chat_id": staff, "name": "x"})).await;
    assert_eq!(error, "Bad Request: not enough rights to create a topic");
}

#[tokio::test]
async fn a_deleted_topic_is_gone_with_its_messages() {
    let town = Town::new().await;
    let staff = town.staff.number();
    let topic = town.call("createForumTopic", json!({"chat_id": staff, "name": "#3"})).await;
    let id = topic["message_thread_id"].as_i64().unwrap();
    town.call("sendMessage", json!({"chat_id": staff, "message_thread_id": id, "text": "x"})).await;
    town.call("editForumTopic", json!({"chat_id": staff, "message_thread_id": id, "name": "done"})).await;
    assert_eq!(town.world.topics(town.staff)[1].name, "done");
    town.call("closeForumTopic", json!({"chat_id": staff, "message_thread_id": id})).await;
    town.call("reopenForumTopic", json!({"chat_id": staff, "message_thread_id": id})).await;
    town.call("deleteForumTopic", json!({"chat_id": staff, "message_thread_id": id})).await;
    let error =
        town.fails("sendMessage", json!({"chat_id": staff, "message_thread_id": id, "text": "x"})).await;
    assert_eq!(error, "Bad Request: message thread not found");
    let seen = town.world.view_as(town.mei, town.staff);
    assert!(seen.iter().all(|message| message.topic != Some(id)));
    let kinds: Vec<_> = town.updates().await.iter().map(|update| update["message"].clone()).collect();
    assert!(kinds.iter().any(|message| message["forum_topic_edited"]["name"] == "done"));
}

#[tokio::test]
async fn a_group_without_topics_refuses_them() {
    let town = Town::new().await;
    let group = town.world.add_supergroup("Café", town.nino);
    town.world.add_member(group, town.bot.id, Status::Administrator(Rights::all())).unwrap();
    let error = town.fails("createForumTopic", json!({"chat_id": group.number(), "name": "x"})).await;
    assert_eq!(error, "Bad Request: the chat is not a forum");
    let error = town
        .fails("sendMessage", json!({"chat_id": group.number(), "message_thread_id": 5, "text": "x"}))
        .await;
    assert_eq!(error, "Bad Request: message thread not found");
}

#[tokio::test]
async fn general_is_hidden_and_shown() {
    let town = Town::new().await;
    let staff = town.staff.number();
    let chat = json!({"chat_id": staff});
    town.call("hideGeneralForumTopic", chat.clone()).await;
    assert!(town.updates().await[0]["message"]["general_forum_topic_hidden"].is_object());
    assert_eq!(town.fails("hideGeneralForumTopic", chat.clone()).await, "Bad Request: TOPIC_NOT_MODIFIED");
    assert_eq!(town.fails("closeGeneralForumTopic", chat.clone()).await, "Bad Request: TOPIC_NOT_MODIFIED");
    town.world.add_member(town.staff, town.nino, Status::Member).unwrap();
    assert!(town.world.say(town.nino, town.staff, "anybody?").is_err(), "a hidden topic is closed");
    town.updates().await;
    town.call("reopenGeneralForumTopic", chat.clone()).await;
    let updates = town.updates().await;
    assert!(updates[0]["message"]["general_forum_topic_unhidden"].is_object(), "{updates:?}");
    assert!(updates[1]["message"]["forum_topic_reopened"].is_object());
    assert_eq!(town.fails("unhideGeneralForumTopic", chat.clone()).await, "Bad Request: TOPIC_NOT_MODIFIED");
    town.world
        .promote(town.staff, town.bot.id, Rights { can_manage_topics: false, ..Rights::all() })
        .unwrap();
    let error = town.fails("hideGeneralForumTopic", chat).await;
    assert_eq!(error, "Bad Request: not enough rights to close or reopen the topic");
}

#[tokio::test]
async fn a_topic_has_an_icon_that_telegram_offers() {
    let town = Town::new().await;
    let staff = town.staff.number();
    let icons = town.call("getForumTopicIconStickers", json!({})).await;
    assert!(icons.as_array().unwrap().len() > 100);
    let icon = icons[3]["custom_emoji_id"].clone();
    let topic = json!({"chat_id": staff, "name": "Voices", "icon_custom_emoji_id": icon});
    let made = town.call("createForumTopic", topic).await;
    assert_eq!(made["icon_custom_emoji_id"], icon);
    let edit = |icon: &str| json!({"chat_id": staff, "message_thread_id": made["message_thread_id"], "icon_custom_emoji_id": icon});
    assert_eq!(town.fails("editForumTopic", edit("12345")).await, "Bad Request: DOCUMENT_INVALID");
    town.call("editForumTopic", edit("")).await;
    let group = town.world.add_supergroup("No forum", town.mei);
    town.world.add_member(group, town.bot.id, Status::Administrator(Rights::all())).unwrap();
    let error = town.fails("createForumTopic", json!({"chat_id": group.number(), "name": "x"})).await;
    assert_eq!(error, "Bad Request: the chat is not a forum");
}
