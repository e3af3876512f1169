//! The developer tools: the log of calls, faults, the clock, the world.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{FIRST, Walk};

/// The log shows a call with its answer, and finds it by a word.
pub(super) async fn calls(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    page.click("[data-testid=drawer-toggle]").await?;
    page.click("[data-testid=tab-calls]").await?;
    let failed = walk.bot.ask("sendMessage", json!({ "chat_id": 99, "text": "Is anybody there?" })).await?;
    ensure!(failed["ok"] == false, "a chat that is not there was written to");
    page.see("[data-testid=call].failed", "chat not found").await?.click().await?;
    page.see("[data-testid=call] .call-part", "Bad Request: chat not found").await?;
    page.see("[data-testid=call] .call-tools", "Copy as curl").await?;
    walk.look("12-calls").await?;
    page.click("[data-testid=calls-filter]").await?;
    page.keys("sendpoll").await?;
    page.until("[...document.querySelectorAll('[data-testid=call]:not([hidden])')].every((row) => row.dataset.text.startsWith('sendpoll'))", Value::Null).await
}

/// A fault is set for one method and strikes once.
pub(super) async fn faults(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    page.click("[data-testid=tab-faults]").await?;
    page.click("[data-testid=fault-method]").await?;
    page.keys("getMe").await?;
    page.click("[data-testid=fault-set]").await?;
    page.see("[data-testid=fault-429]", "getMe").await?;
    let struck = walk.bot.ask("getMe", json!({})).await?;
    ensure!(struck["parameters"]["retry_after"] == 3, "the fault did not strike: {struck}");
    walk.look("13-faults").await?;
    page.click("[data-testid=fault-429] button").await?;
    page.see("[data-testid=fault-list]", "None").await?;
    walk.bot.call("getMe", json!({})).await?;
    Ok(())
}

/// What the clock shows, in milliseconds.
const CLOCK: &str = "return Date.parse(document.querySelector('[data-testid=clock]').dateTime)";

/// The clock says that it is real, stands when it is told to, and moves on by an hour; the world names the bot and saves itself.
pub(super) async fn clock_and_world(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    page.click("[data-testid=tab-clock]").await?;
    page.see(".clock", "--clock manual").await?;
    page.click("[data-testid=freeze]").await?;
    page.see(".clock .tag", "stands").await?;
    let before = page.run(CLOCK, Vec::new()).await?.as_f64().unwrap_or_default();
    page.click("[data-testid=advance-3600]").await?;
    page.until(&CLOCK.replacen("return ", "args <= ", 1), json!(before + 3_600_000.0)).await?;
    walk.look("14-clock").await?;
    page.click("[data-testid=freeze]").await?;
    page.see(".clock .tag", "runs").await?;
    page.click("[data-testid=tab-world]").await?;
    page.see(".bots", "TELEGRAM_BOT_TOKEN").await?;
    page.see("[data-testid=save]", "").await?;
    walk.look("15-world").await?;
    page.click("[data-testid=drawer-toggle]").await?;
    page.until("document.getElementById('drawer').hidden", Value::Null).await
}

/// Everything that the walk left is gone again.
pub(super) async fn begin_anew(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    walk.open(&[format!("{0}@{1}", walk.town.nino, walk.chat(walk.town.nino))]).await?;
    page.click("[data-testid=drawer-toggle]").await?;
    page.click("[data-testid=tab-world]").await?;
    page.click("[data-testid=reset]").await?;
    page.click("[data-testid=dialog] button[value=yes]").await?;
    page.see(&format!("{FIRST} [data-testid=start]"), "").await?;
    page.until("!document.querySelector('[data-testid=pane-1] [data-testid=message]')", Value::Null).await
}
