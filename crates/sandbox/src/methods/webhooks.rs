//! Where updates go.

use serde_json::json;

use super::{ApiError, Done, Outcome, Request};
use crate::world::bot::Webhook;

impl Request<'_> {
    pub(super) fn set_webhook(&mut self) -> Outcome {
        let url = self.params.text("url").unwrap_or_default();
        if url.is_empty() {
            return self.delete_webhook();
        }
        let fits =
            url::Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !fits {
            return Err(ApiError::bad("bad webhook: An HTTPS URL must be provided for webhook"));
        }
        let secret = self.params.text("secret_token");
        if let Some(secret) = &secret {
            if secret.len() > 256 {
                return Err(ApiError::bad("secret token is too long"));
            }
            if !secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
                return Err(ApiError::bad("secret token contains unallowed characters"));
            }
        }
        let most = self.params.int("max_connections").unwrap_or(40).clamp(1, 100);
        let ip_address = self.params.text("ip_address");
        if ip_address.as_ref().is_some_and(|address| address.parse::<std::net::IpAddr>().is_err()) {
            return Err(ApiError::bad("bad webhook: IP address is invalid"));
        }
        let webhook = Webhook {
            url,
            secret,
            max_connections: usize::try_from(most).unwrap_or(40),
            ip_address,
            has_certificate: self.params.files.contains_key("certificate"),
            last_error: None,
        };
        let allowed = self.params.list("allowed_updates");
        let known = self.state.bots.get(&self.bot).and_then(|account| account.webhook.as_ref());
        let same = known.is_some_and(|known| Webhook { last_error: None, ..known.clone() } == webhook);
        self.change_webhook(Some(webhook), allowed)?;
        Ok(Done::told(if same { "Webhook is already set" } else { "Webhook was set" }))
    }

    pub(super) fn delete_webhook(&mut self) -> Outcome {
        let was_set = self.state.bots.get(&self.bot).is_some_and(|account| account.webhook.is_some());
        self.change_webhook(None, None)?;
        Ok(Done::told(if was_set { "Webhook was deleted" } else { "Webhook is already deleted" }))
    }

    fn change_webhook(&mut self, webhook: Option<Webhook>, allowed: Option<Vec<String>>) -> Outcome {
        let drop_pending = self.params.flag("drop_pending_updates");
        let account = self.state.bots.get_mut(&self.bot).ok_or_else(|| ApiError::new(401, "Unauthorized"))?;
        account.set_allowed(allowed);
        account.webhook = webhook;
        account.webhook_epoch += 1;
        if drop_pending {
            account.queue.clear();
            account.replays.clear();
            account.progress.notify_waiters();
        }
        for update in &mut account.queue {
            (update.in_delivery, update.attempts, update.due) = (false, 0, 0);
        }
        account.wake.notify_waiters();
        self.state.show_bot(self.bot);
        Ok(Done::yes())
    }

    pub(super) fn webhook_info(&mut self) -> Outcome {
        let account = self.state.bots.get(&self.bot).ok_or_else(|| ApiError::new(401, "Unauthorized"))?;
        let webhook = account.webhook.clone().unwrap_or_default();
        let mut info = json!({
            "url": webhook.url, "has_custom_certificate": webhook.has_certificate, "pending_update_count": account.queue.len(),
        });
        if account.webhook.is_some() {
            info["max_connections"] = webhook.max_connections.into();
            info["ip_address"] = webhook.ip_address.as_deref().unwrap_or("127.0.0.1").into();
        }
        if let Some((date, message)) = webhook.last_error {
            info["last_error_date"] = date.into();
            info["last_error_message"] = message.into();
        }
        if let Some(names) = &account.allowed_names {
            info["allowed_updates"] = json!(names);
        }
        Ok(Done::from(info.to_string()))
    }
}
