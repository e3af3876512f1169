//! The smallest bot: it says back what it is told in a private chat. `/fail` makes its handler fail, to see a
//! dead letter.
//!
//! ```sh
//! cargo run -p sandbox -- --town empty &   # prints its URL; the control API makes a bot and a person
//! TELEGRAM_BOT_TOKEN=… TELEGRAM_API_URL=http://127.0.0.1:8081 cargo run -p frontdesk-core --example echo -- run
//! ```

use std::process::ExitCode;

use frontdesk_core::Bot;
use frontdesk_core::cli::Deployable;
use frontdesk_core::config::BotInfo;
use frontdesk_core::db::Migrations;
use frontdesk_core::flow::{Call, Ctx, Event};
use frontdesk_core::profile::{CommandList, Profile, Scope};
use frontdesk_core::telegram::Me;
use serde_json::json;

fn main() -> ExitCode {
    frontdesk_core::cli::main::<Echo>()
}

struct Echo;

enum Route {
    Say { chat: i64, text: String },
    Fail,
}

impl Deployable for Echo {
    type Settings = ();
    const INFO: BotInfo = BotInfo { name: "echo-bot", default_http_addr: "127.0.0.1:8090" };
    const ABOUT: &'static str = "Says back what it is told";

    fn new((): ()) -> Self {
        Self
    }
}

impl Bot for Echo {
    type Route = Route;

    fn name(&self) -> &'static str {
        Self::INFO.name
    }

    fn migrations(&self) -> Migrations {
        Migrations { part: "echo-bot", table: "_migrations", list: &[] }
    }

    fn locales(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("en", "command-start = Say hello\nabout = I say back what I am told.\n"),
            ("zh-CN", "command-start = 打个招呼\nabout = 我重复您说的话。\n"),
        ]
    }

    fn allowed_updates(&self) -> &'static [&'static str] {
        &["message", "my_chat_member"]
    }

    fn profile(&self) -> Profile {
        Profile {
            commands: vec![CommandList { scope: Scope::Default, commands: vec![("start", "command-start")] }],
            description: Some("about"),
            short_description: Some("about"),
        }
    }

    fn route(&self, event: Event, _: &Me) -> Option<Route> {
        let Event::Message(message) = event else { return None };
        match message.text()? {
            "/fail" => Some(Route::Fail),
            text => Some(Route::Say { chat: message.chat.id.0, text: text.to_owned() }),
        }
    }

    async fn handle(&self, route: Route, ctx: &mut Ctx<'_>) -> anyhow::Result<()> {
        match route {
            Route::Say { chat, text } => {
                ctx.call(Call::raw("sendMessage", json!({"chat_id": chat, "text": text})))?;
                Ok(())
            }
            Route::Fail => anyhow::bail!("asked to fail"),
        }
    }
}
