//! What people show of themselves, boosts, and writing in the name of a channel.

use sandbox::{Rights, Status};
use serde_json::json;

use crate::support::{START, Town};

const SECOND: i64 = 1_000_000;

#[tokio::test]
async fn a_deleted_account_has_no_name_and_gets_nothing() {
    let town = Town::new().await;
    let group = town.world.add_supergroup("Café", town.mei);
    town.world.add_member(group, town.bot.id, Status::Administrator(Rights::all())).unwrap();
    town.world.add_member(group, town.nino, Status::Member).unwrap();
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.world.deactivate(town.nino);
    let error = town.fails("sendMessage", json!({"chat_id": town.nino, "text": "x"})).await;
    assert_eq!(error, "Forbidden: user is deactivated");
    let who = json!({"chat_id": group.number(), "user_id": town.nino});
    assert_eq!(town.call("getChatMember", who).await["user"]["first_name"], "");
    assert!(town.world.say(town.nino, group, "x").is_err());
    assert_eq!(town.world.view_as(town.mei, group).last().unwrap().kind, "new_chat_members");
}

#[tokio::test]
async fn boosts_are_told_and_end_by_the_clock() {
    let town = Town::new().await;
    town.world.add_member(town.staff, town.nino, Status::Member).unwrap();
    town.updates().await;
    let id = town.world.boost(town.nino, town.staff).unwrap();
    let updates = town.updates().await;
    let boost = &updates[0]["chat_boost"]["boost"];
    assert_eq!((&boost["boost_id"], &boost["source"]["user"]["id"]), (&json!(id), &json!(town.nino)));
    assert_eq!(updates[1]["message"]["boost_added"]["boost_count"], 1);
    let who = json!({"chat_id": town.staff.number(), "user_id": town.nino});
    let boosts = town.call("getUserChatBoosts", who.clone()).await;
    assert_eq!(boosts["boosts"][0]["expiration_date"], START / SECOND + 30 * 86_400);
    town.world.clock().advance(30 * 86_400 * SECOND);
    assert_eq!(town.call("getUserChatBoosts", who.clone()).await["boosts"], json!([]));
    assert_eq!(town.updates().await[0]["removed_chat_boost"]["boost_id"], id);
    town.world.add_member(town.staff, town.bot.id, Status::Member).unwrap();
    assert_eq!(town.fails("getUserChatBoosts", who).await, "Bad Request: CHAT_ADMIN_REQUIRED");
}

#[tokio::test]
async fn a_channel_writes_in_a_group_until_it_is_banned() {
    let town = Town::new().await;
    let news = town.world.add_channel("Lotus news", Some("lotus_news"), town.nino).unwrap();
    let group = town.world.add_supergroup("Café", town.mei);
    town.world.add_member(group, town.bot.id, Status::Administrator(Rights::all())).unwrap();
    town.world.add_member(group, town.nino, Status::Member).unwrap();
    town.updates().await;
    town.world.send_as(town.nino, group, Some(news)).unwrap();
    town.world.say(town.nino, group, "As my channel").unwrap();
    let message = town.updates().await[0]["message"].clone();
    assert_eq!(
        (&message["from"]["id"], &message["sender_chat"]["id"]),
        (&json!(136_817_688), &json!(news.number()))
    );
    let ban = json!({"chat_id": group.number(), "sender_chat_id": news.number()});
    town.call("banChatSenderChat", ban.clone()).await;
    assert!(town.world.say(town.nino, group, "again").is_err());
    town.world.send_as(town.nino, group, None).unwrap();
    town.world.say(town.nino, group, "as myself").unwrap();
    town.call("unbanChatSenderChat", ban.clone()).await;
    town.world.send_as(town.nino, group, Some(news)).unwrap();
    town.world.say(town.nino, group, "and back").unwrap();
    town.world.promote(group, town.bot.id, Rights { can_restrict_members: false, ..Rights::all() }).unwrap();
    let error = town.fails("banChatSenderChat", ban).await;
    assert_eq!(error, "Bad Request: not enough rights to restrict/unrestrict chat member");
}

#[tokio::test]
async fn a_bot_sees_a_profile_and_sets_the_emoji_status_that_it_was_allowed() {
    let town = Town::new().await;
    let news = town.world.add_channel("My tea", Some("my_tea"), town.nino).unwrap();
    for text in ["one", "two", "three"] {
        town.world.say(town.nino, news, text).unwrap();
    }
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.world.set_personal_chat(town.nino, Some(news)).unwrap();
    town.world.set_bio(town.nino, Some("Tea, mostly"));
    let last = town.call("getUserPersonalChatMessages", json!({"user_id": town.nino, "limit": 2})).await;
    assert_eq!((&last[0]["text"], last.as_array().unwrap().len()), (&json!("three"), 2));
    let icons = town.call("getForumTopicIconStickers", json!({})).await;
    let emoji = icons[0]["custom_emoji_id"].clone();
    let status = json!({"user_id": town.nino, "emoji_status_custom_emoji_id": emoji, "emoji_status_expiration_date": START / SECOND + 60});
    assert_eq!(town.fails("setUserEmojiStatus", status.clone()).await, "Bad Request: USER_PERMISSION_DENIED");
    town.world.allow_emoji_status(town.nino, town.bot.id, true);
    town.call("setUserEmojiStatus", status).await;
    let shown = town.call("getChat", json!({"chat_id": town.nino})).await;
    assert_eq!((&shown["bio"], &shown["personal_chat"]["title"]), (&json!("Tea, mostly"), &json!("My tea")));
    assert_eq!(shown["emoji_status_custom_emoji_id"], emoji);
    town.world.clock().advance(60 * SECOND);
    let shown = town.call("getChat", json!({"chat_id": town.nino})).await;
    assert!(shown.get("emoji_status_custom_emoji_id").is_none(), "{shown}");

    for (method, params) in [
        ("verifyUser", json!({"user_id": town.nino})),
        ("removeUserVerification", json!({"user_id": town.nino})),
        ("verifyChat", json!({"chat_id": "@my_tea"})),
        ("removeChatVerification", json!({"chat_id": "@my_tea"})),
    ] {
        assert_eq!(town.fails(method, params).await, "Bad Request: BOT_VERIFIER_FORBIDDEN");
    }
}

#[tokio::test]
async fn a_large_supergroup_has_a_sticker_set() {
    let town = Town::new().await;
    let group = town.world.add_supergroup("Café", town.mei);
    town.world.add_member(group, town.bot.id, Status::Administrator(Rights::all())).unwrap();
    let set = json!({"chat_id": group.number(), "sticker_set_name": "Flame"});
    assert_eq!(town.fails("setChatStickerSet", set.clone()).await, "Bad Request: PARTICIPANTS_TOO_FEW");
    for number in 0..98 {
        let person = town.world.add_person(&format!("Guest {number}"), "en");
        town.world.join(person, group).unwrap();
    }
    assert_eq!(town.call("getChat", json!({"chat_id": group.number()})).await["can_set_sticker_set"], true);
    town.call("setChatStickerSet", set).await;
    assert_eq!(town.call("getChat", json!({"chat_id": group.number()})).await["sticker_set_name"], "Flame");
    town.call("deleteChatStickerSet", json!({"chat_id": group.number()})).await;
    assert!(town.call("getChat", json!({"chat_id": group.number()})).await.get("sticker_set_name").is_none());
    let error =
        town.fails("setChatStickerSet", json!({"chat_id": group.number(), "sticker_set_name": "No"})).await;
    assert_eq!(error, "Bad Request: STICKERSET_INVALID");
    let private = json!({"chat_id": town.nino, "sticker_set_name": "Flame"});
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let error = town.fails("setChatStickerSet", private).await;
    assert_eq!(error, "Bad Request: method is available only for supergroups");
}

#[tokio::test]
async fn titles_and_descriptions_have_their_limits() {
    let town = Town::new().await;
    let staff = town.staff.number();
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    let title = |chat: i64, title: &str| json!({"chat_id": chat, "title": title});
    let error = town.fails("setChatTitle", title(staff, "  ")).await;
    assert_eq!(error, "Bad Request: title must be non-empty");
    let error = town.fails("setChatTitle", title(town.nino.0, "x")).await;
    assert_eq!(error, "Bad Request: can't change private chat title");
    town.call("setChatTitle", title(staff, &"x".repeat(200))).await;
    assert_eq!(town.updates().await[0]["message"]["new_chat_title"].as_str().unwrap().len(), 128);
    town.call("setChatTitle", title(staff, &"x".repeat(128))).await;
    assert!(town.updates().await.is_empty(), "nothing changed");
    let about = json!({"chat_id": staff, "description": "y".repeat(300)});
    town.call("setChatDescription", about.clone()).await;
    assert_eq!(
        town.call("getChat", json!({"chat_id": staff})).await["description"].as_str().unwrap().len(),
        255
    );
    let error = town.fails("setChatDescription", about).await;
    assert_eq!(error, "Bad Request: chat description is not modified");
    town.world.promote(town.staff, town.bot.id, Rights { can_change_info: false, ..Rights::all() }).unwrap();
    let error = town.fails("setChatTitle", title(staff, "new")).await;
    assert_eq!(error, "Bad Request: not enough rights to change chat title");
    let error = town.fails("setChatDescription", json!({"chat_id": staff})).await;
    assert_eq!(error, "Bad Request: not enough rights to set chat description");
}

#[tokio::test]
async fn people_show_themselves_over_http() {
    let town = Town::new().await;
    town.world.add_member(town.staff, town.nino, Status::Member).unwrap();
    let news = town.world.add_channel("My tea", None, town.nino).unwrap();
    let post = |body: serde_json::Value| {
        let request = town.client.post(format!("{}/api/act", town.server.url())).body(body.to_string());
        async {
            serde_json::from_str::<serde_json::Value>(&request.send().await.unwrap().text().await.unwrap())
                .unwrap()
        }
    };
    let boosted = post(json!({"act": "boost", "as": town.nino, "chat": town.staff})).await;
    for act in [
        json!({"act": "end_boost", "chat": town.staff, "boost": boosted["boost"]}),
        json!({"act": "send_as", "as": town.nino, "chat": town.staff, "channel": news}),
        json!({"act": "profile", "as": town.nino, "bio": "Tea", "channel": news}),
        json!({"act": "allow_emoji_status", "as": town.nino, "bot": town.bot.id, "on": true}),
        json!({"act": "hide_general", "as": town.mei, "chat": town.staff, "on": true}),
    ] {
        assert_eq!(post(act.clone()).await, json!({}), "{act}");
    }
    let hidden = town.updates().await.last().unwrap()["message"].clone();
    assert!(hidden["general_forum_topic_hidden"].is_object(), "{hidden}");
}
