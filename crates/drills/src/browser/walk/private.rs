//! A customer and the bot.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{FIRST, Walk};

const WELCOME: &str = "<b>Welcome to Lotus Tea!</b>\nAsk us anything, or see <a href=\"https://example.com\">our list</a>. \
    <tg-spoiler>Ten per cent off today.</tg-spoiler>";
const HOURS: &str = "We are open from 9 to 18";

/// Nino presses Start, and is greeted with a text in several styles and three buttons.
pub(super) async fn greeting(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    page.see(&format!("{FIRST}[aria-label^='Nino']"), "").await?;
    page.see("[data-testid=topic-Deliveries]", "").await?;
    walk.look("01-opened").await?;
    page.click(&format!("{FIRST} [data-testid=start]")).await?;
    walk.bot.hear("message", |message| message["text"] == "/start").await?;
    walk.bot.call("sendChatAction", json!({ "chat_id": walk.town.nino, "action": "typing" })).await?;
    page.see(&format!("{FIRST} .pane-status"), "typing").await?;
    let draft = json!({ "chat_id": walk.town.nino, "draft_id": 1, "text": "Welcome to" });
    walk.bot.call("sendMessageDraft", draft).await?;
    page.see(&format!("{FIRST} [data-testid=draft]"), "Welcome to").await?;
    let buttons = json!({ "parse_mode": "HTML", "reply_markup": { "inline_keyboard": [
        [{ "text": "Opening hours", "callback_data": "hours" }, { "text": "Our site", "url": "https://example.com" }],
        [{ "text": "Speak to a person", "callback_data": "human" }],
    ] } });
    walk.bot.say(&walk.town.nino.to_string(), WELCOME, buttons).await?;
    page.see(&format!("{FIRST} [data-testid=message] strong"), "Welcome to Lotus Tea!").await?;
    page.until("document.querySelector('[data-testid=draft]').hidden", Value::Null).await?;
    page.click(&format!("{FIRST} .spoiler")).await?;
    page.see(&format!("{FIRST} .spoiler.shown"), "Ten per cent").await?;
    Ok(())
}

/// She taps one button and sees a notice, another and sees a dialogue.
pub(super) async fn button(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    page.click(&format!("{FIRST} [data-testid='button-Opening hours']")).await?;
    let query = walk.bot.hear("callback_query", |query| query["data"] == "hours").await?;
    page.see(&format!("{FIRST} .inline-button.busy"), "").await?;
    walk.bot.call("answerCallbackQuery", json!({ "callback_query_id": query["id"], "text": HOURS })).await?;
    page.see("[data-testid=toast]", HOURS).await?;
    page.until("!document.querySelector('.inline-button.busy')", Value::Null).await?;
    walk.look("02-button").await?;
    page.click(&format!("{FIRST} [data-testid='button-Speak to a person']")).await?;
    let query = walk.bot.hear("callback_query", |query| query["data"] == "human").await?;
    let alert =
        json!({ "callback_query_id": query["id"], "text": "Somebody comes at once.", "show_alert": true });
    walk.bot.call("answerCallbackQuery", alert).await?;
    page.see("[data-testid=dialog]", "Somebody comes at once.").await?;
    walk.look("03-alert").await?;
    page.click("[data-testid=dialog] button[value=ok]").await?;
    page.until("!document.querySelector('[data-testid=dialog]')", Value::Null).await
}

/// She asks, the bot answers with a quote; she answers that, edits, reacts and deletes. All by the message's menu.
pub(super) async fn reply(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    walk.write(FIRST, "Is the jasmine tea back?").await?;
    let asked = walk.bot.hear("message", |message| message["text"] == "Is the jasmine tea back?").await?;
    let quote = json!({ "reply_parameters": { "message_id": asked["message_id"], "quote": "jasmine tea" } });
    walk.bot.say(&walk.town.nino.to_string(), "It is, since Tuesday.", quote).await?;
    page.see(&format!("{FIRST} [data-testid=quote]"), "jasmine tea").await?;
    walk.menu_of(FIRST, "It is, since Tuesday.").await?;
    walk.look("04-menu").await?;
    walk.entry("Reply").await?;
    page.see(&format!("{FIRST} .context"), "It is, since Tuesday.").await?;
    walk.write(FIRST, "Two boxs, please").await?;
    let wanted = walk.bot.hear("message", |message| message["text"] == "Two boxs, please").await?;
    ensure!(
        wanted["reply_to_message"]["text"] == "It is, since Tuesday.",
        "the reply answers nothing: {wanted}"
    );
    walk.menu_of(FIRST, "Two boxs").await?;
    walk.entry("Edit").await?;
    page.run("document.querySelector(arguments[0]).select()", vec![json!(format!("{FIRST} .composer-text"))])
        .await?;
    page.keys("Two boxes, please").await?;
    page.enter().await?;
    page.see(&format!("{FIRST} [data-testid=message] .meta"), "edited").await?;
    walk.bot.hear("edited_message", |message| message["text"] == "Two boxes, please").await?;
    let reaction = json!({ "chat_id": walk.town.nino, "message_id": wanted["message_id"], "reaction": [{ "type": "emoji", "emoji": "👍" }] });
    walk.bot.call("setMessageReaction", reaction).await?;
    page.see(&format!("{FIRST} .reaction"), "👍").await?;
    walk.write(FIRST, "wrong chat").await?;
    walk.menu_of(FIRST, "wrong chat").await?;
    walk.entry("Delete").await?;
    page.click("[data-testid=dialog] button[value=yes]").await?;
    page.see(&format!("{FIRST} [data-testid=message][data-deleted=true]"), "wrong chat").await?;
    Ok(())
}

/// She sends one of each kind of media, then an album of three.
pub(super) async fn album(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    for kind in ["Voice", "Music", "Document", "Video", "Sticker", "Location", "Contact", "Dice", "Photo"] {
        page.click(&format!("{FIRST} [data-testid=attach]")).await?;
        page.click(&format!("[data-testid=menu] [aria-label='Made-up {kind}']")).await?;
    }
    page.see(&format!("{FIRST} [data-testid=message][data-kind=photo] img"), "").await?;
    page.click(&format!("{FIRST} [data-testid=composer]")).await?;
    page.keys("The three of them").await?;
    page.click(&format!("{FIRST} [data-testid=attach]")).await?;
    walk.entry("Album of photos").await?;
    page.choose("[data-testid=dialog] select", "3 photos").await?;
    page.click("[data-testid=dialog] button[value=yes]").await?;
    page.see(&format!("{FIRST} .album[data-count='3']"), "The three of them").await?;
    let first = walk.bot.hear("message", |message| message["caption"] == "The three of them").await?;
    for _ in 0..2 {
        walk.bot.hear("message", |message| message["media_group_id"] == first["media_group_id"]).await?;
    }
    let complete = "[...document.querySelectorAll('.album img')].every((image) => image.complete && image.naturalWidth > 0)";
    page.until(complete, Value::Null).await?;
    walk.look("05-album").await
}

/// The bot asks by a poll with several answers; she votes for two, and takes her vote back.
pub(super) async fn poll(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    let poll = json!({ "chat_id": walk.town.nino, "question": "Which teas for the spring tasting?", "is_anonymous": false,
        "allows_multiple_answers": true, "options": [{ "text": "Jasmine" }, { "text": "High mountain Oolong" }, { "text": "Lotus" }] });
    walk.bot.call("sendPoll", poll).await?;
    page.click(&format!("{FIRST} [data-testid=option-Jasmine]")).await?;
    page.click(&format!("{FIRST} [data-testid=option-Lotus]")).await?;
    page.see(&format!("{FIRST} .poll .plain"), "Vote").await?.click().await?;
    let answer = walk.bot.hear("poll_answer", |answer| answer["option_ids"] == json!([0, 2])).await?;
    ensure!(answer["user"]["id"] == walk.town.nino, "somebody else voted: {answer}");
    page.see(&format!("{FIRST} [data-testid=option-Jasmine].mine"), "100%").await?;
    walk.look("06-poll").await?;
    page.see(&format!("{FIRST} .poll .plain"), "Take the vote back").await?.click().await?;
    walk.bot.hear("poll_answer", |answer| answer["option_ids"] == json!([])).await?;
    page.until("!document.querySelector('.poll-option.mine')", Value::Null).await
}

/// The bot offers a keyboard and commands; she uses both.
pub(super) async fn answers(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    let commands = json!([{ "command": "start", "description": "Begin" }, { "command": "hours", "description": "When the shop is open" }]);
    walk.bot.call("setMyCommands", json!({ "commands": commands })).await?;
    let keys = json!({ "reply_markup": { "resize_keyboard": true, "keyboard": [[{ "text": "Order" }, { "text": "Track my parcel" }]] } });
    walk.bot.say(&walk.town.nino.to_string(), "What would you like?", keys).await?;
    page.see(&format!("{FIRST} [data-testid=reply-keyboard]"), "Order").await?;
    page.click(&format!("{FIRST} [data-testid='button-Track my parcel']")).await?;
    walk.bot.hear("message", |message| message["text"] == "Track my parcel").await?;
    page.click(&format!("{FIRST} [data-testid=commands-button]")).await?;
    page.see(&format!("{FIRST} [data-testid=command-hours]"), "When the shop is open").await?;
    walk.look("07-commands").await?;
    page.click(&format!("{FIRST} [data-testid=command-hours]")).await?;
    walk.bot.hear("message", |message| message["text"] == "/hours").await?;
    let gone = json!({ "reply_markup": { "remove_keyboard": true } });
    walk.bot.say(&walk.town.nino.to_string(), "Nine to six, every day but Sunday.", gone).await?;
    page.until("!document.querySelector('[data-testid=pane-1] .reply-keyboard:not([hidden])')", Value::Null)
        .await
}
