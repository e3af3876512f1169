//! Numbers that are no times and no lengths of time: every one gets an answer, and the world goes on.

use sandbox::{Rights, Status};
use serde_json::{Value, json};

use crate::support::{START, Town};

/// The end of the year 9999 (microseconds since 1970 UTC).
const LATEST: i64 = 253_402_300_799_999_999;

async fn control(town: &Town, path: &str, body: String) -> (u16, String) {
    let answer = town.client.post(format!("{}{path}", town.server.url())).body(body).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_ban_until_any_number_is_carried_out() {
    let town = Town::new().await;
    let group = town.world.add_supergroup("Tea", town.mei);
    town.world.add_member(group, town.bot.id, Status::Administrator(Rights::usual())).unwrap();
    town.world.join(town.nino, group).unwrap();
    for until in [i64::MIN, i64::MAX, -1, 0] {
        let group = group.number();
        for (method, permissions) in [("restrictChatMember", json!({})), ("banChatMember", Value::Null)] {
            let who = json!({"chat_id": group, "user_id": town.nino, "until_date": until, "permissions": permissions});
            assert_eq!(town.call(method, who).await, true, "{method} {until}");
        }
        let who = json!({"chat_id": group, "user_id": town.nino});
        let member = town.call("getChatMember", who).await;
        assert_eq!((&member["status"], &member["until_date"]), (&json!("kicked"), &json!(0)));
    }
}

#[tokio::test]
async fn a_live_location_is_prolonged_by_what_it_may_be_sent_with_and_the_timers_live() {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let place = json!({"chat_id": town.nino, "latitude": 41.7, "longitude": 44.8, "live_period": 60});
    let id = town.call("sendLocation", place).await["message_id"].clone();
    let to = |period: i64| json!({"chat_id": town.nino, "message_id": id, "latitude": 41.8, "longitude": 44.8, "live_period": period});
    for wrong in [i64::MAX, i64::MIN, -5, 59, 86_401] {
        let error = town.fails("editMessageLiveLocation", to(wrong)).await;
        assert_eq!(error, "Bad Request: wrong live location period specified", "{wrong}");
    }
    let stored = town.world.messages(town.chat).pop().unwrap();
    assert!(!format!("{stored:?}").contains("41.8"), "what was refused was stored: {stored:?}");
    let moved = town.call("editMessageLiveLocation", to(120)).await;
    assert_eq!(moved["location"]["live_period"], 120);
    town.world.advance(120_000_000, 60_000_000).await.unwrap();
    assert_eq!(town.fails("editMessageLiveLocation", to(60)).await, "Bad Request: message can't be edited");
}

#[tokio::test]
async fn the_clock_goes_to_the_end_of_the_year_9999_and_everything_works_there() {
    let town = Town::new().await;
    let group = town.world.add_supergroup("Tea", town.mei);
    town.world.add_member(group, town.bot.id, Status::Administrator(Rights::usual())).unwrap();
    for micros in [i64::MAX, LATEST - START + 1] {
        let (status, error) =
            control(&town, "/api/clock/advance", json!({"micros": micros}).to_string()).await;
        assert!(status == 409 && error.contains("9999"), "{status} {error}");
    }
    let saved = town.world.save();
    let at = format!("\"clock\":{START}");
    assert!(saved.contains(&at));
    for clock in [i64::MAX, i64::MIN, LATEST + 1, -1] {
        let document = saved.replacen(&at, &format!("\"clock\":{clock}"), 1);
        let (status, error) = control(&town, "/api/load", document).await;
        assert!(status == 400 && error.contains("9999"), "{status} {error}");
    }
    let (status, answer) =
        control(&town, "/api/clock/advance", json!({"micros": LATEST - START}).to_string()).await;
    assert_eq!((status, town.world.clock().now()), (200, LATEST), "{answer}");
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.world.boost(town.mei, group).unwrap();
    let place = json!({"chat_id": town.nino, "latitude": 41.7, "longitude": 44.8, "live_period": 60});
    town.call("sendLocation", place).await;
    let poll = json!({"chat_id": town.nino, "question": "?", "options": ["A", "B"], "open_period": 60});
    town.call("sendPoll", poll).await;
    let refused = json!({"url": "http://127.0.0.1:1/"});
    town.call("getUpdates", json!({"offset": -1, "timeout": 50})).await;
    town.call("setWebhook", refused).await;
    town.call("deleteWebhook", json!({})).await;
    town.call("close", json!({})).await;
    town.call("logOut", json!({})).await;
}
