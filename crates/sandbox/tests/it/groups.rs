//! Members, rights, privacy mode, blocks and migration.

use sandbox::{BotSpec, Rights, Status};
use serde_json::json;

use crate::support::Town;

#[tokio::test]
async fn privacy_mode_lets_in_commands_replies_and_service_messages_only() {
    let town = Town::new().await;
    let group = town.world.add_supergroup("Café", town.nino);
    town.world.add_member(group, town.bot.id, Status::Member).unwrap();
    let kinds: Vec<_> = town.updates().await;
    assert!(kinds[0]["my_chat_member"].is_object());
    assert!(kinds[1]["message"]["new_chat_members"].is_array());

    let say = |text: &str| town.world.say(town.nino, group, text).unwrap();
    say("hello everybody");
    say("@lotus_support_bot are you there?");
    say("/ask");
    say("/ask@another_bot");
    assert!(town.updates().await.is_empty(), "nothing of this is for a bot in privacy mode");
    say("/ask@lotus_support_bot tea");
    let sent = town.call("sendMessage", json!({"chat_id": group.number(), "text": "Yes?"})).await;
    say("/bare");
    let reply = sent["message_id"].as_i64().unwrap();
    town.world.message(town.nino, group).text("a reply").reply_to(reply).send().unwrap();
    town.world.message(town.nino, group).photo().caption("/ask@lotus_support_bot").album(3).send().unwrap();
    let texts: Vec<_> = town.updates().await.iter().map(|update| update["message"]["text"].clone()).collect();
    assert_eq!(texts, [json!("/ask@lotus_support_bot tea"), json!("/bare"), json!("a reply"), json!(null)]);

    town.world.set_privacy(town.bot.id, false);
    assert_eq!(town.call("getMe", json!({})).await["can_read_all_group_messages"], true);
    say("still not heard");
    assert!(town.updates().await.is_empty(), "privacy counts once the bot is added again");
    town.world.kick(town.nino, group, town.bot.id).unwrap();
    town.world.add_member(group, town.bot.id, Status::Member).unwrap();
    say("heard");
    assert_eq!(town.updates().await.last().unwrap()["message"]["text"], "heard");
}

#[tokio::test]
async fn an_administrator_hears_all_but_never_other_bots() {
    let town = Town::new().await;
    let other = town.world.add_bot(BotSpec::new("other_bot", "Other").without_privacy());
    town.world.add_member(town.staff, other.id, Status::Member).unwrap();
    town.updates().await;
    town.world.say(town.mei, town.staff, "free text").unwrap();
    assert_eq!(town.updates().await[0]["message"]["text"], "free text");
    let before = town.world.pending_updates(other.id);
    town.call("sendMessage", json!({"chat_id": town.staff.number(), "text": "from a bot"})).await;
    assert_eq!(town.world.pending_updates(other.id), before);
}

#[tokio::test]
async fn a_block_is_told_and_refuses() {
    let town = Town::new().await;
    let id = town.nino;
    assert_eq!(
        town.fails("sendMessage", json!({"chat_id": id, "text": "x"})).await,
        "Bad Request: chat not found"
    );
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    town.world.block(town.nino, town.bot.id);
    let update = &town.updates().await[0]["my_chat_member"];
    assert_eq!(update["new_chat_member"]["status"], "kicked");
    let answer = town.raw("sendMessage", json!({"chat_id": id, "text": "x"})).await;
    assert_eq!(answer["error_code"], 403);
    assert_eq!(answer["description"], "Forbidden: bot was blocked by the user");
    town.world.unblock(town.nino, town.bot.id);
    assert_eq!(town.updates().await[0]["my_chat_member"]["new_chat_member"]["status"], "member");
    town.call("sendMessage", json!({"chat_id": id, "text": "back"})).await;
    town.world.deactivate(town.nino);
    let error = town.fails("sendMessage", json!({"chat_id": id, "text": "x"})).await;
    assert_eq!(error, "Forbidden: user is deactivated");
    let error = town.fails("sendMessage", json!({"chat_id": town.mei, "text": "x"})).await;
    assert_eq!(error, "Forbidden: bot can't initiate conversation with a user");
}

#[tokio::test]
async fn a_kicked_bot_is_told_so() {
    let town = Town::new().await;
    town.world.kick(town.mei, town.staff, town.bot.id).unwrap();
    let updates = town.updates().await;
    assert_eq!(updates[0]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    assert_eq!(updates[1]["message"]["left_chat_member"]["id"], json!(town.bot.id));
    let error = town.fails("sendMessage", json!({"chat_id": town.staff.number(), "text": "x"})).await;
    assert_eq!(error, "Forbidden: bot was kicked from the supergroup chat");
}

#[tokio::test]
async fn a_group_that_migrated_names_its_new_id() {
    let town = Town::new().await;
    let group = town.world.add_group("Small", town.nino);
    town.world.add_member(group, town.bot.id, Status::Member).unwrap();
    town.updates().await;
    let new = town.world.migrate(group).unwrap();
    let updates = town.updates().await;
    assert_eq!(updates[0]["message"]["migrate_to_chat_id"], new.number());
    assert_eq!(updates[1]["message"]["migrate_from_chat_id"], group.number());
    let answer = town.raw("sendMessage", json!({"chat_id": group.number(), "text": "x"})).await;
    assert_eq!(answer["description"], "Bad Request: group chat was upgraded to a supergroup chat");
    assert_eq!(answer["parameters"]["migrate_to_chat_id"], new.number());
    town.call("sendMessage", json!({"chat_id": new.number(), "text": "x"})).await;
}

#[tokio::test]
async fn chat_member_updates_come_to_administrators_that_asked() {
    let town = Town::new().await;
    town.world.add_member(town.staff, town.nino, Status::Member).unwrap();
    assert!(town.updates().await.iter().all(|update| update["chat_member"].is_null()));
    town.call("getUpdates", json!({"allowed_updates": ["chat_member", "message_reaction"]})).await;
    town.world.promote(town.staff, town.nino, Rights::usual()).unwrap();
    let said = town.world.say(town.nino, town.staff, "not asked for").unwrap();
    town.world.react(town.nino, town.staff, said, Some("👍")).unwrap();
    let updates = town.updates().await;
    assert_eq!(updates.len(), 2, "what was asked for sticks: {updates:?}");
    assert_eq!(updates[0]["chat_member"]["new_chat_member"]["status"], "administrator");
    assert_eq!(updates[1]["message_reaction"]["new_reaction"], json!([{"type": "emoji", "emoji": "👍"}]));
}

#[tokio::test]
async fn members_can_be_looked_up_and_banned() {
    let town = Town::new().await;
    let staff = town.staff.number();
    town.world.add_member(town.staff, town.nino, Status::Member).unwrap();
    let member = town.call("getChatMember", json!({"chat_id": staff, "user_id": town.nino})).await;
    assert_eq!(member["status"], "member");
    let admins = town.call("getChatAdministrators", json!({"chat_id": staff})).await;
    let statuses: Vec<_> = admins.as_array().unwrap().iter().map(|admin| admin["status"].clone()).collect();
    assert_eq!(statuses, ["creator", "administrator"]);
    assert_eq!(town.call("getChatMemberCount", json!({"chat_id": staff})).await, 3);
    town.call("banChatMember", json!({"chat_id": staff, "user_id": town.nino})).await;
    assert_eq!(town.world.status(town.staff, town.nino), Status::Kicked);
    assert!(town.world.say(town.nino, town.staff, "x").is_err());
    town.call("unbanChatMember", json!({"chat_id": staff, "user_id": town.nino})).await;
    let member = town.call("getChatMember", json!({"chat_id": staff, "user_id": town.nino})).await;
    assert_eq!(member["status"], "left");
    assert_eq!(town.call("getChat", json!({"chat_id": staff})).await["is_forum"], true);
    town.call("leaveChat", json!({"chat_id": staff})).await;
    let error = town.fails("getChat", json!({"chat_id": staff})).await;
    assert_eq!(error, "Forbidden: bot is not a member of the supergroup chat");
}

#[tokio::test]
async fn a_bot_that_may_not_join_groups_is_not_added() {
    let town = Town::new().await;
    let group = town.world.add_supergroup("Café", town.mei);
    town.world.configure_bot(town.bot.id, None, None, None, Some(false));
    assert!(town.world.add_member(group, town.bot.id, Status::Member).is_err());
    town.world.configure_bot(town.bot.id, None, None, None, Some(true));
    town.world.add_member(group, town.bot.id, Status::Member).unwrap();
    // People add others when the group lets them, and administrators as their rights do.
    town.world.add_member(group, town.nino, Status::Member).unwrap();
    let ana = town.world.add_person("Ana", "es");
    town.world.add_member_by(Some(town.nino), group, ana, Status::Member).unwrap();
    assert!(
        town.world
            .add_member_by(Some(town.nino), group, ana, Status::Administrator(Rights::usual()))
            .is_err()
    );
    assert!(town.world.kick(town.nino, group, ana).is_err());
    assert!(town.world.set_title(town.nino, group, "Mine").is_err());
    town.updates().await;
    town.world.set_title(town.mei, group, "Tea house").unwrap();
    assert_eq!(town.updates().await[0]["message"]["new_chat_title"], "Tea house");
}

#[tokio::test]
async fn a_message_shows_the_tag_of_its_author() {
    let town = Town::new().await;
    town.world.add_member(town.staff, town.nino, Status::Member).unwrap();
    town.world.set_tag(town.staff, town.nino, "guest").unwrap();
    town.world.boost(town.nino, town.staff).unwrap();
    town.updates().await;
    town.world.say(town.nino, town.staff, "Hello").unwrap();
    let message = town.updates().await[0]["message"].clone();
    assert_eq!((&message["sender_tag"], &message["sender_boost_count"]), (&json!("guest"), &json!(1)));
}

#[tokio::test]
async fn an_old_group_can_still_be_looked_at() {
    let town = Town::new().await;
    let group = town.world.add_group("Small", town.mei);
    town.world.add_member(group, town.bot.id, Status::Administrator(Rights::usual())).unwrap();
    town.call("setChatDescription", json!({"chat_id": group.number(), "description": "Tea"})).await;
    let new = town.world.migrate(group).unwrap();
    assert_eq!(town.call("getChat", json!({"chat_id": group.number()})).await["type"], "group");
    let supergroup = town.call("getChat", json!({"chat_id": new.number()})).await;
    assert_eq!((&supergroup["type"], &supergroup["description"]), (&json!("supergroup"), &json!("Tea")));
    assert!(town.world.say(town.mei, group, "x").is_err(), "nobody writes there any more");
    let basic = town.world.add_group("Another", town.mei);
    town.world.add_member(basic, town.bot.id, Status::Administrator(Rights::usual())).unwrap();
    let params = json!({"chat_id": basic.number(), "user_id": town.nino, "permissions": {}});
    let error = town.fails("restrictChatMember", params.clone()).await;
    assert_eq!(error, "Bad Request: method is available only for supergroups");
    let error = town.fails("promoteChatMember", params).await;
    assert_eq!(error, "Bad Request: method is available for supergroup and channel chats only");
}
