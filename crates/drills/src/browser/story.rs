//! What happens on the page, step by step. It asserts what the people see, and no sentence of the bot word by word.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::page::Page;

const QUESTION: &str = "Is the jasmine tea back?";
const ANSWER: &str = "Yes, since Tuesday. Shall we keep two boxes?";
const ORDER: &str = "你好，请问有龙井茶吗？";

/// The customer's pane and the staff's.
const CUSTOMER: &str = "[data-testid=pane-1]";
const STAFF: &str = "[data-testid=pane-2]";

/// An expression: the newest message that the customer got is newer than `args.after`, and fits a pattern.
const NEWER: &str = r#"[...document.querySelectorAll("[data-testid=pane-1] [data-testid=message][data-outgoing=false]")]
    .some((message) => Number(message.dataset.messageId) > args.after && new RegExp(args.pattern, "u").test(message.querySelector(".text")?.textContent ?? ""))"#;

/// Plays every step in order; each leaves a screenshot.
pub(super) async fn play(page: &Page) -> Result<()> {
    opens(page).await.context("step 1, the page opens with a customer and a member of staff")?;
    page.screenshot("1-opened").await?;
    starts(page).await.context("step 2, Nino presses Start and is greeted")?;
    page.screenshot("2-greeted").await?;
    let question = asks(page).await.context("step 3, Nino asks, and a second click sends nothing")?;
    page.screenshot("3-asked").await?;
    staff_see(page).await.context("step 4, staff see a topic with the question")?;
    page.screenshot("4-topic").await?;
    staff_answer(page).await.context("step 5, staff answer by keyboard alone")?;
    let answer =
        is_answered(page, question).await.context("step 6, Nino sees the answer under her question")?;
    page.screenshot("5-answered").await?;
    staff_close(page).await.context("step 7, staff close the ticket")?;
    is_told(page, answer).await.context("step 8, Nino is told that it was closed")?;
    page.screenshot("6-closed").await?;
    chinese(page).await.context("step 9, Li Wei, whose app is Chinese, is answered in Chinese")?;
    page.screenshot("7-chinese").await?;
    comes_back(page).await.context("step 10, the page is loaded again and shows the same")?;
    page.screenshot("8-reloaded").await?;
    Ok(())
}

async fn opens(page: &Page) -> Result<()> {
    page.see(&format!("{CUSTOMER}[aria-label^='Nino']"), "").await?;
    page.see(&format!("{STAFF}[data-forum=true]"), "").await?;
    page.see(&format!("{STAFF} [data-testid=topic-General]"), "").await?;
    let text = page.see(&format!("{CUSTOMER} [data-testid=description]"), "").await?.text().await?;
    ensure!(!text.trim().is_empty(), "the empty chat does not say what the bot is for");
    Ok(())
}

async fn starts(page: &Page) -> Result<()> {
    page.click(&format!("{CUSTOMER} [data-testid=start]")).await?;
    page.see(&outgoing(CUSTOMER), "/start").await?;
    page.until(NEWER, json!({ "after": 0, "pattern": "\\p{L}" })).await
}

async fn asks(page: &Page) -> Result<i64> {
    page.click(&format!("{CUSTOMER} [data-testid=composer]")).await?;
    page.keys(QUESTION).await?;
    let button = page.see(&format!("{CUSTOMER} [data-testid=send]"), "").await?;
    button.click().await?;
    // A nervous customer: the field is empty by now, so the second click has nothing to send.
    button.click().await?;
    let sent = page.see(&outgoing(CUSTOMER), QUESTION).await?;
    let id = sent.attr("data-message-id").await?.context("the message has no id")?;
    Ok(id.parse()?)
}

async fn staff_see(page: &Page) -> Result<()> {
    let topic = format!("{STAFF} [data-testid^=topic-][data-testid*=Nino]");
    page.see(&format!("{topic}:not([data-unread='0'])"), "").await?;
    page.click(&topic).await?;
    page.see(&format!("{topic}[data-unread='0'][aria-selected=true]"), "").await?;
    page.see(&format!("{STAFF} [data-testid=message]"), QUESTION).await?;
    // The bot has carried the question over once, and Nino has asked it once.
    let said = page.count(&outgoing(CUSTOMER)).await?;
    ensure!(said == 2, "Nino said /start and one question, and the page shows {said} messages of hers");
    Ok(())
}

async fn staff_answer(page: &Page) -> Result<()> {
    page.alt('2').await?;
    page.keys(ANSWER).await?;
    page.enter().await?;
    page.see(&outgoing(STAFF), ANSWER).await?;
    Ok(())
}

async fn is_answered(page: &Page, question: i64) -> Result<i64> {
    let selector = format!("{}:has([data-testid=quote][data-reply-to='{question}'])", incoming(CUSTOMER));
    let answer = page.see(&selector, ANSWER).await?;
    let id = answer.attr("data-message-id").await?.context("the message has no id")?;
    Ok(id.parse()?)
}

async fn staff_close(page: &Page) -> Result<()> {
    page.alt('2').await?;
    page.keys("/close").await?;
    page.enter().await?;
    page.see(&format!("{STAFF} [data-testid^=topic-][data-testid*=Nino][data-closed=true]"), "").await?;
    Ok(())
}

async fn is_told(page: &Page, answer: i64) -> Result<()> {
    page.until(NEWER, json!({ "after": answer, "pattern": "[A-Za-z]" })).await?;
    let told = format!("{} .text", incoming(CUSTOMER));
    ensure!(page.count(&told).await? >= 2, "the customer sees fewer than two messages of the bot");
    Ok(())
}

async fn chinese(page: &Page) -> Result<()> {
    page.choose(&format!("{CUSTOMER} [data-testid=person-select]"), "Li Wei").await?;
    page.see(&format!("{CUSTOMER}[aria-label^='Li Wei']"), "").await?;
    page.see(&format!("{CUSTOMER} [data-testid=start]"), "").await?;
    page.alt('1').await?;
    page.keys(ORDER).await?;
    page.enter().await?;
    page.see(&outgoing(CUSTOMER), ORDER).await?;
    page.until(NEWER, json!({ "after": 0, "pattern": "\\p{Script=Han}" })).await?;
    page.click(&format!("{STAFF} [data-testid^=topic-][data-testid*='Li Wei']")).await?;
    page.see(&format!("{STAFF} [data-testid=message]"), ORDER).await?;
    Ok(())
}

async fn comes_back(page: &Page) -> Result<()> {
    page.reload().await?;
    page.see(&format!("{CUSTOMER}[aria-label^='Li Wei']"), "").await?;
    page.see(&outgoing(CUSTOMER), ORDER).await?;
    page.see(&format!("{STAFF} [data-testid=message]"), ORDER).await?;
    Ok(())
}

fn outgoing(pane: &str) -> String {
    format!("{pane} [data-testid=message][data-outgoing=true]")
}

fn incoming(pane: &str) -> String {
    format!("{pane} [data-testid=message][data-outgoing=false]")
}
