//! Who the bot is: asked of Telegram at every start, remembered in the database, so that a start does not
//! wait for it and a bot whose network is away still comes up.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::{App, Shared};
use crate::bot::Bot;
use crate::clock::real_pause;
use crate::store::meta;
use crate::telegram::{CallError, Me};

const ME: &str = "me";

impl Shared {
    /// The bot as the last start knew it.
    pub(super) async fn remember_me(&self) -> Result<(), sqlx::Error> {
        let mut tx = self.db.read().await?;
        let known = meta::get(&mut tx, ME).await?;
        tx.rollback().await;
        if let Some(me) = known.and_then(|text| serde_json::from_str::<Me>(&text).ok()) {
            self.me.send_replace(Some(me));
        }
        Ok(())
    }

    async fn learn_me(&self, me: &Me) -> Result<(), sqlx::Error> {
        let text = json!(me).to_string();
        let mut tx = self.db.begin().await?;
        meta::set(&mut tx, ME, &text).await?;
        tx.commit().await
    }
}

/// Asks until Telegram answers, then sets the profile. An error means that the token is wrong.
pub(super) async fn run<B: Bot>(app: Arc<App<B>>) -> anyhow::Result<()> {
    let shared = &app.shared;
    let mut pause = Duration::from_millis(500);
    let me: Me = loop {
        match shared.client.call_as("getMe", &json!({})).await {
            Ok(me) => break me,
            Err(error @ CallError::Unauthorized) => anyhow::bail!("{error}"),
            Err(error) => tracing::warn!(%error, "getMe was not answered; it is asked again"),
        }
        real_pause(pause).await;
        pause = (pause * 2).min(Duration::from_secs(30));
    };
    shared.metrics.last_contact.set(shared.clock.now().micros());
    tracing::info!(
        username = me.username,
        sees_all_group_messages = me.can_read_all_group_messages,
        "Telegram knows this bot"
    );
    if shared.me().as_ref().map(|known| json!(known)) != Some(json!(me)) {
        shared.me.send_replace(Some(me.clone()));
        if let Err(error) = shared.learn_me(&me).await {
            tracing::warn!(%error, "the bot's name could not be remembered");
        }
    }
    shared.idle.changed();
    if let Err(error) = crate::profile::apply(shared, &app.bot.profile()).await {
        tracing::warn!(%error, "commands and descriptions could not be set; they are as they were");
    }
    Ok(())
}
