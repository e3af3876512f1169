//! Albums, live photos, paid media, and media that is changed.

use sandbox::{Rights, Status};
use serde_json::{Value, json};

use crate::support::Town;
use crate::upload::jpeg;

async fn started() -> Town {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    town
}

/// The `file_id` of a made-up file.
async fn made_up(town: &Town, kind: &str) -> String {
    let media = sandbox::Media::of_kind(kind).unwrap();
    let id = town.world.message(town.nino, town.chat).media(media).send().unwrap();
    town.updates().await;
    town.world.get_message(town.chat, id).unwrap().media.unwrap().file_id
}

fn item(kind: &str, media: &str) -> Value {
    json!({"type": kind, "media": media})
}

#[tokio::test]
async fn an_album_holds_what_goes_together() {
    let town = started().await;
    let (photo, video) = (made_up(&town, "photo").await, made_up(&town, "video").await);
    let (music, list) = (made_up(&town, "audio").await, made_up(&town, "document").await);
    let to_nino = |media: Value| json!({"chat_id": town.nino, "media": media});
    let fine = [
        json!([item("photo", &photo), item("video", &video)]),
        json!([item("audio", &music), item("audio", &music)]),
        json!([item("document", &list), item("document", &list)]),
    ];
    for media in fine {
        let sent = town.call("sendMediaGroup", to_nino(media)).await;
        assert!(
            sent[0]["media_group_id"].is_string() && sent[0]["media_group_id"] == sent[1]["media_group_id"]
        );
    }
    let above = json!({"type": "photo", "media": photo, "caption": "a", "show_caption_above_media": true});
    let below = json!({"type": "photo", "media": photo, "caption": "b"});
    let refused = [
        (
            json!([item("photo", &photo), item("document", &list)]),
            "document can't be mixed with other media types",
        ),
        (
            json!([item("video", &video), item("audio", &music)]),
            "audio can't be mixed with other media types",
        ),
        (
            json!([item("animation", &video)]),
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
        ),
        (json!([item("sticker", &photo)]), "can't parse InputMedia: type \"sticker\" is unsupported"),
        (json!([{"type": "photo"}]), "can't parse InputMedia: media not found"),
        (json!([{"type": "photo", "media": "attach://none"}]), "can't parse InputMedia: media not found"),
        (json!([]), "there are no messages to send"),
        (json!(vec![item("photo", &photo); 11]), "too many messages to send as an album"),
        (json!({}), "expected an Array of InputMedia"),
        (json!("{"), "can't parse media JSON object"),
        (json!([above, below]), "parameter show_caption_above_media must be the same for all messages"),
    ];
    for (media, error) in refused {
        assert_eq!(town.fails("sendMediaGroup", to_nino(media)).await, format!("Bad Request: {error}"));
    }
}

#[tokio::test]
async fn the_files_of_an_album_come_in_one_form() {
    let town = started().await;
    let media = json!([
        {"type": "photo", "media": "attach://one", "caption": "<b>tea</b>", "parse_mode": "HTML", "has_spoiler": true},
        {"type": "photo", "media": "attach://two"}
    ]);
    let texts = json!({"chat_id": town.nino, "media": media});
    let files = [("one", "1.jpg", jpeg(100, 100)), ("two", "2.jpg", jpeg(120, 100))];
    let sent = town.send("sendMediaGroup", texts, &files).await["result"].clone();
    assert_eq!((sent[0]["caption"].as_str(), &sent[0]["has_media_spoiler"]), (Some("tea"), &json!(true)));
    assert_eq!(sent[1]["photo"].as_array().unwrap().last().unwrap()["width"], 120);
}

#[tokio::test]
async fn the_medium_of_a_message_is_changed_for_another() {
    let town = started().await;
    let (photo, video) = (made_up(&town, "photo").await, made_up(&town, "video").await);
    let (list, voice) = (made_up(&town, "document").await, made_up(&town, "voice").await);
    let sent = town
        .call(
            "sendPhoto",
            json!({"chat_id": town.nino, "photo": photo, "caption": "old", "protect_content": true}),
        )
        .await;
    let edit = |id: &Value, media: Value| json!({"chat_id": town.nino, "message_id": id, "media": media});
    for kind in ["video", "document", "animation", "audio", "photo"] {
        let media = json!({"type": kind, "media": made_up(&town, kind).await, "caption": kind});
        let edited = town.call("editMessageMedia", edit(&sent["message_id"], media.clone())).await;
        assert_eq!((edited["caption"].as_str(), edited[kind].is_null()), (Some(kind), false), "{edited}");
        assert_eq!(edited["has_protected_content"], true);
        let error = town.fails("editMessageMedia", edit(&sent["message_id"], media)).await;
        assert!(error.starts_with("Bad Request: message is not modified"), "{error}");
    }
    let spoken = town.call("sendVoice", json!({"chat_id": town.nino, "voice": voice})).await;
    let error = town.fails("editMessageMedia", edit(&spoken["message_id"], item("photo", &photo))).await;
    assert_eq!(error, "Bad Request: there is no media in the message to edit");
    let album = json!({"chat_id": town.nino, "media": [item("photo", &photo), item("photo", &photo)]});
    let album = town.call("sendMediaGroup", album).await;
    town.call("editMessageMedia", edit(&album[0]["message_id"], item("video", &video))).await;
    let error = town.fails("editMessageMedia", edit(&album[1]["message_id"], item("document", &list))).await;
    assert_eq!(error, "Bad Request: can't use the media of the specified type in the album");
}

#[tokio::test]
async fn a_live_photo_is_a_photo_with_a_film_behind_it() {
    let town = started().await;
    let video = made_up(&town, "video").await;
    let film = town.download(&json!(video)).await;
    let texts = json!({"chat_id": town.nino});
    let files = [("live_photo", "tea.mp4", film), ("photo", "tea.jpg", jpeg(640, 480))];
    let sent = town.send("sendLivePhoto", texts, &files).await["result"].clone();
    assert_eq!(sent["live_photo"]["duration"], 3);
    assert_eq!(sent["live_photo"]["photo"], sent["photo"]);
    let again = json!({"chat_id": town.nino, "live_photo": sent["live_photo"]["file_id"], "photo": sent["photo"][0]["file_id"]});
    assert_eq!(town.call("sendLivePhoto", again).await["live_photo"], sent["live_photo"]);
    let error = town.fails("sendLivePhoto", json!({"chat_id": town.nino, "live_photo": video})).await;
    assert_eq!(error, "Bad Request: there is no photo in the request");
}

#[tokio::test]
async fn paid_media_shows_the_bot_what_it_sold() {
    let town = started().await;
    let (photo, video) = (made_up(&town, "photo").await, made_up(&town, "video").await);
    let to_nino = |stars: i64, media: Value| json!({"chat_id": town.nino, "star_count": stars, "media": media, "caption": "c"});
    let media = json!([item("photo", &photo), item("video", &video)]);
    let sent = town.call("sendPaidMedia", to_nino(20, media.clone())).await;
    assert_eq!((sent["paid_media"]["star_count"].as_i64(), sent["caption"].as_str()), (Some(20), Some("c")));
    assert_eq!(sent["paid_media"]["paid_media"][1]["video"]["file_id"], video);
    assert_eq!(
        town.fails("sendPaidMedia", to_nino(0, media)).await,
        "Bad Request: invalid media price specified"
    );
    let none = town.fails("sendPaidMedia", to_nino(1, json!([]))).await;
    assert_eq!(none, "Bad Request: invalid number of paid media specified");
    let other = town.fails("sendPaidMedia", to_nino(1, json!([item("audio", &video)]))).await;
    assert_eq!(other, "Bad Request: can't parse InputPaidMedia: type \"audio\" is unsupported");
}

#[tokio::test]
async fn people_send_their_own_files_as_one_album() {
    use base64::Engine as _;
    let town = started().await;
    let encode = |bytes: Vec<u8>| base64::engine::general_purpose::STANDARD.encode(bytes);
    let file =
        |name: &str, bytes: Vec<u8>| json!({"name": name, "mime": "image/jpeg", "base64": encode(bytes)});
    let mut act = file("one.jpg", jpeg(100, 80));
    act["act"] = "send_file".into();
    act["as"] = json!(town.nino);
    act["chat"] = json!(town.chat);
    act["caption"] = "both".into();
    act["album"] = json!([file("two.jpg", jpeg(60, 80))]);
    let post = async |act: &Value| {
        let url = format!("{}/api/act", town.server.url());
        let request = town.client.post(url).header("content-type", "application/json").body(act.to_string());
        let text = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str::<Value>(&text).unwrap()
    };
    assert_eq!(post(&act).await["messages"].as_array().unwrap().len(), 2);
    let updates = town.updates().await;
    let messages: Vec<&Value> = updates.iter().map(|update| &update["message"]).collect();
    assert_eq!(messages[0]["media_group_id"], messages[1]["media_group_id"]);
    assert_eq!((messages[0]["caption"].as_str(), messages[1].get("caption")), (Some("both"), None));
    assert_eq!(messages[1]["photo"][0]["width"], 60);
    act["album"][0]["media"] = "voice".into();
    let refused = post(&act).await;
    assert!(refused["error"].as_str().unwrap().starts_with("an album has 2 to 10 photos"), "{refused}");
}

#[tokio::test]
async fn a_video_of_a_large_channel_has_other_qualities() {
    use base64::Engine as _;
    let town = started().await;
    let small = base64::engine::general_purpose::STANDARD.encode(b"smaller film");
    let quality = json!({"width": 464, "height": 848, "codec": "h264", "base64": small});
    let channel = town.world.add_channel("Harvest", None, town.mei).unwrap();
    town.world.add_member(channel, town.bot.id, Status::Administrator(Rights::usual())).unwrap();
    town.updates().await;
    let act = json!({"act": "send_file", "as": town.mei, "chat": channel, "number": 375_821, "name": "harvest.mp4", "mime": "video/mp4",
        "base64": small, "qualities": [quality]});
    let url = format!("{}/api/act", town.server.url());
    let request = town.client.post(url).header("content-type", "application/json").body(act.to_string());
    assert!(request.send().await.unwrap().status().is_success());
    let post = town.updates().await[0]["channel_post"].clone();
    assert_eq!(post["message_id"], 375_821);
    let video = post["video"].clone();
    let quality = &video["qualities"][0];
    assert_eq!((quality["width"].as_i64(), quality["codec"].as_str()), (Some(464), Some("h264")));
    assert_eq!(town.download(&quality["file_id"]).await, b"smaller film");
    let sent = town.call("sendVideo", json!({"chat_id": town.nino, "video": quality["file_id"]})).await;
    assert_eq!(sent["video"]["file_unique_id"], quality["file_unique_id"]);
    let back = town.world.message(town.mei, channel).text("earlier").numbered(7).send();
    assert!(back.unwrap_err().to_string().contains("375822"));
}
