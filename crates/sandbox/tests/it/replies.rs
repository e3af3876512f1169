//! What a bot answers: quotations, other chats, what is gone; and what it takes back.

use serde_json::{Value, json};

use crate::support::Town;

async fn town_with_question() -> (Town, i64) {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let asked = town.world.say(town.nino, town.chat, "Is the jasmine tea back?").unwrap();
    town.updates().await;
    (town, asked)
}

#[tokio::test]
async fn a_quotation_has_its_own_formatting_and_place() {
    let (town, asked) = town_with_question().await;
    let reply = |quote: &str| {
        let reply = json!({"message_id": asked, "quote": quote, "quote_parse_mode": "HTML"});
        json!({"chat_id": town.nino, "text": "Yes", "reply_parameters": reply})
    };
    let sent = town.call("sendMessage", reply("<b>jasmine</b> tea")).await;
    let expected = json!({"text": "jasmine tea", "position": 7, "is_manual": true,
        "entities": [{"type": "bold", "offset": 0, "length": 7}]});
    assert_eq!(sent["quote"], expected);
    assert_eq!(town.fails("sendMessage", reply("oolong")).await, "Bad Request: QUOTE_TEXT_INVALID");
}

#[tokio::test]
async fn an_answer_may_stand_in_another_chat() {
    let (town, asked) = town_with_question().await;
    let reply = |chat: Value, message: i64| {
        let parameters = json!({"message_id": message, "chat_id": chat, "allow_sending_without_reply": true});
        json!({"chat_id": town.staff.number(), "text": "Please answer", "reply_parameters": parameters})
    };
    let sent = town.call("sendMessage", reply(json!(town.nino), asked)).await;
    assert_eq!(sent["reply_to_message"], Value::Null);
    assert_eq!(sent["external_reply"]["origin"]["sender_user"]["id"], json!(town.nino));
    assert_eq!(sent["external_reply"]["chat"], Value::Null, "a private chat is not shown");
    let gone = town.fails("sendMessage", reply(json!(town.nino), 999)).await;
    assert_eq!(gone, "Bad Request: message to be replied not found");
    assert_eq!(town.fails("sendMessage", reply(json!("@nobody"), 1)).await, "Bad Request: chat not found");
}

#[tokio::test]
async fn links_are_shown_as_previews_unless_the_bot_says_otherwise() {
    let (town, _) = town_with_question().await;
    let link = |options: Value| json!({"chat_id": town.nino, "text": "See example.com/tea", "link_preview_options": options});
    let preview =
        async |options: Value| town.call("sendMessage", link(options)).await["link_preview_options"].clone();
    assert_eq!(preview(json!({})).await, json!({"url": "example.com/tea"}));
    assert_eq!(preview(json!({"is_disabled": true})).await, json!({"is_disabled": true}));
    let named = json!({"url": "https://example.org/", "prefer_small_media": true, "show_above_text": true});
    assert_eq!(preview(named.clone()).await, named);
    assert_eq!(
        town.fails("sendMessage", link(json!(7))).await,
        "Bad Request: object expected as link preview options"
    );
}

#[tokio::test]
async fn protected_messages_go_nowhere_else() {
    let (town, _) = town_with_question().await;
    let secret = json!({"chat_id": town.nino, "text": "For you only", "protect_content": true, "message_effect_id": "5"});
    let sent = town.call("sendMessage", secret).await;
    assert_eq!((&sent["has_protected_content"], &sent["effect_id"]), (&json!(true), &json!("5")));
    let on = json!({"chat_id": town.nino, "from_chat_id": town.nino, "message_id": sent["message_id"]});
    assert_eq!(town.fails("forwardMessage", on.clone()).await, "Bad Request: message can't be forwarded");
    assert_eq!(town.fails("copyMessage", on).await, "Bad Request: message can't be copied");
    let effect = json!({"chat_id": town.staff.number(), "text": "x", "message_effect_id": "5"});
    assert_eq!(town.fails("sendMessage", effect).await, "Bad Request: can't use message effects in the chat");
}

#[tokio::test]
async fn an_administrator_takes_reactions_away() {
    let (town, _) = town_with_question().await;
    let message = town.world.say(town.mei, town.staff, "Good tea").unwrap();
    town.world.react(town.mei, town.staff, message, Some("👍")).unwrap();
    let delete = json!({"chat_id": town.staff.number(), "message_id": message, "user_id": town.mei});
    town.call("deleteMessageReaction", delete).await;
    assert!(town.world.get_message(town.staff, message).unwrap().reactions.is_empty());
    town.world.react(town.mei, town.staff, message, Some("👍")).unwrap();
    town.call("deleteAllMessageReactions", json!({"chat_id": town.staff.number(), "user_id": town.mei}))
        .await;
    assert!(town.world.get_message(town.staff, message).unwrap().reactions.is_empty());
    town.updates().await;
}

#[tokio::test]
async fn a_draft_is_seen_by_who_watches_and_is_no_message() {
    let (town, asked) = town_with_question().await;
    let mut events = town.world.events();
    let draft =
        json!({"chat_id": town.nino, "draft_id": 7, "text": "*Let* me see", "parse_mode": "Markdown"});
    town.call("sendMessageDraft", draft).await;
    let seen = loop {
        let event: Value = serde_json::from_str(&events.recv().await.unwrap()).unwrap();
        if event["event"] == "draft" {
            break event;
        }
    };
    assert_eq!((&seen["text"], &seen["entities"][0]["type"]), (&json!("Let me see"), &json!("bold")));
    assert_eq!(town.world.last_message(town.chat).unwrap().id, asked);
    let nothing = json!({"chat_id": town.nino, "draft_id": 0, "text": "x"});
    assert_eq!(town.fails("sendMessageDraft", nothing).await, "Bad Request: RANDOM_ID_INVALID");
}
