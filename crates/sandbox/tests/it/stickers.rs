//! Sticker sets, and the photos of chats, people and the bot.

use image::ImageFormat;
use sandbox::BotSpec;
use serde_json::{Value, json};

use crate::support::Town;
use crate::upload::{jpeg, picture, pixels};

const NAME: &str = "tea_by_lotus_support_bot";

async fn started() -> Town {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    town
}

fn webp() -> Vec<u8> {
    picture(512, 400, ImageFormat::WebP)
}

/// A set of one static sticker.
async fn founded(town: &Town, name: &str, kind: &str) -> Value {
    let stickers = json!([{"sticker": "attach://s", "emoji_list": ["🍵", "🌱"], "format": "static", "keywords": ["tea"]}]);
    let texts = json!({"user_id": town.nino, "name": name, "title": "Tea", "sticker_type": kind, "stickers": stickers});
    town.send("createNewStickerSet", texts, &[("s", "s.webp", webp())]).await
}

#[tokio::test]
async fn a_set_is_made_filled_sorted_and_deleted() {
    let town = started().await;
    assert_eq!(founded(&town, NAME, "regular").await["ok"], true);
    let taken = founded(&town, NAME, "regular").await;
    assert_eq!(taken["description"], "Bad Request: sticker set name is already occupied");
    let foreign = founded(&town, "tea_by_somebody_else", "regular").await;
    assert_eq!(foreign["description"], "Bad Request: invalid sticker set name is specified");
    let uploaded = town
        .send(
            "uploadStickerFile",
            json!({"user_id": town.nino, "sticker_format": "static"}),
            &[("sticker", "a.png", picture(512, 512, ImageFormat::Png))],
        )
        .await["result"]["file_id"]
        .clone();
    let sticker = json!({"sticker": uploaded, "emoji_list": ["😄"], "format": "static"});
    town.call("addStickerToSet", json!({"user_id": town.nino, "name": NAME, "sticker": sticker})).await;
    let set = town.call("getStickerSet", json!({"name": NAME.to_uppercase()})).await;
    let shown: Vec<_> =
        set["stickers"].as_array().unwrap().iter().map(|sticker| sticker["emoji"].clone()).collect();
    assert_eq!((shown, set["title"].as_str()), (vec![json!("🍵"), json!("😄")], Some("Tea")));
    assert_eq!((&set["stickers"][0]["width"], &set["stickers"][0]["height"]), (&json!(512), &json!(400)));
    let second = set["stickers"][1]["file_id"].clone();
    town.call("setStickerPositionInSet", json!({"sticker": second, "position": 0})).await;
    town.call("setStickerEmojiList", json!({"sticker": second, "emoji_list": ["⭐"]})).await;
    town.call("setStickerSetTitle", json!({"name": NAME, "title": "Green tea"})).await;
    let set = town.call("getStickerSet", json!({"name": NAME})).await;
    assert_eq!(
        (set["stickers"][0]["emoji"].as_str(), set["title"].as_str()),
        (Some("⭐"), Some("Green tea"))
    );
    let shown = town.call("sendSticker", json!({"chat_id": town.nino, "sticker": second})).await;
    assert_eq!(
        (shown["sticker"]["set_name"].as_str(), shown["sticker"]["emoji"].as_str()),
        (Some(NAME), Some("⭐"))
    );
    for sticker in set["stickers"].as_array().unwrap() {
        town.call("deleteStickerFromSet", json!({"sticker": sticker["file_id"]})).await;
    }
    // The last sticker takes the set with it.
    assert_eq!(town.fails("getStickerSet", json!({"name": NAME})).await, "Bad Request: STICKERSET_INVALID");
    founded(&town, NAME, "regular").await;
    town.call("deleteStickerSet", json!({"name": NAME})).await;
    assert_eq!(
        town.fails("deleteStickerSet", json!({"name": NAME})).await,
        "Bad Request: STICKERSET_INVALID"
    );
}

#[tokio::test]
async fn masks_thumbnails_and_replacements_are_shown() {
    let town = started().await;
    founded(&town, NAME, "mask").await;
    let set = async || town.call("getStickerSet", json!({"name": NAME})).await;
    let first = set().await["stickers"][0]["file_id"].clone();
    let position = json!({"point": "eyes", "x_shift": 0.5, "y_shift": -1.0, "scale": 2.0});
    town.call("setStickerMaskPosition", json!({"sticker": first, "mask_position": position})).await;
    assert_eq!(set().await["stickers"][0]["mask_position"], position);
    town.call("setStickerKeywords", json!({"sticker": first, "keywords": ["leaf"]})).await;
    let texts = json!({"user_id": town.nino, "name": NAME, "format": "static"});
    let thumbnail = picture(100, 100, ImageFormat::Png);
    let done = town.send("setStickerSetThumbnail", texts, &[("thumbnail", "t.png", thumbnail)]).await;
    assert_eq!(done["ok"], true, "{done}");
    assert_eq!(set().await["thumbnail"]["width"], 100);
    let sticker = json!({"sticker": "attach://n", "emoji_list": ["🌱"], "format": "static"});
    let texts = json!({"user_id": town.nino, "name": NAME, "old_sticker": first, "sticker": sticker});
    let done = town.send("replaceStickerInSet", texts, &[("n", "n.webp", webp())]).await;
    assert_eq!(done["ok"], true, "{done}");
    assert_eq!(
        (set().await["stickers"][0]["emoji"].as_str(), set().await["stickers"][1].is_null()),
        (Some("🌱"), true)
    );
    let gone = town.fails("setStickerEmojiList", json!({"sticker": first, "emoji_list": ["🌱"]})).await;
    assert_eq!(gone, "Bad Request: STICKERSET_INVALID");
}

#[tokio::test]
async fn custom_emoji_are_found_by_their_id() {
    let town = started().await;
    founded(&town, NAME, "custom_emoji").await;
    let set = town.call("getStickerSet", json!({"name": NAME})).await;
    let id = set["stickers"][0]["custom_emoji_id"].clone();
    let found = town.call("getCustomEmojiStickers", json!({"custom_emoji_ids": [id, "1"]})).await;
    assert_eq!((found.as_array().unwrap().len(), &found[0]["set_name"]), (1, &json!(NAME)));
    town.call("setCustomEmojiStickerSetThumbnail", json!({"name": NAME, "custom_emoji_id": id})).await;
    let icons = town.call("getForumTopicIconStickers", json!({})).await;
    let icon = json!({"custom_emoji_ids": [icons[0]["custom_emoji_id"]]});
    assert_eq!(town.call("getCustomEmojiStickers", icon).await[0]["file_id"], icons[0]["file_id"]);
    assert!(!town.download(&icons[0]["file_id"]).await.is_empty());
}

#[tokio::test]
async fn stickers_that_do_not_fit_are_refused_and_foreign_sets_untouched() {
    let town = started().await;
    founded(&town, NAME, "regular").await;
    let upload = async |format: &str, bytes: Vec<u8>| {
        let texts = json!({"user_id": town.nino, "sticker_format": format});
        let answer = town.send("uploadStickerFile", texts, &[("sticker", "s", bytes)]).await;
        answer["description"].as_str().unwrap_or("fine").to_owned()
    };
    assert_eq!(
        upload("static", picture(300, 300, ImageFormat::Png)).await,
        "Bad Request: STICKER_PNG_DIMENSIONS"
    );
    assert_eq!(upload("animated", webp()).await, "Bad Request: STICKER_TGS_NOTGS");
    assert_eq!(upload("video", webp()).await, "Bad Request: STICKER_VIDEO_NOWEBM");
    assert_eq!(upload("static", vec![7; 600 * 1_024]).await, "Bad Request: file is too big");
    assert_eq!(upload("tea", webp()).await, "Bad Request: invalid sticker format specified");
    let first = town.call("getStickerSet", json!({"name": NAME})).await["stickers"][0]["file_id"].clone();
    let wrong = town.fails("setStickerEmojiList", json!({"sticker": first, "emoji_list": ["tea"]})).await;
    assert_eq!(wrong, "Bad Request: can't parse emoji list: expected a Unicode emoji");
    let other = town.world.add_bot(BotSpec::new("second_bot", "Second"));
    let url = format!("{}/bot{}/deleteStickerSet?name={NAME}", town.server.url(), other.token);
    assert!(town.client.get(url).send().await.unwrap().text().await.unwrap().contains("STICKERSET_INVALID"));
}

#[tokio::test]
async fn a_chat_photo_is_set_shown_and_taken_away() {
    let town = started().await;
    let staff = town.staff.number().to_string();
    let set = async |bytes: Vec<u8>| {
        town.send("setChatPhoto", json!({"chat_id": staff}), &[("photo", "p.jpg", bytes)]).await
    };
    assert_eq!(set(jpeg(800, 700)).await["result"], true);
    let news = town.updates().await[0]["message"].clone();
    assert_eq!(news["new_chat_photo"].as_array().unwrap().len(), 3);
    let photo = town.call("getChat", json!({"chat_id": staff})).await["photo"].clone();
    assert_eq!(pixels(&town.download(&photo["small_file_id"]).await), (160, 160));
    assert_eq!(pixels(&town.download(&photo["big_file_id"]).await), (640, 640));
    let reuse = json!({"chat_id": town.nino, "photo": photo["big_file_id"]});
    assert_eq!(
        town.fails("sendPhoto", reuse).await,
        "Bad Request: can't use file of type ChatPhoto as Photo"
    );
    assert_eq!(set(b"tea".to_vec()).await["description"], "Bad Request: IMAGE_PROCESS_FAILED");
    town.call("deleteChatPhoto", json!({"chat_id": staff})).await;
    assert_eq!(town.updates().await[0]["message"]["delete_chat_photo"], true);
    assert!(town.call("getChat", json!({"chat_id": staff})).await.get("photo").is_none());
    assert_eq!(
        town.fails("deleteChatPhoto", json!({"chat_id": staff})).await,
        "Bad Request: CHAT_NOT_MODIFIED"
    );
    let by_id = town.fails("setChatPhoto", json!({"chat_id": staff, "photo": photo["big_file_id"]})).await;
    assert_eq!(by_id, "Bad Request: photo must be uploaded as an InputFile");
    let private = town.fails("deleteChatPhoto", json!({"chat_id": town.nino})).await;
    assert_eq!(private, "Bad Request: can't change private chat photo");
}

#[tokio::test]
async fn profile_photos_are_counted_newest_first() {
    let town = started().await;
    for side in [200, 700] {
        town.world.set_profile_photo(town.nino, Some(jpeg(side, side).into())).unwrap();
    }
    let shown = town.call("getUserProfilePhotos", json!({"user_id": town.nino, "limit": 1})).await;
    assert_eq!((shown["total_count"].as_i64(), shown["photos"].as_array().map(Vec::len)), (Some(2), Some(1)));
    assert_eq!(shown["photos"][0].as_array().unwrap().last().unwrap()["width"], 640);
    let small = &town.call("getChat", json!({"chat_id": town.nino})).await["photo"]["small_file_id"];
    assert_eq!(*small, shown["photos"][0][0]["file_id"]);
    let mine = json!({"user_id": town.bot.id});
    let photo = json!({"photo": {"type": "static", "photo": "attach://p"}});
    let set = town.send("setMyProfilePhoto", photo, &[("p", "p.jpg", jpeg(640, 640))]).await;
    assert_eq!(set["result"], true, "{set}");
    assert_eq!(town.call("getUserProfilePhotos", mine.clone()).await["total_count"], 1);
    town.call("removeMyProfilePhoto", json!({})).await;
    assert_eq!(town.call("getUserProfilePhotos", mine).await["total_count"], 0);
}
