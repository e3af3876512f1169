//! Inline mode and games.

use sandbox::{GameSpec, Status};
use serde_json::{Value, json};

use crate::support::Town;

async fn inline_town() -> Town {
    let town = Town::new().await;
    town.world.configure_bot(town.bot.id, Some(true), Some(true), None, None);
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    town
}

fn article(id: &str, text: &str) -> Value {
    json!({"type": "article", "id": id, "title": id, "input_message_content": {"message_text": text, "parse_mode": "HTML"}})
}

#[tokio::test]
async fn a_result_that_is_chosen_becomes_a_message_via_the_bot() {
    let town = inline_town().await;
    town.world.add_member(town.staff, town.nino, Status::Member).unwrap();
    town.updates().await;
    let query = town.world.inline_query(town.nino, town.staff, town.bot.id, "jasmine", "").unwrap();
    let updates = town.updates().await;
    let asked = &updates[0]["inline_query"];
    assert_eq!((&asked["query"], &asked["chat_type"]), (&json!("jasmine"), &json!("supergroup")));
    let mut result = article("tea", "<b>Jasmine</b>, 4 €");
    result["reply_markup"] = json!({"inline_keyboard": [[{"text": "Order", "callback_data": "order"}]]});
    town.call("answerInlineQuery", json!({"inline_query_id": asked["id"], "results": [result]})).await;
    assert_eq!(town.world.inline_results(&query).unwrap()["results"][0]["title"], "tea");
    let message = town.world.choose_result(town.nino, &query, "tea").unwrap();
    let updates = town.updates().await;
    let sent = updates.iter().find_map(|update| update.get("message")).unwrap();
    assert_eq!((&sent["text"], &sent["via_bot"]["id"]), (&json!("Jasmine, 4 €"), &json!(town.bot.id)));
    assert_eq!(sent["entities"][0]["type"], "bold");
    let chosen = updates.iter().find_map(|update| update.get("chosen_inline_result")).unwrap();
    assert_eq!((&chosen["result_id"], &chosen["query"]), (&json!("tea"), &json!("jasmine")));

    let edit = json!({"inline_message_id": chosen["inline_message_id"], "text": "Sold out"});
    assert_eq!(town.call("editMessageText", edit).await, json!(true));
    assert_eq!(town.world.get_message(town.staff, message).unwrap().text.as_deref(), Some("Sold out"));
    let edit = json!({"inline_message_id": "nonsense", "text": "x"});
    assert_eq!(town.fails("editMessageText", edit).await, "Bad Request: MESSAGE_ID_INVALID");
}

#[tokio::test]
async fn a_tap_on_an_inline_message_names_it_by_its_inline_id() {
    let town = inline_town().await;
    let query = town.world.inline_query(town.nino, town.chat, town.bot.id, "", "").unwrap();
    let mut result = article("a", "Pick");
    result["reply_markup"] = json!({"inline_keyboard": [[{"text": "One", "callback_data": "1"}]]});
    town.call("answerInlineQuery", json!({"inline_query_id": query, "results": [result]})).await;
    let message = town.world.choose_result(town.nino, &query, "a").unwrap();
    town.updates().await;
    town.world.tap(town.nino, town.chat, message, "One").unwrap();
    let updates = town.updates().await;
    let tapped = &updates[0]["callback_query"];
    assert_eq!((&tapped["data"], &tapped["message"]), (&json!("1"), &Value::Null));
    assert!(tapped["inline_message_id"].is_string());
}

#[tokio::test]
async fn wrong_inline_answers_are_refused() {
    let town = inline_town().await;
    let query = town.world.inline_query(town.nino, town.chat, town.bot.id, "x", "").unwrap();
    let answer = |results: Value| json!({"inline_query_id": query, "results": results});
    for (results, error) in [
        (json!({}), "expected an Array of inline query results"),
        (json!([7]), "can't parse inline query result: inline query result must be an object"),
        (json!([{"type": "article"}]), "can't parse inline query result: Can't find field \"id\""),
        (
            json!([{"type": "article", "id": "1", "title": "x"}]),
            "can't parse inline query result: Can't find field \"message_text\"",
        ),
        (
            json!([{"type": "hat", "id": "1"}]),
            "can't parse inline query result: type \"hat\" is unsupported for the inline query result",
        ),
        (json!([article("a", "x"), article("a", "y")]), "RESULT_ID_DUPLICATE"),
        (json!(vec![article("a", "x"); 51]), "too many inline query results specified"),
    ] {
        assert_eq!(town.fails("answerInlineQuery", answer(results)).await, format!("Bad Request: {error}"));
    }
    let too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    town.world.clock().advance(60_000_000);
    assert_eq!(town.fails("answerInlineQuery", answer(json!([]))).await, too_old);
    let web_app = json!({"web_app_query_id": "1", "result": article("a", "x")});
    assert_eq!(town.fails("answerWebAppQuery", web_app).await, too_old);
    town.updates().await;
}

#[tokio::test]
async fn a_prepared_message_is_sent_by_the_person_it_is_for() {
    let town = inline_town().await;
    let prepare = json!({"user_id": town.nino, "result": article("a", "Ready"), "allow_user_chats": true});
    let prepared = town.call("savePreparedInlineMessage", prepare).await;
    let id = prepared["id"].as_str().unwrap();
    assert!(town.world.send_prepared(town.mei, town.staff, id).is_err());
    town.world.send_prepared(town.nino, town.chat, id).unwrap();
    assert_eq!(town.updates().await[0]["message"]["via_bot"]["username"], "lotus_support_bot");
}

#[tokio::test]
async fn a_game_keeps_its_scores() {
    let town = inline_town().await;
    let game = json!({"chat_id": town.nino, "game_short_name": "tea_rush"});
    let unknown = "Bad Request: wrong game short name specified";
    assert_eq!(town.fails("sendGame", game.clone()).await, unknown);
    let (title, description) = ("Tea rush".to_owned(), "Pour!".to_owned());
    let spec = GameSpec { short_name: "tea_rush".to_owned(), title, description, photo: None };
    town.world.add_game(town.bot.id, spec).unwrap();
    let sent = town.call("sendGame", game).await;
    assert_eq!((&sent["game"]["title"], &sent["caption"]), (&json!("Tea rush"), &Value::Null));
    let id = sent["message_id"].as_i64().unwrap();
    town.world.tap(town.nino, town.chat, id, "Play").unwrap();
    assert_eq!(town.updates().await[0]["callback_query"]["game_short_name"], "tea_rush");
    let score = |points: i64, force: bool| json!({"chat_id": town.nino, "message_id": id, "user_id": town.nino, "score": points, "force": force});
    let scored = town.call("setGameScore", score(7, false)).await;
    assert_eq!(scored["game"]["text"], "1. Nino – 7");
    assert_eq!(town.fails("setGameScore", score(5, false)).await, "Bad Request: BOT_SCORE_NOT_MODIFIED");
    assert_eq!(town.fails("setGameScore", score(7, true)).await, "Bad Request: BOT_SCORE_NOT_MODIFIED");
    town.call("setGameScore", score(5, true)).await;
    let best = json!({"chat_id": town.nino, "message_id": id, "user_id": town.nino});
    let best = town.call("getGameHighScores", best).await;
    assert_eq!((&best[0]["position"], &best[0]["score"]), (&json!(1), &json!(5)));
}

#[tokio::test]
async fn a_bot_that_logged_out_gets_nothing_for_ten_minutes() {
    let town = inline_town().await;
    town.call("logOut", json!({})).await;
    assert_eq!(town.fails("getMe", json!({})).await, "Logged out");
    assert_eq!(town.fails("getUpdates", json!({})).await, "Logged out");
    town.world.clock().advance(600_000_000);
    assert_eq!(town.call("getMe", json!({})).await["supports_inline_queries"], true);
    // A bot that was launched but now, long after the server, is not to be closed at once.
    town.call("close", json!({})).await;
    town.world.clock().advance(600_000_000);
    town.call("getMe", json!({})).await;
    assert_eq!(town.fails("close", json!({})).await, "Too Many Requests: retry after 600");
}
