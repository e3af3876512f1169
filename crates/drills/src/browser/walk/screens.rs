//! Other screens, other colours, and no connection.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{FIRST, SECOND, Walk};

/// What stands out to the right of the screen, if anything does.
const TOO_WIDE: &str = r"
const wide = document.scrollingElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
const scrolls = (element) => element.closest('.tabs, .call-rows, pre, .drawer-tabs, .members, .bots');
for (const element of document.querySelectorAll('body *')) {
  const box = element.getBoundingClientRect();
  if (element.checkVisibility() && box.width > 1 && box.right > innerWidth + 1 && !scrolls(element)) wide.push(`${element.tagName}.${element.className}`);
}
return wide;
";

/// The button in the bar turns the page dark, and a reload leaves it so.
pub(super) async fn themes(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    let theme = "document.documentElement.dataset.theme === args";
    for wanted in ["light", "dark"] {
        page.click("[data-testid=theme]").await?;
        page.until(theme, json!(wanted)).await?;
    }
    page.reload().await?;
    page.until(theme, json!("dark")).await?;
    let color = page.run("return getComputedStyle(document.body).backgroundColor", Vec::new()).await?;
    ensure!(luminance(&color) < 60, "the dark page has the background {color}");
    page.click("[data-testid=theme]").await?;
    page.until(theme, json!("auto")).await?;
    let color = page.run("return getComputedStyle(document.body).backgroundColor", Vec::new()).await?;
    ensure!(luminance(&color) > 600, "with a light system the page has the background {color}");
    Ok(())
}

/// The sum of red, green and blue of `rgb(1, 2, 3)`.
fn luminance(color: &Value) -> u32 {
    let digits = color.as_str().unwrap_or_default();
    digits
        .split(|char: char| !char.is_ascii_digit())
        .filter_map(|part| part.parse::<u32>().ok())
        .take(3)
        .sum()
}

/// On screens as narrow as 360 pixels nothing is cut off, and every pane and tool can be reached.
pub(super) async fn narrow(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    page.screen(360, 740).await?;
    let nino = format!("{0}@{1}", walk.town.nino, walk.chat(walk.town.nino));
    walk.open(&[nino, format!("{}@{}", walk.town.sam, walk.town.staff)]).await?;
    page.see(&format!("{FIRST} [data-testid=composer]"), "").await?;
    page.until("!document.querySelector('[data-testid=pane-2]').checkVisibility()", Value::Null).await?;
    fits(walk, "the customer").await?;
    walk.look("16-narrow-chat").await?;
    page.click("[data-testid=tab-pane-2]").await?;
    page.see(&format!("{SECOND} [data-testid=topic-Deliveries]"), "").await?;
    fits(walk, "the topics").await?;
    walk.look("17-narrow-topics").await?;
    page.click(&format!("{SECOND} [data-testid=topic-Deliveries]")).await?;
    page.see(&format!("{SECOND} [data-testid=message] .text"), "The van is here").await?;
    fits(walk, "a topic").await?;
    walk.look("18-narrow-topic").await?;
    page.click(&format!("{SECOND} .back")).await?;
    page.see(&format!("{SECOND} [data-testid='topic-Spring tasting']"), "").await?;
    page.click("[data-testid=drawer-toggle]").await?;
    for tab in ["calls", "faults", "clock", "world"] {
        page.click(&format!("[data-testid=tab-{tab}]")).await?;
        fits(walk, tab).await?;
    }
    walk.look("19-narrow-tools").await?;
    page.click("#drawer [aria-label^=Close]").await?;
    page.until("document.getElementById('drawer').hidden", Value::Null).await?;
    page.screen(1280, 800).await
}

async fn fits(walk: &Walk<'_>, what: &str) -> Result<()> {
    let wide = walk.page.run(TOO_WIDE, Vec::new()).await?;
    ensure!(wide == json!([]), "{what} is wider than the screen: {wide}");
    Ok(())
}

/// The page says when the sandbox is out of reach, and shows what happened meanwhile.
pub(super) async fn lost(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    walk.open(&[format!("{0}@{1}", walk.town.nino, walk.chat(walk.town.nino))]).await?;
    walk.line.cut().await;
    page.see("[data-testid=connection][data-state=lost]", "Connection lost").await?;
    walk.look("20-lost").await?;
    walk.bot.say(&walk.town.nino.to_string(), "Your tea has left the shop.", json!({})).await?;
    walk.line.mend().await?;
    page.see("[data-testid=connection][data-state=live]", "").await?;
    page.see(&format!("{FIRST} [data-testid=message]"), "Your tea has left the shop.").await?;
    Ok(())
}
