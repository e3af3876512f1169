//! Methods that no other test calls: each is called once with success, and held against the schema.

use serde_json::json;

use crate::support::Town;

#[tokio::test]
async fn the_profile_is_kept_by_language_and_scope() {
    let town = Town::new().await;
    let commands = json!([{"command": "ask", "description": "Ask"}]);
    town.call("setMyCommands", json!({"commands": commands})).await;
    let chat = json!({"type": "chat", "chat_id": town.staff.number()});
    let close = json!([{"command": "close", "description": "关闭"}]);
    town.call("setMyCommands", json!({"commands": close, "scope": chat, "language_code": "zh"})).await;
    assert_eq!(town.call("getMyCommands", json!({})).await, commands);
    assert_eq!(town.call("getMyCommands", json!({"scope": chat, "language_code": "zh"})).await, close);
    assert_eq!(town.call("getMyCommands", json!({"scope": chat})).await, json!([]));
    town.call("deleteMyCommands", json!({})).await;
    assert_eq!(town.call("getMyCommands", json!({})).await, json!([]));
    let wrong = json!({"commands": [{"command": "Not Good", "description": "x"}]});
    assert_eq!(town.fails("setMyCommands", wrong).await, "Bad Request: BOT_COMMAND_INVALID");

    assert_eq!(town.call("getMyName", json!({})).await["name"], "Lotus Support");
    for (set, get, field) in [
        ("setMyName", "getMyName", "name"),
        ("setMyDescription", "getMyDescription", "description"),
        ("setMyShortDescription", "getMyShortDescription", "short_description"),
    ] {
        let mut parameters = json!({"language_code": "zh"});
        parameters[field] = "莲花".into();
        town.call(set, parameters).await;
        assert_eq!(town.call(get, json!({"language_code": "zh"})).await[field], "莲花");
        assert_ne!(town.call(get, json!({"language_code": "en"})).await[field], "莲花");
    }
    assert_eq!(town.call("getChatMenuButton", json!({})).await["type"], "commands");
    let app = json!({"type": "web_app", "text": "Shop", "web_app": {"url": "https://example.com"}});
    town.call("setChatMenuButton", json!({"menu_button": app})).await;
    assert_eq!(town.call("getChatMenuButton", json!({})).await, app);
}

#[tokio::test]
async fn the_rest_of_the_methods_answer_by_the_schema() {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let (nino, staff) = (town.nino, town.staff.number());
    town.call("sendLocation", json!({"chat_id": nino, "latitude": 41.7, "longitude": "44.8"})).await;
    town.call(
        "sendVenue",
        json!({"chat_id": nino, "latitude": 1, "longitude": 2, "title": "Lotus", "address": "7"}),
    )
    .await;
    town.call("sendContact", json!({"chat_id": nino, "phone_number": "+1", "first_name": "Mei"})).await;
    town.call("sendDice", json!({"chat_id": nino, "emoji": "🎰"})).await;
    town.call("sendChatAction", json!({"chat_id": nino, "action": "typing"})).await;
    let poll = json!({"chat_id": nino, "question": "Tea?", "options": [{"text": "Yes"}, "No"], "is_anonymous": false});
    let poll = town.call("sendPoll", poll).await["message_id"].as_i64().unwrap();
    town.world.vote(nino, town.chat, poll, &[1]).unwrap();
    let updates = town.updates().await;
    assert!(updates.iter().any(|update| update["poll_answer"]["option_ids"] == json!([1])));
    let stopped = town.call("stopPoll", json!({"chat_id": nino, "message_id": poll})).await;
    assert_eq!((&stopped["is_closed"], &stopped["options"][1]["voter_count"]), (&json!(true), &json!(1)));
    assert_eq!(town.updates().await[0]["poll"]["is_closed"], true);
    let sent = town.call("sendMessage", json!({"chat_id": staff, "text": "x"})).await["message_id"].clone();
    town.call(
        "setMessageReaction",
        json!({"chat_id": staff, "message_id": sent, "reaction": [{"type": "emoji", "emoji": "👍"}]}),
    )
    .await;
    town.call("pinChatMessage", json!({"chat_id": staff, "message_id": sent})).await;
    assert_eq!(town.updates().await[0]["message"]["pinned_message"]["message_id"], sent);
    assert_eq!(town.call("getChat", json!({"chat_id": staff})).await["pinned_message"]["message_id"], sent);
    town.call("unpinChatMessage", json!({"chat_id": staff})).await;
    town.call("pinChatMessage", json!({"chat_id": staff, "message_id": sent})).await;
    town.call("unpinAllChatMessages", json!({"chat_id": staff})).await;
    let forward = json!({"chat_id": nino, "from_chat_id": staff, "message_id": sent});
    assert_eq!(
        town.call("forwardMessage", forward).await["forward_origin"]["sender_user"]["id"],
        json!(town.bot.id)
    );
    town.call("forwardMessages", json!({"chat_id": nino, "from_chat_id": staff, "message_ids": [sent]}))
        .await;
    town.call("deleteMessages", json!({"chat_id": staff, "message_ids": [sent, 999]})).await;
    town.call("getForumTopicIconStickers", json!({})).await;
    town.call("closeGeneralForumTopic", json!({"chat_id": staff})).await;
    town.call("reopenGeneralForumTopic", json!({"chat_id": staff})).await;
    town.call("editGeneralForumTopic", json!({"chat_id": staff, "name": "Lobby"})).await;
    town.call("unpinAllGeneralForumTopicMessages", json!({"chat_id": staff})).await;
    town.call("setChatTitle", json!({"chat_id": staff, "title": "Staff"})).await;
    town.call("setChatDescription", json!({"chat_id": staff, "description": "All of us"})).await;
    town.call("getUserProfilePhotos", json!({"user_id": nino})).await;
    town.world.add_member(town.staff, nino, sandbox::Status::Member).unwrap();
    let restrict = json!({"chat_id": staff, "user_id": nino, "permissions": {"can_send_messages": false}});
    town.call("restrictChatMember", restrict).await;
    assert_eq!(
        town.call("getChatMember", json!({"chat_id": staff, "user_id": nino})).await["status"],
        "restricted"
    );
    let promote = json!({"chat_id": staff, "user_id": nino, "can_pin_messages": true});
    assert_eq!(town.fails("promoteChatMember", promote.clone()).await, "Bad Request: not enough rights");
    town.world.promote(town.staff, town.bot.id, sandbox::Rights::all()).unwrap();
    town.call("promoteChatMember", promote).await;
    assert!(town.world.status(town.staff, nino).is_admin());
    town.updates().await;
    town.call("close", json!({})).await;
    town.call("logOut", json!({})).await;
}

#[tokio::test]
async fn a_violation_of_the_schema_would_be_found() {
    let path = std::env::var("TELEGRAM_SCHEMA").expect("TELEGRAM_SCHEMA is not set: run `cargo xtask test`");
    let validator = sandbox::schema::Validator::load(path).unwrap();
    let message = json!({"message_id": 1, "date": 2, "chat": {"id": 3, "type": "private"}, "text": "x"});
    assert_eq!(validator.update(&json!({"update_id": 1, "message": message}), false), Vec::<String>::new());
    let mut wrong = message.clone();
    wrong["date"] = "today".into();
    wrong["surprise"] = 1.into();
    assert_eq!(validator.update(&json!({"update_id": 1, "message": wrong}), false).len(), 2);
    assert_eq!(validator.update(&json!({"message": message}), false), [": Update needs update_id"]);
    let member =
        json!({"ok": true, "result": {"status": "creator", "user": {"id": 1}, "is_anonymous": false}});
    assert_eq!(validator.answer("getChatMember", &member, false).len(), 1);
}
