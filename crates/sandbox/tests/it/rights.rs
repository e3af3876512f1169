//! Permissions of members, rights of administrators, and when they end.

use sandbox::{ChatId, Permissions, Rights, Status};
use serde_json::{Value, json};

use crate::support::{START, Town};

const SECOND: i64 = 1_000_000;

/// A supergroup where the bot administers everything and Nino is a member.
async fn group(town: &Town) -> ChatId {
    let group = town.world.add_supergroup("Café", town.mei);
    town.world.add_member(group, town.bot.id, Status::Administrator(Rights::all())).unwrap();
    town.world.add_member(group, town.nino, Status::Member).unwrap();
    town.call("getUpdates", json!({"allowed_updates": ["message", "chat_member", "my_chat_member"]})).await;
    town.updates().await;
    group
}

#[tokio::test]
async fn a_restricted_member_sends_only_what_is_permitted() {
    let town = Town::new().await;
    let group = group(&town).await;
    let restrict = json!({"chat_id": group.number(), "user_id": town.nino, "until_date": START / SECOND + 600,
        "permissions": {"can_send_messages": true, "can_send_photos": true}});
    town.call("restrictChatMember", restrict).await;
    let update = &town.updates().await[0]["chat_member"];
    let member = &update["new_chat_member"];
    assert_eq!(
        (&member["status"], &member["until_date"]),
        (&json!("restricted"), &json!(START / SECOND + 600))
    );
    assert_eq!((&member["can_send_photos"], &member["can_send_videos"]), (&json!(true), &json!(false)));
    town.world.say(town.nino, group, "words").unwrap();
    town.world.message(town.nino, group).photo().send().unwrap();
    let refused = town.world.message(town.nino, group).voice().send().unwrap_err().to_string();
    assert!(refused.contains("not enough rights to send voice notes to the chat"), "{refused}");
    assert!(town.world.create_invite(town.nino, group, false).is_err());

    town.world.leave(town.nino, group).unwrap();
    let who = json!({"chat_id": group.number(), "user_id": town.nino});
    let outside = town.call("getChatMember", who.clone()).await;
    assert_eq!((&outside["status"], &outside["is_member"]), (&json!("restricted"), &json!(false)));
    town.world.join(town.nino, group).unwrap();
    assert!(town.world.message(town.nino, group).voice().send().is_err(), "it holds when they come back");
    town.world.clock().advance(601 * SECOND);
    assert_eq!(town.call("getChatMember", who).await["status"], "member");
    town.world.message(town.nino, group).voice().send().unwrap();
}

#[tokio::test]
async fn a_ban_ends_by_the_clock() {
    let town = Town::new().await;
    let group = group(&town).await;
    let who = json!({"chat_id": group.number(), "user_id": town.nino});
    let ban = |until: i64| json!({"chat_id": group.number(), "user_id": town.nino, "until_date": until});
    town.call("banChatMember", ban(START / SECOND + 60)).await;
    assert_eq!(town.call("getChatMember", who.clone()).await["until_date"], START / SECOND + 60);
    assert!(town.world.join(town.nino, group).is_err());
    town.world.clock().advance(61 * SECOND);
    assert_eq!(town.call("getChatMember", who.clone()).await["status"], "left");
    town.world.join(town.nino, group).unwrap();
    // Less than 30 seconds is for ever.
    town.call("banChatMember", ban(START / SECOND + 70)).await;
    assert_eq!(town.call("getChatMember", who.clone()).await["until_date"], 0);
    town.call("unbanChatMember", who.clone()).await;
    assert_eq!(town.call("getChatMember", who).await["status"], "left");
}

#[tokio::test]
async fn the_permissions_of_a_group_bind_everybody_but_its_administrators() {
    let town = Town::new().await;
    let group = group(&town).await;
    let permissions = json!({"can_send_messages": true, "can_pin_messages": true});
    town.call("setChatPermissions", json!({"chat_id": group.number(), "permissions": permissions})).await;
    let shown = town.call("getChat", json!({"chat_id": group.number()})).await["permissions"].clone();
    assert_eq!((&shown["can_send_polls"], &shown["can_manage_topics"]), (&json!(false), &json!(true)));
    let said = town.world.say(town.nino, group, "words").unwrap();
    town.world.pin(town.nino, group, said).unwrap();
    assert!(town.world.message(town.nino, group).photo().send().is_err());
    town.world.message(town.mei, group).photo().send().unwrap();
    town.call("sendDice", json!({"chat_id": group.number()})).await;
    town.world.add_member(group, town.bot.id, Status::Member).unwrap();
    let dice = town.fails("sendDice", json!({"chat_id": group.number()})).await;
    assert_eq!(dice, "Bad Request: not enough rights to send dice to the chat");
    let error = town
        .fails("setChatPermissions", json!({"chat_id": group.number(), "permissions": permissions}))
        .await;
    assert_eq!(error, "Bad Request: not enough rights to change chat permissions");
    let photo = json!({"chat_id": group.number(), "photo": "x"});
    assert_ne!(town.fails("sendPhoto", photo).await, dice);
    town.world.set_permissions(group, Permissions::default()).unwrap();
    let error = town.fails("sendMessage", json!({"chat_id": group.number(), "text": "x"})).await;
    assert_eq!(error, "Bad Request: not enough rights to send text messages to the chat");
}

#[tokio::test]
async fn slow_mode_makes_members_wait() {
    let town = Town::new().await;
    let group = group(&town).await;
    town.world.set_slow_mode(group, 30).unwrap();
    assert_eq!(town.call("getChat", json!({"chat_id": group.number()})).await["slow_mode_delay"], 30);
    town.world.say(town.nino, group, "one").unwrap();
    assert!(town.world.say(town.nino, group, "two").unwrap_err().to_string().contains("slow mode"));
    town.world.say(town.mei, group, "administrators").unwrap();
    town.world.say(town.mei, group, "do not wait").unwrap();
    town.world.clock().advance(30 * SECOND);
    town.world.say(town.nino, group, "two").unwrap();
}

#[tokio::test]
async fn a_bot_promotes_within_its_own_rights() {
    let town = Town::new().await;
    let group = group(&town).await;
    let promote = |user: Value, rights: Value| {
        let mut params = rights;
        params["chat_id"] = group.number().into();
        params["user_id"] = user;
        params
    };
    let nino = json!(town.nino);
    town.call("promoteChatMember", promote(nino.clone(), json!({"can_pin_messages": true}))).await;
    let who = json!({"chat_id": group.number(), "user_id": town.nino});
    let member = town.call("getChatMember", who.clone()).await;
    assert_eq!((&member["can_be_edited"], &member["can_manage_chat"]), (&json!(true), &json!(true)));
    assert!(member.get("can_post_messages").is_none(), "only channels have that: {member}");
    let title = json!({"chat_id": group.number(), "user_id": town.nino, "custom_title": "Tea master"});
    town.call("setChatAdministratorCustomTitle", title.clone()).await;
    assert_eq!(town.call("getChatMember", who.clone()).await["custom_title"], "Tea master");
    let mut emoji = title.clone();
    emoji["custom_title"] = "🍵".into();
    let error = town.fails("setChatAdministratorCustomTitle", emoji).await;
    assert_eq!(error, "Bad Request: CUSTOM_TITLE_EMOJI_NOT_ALLOWED");
    // Who made them an administrator can take it away and more.
    town.call("promoteChatMember", promote(nino.clone(), json!({}))).await;
    assert_eq!(town.call("getChatMember", who.clone()).await["tag"], "Tea master");

    let error =
        town.fails("promoteChatMember", promote(json!(town.mei), json!({"can_pin_messages": true}))).await;
    assert_eq!(error, "Bad Request: can't remove chat owner");
    let error =
        town.fails("promoteChatMember", promote(json!(town.bot.id), json!({"can_pin_messages": true}))).await;
    assert_eq!(error, "Bad Request: can't promote self");
    for (method, user) in [("banChatMember", town.mei), ("restrictChatMember", town.mei)] {
        let params = json!({"chat_id": group.number(), "user_id": user, "permissions": {}});
        assert_eq!(town.fails(method, params).await, "Bad Request: can't remove chat owner");
    }
    let itself = json!({"chat_id": group.number(), "user_id": town.bot.id});
    assert_eq!(town.fails("banChatMember", itself).await, "Bad Request: can't restrict self");

    town.world.promote(group, town.nino, Rights::usual()).unwrap();
    let error = town.fails("banChatMember", who.clone()).await;
    assert_eq!(error, "Bad Request: user is an administrator of the chat");
    let error = town.fails("promoteChatMember", promote(nino.clone(), json!({}))).await;
    assert_eq!(error, "Bad Request: CHAT_ADMIN_REQUIRED");
    let error = town.fails("setChatAdministratorCustomTitle", title).await;
    assert_eq!(error, "Bad Request: not enough rights to change custom title of the user");

    town.world.demote(group, town.nino).unwrap();
    let few = Rights { can_manage_chat: true, can_promote_members: true, ..Rights::default() };
    town.world.promote(group, town.bot.id, few).unwrap();
    let error = town.fails("promoteChatMember", promote(nino, json!({"can_pin_messages": true}))).await;
    assert_eq!(error, "Bad Request: RIGHT_FORBIDDEN");
    let error = town.fails("banChatMember", who.clone()).await;
    assert_eq!(error, "Bad Request: not enough rights to restrict/unrestrict chat member");
    let unknown = json!({"chat_id": group.number(), "user_id": 77});
    assert_eq!(town.fails("getChatMember", unknown).await, "Bad Request: member not found");
}

#[tokio::test]
async fn members_have_tags_where_the_bot_may_give_them() {
    let town = Town::new().await;
    let group = group(&town).await;
    let tag = json!({"chat_id": group.number(), "user_id": town.nino, "tag": "regular"});
    town.call("setChatMemberTag", tag.clone()).await;
    assert_eq!(town.updates().await[0]["chat_member"]["new_chat_member"]["tag"], "regular");
    town.world.promote(group, town.bot.id, Rights { can_manage_tags: false, ..Rights::all() }).unwrap();
    assert_eq!(town.fails("setChatMemberTag", tag).await, "Bad Request: CHAT_ADMIN_REQUIRED");
}

#[tokio::test]
async fn an_anonymous_administrator_is_the_group() {
    let town = Town::new().await;
    let group = group(&town).await;
    town.world.set_anonymous(group, town.mei, true).unwrap();
    let who = json!({"chat_id": group.number(), "user_id": town.mei});
    assert_eq!(town.call("getChatMember", who).await["is_anonymous"], true);
    town.updates().await;
    let said = town.world.say(town.mei, group, "The house says").unwrap();
    let message = town.updates().await[0]["message"].clone();
    assert_eq!(message["from"]["username"], "GroupAnonymousBot");
    assert_eq!(message["sender_chat"]["id"], group.number());
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let forward = json!({"chat_id": town.nino, "from_chat_id": group.number(), "message_id": said});
    let origin = town.call("forwardMessage", forward).await["forward_origin"].clone();
    assert_eq!((&origin["type"], &origin["sender_chat"]["title"]), (&json!("chat"), &json!("Café")));
}

#[tokio::test]
async fn the_rights_that_a_bot_asks_for_are_kept_for_groups_and_channels_apart() {
    let town = Town::new().await;
    let empty = town.call("getMyDefaultAdministratorRights", json!({})).await;
    assert!(empty.as_object().unwrap().values().all(|right| right == false), "{empty}");
    assert!(empty.get("can_post_messages").is_none());
    let rights = json!({"can_manage_chat": true, "can_post_messages": true, "is_anonymous": true});
    town.call("setMyDefaultAdministratorRights", json!({"rights": rights, "for_channels": true})).await;
    let kept = town.call("getMyDefaultAdministratorRights", json!({"for_channels": true})).await;
    assert_eq!((&kept["can_post_messages"], &kept["is_anonymous"]), (&json!(true), &json!(false)));
    let error = town.fails("setMyDefaultAdministratorRights", json!({"rights": "[]"})).await;
    assert_eq!(error, "Bad Request: can't parse ChatAdministratorRights JSON object");
}
