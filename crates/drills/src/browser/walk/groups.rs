//! Groups and forums.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::{FIRST, SECOND, Walk};

/// Tom writes in the café's group, the bot answers him there, and Nino sees both at once.
pub(super) async fn group(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    let cafe = &walk.town.cafe;
    walk.open(&[format!("{}@{cafe}", walk.town.tom), format!("{}@{cafe}", walk.town.nino)]).await?;
    walk.write(FIRST, "We need two boxes of Oolong, and a word long enough to break: Teekesselchensammlervereinigungsvorsitzender").await?;
    let heard = walk.bot.hear("message", |message| message["from"]["id"] == walk.town.tom).await?;
    let answer = json!({ "reply_parameters": { "message_id": heard["message_id"] },
        "reply_markup": { "inline_keyboard": [[{ "text": "Confirm", "callback_data": "confirm" }]] } });
    walk.bot.say(cafe, "Two boxes of Oolong are reserved.", answer).await?;
    for pane in [FIRST, SECOND] {
        page.see(&format!("{pane} [data-testid=message] .text"), "are reserved").await?;
    }
    page.see(&format!("{SECOND} .sender"), "Tom Hall").await?;
    // Text from right to left keeps its direction beside text from left to right.
    walk.write(SECOND, "شكرا جزيلا، order #12 👨‍👩‍👧‍👦").await?;
    page.click(&format!("{SECOND} [data-testid='button-Confirm']")).await?;
    let query = walk.bot.hear("callback_query", |query| query["data"] == "confirm").await?;
    walk.bot.call("answerCallbackQuery", json!({ "callback_query_id": query["id"] })).await?;
    walk.look("08-group").await
}

/// Staff open a topic by the page; customer and topic stand side by side, as in the shop's day.
pub(super) async fn topic(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    let staff = &walk.town.staff;
    walk.open(&[
        format!("{0}@{1}", walk.town.nino, walk.chat(walk.town.nino)),
        format!("{}@{staff}", walk.town.sam),
    ])
    .await?;
    page.click(&format!("{SECOND} .topics-head button")).await?;
    page.click("[data-testid=dialog] input").await?;
    page.keys("Order 12 · Nino Beridze").await?;
    walk.look("09-dialog").await?;
    page.enter().await?;
    let topic = format!("{SECOND} [data-testid='topic-Order 12 · Nino Beridze']");
    page.see(&format!("{topic}[aria-selected=true]"), "").await?;
    walk.write(SECOND, "Nino wants two boxes. Who packs them?").await?;
    let heard = walk
        .bot
        .hear("message", |message| message["is_topic_message"] == true && message["text"].is_string())
        .await?;
    let thread = heard["message_thread_id"].as_i64().context("the message stands in no topic")?;
    let buttons = json!({ "message_thread_id": thread, "reply_markup": { "inline_keyboard": [[{ "text": "Packed", "callback_data": "packed" }, { "text": "Cancel", "callback_data": "cancel" }]] } });
    walk.bot.say(staff, "Order 12: 2 × jasmine, 18 €", buttons).await?;
    page.see(&format!("{SECOND} [data-testid=message] .text"), "Order 12: 2 × jasmine").await?;
    walk.menu_of(SECOND, "Order 12: 2 × jasmine").await?;
    walk.entry("Pin").await?;
    page.see(&format!("{SECOND} [data-testid=pins]"), "Order 12: 2 × jasmine").await?;
    // What is new in a topic that nobody looks at is counted.
    walk.bot.act(json!({ "act": "say", "as": 2_000_001, "chat": staff, "topic": other_topic(walk).await?, "text": "The van is here" })).await?;
    page.see(&format!("{SECOND} [data-testid=topic-Deliveries][data-unread='1']"), "").await?;
    walk.look("10-topic").await?;
    walk.bot.call("closeForumTopic", json!({ "chat_id": staff, "message_thread_id": thread })).await?;
    page.see(&format!("{topic}[data-closed=true]"), "").await?;
    page.see(&format!("{SECOND} .pane-banner"), "closed").await?;
    Ok(())
}

async fn other_topic(walk: &Walk<'_>) -> Result<Value> {
    let found = walk.page.see(&format!("{SECOND} [data-testid=topic-Deliveries]"), "").await?;
    let id = found.attr("data-topic-id").await?.context("the topic has no id")?;
    Ok(json!(id.parse::<i64>()?))
}

/// The pane that was opened last.
const NEWEST: &str = "#panes > .pane:last-of-type";

/// A channel is made by the page; its creator posts, and somebody else reads.
pub(super) async fn channel(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    page.click("[data-testid=pane-add]").await?;
    walk.entry("Group, forum, channel").await?;
    page.click("[data-testid=dialog] input[name=title]").await?;
    page.keys("Lotus news").await?;
    page.choose("[data-testid=dialog] select[name=kind]", "Channel").await?;
    page.choose("[data-testid=dialog] select[name=as]", "Mei").await?;
    page.click("[data-testid=dialog] button[value=yes]").await?;
    page.see(&format!("{NEWEST}[aria-label*='Lotus news']"), "The channel was created").await?;
    walk.write(NEWEST, "First flush from Kakheti has arrived.").await?;
    page.choose(&format!("{NEWEST} [data-testid=person-select]"), "Nino").await?;
    page.choose(&format!("{NEWEST} [data-testid=chat-select]"), "Lotus news").await?;
    page.see(&format!("{NEWEST} .pane-banner"), "not in here").await?;
    page.click(&format!("{NEWEST} .pane-banner button")).await?;
    page.see(&format!("{NEWEST} .pane-banner"), "Only administrators").await?;
    page.see(&format!("{NEWEST} .sender"), "Lotus news").await?;
    walk.look("23-channel").await
}

/// Members are listed; Nino leaves the group and joins it again; she blocks the bot and starts it once more.
pub(super) async fn members(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    let cafe = &walk.town.cafe;
    walk.open(&[format!("{}@{cafe}", walk.town.tom), format!("{}@{cafe}", walk.town.nino)]).await?;
    page.click(&format!("{SECOND} [data-testid=pane-menu]")).await?;
    walk.entry("Members").await?;
    page.see("[data-testid=dialog] .members", "Tom Hall").await?;
    walk.look("11-members").await?;
    page.click("[data-testid=dialog] button[value=close]").await?;
    page.click(&format!("{FIRST} [data-testid=pane-menu]")).await?;
    walk.entry("Leave the group").await?;
    page.see(&format!("{FIRST} .pane-banner"), "not in here").await?;
    page.click(&format!("{FIRST} .pane-banner button")).await?;
    page.see(&format!("{FIRST} [data-testid=composer]"), "").await?;
    walk.open(&[format!("{0}@{1}", walk.town.nino, walk.chat(walk.town.nino))]).await?;
    page.click(&format!("{FIRST} [data-testid=pane-menu]")).await?;
    walk.entry("Block the bot").await?;
    page.see(&format!("{FIRST} .pane-banner"), "blocked").await?;
    let refused =
        walk.bot.ask("sendMessage", json!({ "chat_id": walk.town.nino, "text": "Are you there?" })).await?;
    anyhow::ensure!(refused["error_code"] == 403, "a blocked bot may write: {refused}");
    page.click(&format!("{FIRST} .pane-banner button")).await?;
    page.see(&format!("{FIRST} [data-testid=composer]"), "").await?;
    Ok(())
}
