//! Files, albums, copies, edits, buttons.

use sandbox::Media;
use serde_json::{Value, json};

use crate::support::Town;

async fn started() -> Town {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    town
}

#[tokio::test]
async fn every_kind_reaches_the_bot_and_can_be_copied_to_a_topic() {
    let town = started().await;
    let staff = town.staff.number();
    let topic =
        town.call("createForumTopic", json!({"chat_id": staff, "name": "t"})).await["message_thread_id"]
            .clone();
    let kinds = [
        "photo",
        "video",
        "audio",
        "voice",
        "document",
        "animation",
        "video_note",
        "sticker",
        "location",
        "venue",
        "contact",
        "dice",
        "poll",
    ];
    town.updates().await;
    for kind in kinds {
        let id =
            town.world.message(town.nino, town.chat).media(Media::of_kind(kind).unwrap()).send().unwrap();
        let update = &town.updates().await[0]["message"];
        assert!(!update[kind].is_null(), "{kind}: {update}");
        let copy = json!({"chat_id": staff, "message_thread_id": topic, "from_chat_id": town.nino, "message_id": id});
        let copied = town.call("copyMessage", copy).await["message_id"].as_i64().unwrap();
        let seen = town.world.get_message(town.staff, copied).unwrap();
        assert_eq!((seen.kind.as_str(), seen.topic), (kind, topic.as_i64()));
    }
}

#[tokio::test]
async fn a_file_goes_up_and_comes_down() {
    let town = started().await;
    let form = reqwest::multipart::Form::new()
        .text("chat_id", town.nino.to_string())
        .text("caption", "list")
        .text("document", "attach://it")
        .part("it", reqwest::multipart::Part::bytes(b"jasmine".to_vec()).file_name("tea.txt"));
    let answer = town.client.post(town.url("sendDocument")).multipart(form).send().await.unwrap();
    let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let document = &answer["result"]["document"];
    assert_eq!(document["file_name"], "tea.txt");
    let file = town.call("getFile", json!({"file_id": document["file_id"]})).await;
    let path = file["file_path"].as_str().unwrap();
    for path in [path.to_owned(), path.replace('/', "%2F")] {
        let url = format!("{}/file/bot{}/{path}", town.server.url(), town.bot.token);
        assert_eq!(town.client.get(url).send().await.unwrap().bytes().await.unwrap(), "jasmine");
    }
    let again = json!({"chat_id": town.nino, "document": document["file_id"]});
    assert_eq!(town.call("sendDocument", again).await["document"]["file_size"], 7);
    let error = town.fails("sendPhoto", json!({"chat_id": town.nino, "photo": document["file_id"]})).await;
    assert_eq!(error, "Bad Request: can't use file of type Document as Photo");
    let error = town.fails("sendPhoto", json!({"chat_id": town.nino, "photo": "nonsense"})).await;
    let expected =
        "Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol";
    assert_eq!(error, expected);
}

#[tokio::test]
async fn an_album_is_separate_updates_with_one_group() {
    let town = started().await;
    let ids = town.world.message(town.nino, town.chat).photo().caption("three").album(3).send_all().unwrap();
    let updates = town.updates().await;
    let groups: Vec<_> = updates.iter().map(|update| update["message"]["media_group_id"].clone()).collect();
    assert!(groups.len() == 3 && groups[0].is_string() && groups.iter().all(|group| *group == groups[0]));
    let copies = town
        .call(
            "copyMessages",
            json!({"chat_id": town.staff.number(), "from_chat_id": town.nino, "message_ids": ids}),
        )
        .await;
    let first = copies[0]["message_id"].as_i64().unwrap();
    assert!(town.world.get_message(town.staff, first).unwrap().media_group.is_some());
    let file = &updates[0]["message"]["photo"][2]["file_id"];
    let media = json!([{"type": "photo", "media": file, "caption": "a"}, {"type": "photo", "media": file}]);
    let sent = town.call("sendMediaGroup", json!({"chat_id": town.nino, "media": media})).await;
    assert_eq!(sent[0]["media_group_id"], sent[1]["media_group_id"]);
    let list = town.world.message(town.nino, town.chat).document().send().unwrap();
    let list = town.world.get_message(town.chat, list).unwrap().media.unwrap().file_id;
    let mixed = json!([{"type": "photo", "media": file}, {"type": "document", "media": list}]);
    let error = town.fails("sendMediaGroup", json!({"chat_id": town.nino, "media": mixed})).await;
    assert_eq!(error, "Bad Request: document can't be mixed with other media types");
}

#[tokio::test]
async fn a_message_is_edited_and_not_twice_the_same() {
    let town = started().await;
    let id =
        town.call("sendMessage", json!({"chat_id": town.nino, "text": "one"})).await["message_id"].clone();
    let edit = json!({"chat_id": town.nino, "message_id": id, "text": "two"});
    assert_eq!(town.call("editMessageText", edit.clone()).await["text"], "two");
    let error = town.fails("editMessageText", edit).await;
    assert!(
        error.starts_with("Bad Request: message is not modified: specified new message content"),
        "{error}"
    );
    let error =
        town.fails("editMessageText", json!({"chat_id": town.nino, "message_id": 999, "text": "x"})).await;
    assert_eq!(error, "Bad Request: message to edit not found");
    let error = town
        .fails("editMessageCaption", json!({"chat_id": town.nino, "message_id": id, "caption": "x"}))
        .await;
    assert_eq!(error, "Bad Request: there is no caption in the message to edit");
    town.call("deleteMessage", json!({"chat_id": town.nino, "message_id": id})).await;
    let error = town.fails("deleteMessage", json!({"chat_id": town.nino, "message_id": id})).await;
    assert_eq!(error, "Bad Request: message to delete not found");
    let photo = town.world.message(town.nino, town.chat).photo().send().unwrap();
    town.world.edit(town.nino, town.chat, photo, "caption").unwrap();
    let updates = town.updates().await;
    assert_eq!(updates[1]["edited_message"]["caption"], "caption");
    let photo = town
        .call(
            "sendPhoto",
            json!({"chat_id": town.nino, "photo": updates[0]["message"]["photo"][0]["file_id"]}),
        )
        .await;
    let media = json!({"type": "photo", "media": photo["photo"][0]["file_id"], "caption": "new"});
    let edited = town
        .call(
            "editMessageMedia",
            json!({"chat_id": town.nino, "message_id": photo["message_id"], "media": media}),
        )
        .await;
    assert_eq!(edited["caption"], "new");
}

#[tokio::test]
async fn a_button_is_pressed_and_answered_once() {
    let town = started().await;
    let keyboard = json!({"inline_keyboard": [[{"text": "Close", "callback_data": "close:1"}, {"text": "Site", "url": "https://example.com"}]]});
    let sent =
        town.call("sendMessage", json!({"chat_id": town.nino, "text": "?", "reply_markup": keyboard})).await;
    let id = sent["message_id"].as_i64().unwrap();
    town.world.tap(town.nino, town.chat, id, "Close").unwrap();
    assert!(town.world.tap(town.nino, town.chat, id, "Site").is_err());
    let query = town.updates().await[0]["callback_query"].clone();
    assert_eq!((query["data"].as_str(), &query["message"]["message_id"]), (Some("close:1"), &json!(id)));
    let answer = json!({"callback_query_id": query["id"], "text": "Done", "show_alert": true});
    town.call("answerCallbackQuery", answer.clone()).await;
    let seen = town.world.callback_answers(town.nino);
    assert_eq!((seen[0].text.as_deref(), seen[0].alert), (Some("Done"), true));
    let error = town.fails("answerCallbackQuery", answer).await;
    assert_eq!(error, "Bad Request: query is too old and response timeout expired or query ID is invalid");
    town.call("editMessageReplyMarkup", json!({"chat_id": town.nino, "message_id": id})).await;
    assert!(town.world.get_message(town.chat, id).unwrap().buttons.is_empty());
    let long = json!({"inline_keyboard": [[{"text": "x", "callback_data": "x".repeat(65)}]]});
    let error =
        town.fails("sendMessage", json!({"chat_id": town.nino, "text": "?", "reply_markup": long})).await;
    assert_eq!(error, "Bad Request: BUTTON_DATA_INVALID");
    let app = json!({"inline_keyboard": [[{"text": "x", "web_app": {"url": "https://example.com"}}]]});
    let error = town
        .fails("sendMessage", json!({"chat_id": town.staff.number(), "text": "?", "reply_markup": app}))
        .await;
    assert_eq!(error, "Bad Request: BUTTON_TYPE_INVALID");
}

#[tokio::test]
async fn an_answer_quotes_and_may_do_without_its_message() {
    let town = started().await;
    let asked = town.world.say(town.nino, town.chat, "Is the jasmine back?").unwrap();
    let reply = json!({"message_id": asked, "quote": "jasmine"});
    let sent = town
        .call("sendMessage", json!({"chat_id": town.nino, "text": "Yes", "reply_parameters": reply}))
        .await;
    assert_eq!(sent["reply_to_message"]["message_id"], asked);
    assert_eq!(sent["quote"]["position"], 7);
    let missing = |lenient: bool| json!({"chat_id": town.nino, "text": "x", "reply_parameters": {"message_id": 999, "allow_sending_without_reply": lenient}});
    assert_eq!(
        town.fails("sendMessage", missing(false)).await,
        "Bad Request: message to be replied not found"
    );
    assert!(town.call("sendMessage", missing(true)).await.get("reply_to_message").is_none());
    let wrong = json!({"message_id": asked, "quote": "oolong"});
    let error = town
        .fails("sendMessage", json!({"chat_id": town.nino, "text": "x", "reply_parameters": wrong}))
        .await;
    assert_eq!(error, "Bad Request: QUOTE_TEXT_INVALID");
}
