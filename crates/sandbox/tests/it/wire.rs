//! Requests as they come over the wire, well and badly formed.

use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use sandbox::Options;
use serde_json::{Value, json};

use crate::support::Town;

async fn started() -> Town {
    let town = Town::with(Options::default()).await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town
}

/// Status and description.
async fn refusal(request: RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let answer: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!((&answer["ok"], &answer["error_code"]), (&json!(false), &json!(status)), "{answer}");
    (status, answer["description"].as_str().unwrap().to_owned())
}

fn post(town: &Town, method: &str, kind: &str, body: impl Into<reqwest::Body>) -> RequestBuilder {
    town.client.post(town.url(method)).header("content-type", kind).body(body)
}

#[tokio::test]
async fn a_text_in_a_json_body_may_hold_the_json_of_its_field() {
    let town = started().await;
    let keyboard = json!({"inline_keyboard": [[{"text": "Tea", "callback_data": "tea"}]]});
    let bold = json!([{"type": "bold", "offset": 0, "length": 2}]);
    let sent = town
        .call(
            "sendMessage",
            json!({"chat_id": town.nino, "text": "{\"a\":1}", "entities": bold.to_string(),
                "reply_markup": keyboard.to_string()}),
        )
        .await;
    assert_eq!(sent["text"], "{\"a\":1}");
    assert_eq!((&sent["entities"], &sent["reply_markup"]), (&bold, &keyboard));
}

#[tokio::test]
async fn of_a_broken_json_body_counts_what_stands_before_the_mistake() {
    let town = started().await;
    let chat = town.nino;
    for (body, error) in [
        ("{".to_owned(), "chat_id is empty"),
        ("[1]".to_owned(), "chat_id is empty"),
        (format!("{{\"chat_id\":{chat},\"text\":\"hi"), "message text is empty"),
        (format!("{{\"chat_id\":{chat} \"text\":\"hi\"}}"), "message text is empty"),
    ] {
        let refused = refusal(post(&town, "sendMessage", "application/json", body)).await;
        assert_eq!(refused, (400, format!("Bad Request: {error}")));
    }
    let body = format!("{{\"chat_id\":{chat},\"text\":\"before\",\"entities\":[}}");
    assert_eq!(post(&town, "sendMessage", "application/json", body).send().await.unwrap().status(), 200);
    let view = town.world.view_as(town.nino, town.chat);
    assert_eq!(view.last().unwrap().text.as_deref(), Some("before"));
}

#[tokio::test]
async fn the_type_of_a_body_is_read_in_any_case_and_another_type_holds_no_parameters() {
    let town = started().await;
    let body = json!({"chat_id": town.nino, "text": "hi"}).to_string();
    for kind in ["Application/JSON", "APPLICATION/json; charset=UTF-8"] {
        assert_eq!(post(&town, "sendMessage", kind, body.clone()).send().await.unwrap().status(), 200);
    }
    let form = format!("chat_id={}&text=hi", town.nino);
    let kind = "Application/X-WWW-Form-Urlencoded";
    assert_eq!(post(&town, "sendMessage", kind, form.clone()).send().await.unwrap().status(), 200);
    let refused = refusal(post(&town, "sendMessage", "text/plain", form)).await;
    assert_eq!(refused, (400, "Bad Request: chat_id is empty".to_owned()));
}

#[tokio::test]
async fn broken_forms_are_refused_in_telegrams_words() {
    let town = started().await;
    let nameless = "--x\r\ncontent-disposition: form-data\r\n\r\nhi\r\n--x--\r\n";
    let broken = "--x\r\nnothing\r\n\r\nhi\r\n--x--\r\n";
    for (kind, body, error) in [
        ("multipart/form-data", "x", "boundary not found"),
        ("multipart/form-data; boundary", "x", "boundary value not found"),
        ("multipart/form-data; boundary=", "x", "boundary too big or empty"),
        ("multipart/form-data; boundary=x", nameless, "field name in multipart/form-data not found"),
        ("multipart/form-data; boundary=x", broken, "can't parse form data headers"),
    ] {
        let refused = refusal(post(&town, "getMe", kind, body)).await;
        assert_eq!(refused, (400, format!("Bad Request: {error}")), "{kind}");
    }
}

#[tokio::test]
async fn over_a_mebibyte_of_parameters_is_refused_and_not_kept() {
    let town = started().await;
    let long = "x".repeat(1 << 20);
    let json = json!({"chat_id": town.nino, "text": long}).to_string();
    let form = format!("chat_id={}&text={long}", town.nino);
    let error = "Request Entity Too Large: too many parameters";
    for (kind, body) in [("application/json", json), ("application/x-www-form-urlencoded", form)] {
        let refused = refusal(post(&town, "sendMessage", kind, body)).await;
        assert_eq!(refused, (413, error.to_owned()), "{kind}");
    }
    let parts = Form::new().text("chat_id", "1").text("text", long.clone());
    let refused = refusal(town.client.post(town.url("sendMessage")).multipart(parts)).await;
    assert_eq!(refused, (413, format!("{error} in form data")));
    for call in town.world.calls_of("sendMessage") {
        assert_eq!(call.params, serde_json::Map::new());
    }
    // A file counts apart.
    let file = Part::bytes(vec![b'a'; 2 << 20]).file_name("a.bin");
    let parts = Form::new().text("chat_id", town.nino.to_string()).part("document", file);
    let sent = town.client.post(town.url("sendDocument")).multipart(parts).send().await.unwrap();
    assert_eq!(sent.status(), 200);
}

#[tokio::test]
async fn an_album_is_counted_before_its_items_are_read() {
    let town = started().await;
    let error = town.fails("sendMediaGroup", json!({"chat_id": town.nino, "media": vec![7; 100_000]})).await;
    assert_eq!(error, "Bad Request: too many messages to send as an album");
}

#[tokio::test]
async fn tokens_that_cannot_be_and_tokens_that_nobody_has_are_told_apart() {
    let town = started().await;
    let long = format!("77:{}", "x".repeat(80));
    for (path, status, description) in [
        ("12345/getMe", 401, "Unauthorized: invalid token specified"),
        ("0123:x/getMe", 401, "Unauthorized: invalid token specified"),
        ("-5:x/getMe", 401, "Unauthorized: invalid token specified"),
        (&format!("{long}/getMe"), 401, "Unauthorized: invalid token specified"),
        ("me:x/getMe", 421, "Misdirected Request: unallowed token specified"),
        ("77:x/getMe", 401, "Unauthorized"),
        ("77:x", 404, "Not Found"),
    ] {
        let refused = refusal(town.client.get(format!("{}/bot{path}", town.server.url()))).await;
        assert_eq!(refused, (status, description.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn only_get_and_post_are_known() {
    let town = started().await;
    for verb in [Method::PUT, Method::DELETE, Method::PATCH] {
        let request = town.client.request(verb, town.url("sendMessage"));
        let request = request.query(&[("chat_id", town.nino.to_string().as_str()), ("text", "hi")]);
        let response = request.send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["connection"]),
            (501, &"close".parse().unwrap())
        );
    }
    assert!(town.world.calls_of("sendMessage").is_empty());
}

#[tokio::test]
async fn only_the_emoji_that_telegram_offers_are_reactions() {
    let town = started().await;
    let said = town.world.message(town.nino, town.chat).text("hi").send().unwrap();
    let react = |emoji: &str| json!({"chat_id": town.nino, "message_id": said, "reaction": [{"type": "emoji", "emoji": emoji}]});
    for emoji in ["❤", "🤷‍♂", "👨‍💻"] {
        town.call("setMessageReaction", react(emoji)).await;
        town.world.react(town.nino, town.chat, said, Some(emoji)).unwrap();
    }
    for emoji in ["", "x", "é", "👍👍", "🍵"] {
        let error = town.fails("setMessageReaction", react(emoji)).await;
        assert_eq!(error, "Bad Request: REACTION_INVALID", "{emoji}");
        assert!(town.world.react(town.nino, town.chat, said, Some(emoji)).is_err(), "{emoji}");
    }
}
