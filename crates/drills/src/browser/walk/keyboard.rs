//! No mouse at all.

use anyhow::{Result, ensure};
use fantoccini::key::Key;
use serde_json::{Value, json};

use super::{FIRST, Walk};

/// Counts presses of anything but keys.
const WATCH: &str = r"
window.presses = 0;
for (const kind of ['pointerdown', 'mousedown', 'touchstart']) addEventListener(kind, () => window.presses += 1, true);
";

/// The focus is on something that fits `args`.
const FOCUS: &str = "document.activeElement.matches(args)";

/// Li Wei finds her chat, writes, reads, answers, taps a button, reacts, looks for help: by keys alone.
pub(super) async fn conversation(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    walk.open(&[format!("{0}@{1}", walk.town.nino, walk.chat(walk.town.nino))]).await?;
    page.run(WATCH, Vec::new()).await?;
    let enter = char::from(Key::Enter);
    let escape = char::from(Key::Escape);

    // Who she is, and where: both lists go by what is typed.
    page.alt('p').await?;
    page.until(FOCUS, json!("[data-testid=person-select]")).await?;
    page.press("Li Wei".chars()).await?;
    page.see(&format!("{FIRST}[aria-label^='Li Wei']"), "").await?;
    page.alt('c').await?;
    page.until(FOCUS, json!("[data-testid=chat-select]")).await?;
    page.press("Lotus Supp".chars()).await?;
    page.until("document.activeElement.value === args", json!(walk.chat(walk.town.li))).await?;

    page.alt('1').await?;
    page.until(FOCUS, json!(".composer-text")).await?;
    page.press("/start".chars().chain([enter])).await?;
    walk.bot.hear("message", |message| message["from"]["id"] == walk.town.li).await?;
    let keys = json!({ "reply_markup": { "inline_keyboard": [[{ "text": "Yes", "callback_data": "yes" }, { "text": "No", "callback_data": "no" }]] } });
    let asked = walk.bot.say(&walk.town.li.to_string(), "Shall we send it today?", keys).await?;
    page.see(&format!("{FIRST} [data-message-id='{asked}']"), "Shall we").await?;

    // The newest message, then its second button, which keeps the focus when the bot changes the message.
    page.alt('m').await?;
    page.until(FOCUS, json!(format!("[data-message-id='{asked}']"))).await?;
    page.press([char::from(Key::Right), char::from(Key::Right)]).await?;
    page.until(FOCUS, json!("[data-testid=button-No]")).await?;
    page.press([enter]).await?;
    let query = walk.bot.hear("callback_query", |query| query["data"] == "no").await?;
    walk.bot
        .call("answerCallbackQuery", json!({ "callback_query_id": query["id"], "text": "As you like" }))
        .await?;
    page.see("[data-testid=toast]", "As you like").await?;
    page.until(FOCUS, json!("[data-testid=button-No]")).await?;

    // Out of the button, and an answer to the message.
    page.press([escape]).await?;
    page.until(FOCUS, json!(format!("[data-message-id='{asked}']"))).await?;
    page.press(['r']).await?;
    page.until(FOCUS, json!(".composer-text")).await?;
    page.press("Tomorrow is better".chars().chain([enter])).await?;
    let answer = walk.bot.hear("message", |message| message["text"] == "Tomorrow is better").await?;
    ensure!(answer["reply_to_message"]["message_id"] == asked, "the answer answers nothing: {answer}");
    page.see(&format!("{FIRST} [data-testid=quote][data-reply-to='{asked}']"), "").await?;

    // The menu of a message: a reaction, and the focus is back on the message.
    page.press([char::from(Key::PageUp), char::from(Key::Up), enter]).await?;
    page.until(FOCUS, json!("[data-testid=menu] .menu-item")).await?;
    walk.look("21-keyboard").await?;
    page.press([char::from(Key::Right), enter]).await?;
    page.see(&format!("{FIRST} [data-message-id='{asked}'] .reaction"), "❤").await?;
    page.until(FOCUS, json!(format!("[data-message-id='{asked}']"))).await?;

    // Help, and back where she was.
    page.press(['?']).await?;
    page.see("[data-testid=dialog]", "Help").await?;
    walk.look("22-help").await?;
    page.press([escape]).await?;
    page.until("!document.querySelector('dialog')", Value::Null).await?;
    page.until(FOCUS, json!(format!("[data-message-id='{asked}']"))).await?;

    // The tools, and back.
    page.alt('l').await?;
    page.until(FOCUS, json!("#drawer [role=tab]")).await?;
    page.press([char::from(Key::Home), char::from(Key::Right)]).await?;
    page.until(FOCUS, json!("[data-testid=tab-faults][aria-selected=true]")).await?;
    page.press([escape]).await?;
    page.until("document.getElementById('drawer').hidden", Value::Null).await?;
    page.until(FOCUS, json!("[data-testid=drawer-toggle]")).await?;

    let presses = page.run("return window.presses", Vec::new()).await?;
    ensure!(presses == 0, "{presses} presses came from something that is no key");
    Ok(())
}

/// What has the focus: a word for it, whether its focus can be seen, and whether it has a name.
const STOP: &str = r"
const element = document.activeElement;
if (element === document.body) return null;
const seen = [element, ...element.querySelectorAll('*'), element.nextElementSibling].some((one) => {
  if (!one) return false;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
});
const label = element.labels?.[0]?.textContent ?? '';
const name = element.getAttribute('aria-label') || element.textContent.trim() || label.trim() || element.title;
const box = element.getBoundingClientRect();
return { word: `${element.tagName.toLowerCase()}.${element.className} ${element.dataset.testid ?? ''}`, seen, name, shown: box.width > 0 && box.bottom > 0 && box.top < innerHeight };
";

/// Tab walks through the whole page and never gets lost.
pub(super) async fn every_stop(walk: &Walk<'_>) -> Result<()> {
    let page = walk.page;
    let nino = format!("{0}@{1}", walk.town.nino, walk.chat(walk.town.nino));
    walk.open(&[nino, format!("{}@{}", walk.town.sam, walk.town.staff)]).await?;
    page.run("document.querySelector('.skip').focus()", Vec::new()).await?;
    let mut words = Vec::new();
    for _ in 0..80 {
        page.press([char::from(Key::Tab)]).await?;
        let stop = page.run(STOP, Vec::new()).await?;
        let Some(word) = stop["word"].as_str() else { break };
        ensure!(stop["seen"] == true, "the focus on {word} cannot be seen");
        ensure!(stop["shown"] == true, "{word} has the focus and stands outside the screen");
        ensure!(stop["name"].as_str().is_some_and(|name| !name.is_empty()), "{word} has no name");
        words.push(word.to_owned());
    }
    let has = |part: &str| words.iter().any(|word| word.contains(part));
    for part in [
        "person-select",
        "chat-select",
        "composer",
        "attach",
        "topic",
        "drawer-toggle",
        "theme",
        "pane-add",
        "message",
    ] {
        ensure!(has(part), "Tab never comes to {part}; it came to: {}", words.join(", "));
    }
    ensure!(words.len() < 80, "Tab has more than 80 stops: the lists do not rove");
    Ok(())
}
