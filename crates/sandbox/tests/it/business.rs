//! Business connections: a bot answers a person's customers in the person's name.

use sandbox::{ChatId, PersonId};
use serde_json::{Value, json};

use crate::support::Town;

/// Mei has connected the bot, and Nino is her customer.
struct Shop {
    town: Town,
    chat: ChatId,
    connection: String,
}

async fn shop(rights: &[&str]) -> Shop {
    let town = Town::new().await;
    town.world.configure_bot(town.bot.id, None, None, Some(true), None);
    let rights: Vec<String> = rights.iter().map(|right| (*right).to_owned()).collect();
    let connection = town.world.business_connect(town.mei, town.bot.id, &rights).unwrap();
    let chat: ChatId = format!("{}_{}", town.nino, town.mei).parse().unwrap();
    Shop { town, chat, connection }
}

impl Shop {
    fn call(&self, more: &Value) -> Value {
        let mut params = json!({"business_connection_id": self.connection, "chat_id": self.town.nino});
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        params
    }

    async fn fails(&self, method: &str, more: &Value) -> String {
        self.town.fails(method, self.call(more)).await
    }
}

#[tokio::test]
async fn the_bot_hears_customers_and_answers_in_the_owners_name() {
    let shop = shop(&["can_reply"]).await;
    let town = &shop.town;
    let connected = &town.updates().await[0]["business_connection"];
    assert_eq!(
        (&connected["user"]["id"], &connected["rights"]),
        (&json!(town.mei), &json!({"can_reply": true}))
    );
    assert_eq!(shop.fails("sendMessage", &json!({"text": "x"})).await, "Bad Request: BUSINESS_PEER_INVALID");
    town.world.say(town.nino, shop.chat, "Do you have jasmine tea?").unwrap();
    let updates = town.updates().await;
    let asked = &updates[0]["business_message"];
    assert_eq!(asked["business_connection_id"], json!(shop.connection));
    assert_eq!((&asked["chat"]["id"], &asked["from"]["id"]), (&json!(town.nino), &json!(town.nino)));
    let reply = json!({"text": "Yes!", "reply_parameters": {"message_id": asked["message_id"]}});
    let sent = town.call("sendMessage", shop.call(&reply)).await;
    assert_eq!(
        (&sent["from"]["id"], &sent["sender_business_bot"]["id"]),
        (&json!(town.mei), &json!(town.bot.id))
    );
    assert_eq!(sent["reply_to_message"]["business_connection_id"], json!(shop.connection));
    let seen = town.world.view_as(town.nino, shop.chat);
    assert_eq!((seen[1].text.as_deref(), seen[1].from.id), (Some("Yes!"), town.mei.0));
    assert!(town.updates().await.is_empty(), "it is not told of what it wrote itself");
    let edit = json!({"message_id": sent["message_id"], "text": "Yes, 4 €"});
    assert_eq!(town.call("editMessageText", shop.call(&edit)).await["text"], "Yes, 4 €");
    town.world.say(town.mei, shop.chat, "I wrap it for you").unwrap();
    assert_eq!(town.updates().await[0]["business_message"]["from"]["id"], json!(town.mei));
}

#[tokio::test]
async fn a_customer_who_was_silent_for_a_day_is_not_written_to() {
    let shop = shop(&["can_reply"]).await;
    shop.town.world.say(shop.town.nino, shop.chat, "Hi").unwrap();
    shop.town.call("sendMessage", shop.call(&json!({"text": "Hi"}))).await;
    shop.town.world.clock().advance(24 * 3_600_000_000);
    let missing = "Bad Request: BUSINESS_PEER_USAGE_MISSING";
    assert_eq!(shop.fails("sendMessage", &json!({"text": "x"})).await, missing);
}

#[tokio::test]
async fn edits_and_deletions_of_people_are_told() {
    let shop = shop(&["can_delete_all_messages", "can_read_messages"]).await;
    let town = &shop.town;
    let id = town.world.say(town.nino, shop.chat, "Tea").unwrap();
    town.world.edit(town.nino, shop.chat, id, "Teas").unwrap();
    town.updates().await;
    town.world.edit(town.nino, shop.chat, id, "Green tea").unwrap();
    assert_eq!(town.updates().await[0]["edited_business_message"]["text"], "Green tea");
    town.call("readBusinessMessage", shop.call(&json!({"message_id": id}))).await;
    assert_eq!(town.world.read_up_to(shop.chat), Some(id));
    let other = town.world.say(town.nino, shop.chat, "Please").unwrap();
    town.updates().await;
    town.world.delete(town.nino, shop.chat, id).unwrap();
    assert_eq!(town.updates().await[0]["deleted_business_messages"]["message_ids"], json!([id]));
    town.call(
        "deleteBusinessMessages",
        json!({"business_connection_id": shop.connection, "message_ids": [other]}),
    )
    .await;
    assert!(town.world.view_as(town.nino, shop.chat).is_empty());
    assert!(town.updates().await.is_empty());
}

#[tokio::test]
async fn rights_and_connections_are_held_to() {
    let shop = shop(&[]).await;
    let town = &shop.town;
    town.world.say(town.nino, shop.chat, "Hi").unwrap();
    let forbidden = "Bad Request: BOT_ACCESS_FORBIDDEN";
    let name = json!({"first_name": "Mei's tea"});
    assert_eq!(shop.fails("sendMessage", &json!({"text": "x"})).await, forbidden);
    assert_eq!(shop.fails("setBusinessAccountName", &name).await, forbidden);
    town.world.business_connect(town.mei, town.bot.id, &["can_edit_name".to_owned()]).unwrap();
    town.call("setBusinessAccountName", shop.call(&name)).await;
    let id = json!({"business_connection_id": shop.connection});
    assert_eq!(town.call("getBusinessConnection", id.clone()).await["user"]["first_name"], "Mei's tea");
    town.updates().await;
    town.world.business_disconnect(town.mei).unwrap();
    assert_eq!(town.updates().await[0]["business_connection"]["is_enabled"], false);
    let invalid = "Bad Request: BUSINESS_CONNECTION_INVALID";
    assert_eq!(shop.fails("sendMessage", &json!({"text": "x"})).await, invalid);
    assert_eq!(town.fails("getBusinessConnection", json!({"business_connection_id": "x"})).await, invalid);
    assert!(town.world.business_connect(PersonId(1), town.bot.id, &["can_fly".to_owned()]).is_err());
}
