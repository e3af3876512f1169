//! `doctor`: looks at everything that the bot needs and says what to do. It changes nothing, and a running bot
//! does not notice it.

mod around;
mod database;
mod finding;
mod groups;
mod telegram;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Mutex;

use serde_json::json;

pub use finding::{Finding, Level};
pub use groups::Group;

use super::args::Form;
use super::place::Place;
use super::run::client_options;
use super::{Deployable, Say, ask};
use crate::aliases::Aliases;
use crate::config::{Common, Loaded};
use crate::db::{Access, Db};
use crate::telegram::{Client, Me};

/// What a bot's own part of `doctor` may look at.
#[derive(Debug)]
pub struct Visit<'a> {
    aliases: Aliases,
    asked: Mutex<BTreeSet<i64>>,
    /// Telegram. Only methods that change nothing.
    pub client: &'a Client,
    /// The bot as getMe shows it.
    pub me: &'a Me,
    /// The settings that every bot has.
    pub common: &'a Common,
    /// The bot's database, to read; `None` where there is none yet.
    pub db: Option<&'a Db>,
}

pub(super) async fn doctor<B: Deployable>(
    loaded: Loaded<B::Settings>,
    form: Form,
    say: &Say,
) -> anyhow::Result<ExitCode> {
    let common = loaded.common;
    let bot = B::new(loaded.own);
    let running = ask::health(common.http_addr)
        .await
        .ok()
        .map(|(_, page)| page)
        .filter(|page| page["bot"] == B::INFO.name);
    let mut findings = vec![around::data_dir(&common), around::http_addr(&common, running.as_ref()).await];
    findings.extend(database::look::<B>(&bot, &common, running.as_ref()).await);
    let place =
        Place::open::<B>(&common.database, Some(common.telegram.bot_id), Access::Read, say).await.ok();
    let client = Client::new(&common.telegram.token, client_options(&common))?;
    let (me, told) = telegram::token(&client, &common).await;
    findings.push(told);
    if let Some(me) = &me {
        findings.push(around::clock(&client).await);
        findings.extend(telegram::webhook(&client, &common, running.is_some()).await);
        findings.push(telegram::privacy(me));
        let visit = Visit::new(&client, me, &common, place.as_ref().map(|place| &place.db)).await;
        // The bot knows what its groups are for; the rest is looked at without.
        findings.extend(bot.doctor(&visit).await);
        findings.extend(groups::known(&visit, say).await);
    }
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok);
    if form.json {
        say.line(&json!({"ok": worst < Level::Fail, "findings": findings}));
    } else {
        for finding in &findings {
            say.line(finding);
        }
        say.line(&format_args!("\n{}", finding::count(&findings)));
    }
    Ok(if worst == Level::Fail { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
