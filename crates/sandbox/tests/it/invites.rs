//! Invite links and people who ask to be let in.

use sandbox::{ChatId, Joined, Rights, Status};
use serde_json::{Value, json};

use crate::support::{START, Town};

const SECOND: i64 = 1_000_000;

/// A supergroup that the bot administers.
async fn group(town: &Town) -> ChatId {
    let group = town.world.add_supergroup("Tea club", town.mei);
    town.world.add_member(group, town.bot.id, Status::Administrator(Rights::usual())).unwrap();
    let kinds = ["message", "chat_member", "my_chat_member", "chat_join_request"];
    town.call("getUpdates", json!({"allowed_updates": kinds})).await;
    town.updates().await;
    group
}

#[tokio::test]
async fn a_link_lets_people_in_and_the_bot_learns_by_which() {
    let town = Town::new().await;
    let group = group(&town).await;
    let made = town.call("createChatInviteLink", json!({"chat_id": group.number(), "name": "Flyer"})).await;
    let link = made["invite_link"].as_str().unwrap();
    assert!(link.starts_with("https://t.me/+"), "{link}");
    assert_eq!(town.world.join_by_link(town.nino, link).unwrap(), Joined::In(group));
    let updates = town.updates().await;
    let member = &updates[0]["chat_member"];
    assert_eq!(
        (&member["invite_link"]["name"], &member["invite_link"]["invite_link"]),
        (&json!("Flyer"), &json!(link))
    );
    assert_eq!(updates[1]["message"]["new_chat_members"][0]["id"], json!(town.nino));

    let by_hand = town.world.create_invite(town.mei, group, false).unwrap();
    let ana = town.world.add_person("Ana", "es");
    town.world.join_by_link(ana, &by_hand).unwrap();
    let shown = town.updates().await[0]["chat_member"]["invite_link"]["invite_link"].clone();
    assert!(shown.as_str().unwrap().ends_with("..."), "others' links are cut: {shown}");
}

#[tokio::test]
async fn a_link_ends_by_its_limit_its_date_or_its_maker() {
    let town = Town::new().await;
    let group = group(&town).await;
    let make = |more: Value| {
        let mut params = more;
        params["chat_id"] = group.number().into();
        town.call("createChatInviteLink", params)
    };
    let one = make(json!({"member_limit": 1})).await;
    let ana = town.world.add_person("Ana", "es");
    town.world.join_by_link(town.nino, one["invite_link"].as_str().unwrap()).unwrap();
    assert!(town.world.join_by_link(ana, one["invite_link"].as_str().unwrap()).is_err());
    let brief = make(json!({"expire_date": START / SECOND + 60})).await;
    assert_eq!(brief["expire_date"], START / SECOND + 60);
    town.world.clock().advance(60 * SECOND);
    assert!(town.world.join_by_link(ana, brief["invite_link"].as_str().unwrap()).is_err());
    let past = json!({"chat_id": group.number(), "expire_date": START / SECOND});
    assert_eq!(town.fails("createChatInviteLink", past).await, "Bad Request: EXPIRE_DATE_INVALID");
    let both = json!({"chat_id": group.number(), "creates_join_request": true, "member_limit": 2});
    let error = town.fails("createChatInviteLink", both).await;
    let text = "Bad Request: member limit can't be specified for links requiring administrator approval";
    assert_eq!(error, text);

    let plain = make(json!({})).await;
    let this = json!({"chat_id": group.number(), "invite_link": plain["invite_link"], "name": "New"});
    assert_eq!(town.call("editChatInviteLink", this.clone()).await["name"], "New");
    assert_eq!(town.call("revokeChatInviteLink", this.clone()).await["is_revoked"], true);
    assert!(town.world.join_by_link(ana, plain["invite_link"].as_str().unwrap()).is_err());
    assert_eq!(town.fails("editChatInviteLink", this).await, "Bad Request: INVITE_HASH_EXPIRED");

    let first = town.call("exportChatInviteLink", json!({"chat_id": group.number()})).await;
    let second = town.call("exportChatInviteLink", json!({"chat_id": group.number()})).await;
    assert_eq!(town.call("getChat", json!({"chat_id": group.number()})).await["invite_link"], second);
    assert!(
        town.world.join_by_link(ana, first.as_str().unwrap()).is_err(),
        "a new primary link ends the old"
    );
    town.world.join_by_link(ana, second.as_str().unwrap()).unwrap();
    town.world.promote(group, town.bot.id, Rights { can_invite_users: false, ..Rights::all() }).unwrap();
    let error = town.fails("exportChatInviteLink", json!({"chat_id": group.number()})).await;
    assert_eq!(error, "Bad Request: not enough rights to manage chat invite link");
}

#[tokio::test]
async fn a_bot_answers_requests_to_be_let_in() {
    let town = Town::new().await;
    let group = group(&town).await;
    let asks = json!({"chat_id": group.number(), "creates_join_request": true});
    let made = town.call("createChatInviteLink", asks).await;
    let link = made["invite_link"].as_str().unwrap();
    assert_eq!(town.world.join_by_link(town.nino, link).unwrap(), Joined::Waiting(group));
    let request = town.updates().await[0]["chat_join_request"].clone();
    assert_eq!(
        (&request["from"]["id"], &request["invite_link"]["pending_join_request_count"]),
        (&json!(town.nino), &json!(1))
    );
    assert!(town.world.say(town.nino, group, "Am I in?").is_err());
    // For five minutes the bot may write to who asks.
    let hello = json!({"chat_id": request["user_chat_id"], "text": "One moment"});
    town.call("sendMessage", hello.clone()).await;
    town.world.clock().advance(300 * SECOND);
    let error = town.fails("sendMessage", hello).await;
    assert_eq!(error, "Forbidden: bot can't initiate conversation with a user");

    let answer = json!({"chat_id": group.number(), "user_id": town.nino});
    town.call("approveChatJoinRequest", answer.clone()).await;
    let updates = town.updates().await;
    let member = &updates[0]["chat_member"];
    assert_eq!(
        (&member["via_join_request"], &member["new_chat_member"]["status"]),
        (&json!(true), &json!("member"))
    );
    assert_eq!(updates[1]["message"]["from"]["id"], json!(town.nino));
    let error = town.fails("approveChatJoinRequest", answer.clone()).await;
    assert_eq!(error, "Bad Request: USER_ALREADY_PARTICIPANT");
    town.world.leave(town.nino, group).unwrap();
    let error = town.fails("declineChatJoinRequest", answer.clone()).await;
    assert_eq!(error, "Bad Request: HIDE_REQUESTER_MISSING");

    town.world.set_username(group, Some("tea_club")).unwrap();
    town.world.set_join_by_request(group, true).unwrap();
    assert_eq!(town.call("getChat", json!({"chat_id": "@tea_club"})).await["join_by_request"], true);
    town.updates().await;
    town.world.join(town.nino, group).unwrap();
    let request = town.updates().await[0]["chat_join_request"].clone();
    assert!(request.get("invite_link").is_none(), "{request}");
    town.call("declineChatJoinRequest", answer).await;
    assert_eq!(town.world.status(group, town.nino), Status::Left);
}

#[tokio::test]
async fn a_paid_link_lets_in_for_a_month() {
    let town = Town::new().await;
    let news = town.world.add_channel("Lotus club", None, town.mei).unwrap();
    town.world.add_member(news, town.bot.id, Status::Administrator(Rights::all())).unwrap();
    let paid = json!({"chat_id": news.number(), "subscription_period": 2_592_000, "subscription_price": 5});
    let made = town.call("createChatSubscriptionInviteLink", paid.clone()).await;
    assert_eq!(made["subscription_price"], 5);
    town.world.join_by_link(town.nino, made["invite_link"].as_str().unwrap()).unwrap();
    let who = json!({"chat_id": news.number(), "user_id": town.nino});
    assert_eq!(town.call("getChatMember", who.clone()).await["until_date"], START / SECOND + 2_592_000);
    town.world.clock().advance(2_592_000 * SECOND);
    assert_eq!(town.call("getChatMember", who).await["status"], "left");
    let mut wrong = paid;
    wrong["subscription_period"] = 60.into();
    let error = town.fails("createChatSubscriptionInviteLink", wrong).await;
    assert_eq!(error, "Bad Request: SUBSCRIPTION_PERIOD_INVALID");
}

#[tokio::test]
async fn people_come_by_links_over_http() {
    let town = Town::new().await;
    let group = group(&town).await;
    let post = |body: Value| {
        let request = town.client.post(format!("{}/api/act", town.server.url())).body(body.to_string());
        async { serde_json::from_str::<Value>(&request.send().await.unwrap().text().await.unwrap()).unwrap() }
    };
    let invite = json!({"act": "create_invite", "as": town.mei, "chat": group, "by_request": true});
    let link = post(invite).await["link"].clone();
    let joined = post(json!({"act": "join", "as": town.nino, "link": link})).await;
    assert_eq!(joined, json!({"chat": group, "waiting": true}));
    let approve = json!({"act": "approve", "as": town.mei, "chat": group, "who": town.nino});
    assert_eq!(post(approve).await, json!({}));
    let restrict = json!({"act": "restrict", "as": town.mei, "chat": group, "who": town.nino, "permissions": {"can_send_messages": true}});
    assert_eq!(post(restrict).await, json!({}));
    let photo = post(json!({"act": "say", "as": town.nino, "chat": group, "media": "photo"})).await;
    assert!(photo["error"].as_str().unwrap().contains("send photos"), "{photo}");
    for act in [
        json!({"act": "slow_mode", "chat": group, "seconds": 10}),
        json!({"act": "set_permissions", "chat": group, "permissions": {"can_send_messages": true}}),
        json!({"act": "set_tag", "chat": group, "who": town.nino, "tag": "guest"}),
        json!({"act": "anonymous", "as": town.mei, "chat": group, "on": true}),
        json!({"act": "kick", "as": town.mei, "chat": group, "who": town.nino}),
        json!({"act": "unban", "as": town.mei, "chat": group, "who": town.nino}),
    ] {
        assert_eq!(post(act.clone()).await, json!({}), "{act}");
    }
}
