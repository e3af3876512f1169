//! What Telegram refuses, in its words.

use serde_json::json;

use crate::support::Town;

async fn started() -> Town {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town
}

#[tokio::test]
async fn text_and_caption_are_measured_in_utf16_units() {
    let town = started().await;
    let send = |text: String| json!({"chat_id": town.nino, "text": text});
    town.call("sendMessage", send("🍵".repeat(2_048))).await;
    assert_eq!(
        town.fails("sendMessage", send("🍵".repeat(2_048) + "x")).await,
        "Bad Request: message is too long"
    );
    for (text, error) in [("", "message text is empty"), ("  \n", "text must be non-empty")] {
        assert_eq!(town.fails("sendMessage", send(text.to_owned())).await, format!("Bad Request: {error}"));
    }
    assert_eq!(town.fails("sendMessage", send("x".repeat(32_769))).await, "Bad Request: text is too long");
    let photo = town.world.message(town.nino, town.chat).photo().send().unwrap();
    let photo = town.world.get_message(town.chat, photo).unwrap().media.unwrap().file_id;
    let caption =
        |length: usize| json!({"chat_id": town.nino, "photo": photo, "caption": "x".repeat(length)});
    town.call("sendPhoto", caption(1_024)).await;
    assert_eq!(town.fails("sendPhoto", caption(1_025)).await, "Bad Request: message caption is too long");
}

#[tokio::test]
async fn formatting_comes_by_entities_or_by_parse_mode() {
    let town = started().await;
    let with = |entity: serde_json::Value| json!({"chat_id": town.nino, "text": "hi", "entities": [entity]});
    let bold = json!({"type": "bold", "offset": 0, "length": 2});
    assert_eq!(town.call("sendMessage", with(bold.clone())).await["entities"], json!([bold]));
    let error = town.fails("sendMessage", with(json!({"type": "bold", "offset": 90, "length": 1}))).await;
    assert_eq!(error, "Bad Request: entity begins after the end of the text at UTF-16 offset 90");
    let error = town.fails("sendMessage", with(json!({"type": "bold", "length": 1}))).await;
    assert_eq!(error, "Bad Request: can't parse MessageEntity: Can't find field \"offset\"");
    let html = json!({"chat_id": town.nino, "text": "<b>hi</b> &amp;", "parse_mode": "HTML"});
    let sent = town.call("sendMessage", html).await;
    assert_eq!((sent["text"].as_str(), &sent["entities"][0]["type"]), (Some("hi &"), &json!("bold")));
    let wrong = json!({"chat_id": town.nino, "text": "a.", "parse_mode": "MarkdownV2"});
    let error = town.fails("sendMessage", wrong).await;
    let expected = r"Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\'";
    assert_eq!(error, expected);
    let error =
        town.fails("sendMessage", json!({"chat_id": town.nino, "text": "a", "parse_mode": "x"})).await;
    assert_eq!(error, "Bad Request: unsupported parse_mode");
}

#[tokio::test]
async fn unknown_tokens_methods_and_chats_have_their_own_errors() {
    let town = started().await;
    let url = format!("{}/bot1:nobody/getMe", town.server.url());
    let response = town.client.get(url).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(
        response.text().await.unwrap(),
        r#"{"description":"Unauthorized","error_code":401,"ok":false}"#
    );
    let answer = town.raw("getNothing", json!({})).await;
    assert_eq!(
        (&answer["error_code"], &answer["description"]),
        (&json!(404), &json!("Not Found: method not found"))
    );
    let answer = town.raw("sendInvoice", json!({})).await;
    assert_eq!(answer["error_code"], 501);
    assert!(answer["description"].as_str().unwrap().contains("sendInvoice"));
    assert_eq!(town.fails("sendMessage", json!({"text": "x"})).await, "Bad Request: chat_id is empty");
    assert_eq!(
        town.fails("sendMessage", json!({"chat_id": 5, "text": "x"})).await,
        "Bad Request: chat not found"
    );
    assert_eq!(town.fails("getChat", json!({"chat_id": -5})).await, "Bad Request: chat not found");
    // A dropped call of an unknown method is no violation of the schema.
}

#[tokio::test]
async fn parameters_come_in_four_forms() {
    let town = started().await;
    let query = town.url(&format!("sendMessage?chat_id={}&text=by%20query", town.nino));
    town.client.get(query).send().await.unwrap();
    let form =
        format!("chat_id={}&text=by+form&reply_parameters={}", town.nino, "%7B%22message_id%22%3A1%7D");
    let request =
        town.client.post(town.url("sendmessage")).header("content-type", "application/x-www-form-urlencoded");
    request.body(form).send().await.unwrap();
    let parts =
        reqwest::multipart::Form::new().text("chat_id", town.nino.to_string()).text("text", "by parts");
    town.client.post(town.url("SendMessage")).multipart(parts).send().await.unwrap();
    town.call("sendMessage", json!({"chat_id": town.nino.to_string(), "text": "by json"})).await;
    let texts: Vec<_> =
        town.world.view_as(town.nino, town.chat).into_iter().filter_map(|message| message.text).collect();
    assert_eq!(texts, ["/start", "by query", "by form", "by parts", "by json"]);
    assert_eq!(town.world.view_as(town.nino, town.chat)[2].reply_to, Some(1));
}

#[tokio::test]
async fn absurd_numbers_get_an_error_and_never_end_the_connection() {
    let town = started().await;
    for absurd in [
        json!({"type": "bold", "offset": u64::MAX, "length": 1}),
        json!({"type": 5}),
        json!("x"),
        json!(null),
    ] {
        let error = town
            .fails("sendMessage", json!({"chat_id": town.nino, "text": "hi", "entities": [absurd]}))
            .await;
        assert!(error.starts_with("Bad Request: can't parse MessageEntity: "), "{error}");
    }
    town.call("getUpdates", json!({"offset": i64::MIN, "limit": -5, "timeout": -9})).await;
    let most = i64::MAX;
    for (method, parameters) in [
        ("sendMessage", json!({"chat_id": most, "text": "x"})),
        ("sendMessage", json!({"chat_id": {"id": 1}, "text": "x"})),
        ("editMessageText", json!({"chat_id": town.nino, "message_id": most, "text": "x"})),
        (
            "copyMessages",
            json!({"chat_id": town.nino, "from_chat_id": town.nino, "message_ids": [most, i64::MIN]}),
        ),
        ("answerCallbackQuery", json!({"callback_query_id": u64::MAX.to_string()})),
        ("sendPhoto", json!({"chat_id": town.nino, "photo": {"deep": []}})),
        ("sendMediaGroup", json!({"chat_id": town.nino, "media": [1, null]})),
        ("setMessageReaction", json!({"chat_id": town.nino, "message_id": 1, "reaction": [[]]})),
        ("getFile", json!({"file_id": "sandbox-photo-x-99999999999999999999"})),
        ("sendMessage", json!({"chat_id": town.nino, "text": "x", "reply_parameters": 7})),
        ("sendMessage", json!({"chat_id": town.nino, "text": "x", "reply_markup": {"inline_keyboard": [7]}})),
    ] {
        assert!(town.fails(method, parameters).await.starts_with("Bad Request: "), "{method}");
    }
}

#[tokio::test]
async fn the_older_of_two_polls_ends() {
    let town = Town::new().await;
    let older = town.raw("getUpdates", json!({"timeout": 50}));
    let newer = async {
        while town.world.calls_of("getUpdates").len() < 2 {
            tokio::task::yield_now().await;
        }
        town.raw("getUpdates", json!({"timeout": 0})).await
    };
    let (older, newer) = tokio::join!(older, newer);
    let expected =
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    assert_eq!((&older["error_code"], &older["description"]), (&json!(409), &json!(expected)));
    assert_eq!(newer["ok"], true);
}
