//! Polls and quizzes.

use sandbox::ChatId;
use serde_json::{Value, json};

use crate::support::{START, Town};

async fn started() -> Town {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    town
}

fn poll(chat: ChatId, more: &Value) -> Value {
    let mut poll = json!({"chat_id": chat.number(), "question": "Which tea?", "options": [{"text": "Jasmine"}, "Oolong"]});
    poll.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    poll
}

#[tokio::test]
async fn votes_are_told_to_the_bot_that_asked_and_can_be_taken_back() {
    let town = started().await;
    let sent = town.call("sendPoll", poll(town.chat, &json!({"is_anonymous": false}))).await;
    let id = sent["message_id"].as_i64().unwrap();
    town.world.vote(town.nino, town.chat, id, &[1]).unwrap();
    let updates = town.updates().await;
    assert_eq!(updates[0]["poll"]["options"][1]["voter_count"], 1);
    assert_eq!(updates[1]["poll_answer"]["option_ids"], json!([1]));
    assert_eq!(updates[1]["poll_answer"]["user"]["id"], json!(town.nino));
    town.world.vote(town.nino, town.chat, id, &[]).unwrap();
    let updates = town.updates().await;
    assert_eq!(updates[0]["poll"]["total_voter_count"], 0);
    assert_eq!(updates[1]["poll_answer"]["option_ids"], json!([]));
}

#[tokio::test]
async fn a_poll_closes_by_the_clock_and_the_bot_is_told() {
    let town = started().await;
    let sent = town.call("sendPoll", poll(town.chat, &json!({"open_period": 60}))).await;
    assert_eq!(
        (&sent["poll"]["open_period"], &sent["poll"]["close_date"]),
        (&json!(60), &json!(START / 1_000_000 + 60))
    );
    town.world.clock().advance(59_000_000);
    assert!(town.updates().await.is_empty());
    town.world.clock().advance(1_000_000);
    let updates = town.call("getUpdates", json!({"timeout": 5})).await;
    assert_eq!(updates[0]["poll"]["is_closed"], true);
    let id = sent["message_id"].as_i64().unwrap();
    assert!(town.world.vote(town.nino, town.chat, id, &[0]).is_err());
    let stop = json!({"chat_id": town.nino, "message_id": id});
    assert_eq!(town.fails("stopPoll", stop).await, "Bad Request: poll has already been closed");
}

#[tokio::test]
async fn a_quiz_tells_the_right_answers_and_why() {
    let town = started().await;
    let quiz = json!({"type": "quiz", "correct_option_ids": [1], "explanation": "*Oolong* is right", "explanation_parse_mode": "Markdown"});
    let sent = town.call("sendPoll", poll(town.chat, &quiz)).await;
    assert_eq!(sent["poll"]["correct_option_ids"], json!([1]));
    assert_eq!(sent["poll"]["explanation"], "Oolong is right");
    assert_eq!(sent["poll"]["explanation_entities"], json!([{"type": "bold", "offset": 0, "length": 6}]));
    let id = sent["message_id"].as_i64().unwrap();
    town.world.vote(town.nino, town.chat, id, &[0]).unwrap();
    assert!(town.world.vote(town.nino, town.chat, id, &[1]).is_err(), "a quiz is answered once");
    let stopped = town.call("stopPoll", json!({"chat_id": town.nino, "message_id": id})).await;
    assert_eq!((&stopped["is_closed"], &stopped["options"][0]["voter_count"]), (&json!(true), &json!(1)));
}

#[tokio::test]
async fn wrong_polls_are_refused() {
    let town = started().await;
    for (more, error) in [
        (json!({"question": ""}), "text must be non-empty"),
        (json!({"question": "x".repeat(301)}), "poll question length must not exceed 300"),
        (json!({"options": []}), "poll must have at least one answer option"),
        (json!({"options": [""]}), "poll option must be non-empty"),
        (json!({"options": ["x".repeat(101)]}), "poll options length must not exceed 100"),
        (json!({"options": vec!["x"; 13]}), "poll can't have more than 12 options"),
        (json!({"members_only": true}), "poll voters can be restricted only in channel chats"),
        (json!({"type": "survey"}), "unsupported poll type specified"),
        (json!({"type": "quiz"}), "correct quiz option list must be non-empty"),
        (json!({"type": "quiz", "correct_option_ids": [2]}), "wrong quiz correct_option_id"),
    ] {
        assert_eq!(town.fails("sendPoll", poll(town.chat, &more)).await, format!("Bad Request: {error}"));
    }
}

#[tokio::test]
async fn a_live_location_ends_with_its_time() {
    let town = started().await;
    let place =
        json!({"chat_id": town.nino, "latitude": 41.7, "longitude": 44.8, "live_period": 60, "heading": 90});
    let sent = town.call("sendLocation", place).await;
    assert_eq!((&sent["location"]["live_period"], &sent["location"]["heading"]), (&json!(60), &json!(90)));
    let to = |latitude: f64| json!({"chat_id": town.nino, "message_id": sent["message_id"], "latitude": latitude, "longitude": 44.8});
    let moved = town.call("editMessageLiveLocation", to(41.8)).await;
    assert_eq!(
        (&moved["location"]["latitude"], &moved["location"]["live_period"]),
        (&json!(41.8), &json!(60))
    );
    town.world.clock().advance(60_000_000);
    assert_eq!(town.fails("editMessageLiveLocation", to(41.9)).await, "Bad Request: message can't be edited");
    assert_eq!(
        town.world.last_message(town.chat).unwrap().content,
        json!({"latitude": 41.8, "longitude": 44.8})
    );
}
