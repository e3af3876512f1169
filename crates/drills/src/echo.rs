//! The smallest bot: says back what it hears. Told to, it hangs or panics, as a broken handler would.

use std::process::ExitCode;
use std::time::Duration;

use frontdesk_core::cli::Deployable;
use frontdesk_core::config::{BotInfo, Setting, Settings, Values};
use frontdesk_core::db::Migrations;
use frontdesk_core::flow::{Call, Ctx, Event};
use frontdesk_core::telegram::Me;
use frontdesk_core::{Bot, cli};
use serde_json::json;

/// The bot.
#[derive(Debug)]
pub struct EchoBot;

/// It has no settings of its own.
#[derive(Debug)]
pub struct NoSettings;

impl Settings for NoSettings {
    fn describe() -> &'static [Setting] {
        &[]
    }

    fn read(_: &mut Values) -> Option<Self> {
        Some(Self)
    }
}

/// What it does.
#[derive(Debug)]
pub enum Route {
    /// Says the text back.
    Echo(i64, String),
    /// Takes for ever.
    Hang,
    /// Panics.
    Panic,
}

impl Bot for EchoBot {
    type Route = Route;

    fn name(&self) -> &'static str {
        Self::INFO.name
    }

    fn migrations(&self) -> Migrations {
        Migrations { part: "echo-bot", table: "_migrations", list: &[] }
    }

    fn locales(&self) -> &'static [(&'static str, &'static str)] {
        &[("en", "")]
    }

    fn allowed_updates(&self) -> &'static [&'static str] {
        &["message"]
    }

    fn route(&self, event: Event, _: &Me) -> Option<Route> {
        let Event::Message(message) = event else { return None };
        match message.text()? {
            "/hang" => Some(Route::Hang),
            "/panic" => Some(Route::Panic),
            text => Some(Route::Echo(message.chat.id.0, text.to_owned())),
        }
    }

    async fn handle(&self, route: Route, ctx: &mut Ctx<'_>) -> anyhow::Result<()> {
        match route {
            Route::Echo(chat, text) => {
                ctx.call(Call::raw("sendMessage", json!({"chat_id": chat, "text": text})))?;
            }
            Route::Hang => crate::clock::pause(Duration::from_mins(10)).await,
            Route::Panic => panic!("asked to"),
        }
        Ok(())
    }
}

impl Deployable for EchoBot {
    type Settings = NoSettings;
    const INFO: BotInfo = BotInfo { name: "echo-bot", default_http_addr: "127.0.0.1:8099" };
    const ABOUT: &'static str = "Says back what it hears: for drills";

    fn new(_: NoSettings) -> Self {
        Self
    }
}

/// Its `main`.
pub fn main() -> ExitCode {
    cli::main::<EchoBot>()
}
