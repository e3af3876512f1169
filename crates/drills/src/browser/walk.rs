//! A walk through the whole page. The bot is played by the walk itself, with calls of the Bot API, so that each step
//! knows what comes. Every state is looked at in light and in dark, and held against axe-core's rules.

mod access;
mod bot;
mod groups;
mod keyboard;
mod line;
mod private;
mod screens;
mod tools;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::page::Page;
use access::Rules;
use bot::Bot;
pub(super) use line::Line;

/// The pane of the customer, and that beside it.
const FIRST: &str = "[data-testid=pane-1]";
const SECOND: &str = "[data-testid=pane-2]";

/// What every step works with.
struct Walk<'a> {
    page: &'a Page,
    bot: Bot,
    line: &'a Line,
    rules: Rules<'a>,
    town: Town,
}

/// The demo town, as the control API tells it.
struct Town {
    nino: i64,
    li: i64,
    tom: i64,
    sam: i64,
    staff: String,
    cafe: String,
}

/// Walks every step in order.
pub(super) async fn walk(page: &Page, line: &Line, url: &str, rules: &str) -> Result<()> {
    let (bot, state) = Bot::find(url).await?;
    let town = Town::read(&state)?;
    let walk = Walk { page, bot, line, rules: Rules::new(page, rules), town };
    page.screen(1280, 800).await?;
    page.scheme("light").await?;
    private::greeting(&walk).await.context("the bot greets with buttons")?;
    private::button(&walk).await.context("a button is tapped, and its answer seen")?;
    private::reply(&walk).await.context("a customer quotes, edits, reacts and deletes")?;
    private::album(&walk).await.context("a customer sends an album and media of all kinds")?;
    private::poll(&walk).await.context("a customer votes and takes the vote back")?;
    private::answers(&walk).await.context("a customer uses the reply keyboard and the commands")?;
    groups::group(&walk).await.context("people and the bot talk in a group")?;
    groups::topic(&walk).await.context("staff open a topic, write in it, pin and close")?;
    groups::members(&walk).await.context("members are looked at, leave and come back; a bot is blocked")?;
    groups::channel(&walk).await.context("a channel is made, posted in and read")?;
    tools::calls(&walk).await.context("the log shows a call with its answer")?;
    tools::faults(&walk).await.context("a fault is set, strikes and is taken away")?;
    tools::clock_and_world(&walk).await.context("clock and world show themselves")?;
    screens::themes(&walk).await.context("the page goes dark, and stays dark")?;
    screens::narrow(&walk).await.context("everything fits on a telephone")?;
    screens::lost(&walk).await.context("a lost connection is told, and comes back")?;
    keyboard::conversation(&walk).await.context("a whole conversation by keyboard alone")?;
    keyboard::every_stop(&walk).await.context("every stop of the Tab key is seen and has a name")?;
    tools::begin_anew(&walk).await.context("the world begins anew")?;
    walk.rules.finish()
}

impl Walk<'_> {
    /// The private chat of a person with the bot.
    fn chat(&self, person: i64) -> String {
        format!("{person}_{}", self.bot.id)
    }

    /// Opens panes by their places, such as `person@chat`.
    async fn open(&self, places: &[String]) -> Result<()> {
        self.page.panes(&places.join(",")).await
    }

    /// Holds what is shown against the rules in light and in dark, and takes a picture of each.
    async fn look(&self, name: &str) -> Result<()> {
        for scheme in ["light", "dark"] {
            self.page.scheme(scheme).await?;
            self.rules.check(&format!("{name}, {scheme}")).await?;
            self.page.screenshot(&format!("{name}-{scheme}")).await?;
        }
        self.page.scheme("light").await
    }

    /// Chooses an entry of the menu that is open.
    async fn entry(&self, label: &str) -> Result<()> {
        let entry = self.page.see("[data-testid=menu] .menu-item", label).await?;
        entry.click().await.with_context(|| format!("the menu's {label} cannot be clicked"))
    }

    /// Writes into a pane and sends it.
    async fn write(&self, pane: &str, text: &str) -> Result<()> {
        self.page.click(&format!("{pane} [data-testid=composer]")).await?;
        self.page.keys(text).await?;
        self.page.enter().await?;
        self.page.see(&format!("{pane} [data-testid=message][data-outgoing=true]"), text).await?;
        Ok(())
    }

    /// Opens the menu of a message.
    async fn menu_of(&self, pane: &str, text: &str) -> Result<()> {
        let message = self.page.see(&format!("{pane} [data-testid=message]"), text).await?;
        let id = message.attr("data-message-id").await?.context("a message has no id")?;
        // The button shows itself when the pointer is over the message; a script presses it as a reader's software does.
        let script = "document.querySelector(arguments[0]).click()";
        let selector = format!("{pane} [data-message-id='{id}'] [data-testid=message-menu]");
        self.page.run(script, vec![json!(selector)]).await?;
        self.page.see("[data-testid=menu]", "").await?;
        Ok(())
    }
}

impl Town {
    fn read(state: &Value) -> Result<Self> {
        let people = state["people"].as_array().context("the state tells of no people")?;
        let person = |name: &str| {
            let one = people.iter().find(|person| person["first_name"] == name);
            one.and_then(|one| one["id"].as_i64()).with_context(|| format!("{name} is not in the demo town"))
        };
        let chats = state["chats"].as_array().context("the state tells of no chats")?;
        let chat = |title: &str| {
            let one =
                chats.iter().find(|chat| chat["title"].as_str().is_some_and(|have| have.contains(title)));
            let id = one.and_then(|one| one["chat"].as_str()).map(str::to_owned);
            id.with_context(|| format!("there is no {title} in the demo town"))
        };
        let staff = chat("staff")?;
        ensure!(staff.starts_with("-100"), "the staff group is no supergroup: {staff}");
        Ok(Self {
            nino: person("Nino")?,
            li: person("Li")?,
            tom: person("Tom")?,
            sam: person("Sam")?,
            staff,
            cafe: chat("Café")?,
        })
    }
}
