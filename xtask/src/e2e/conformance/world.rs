//! The world that the tests of python-telegram-bot want to find.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::e2e::base64;
use crate::e2e::telegram::Telegram;

/// The name of the bot, which the title of its supergroup repeats.
const USERNAME: &str = "ptb_sandbox_bot";
/// The name of the channel that is public.
const CHANNEL: &str = "ptb_channel";

/// The number of the owner.
const OWNER: i64 = 675_666_224;

/// Makes bot, owner and chats. Returns what `BOTS` must hold: a list in JSON, in Base64, of which
/// the tests take one by JOB_INDEX; by the first they would run more slowly, with checks of their own kind.
///
/// What is done for one test names it.
///
/// `data` is the folder of the tests' files.
pub fn build(telegram: &Telegram, data: &Path) -> Result<String> {
    let (bot, token) = telegram.bot(USERNAME, "PTB tests")?;
    // test_get_chat_member wants the owner's name, test_get_user_personal_chat_messages the number.
    let made = telegram.act(&json!({ "act": "create_person", "id": OWNER, "first_name": "PTB",
        "last_name": "Test user", "username": "ptb_owner" }))?;
    let owner = made["person"].as_i64().context("the owner has no number")?;
    let private = format!("{owner}_{bot}");
    let started = telegram.act(&json!({ "act": "start", "as": owner, "bot": bot }))?;
    // test_delete_message_old_message wants the first message of the chat to be out of reach.
    telegram.act(&json!({ "act": "delete", "as": owner, "chat": private, "message": started["message"] }))?;
    // test_get_set_chat_menu_button wants a bot whose owner chose its button.
    telegram.call(&token, "setChatMenuButton", &json!({ "menu_button": { "type": "commands" } }))?;

    let supergroup = telegram.chat("supergroup", &format!(">>> telegram.Bot(test) @{USERNAME}"), owner)?;
    let forum = telegram.chat("forum", "Forum of the tests", owner)?;
    let channel = telegram.act(&json!({ "act": "create_channel", "title": "Channel of the tests",
        "username": CHANNEL, "as": owner }))?;
    let channel = channel["chat"].as_str().context("the channel has no id")?.to_owned();
    let subscriptions = telegram.chat("channel", "Channel with subscriptions", owner)?;
    for chat in [&supergroup, &forum, &channel, &subscriptions] {
        telegram.act(&json!({ "act": "add_member", "chat": chat, "who": bot, "status": "administrator" }))?;
    }
    // test_get_chat_administrators wants two bots, test_get_chat_member_count more than three members.
    let (second, _) = telegram.bot("second_bot", "Second bot")?;
    telegram
        .act(&json!({ "act": "add_member", "chat": channel, "who": second, "status": "administrator" }))?;
    let reader = telegram.person("Reader", "", "reader")?;
    telegram.act(&json!({ "act": "join", "as": reader, "chat": channel }))?;
    // The tests of ChatPhoto want a group that has one, those of profile photos a person.
    let file = |name: &str| -> Result<String> { Ok(base64::encode(&std::fs::read(data.join(name))?)) };
    personal_channel(telegram, owner)?;
    // test_send_game and its like want a game.
    telegram
        .act(&json!({ "act": "create_game", "bot": bot, "short_name": "test_game", "title": "Test game",
        "description": "A no-op test game, for python-telegram-bot bot framework testing." }))?;
    let photo = file("telegram.jpg")?;
    telegram.act(&json!({ "act": "set_photo", "as": owner, "chat": supergroup, "base64": photo }))?;
    telegram.act(&json!({ "act": "set_photo", "as": owner, "base64": file("profile.jpg")? }))?;
    film(telegram, owner, &channel, &file("telegram.mp4")?)?;

    let info = json!({
        "token": token,
        "payment_provider_token": "1:TEST:none",
        "chat_id": owner.to_string(),
        "super_group_id": supergroup,
        "forum_group_id": forum,
        "channel_id": format!("@{CHANNEL}"),
        "name": "PTB tests",
        "username": format!("@{USERNAME}"),
        "subscription_channel_id": subscriptions.parse::<i64>()?,
    });
    Ok(base64::encode(Value::from(vec![info.clone(), info]).to_string().as_bytes()))
}

/// The tests of VideoQuality want a certain post of the channel: a film of which Telegram made another quality.
fn film(telegram: &Telegram, owner: i64, channel: &str, film: &str) -> Result<()> {
    let smaller = base64::encode(&vec![0; 405_540]);
    telegram.act(&json!({ "act": "send_file", "as": owner, "chat": channel, "number": 375_821,
        "name": "film.mp4", "mime": "video/mp4", "base64": film,
        "qualities": [{ "width": 464, "height": 848, "codec": "h264", "base64": smaller }] }))?;
    Ok(())
}

/// test_get_user_personal_chat_messages wants a channel in the owner's profile, with two posts.
fn personal_channel(telegram: &Telegram, owner: i64) -> Result<()> {
    let channel = telegram.chat("channel", "Channel of the owner", owner)?;
    for text in ["The first post", "The second post"] {
        telegram.act(&json!({ "act": "say", "as": owner, "chat": channel, "text": text }))?;
    }
    telegram.act(&json!({ "act": "profile", "as": owner, "channel": channel }))?;
    Ok(())
}
