//! The world that the tests of python-telegram-bot want to find.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::e2e::telegram::Telegram;

/// The name of the bot, which the title of its supergroup repeats.
const USERNAME: &str = "ptb_sandbox_bot";

/// Makes bot, owner and chats. Returns what `BOTS` must hold: a list in JSON, in Base64, of which
/// the tests take one by JOB_INDEX; by the first they would run more slowly, with checks of their own kind.
pub fn build(telegram: &Telegram) -> Result<String> {
    let (bot, token) = telegram.bot(USERNAME, "PTB tests")?;
    let owner = telegram.person("Chat", "Owner", "chat_owner")?;
    telegram.act(&json!({ "act": "start", "as": owner, "bot": bot }))?;
    let supergroup = telegram.chat("supergroup", &format!(">>> telegram.Bot(test) @{USERNAME}"), owner)?;
    let forum = telegram.chat("forum", "Forum of the tests", owner)?;
    let (channel, subscriptions) =
        channels(telegram, owner).unwrap_or((supergroup.clone(), supergroup.clone()));
    for chat in [&supergroup, &forum, &channel, &subscriptions] {
        telegram.act(&json!({ "act": "add_member", "chat": chat, "who": bot, "status": "administrator" }))?;
    }
    let info = json!({
        "token": token,
        "payment_provider_token": "1:TEST:none",
        "chat_id": owner.to_string(),
        "super_group_id": supergroup,
        "forum_group_id": forum,
        "channel_id": if channel == supergroup { channel.as_str() } else { "@ptb_channel" },
        "name": "PTB tests",
        "username": format!("@{USERNAME}"),
        "subscription_channel_id": subscriptions.parse::<i64>()?,
    });
    Ok(base64(Value::from(vec![info.clone(), info]).to_string().as_bytes()))
}

/// The channel with a name, and the one with subscriptions.
fn channels(telegram: &Telegram, owner: i64) -> Result<(String, String)> {
    let named = telegram.act(&json!({ "act": "create_channel", "title": "Channel of the tests",
        "username": "ptb_channel", "as": owner }))?;
    let named = named["chat"].as_str().context("the channel has no id")?.to_owned();
    Ok((named, telegram.chat("channel", "Channel with subscriptions", owner)?))
}

/// Base64 as their tests read it.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_its_padding() {
        let forms = ["", "f", "fo", "foo", "foob", "~~~"].map(|text| base64(text.as_bytes()));
        assert_eq!(forms, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "fn5+"]);
    }
}
