//! Files: their sizes, ids, kinds and limits.

use image::ImageFormat;
use sandbox::{BotSpec, ChatId, Media};
use serde_json::{Value, json};

use crate::support::Town;
use crate::upload::{jpeg, picture, pixels};

async fn started() -> Town {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    town
}

/// A made-up file of the world, as Nino sends it.
async fn made_up(town: &Town, kind: &str) -> Value {
    town.world.message(town.nino, town.chat).media(Media::of_kind(kind).unwrap()).send().unwrap();
    town.updates().await.last().unwrap()["message"][kind].clone()
}

#[tokio::test]
async fn every_size_of_a_photo_comes_down_in_its_pixels() {
    let town = started().await;
    let sent = town.send_one("sendPhoto", "photo", "tea.png", picture(1_600, 900, ImageFormat::Png)).await;
    let sizes = sent["photo"].as_array().unwrap();
    let shown: Vec<_> = sizes.iter().map(|size| (size["width"].as_u64(), size["height"].as_u64())).collect();
    let expected: [(u32, u32); 4] = [(90, 51), (320, 180), (800, 450), (1_280, 720)];
    assert_eq!(shown, expected.map(|(width, height)| (Some(u64::from(width)), Some(u64::from(height)))));
    for (size, expected) in sizes.iter().zip(expected) {
        let bytes = town.download(&size["file_id"]).await;
        assert_eq!(pixels(&bytes), expected);
        // Any size stands for the photo.
        let again = json!({"chat_id": town.nino, "photo": size["file_id"]});
        assert_eq!(town.call("sendPhoto", again).await["photo"], sent["photo"]);
    }
    let ids: std::collections::BTreeSet<_> =
        sizes.iter().map(|size| size["file_unique_id"].to_string()).collect();
    assert_eq!(ids.len(), sizes.len());
}

#[tokio::test]
async fn what_is_no_photo_is_refused_as_one() {
    let town = started().await;
    let refused = |bytes: Vec<u8>| town.send_fails("sendPhoto", "photo", "tea.jpg", bytes);
    assert_eq!(refused(b"tea".to_vec()).await, "Bad Request: IMAGE_PROCESS_FAILED");
    assert_eq!(refused(jpeg(1_000, 40)).await, "Bad Request: PHOTO_INVALID_DIMENSIONS");
    assert_eq!(refused(Vec::new()).await, "Bad Request: file must be non-empty");
    let large = [jpeg(10, 10), vec![0; 10 * 1_024 * 1_024]].concat();
    let expected = format!(
        "Bad Request: file of size {} bytes is too big for a photo; the maximum size is 10485760 bytes",
        large.len()
    );
    assert_eq!(refused(large).await, expected);
    assert_eq!(
        town.fails("sendPhoto", json!({"chat_id": town.nino})).await,
        "Bad Request: there is no photo in the request"
    );
}

#[tokio::test]
async fn large_files_go_up_to_50_megabytes_and_down_to_20() {
    let town = started().await;
    let sent = town.send_one("sendDocument", "document", "a.bin", vec![1; 21 * 1_024 * 1_024]).await;
    let file = json!({"file_id": sent["document"]["file_id"]});
    assert_eq!(town.fails("getFile", file).await, "Bad Request: file is too big");
    let answer =
        town.send("sendDocument", json!({}), &[("document", "b.bin", vec![1; 52 * 1_024 * 1_024])]).await;
    assert_eq!(
        (answer["error_code"].as_i64(), answer["description"].as_str()),
        (Some(413), Some("Request Entity Too Large"))
    );
}

#[tokio::test]
async fn a_file_id_belongs_to_one_bot_and_the_unique_id_to_all() {
    let town = started().await;
    let other = town.world.add_bot(BotSpec::new("second_bot", "Second").without_privacy());
    town.world.add_member(town.staff, other.id, sandbox::Status::Member).unwrap();
    town.world.message(town.mei, town.staff).document().send().unwrap();
    let heard = |token: String| {
        let url = format!("{}/bot{token}/getUpdates", town.server.url());
        let client = town.client.clone();
        async move {
            let text = client.get(url).send().await.unwrap().text().await.unwrap();
            let answer: Value = serde_json::from_str(&text).unwrap();
            let updates = answer["result"].as_array().unwrap().clone();
            updates.into_iter().find_map(|update| update["message"].get("document").cloned()).unwrap()
        }
    };
    let (one, two) = (heard(town.bot.token.clone()).await, heard(other.token.clone()).await);
    assert_eq!(one["file_unique_id"], two["file_unique_id"]);
    assert_ne!(one["file_id"], two["file_id"]);
    let foreign = json!({"chat_id": town.nino, "document": two["file_id"]});
    assert_eq!(
        town.fails("sendDocument", foreign).await,
        "Bad Request: wrong file identifier/HTTP URL specified"
    );
    let foreign = json!({"file_id": two["file_id"]});
    assert_eq!(
        town.fails("getFile", foreign).await,
        "Bad Request: wrong file_id or the file is temporarily unavailable"
    );
    assert_eq!(town.call("getFile", json!({"file_id": one["file_id"]})).await["file_size"], one["file_size"]);
    // A text that looks like a kept id is a text.
    let text = r#"file_id":"sandbox-0-photo-x-1"#;
    let sent = town.call("sendMessage", json!({"chat_id": town.nino, "text": text})).await;
    assert_eq!(sent["text"], text);
}

#[tokio::test]
async fn a_film_stays_a_film_and_a_photo_a_photo() {
    let town = started().await;
    let video = made_up(&town, "video").await;
    assert_eq!(
        (video["width"].as_i64(), video["height"].as_i64(), video["duration"].as_i64()),
        (Some(640), Some(480), Some(3))
    );
    let as_document = json!({"chat_id": town.nino, "document": video["file_id"]});
    assert_eq!(town.call("sendDocument", as_document).await["video"]["file_id"], video["file_id"]);
    let as_photo = json!({"chat_id": town.nino, "photo": video["file_id"]});
    assert_eq!(town.fails("sendPhoto", as_photo).await, "Bad Request: can't use file of type Video as Photo");
    let thumbnail = json!({"chat_id": town.nino, "photo": video["thumbnail"]["file_id"]});
    assert_eq!(
        town.fails("sendPhoto", thumbnail).await,
        "Bad Request: can't use file of type Thumbnail as Photo"
    );
    assert_eq!(pixels(&town.download(&video["thumbnail"]["file_id"]).await), (320, 240));
    let photo = made_up(&town, "photo").await;
    let as_voice = json!({"chat_id": town.nino, "voice": photo[0]["file_id"]});
    assert_eq!(
        town.fails("sendVoice", as_voice).await,
        "Bad Request: can't use file of type Photo as VoiceNote"
    );
}

#[tokio::test]
async fn a_video_takes_thumbnail_cover_and_start_with_it() {
    let town = started().await;
    let film = made_up(&town, "video").await;
    let film = town.download(&film["file_id"]).await;
    let texts = json!({
        "chat_id": town.nino,
        "caption": "harvest",
        "cover": "attach://front",
        "start_timestamp": "2",
        "has_spoiler": "true",
        "show_caption_above_media": "true",
    });
    let files = [
        ("video", "harvest.mp4", film),
        ("front", "f.jpg", jpeg(200, 100)),
        ("thumbnail", "t.jpg", jpeg(50, 50)),
    ];
    let sent = town.send("sendVideo", texts, &files).await["result"].clone();
    let video = &sent["video"];
    assert_eq!(
        (video["start_timestamp"].as_i64(), video["file_name"].as_str()),
        (Some(2), Some("harvest.mp4"))
    );
    assert_eq!(video["cover"].as_array().unwrap().last().unwrap()["width"], 200);
    assert_eq!(pixels(&town.download(&video["thumbnail"]["file_id"]).await), (320, 240));
    assert_eq!((&sent["has_media_spoiler"], &sent["show_caption_above_media"]), (&json!(true), &json!(true)));
    let below = json!({"chat_id": town.nino, "message_id": sent["message_id"], "caption": "below"});
    let edited = town.call("editMessageCaption", below).await;
    assert!(edited.get("show_caption_above_media").is_none() && edited["has_media_spoiler"] == true);
}

#[tokio::test]
async fn a_document_that_is_more_becomes_it_unless_told_not_to() {
    let town = started().await;
    let gif = picture(64, 36, ImageFormat::Gif);
    let sent = town.send_one("sendDocument", "document", "wink.gif", gif.clone()).await;
    assert_eq!(
        (sent["animation"]["file_name"].as_str(), sent["animation"]["mime_type"].as_str()),
        (Some("wink.gif.mp4"), Some("video/mp4"))
    );
    assert!(sent["document"]["file_id"].is_string());
    let texts = json!({"chat_id": town.nino, "disable_content_type_detection": true});
    let plain = town.send("sendDocument", texts, &[("document", "wink.gif", gif)]).await["result"].clone();
    assert!(plain.get("animation").is_none() && plain["document"]["mime_type"] == "image/gif");
    let music = made_up(&town, "audio").await;
    assert_eq!(music["duration"], 180);
    let bytes = town.download(&music["file_id"]).await;
    let sent = town.send_one("sendDocument", "document", "jasmine.mp3", bytes).await;
    assert_eq!(sent["audio"]["duration"], 180);
    let picture =
        town.send_one("sendDocument", "document", "tea.png", picture(400, 200, ImageFormat::Png)).await;
    assert_eq!(picture["document"]["thumbnail"]["width"], 320);
}

#[tokio::test]
async fn a_url_of_this_machine_is_fetched_and_no_other() {
    let town = started().await;
    let photo = town.world.message(town.nino, town.chat).photo().send().unwrap();
    let file = town.world.get_message(town.chat, photo).unwrap().media.unwrap();
    let here = format!("{}{}", town.server.url(), file.url);
    let sent = town.call("sendPhoto", json!({"chat_id": town.nino, "photo": here})).await;
    assert_eq!(sent["photo"].as_array().unwrap().last().unwrap()["width"], 640);
    let page = json!({"chat_id": town.nino, "photo": format!("{}/api/state", town.server.url())});
    assert_eq!(town.fails("sendPhoto", page).await, "Bad Request: wrong type of the web page content");
    let away = json!({"chat_id": town.nino, "photo": "https://example.com/tea.jpg"});
    assert_eq!(town.fails("sendPhoto", away).await, "Bad Request: failed to get HTTP URL content");
    let odd = json!({"chat_id": town.nino, "photo": "ftp://example.com/tea.jpg"});
    assert_eq!(
        town.fails("sendPhoto", odd).await,
        "Bad Request: invalid file HTTP URL specified: Unsupported URL protocol"
    );
}

#[tokio::test]
async fn a_private_chat_of_its_own_keeps_file_ids_apart() {
    let town = started().await;
    let other = town.world.add_bot(BotSpec::new("second_bot", "Second"));
    let chat = ChatId::private(town.nino, other.id);
    let id = town.world.message(town.nino, chat).photo().send().unwrap();
    let shown = town.world.get_message(chat, id).unwrap().media.unwrap().file_id;
    assert!(shown.contains(&other.id.to_string()), "{shown}");
}
