use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;

use super::Profile;
use super::wish::{Wish, wishes};
use crate::app::Shared;
use crate::clock::real_pause;
use crate::telegram::CallError;

/// How often one call is made before the profile is left as it is.
const ATTEMPTS: u32 = 4;
/// Telegram may ask for hours after many changes: then the next start sets the rest.
const LONGEST: Duration = Duration::from_mins(1);

/// Sets what differs. These calls are not message traffic: they go out directly, one after the other.
///
/// # Errors
/// Telegram is out of reach; what it refuses is logged, and the rest is set.
pub(crate) async fn apply(shared: &Shared, profile: &Profile) -> Result<(), CallError> {
    let mut set = 0;
    let mut strangers = BTreeSet::new();
    for wish in wishes(profile, &shared.texts, &shared.aliases) {
        match fulfil(shared, &wish).await {
            Ok(was_set) => set += i32::from(was_set),
            // Who never opened the bot has no chat with it, and misses nothing until then.
            Err(CallError::Refused(refusal)) if wish.person().is_some() && refusal.is_chat_unknown() => {
                strangers.extend(wish.person());
            }
            Err(CallError::Refused(refusal)) => {
                tracing::warn!(method = wish.set, why = refusal.shown(), "a part of the profile was refused");
            }
            Err(error) => return Err(error),
        }
    }
    if !strangers.is_empty() {
        tracing::debug!(
            people = strangers.len(),
            "people with commands of their own have not pressed Start yet; the first start after that sets them"
        );
    }
    if set > 0 {
        tracing::info!(set, "commands and descriptions were brought up to date");
    }
    Ok(())
}

/// Whether it had to be set.
async fn fulfil(shared: &Shared, wish: &Wish) -> Result<bool, CallError> {
    let found = call(shared, wish.get, &Value::Object(wish.which.clone())).await?;
    if wish.is_met_by(&found) {
        return Ok(false);
    }
    call(shared, wish.set, &wish.body()).await?;
    Ok(true)
}

/// Setting the same twice does no harm, so an unclear answer is asked for again like a missing one.
async fn call(shared: &Shared, method: &str, body: &Value) -> Result<Value, CallError> {
    let mut attempt = 1;
    loop {
        let error = match shared.client.call_as(method, body).await {
            Ok(result) => {
                shared.metrics.call(method, "done");
                return Ok(result);
            }
            Err(error) => error,
        };
        let pause = match &error {
            CallError::RetryAfter(wait) => *wait,
            CallError::Outage(_) | CallError::Unclear(_) => Duration::from_secs(1 << attempt),
            _ => Duration::ZERO,
        };
        let outcome = if let CallError::RetryAfter(_) = error { "too many" } else { "failed" };
        shared.metrics.call(method, outcome);
        if pause.is_zero() || pause > LONGEST || attempt == ATTEMPTS {
            return Err(error);
        }
        attempt += 1;
        real_pause(pause).await;
    }
}
