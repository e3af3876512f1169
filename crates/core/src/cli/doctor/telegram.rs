use serde::Deserialize;
use serde_json::json;

use super::Finding;
use crate::clock::{Clock, Timestamp};
use crate::config::{Common, Updates};
use crate::telegram::{CallError, Client, Me};

/// Whether Telegram is there and takes the token.
pub(super) async fn token(client: &Client, common: &Common) -> (Option<Me>, Finding) {
    // The masker takes what stands behind `…TOKEN:` for one: the setting is not named first.
    const ABOUT: &str = "Telegram";
    match client.call_as::<Me>("getMe", &json!({})).await {
        Ok(me) => {
            let what = format!("takes the token of @{} ({})", me.username, me.first_name);
            (Some(me), Finding::ok(ABOUT, what))
        }
        Err(CallError::Unauthorized) => {
            let remedy =
                "copy it again from @BotFather (/mybots, API Token), or revoke it and take the new one";
            (None, Finding::fail(ABOUT, "does not accept TELEGRAM_BOT_TOKEN", remedy))
        }
        Err(error) => {
            let what = format!("does not answer at {}: {error}", common.telegram.api_url);
            (None, Finding::fail(ABOUT, what, "check the network, a proxy, and TELEGRAM_API_URL"))
        }
    }
}

/// What getWebhookInfo says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Webhook {
    url: String,
    pending_update_count: i64,
    last_error_date: Option<i64>,
    last_error_message: Option<String>,
}

/// Whether updates can come the way that UPDATES says.
pub(super) async fn webhook(client: &Client, common: &Common, runs: bool) -> Vec<Finding> {
    match client.call_as::<Webhook>("getWebhookInfo", &json!({})).await {
        Ok(webhook) => judge(&webhook, &common.updates, runs, Clock::system().now()),
        Err(error) => {
            vec![Finding::warn("webhook", format!("its state is not known: {error}"), "run `doctor` again")]
        }
    }
}

/// An error of Telegram's this long ago is still of interest.
const RECENT_S: i64 = 24 * 3600;
/// So many waiting updates are more than a short stop leaves behind.
const MANY: i64 = 100;

fn judge(webhook: &Webhook, updates: &Updates, runs: bool, now: Timestamp) -> Vec<Finding> {
    const ABOUT: &str = "webhook";
    let mut findings = Vec::new();
    findings.push(match updates {
        Updates::Polling if webhook.url.is_empty() => Finding::ok(ABOUT, "none is set, and the bot polls"),
        Updates::Polling => Finding::warn(
            ABOUT,
            "one is set at Telegram, and UPDATES is polling",
            "the next start deletes it and keeps what waits; if another installation uses this token, give it its own",
        ),
        Updates::Webhook { url, .. } if webhook.url == *url => Finding::ok(ABOUT, format!("Telegram calls {url}")),
        Updates::Webhook { .. } if webhook.url.is_empty() => Finding::warn(
            ABOUT,
            "none is set at Telegram yet",
            if runs { "see the running bot's log" } else { "the next start sets it" },
        ),
        Updates::Webhook { .. } => Finding::warn(
            ABOUT,
            "Telegram calls another address than WEBHOOK_URL",
            "the next start sets it; if another installation uses this token, give it its own",
        ),
    });
    let waiting = webhook.pending_update_count;
    let what = format!("{waiting} updates wait at Telegram");
    findings.push(if waiting > MANY {
        let remedy = "start the bot, or see why it does not take them; Telegram keeps them for 24 hours";
        Finding::warn("updates", what, remedy)
    } else {
        Finding::ok("updates", what)
    });
    let at = webhook.last_error_date.unwrap_or_default();
    if !webhook.url.is_empty() && now.micros() / 1_000_000 - at < RECENT_S {
        let message = webhook.last_error_message.as_deref().unwrap_or("no message");
        findings.push(Finding::warn(
            ABOUT,
            format!("Telegram's last call failed within the last day: {message}"),
            "check that WEBHOOK_URL reaches this bot's HTTP_ADDR through the proxy, with a valid certificate",
        ));
    }
    findings
}

/// What the bot sees in groups where it is no administrator.
pub(super) fn privacy(me: &Me) -> Finding {
    const ABOUT: &str = "privacy mode";
    if me.can_read_all_group_messages {
        return Finding::ok(ABOUT, "off: the bot sees every message of its groups");
    }
    Finding::ok(
        ABOUT,
        "on: in a group where it is no administrator the bot sees commands and replies to it only",
    )
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    fn levels(webhook: &Webhook, updates: &Updates) -> Vec<Level> {
        let now = Timestamp(1_790_000_000_000_000);
        judge(webhook, updates, false, now).iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn a_webhook_that_stands_in_the_way_of_polling_is_told() {
        let set = Webhook { url: "https://bot.example.org/x".to_owned(), ..Webhook::default() };
        assert_eq!(levels(&Webhook::default(), &Updates::Polling), [Level::Ok, Level::Ok]);
        assert_eq!(levels(&set, &Updates::Polling), [Level::Warn, Level::Ok]);
    }

    #[test]
    fn a_webhook_of_ours_is_well_unless_it_failed_of_late_or_much_waits() {
        let url = "https://bot.example.org/x".to_owned();
        let updates = Updates::Webhook { url: url.clone(), secret: "s".into() };
        let mut webhook = Webhook { url, ..Webhook::default() };
        assert_eq!(levels(&webhook, &updates), [Level::Ok, Level::Ok]);
        webhook.pending_update_count = 101;
        assert_eq!(levels(&webhook, &updates), [Level::Ok, Level::Warn]);
        webhook.last_error_date = Some(1_790_000_000 - 60);
        assert_eq!(levels(&webhook, &updates), [Level::Ok, Level::Warn, Level::Warn]);
        webhook.last_error_date = Some(1_790_000_000 - 2 * RECENT_S);
        assert_eq!(levels(&webhook, &updates), [Level::Ok, Level::Warn]);
    }
}
