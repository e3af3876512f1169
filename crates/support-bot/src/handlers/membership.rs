use frontdesk_core::flow::{Ctx, JobResult, Outcome};
use serde_json::Value;

use crate::say;

/// What the bot is in a group that was just added: without administrator's rights it does not see mentions.
pub(super) fn handle(
    ctx: &mut Ctx<'_>,
    result: &JobResult,
    chat: i64,
    language: Option<&str>,
) -> anyhow::Result<()> {
    let Outcome::Done { result } = &result.outcome else { return Ok(()) };
    let status = result.get("status").and_then(Value::as_str).unwrap_or_default();
    if !sees_mentions(status) {
        let text = say::text(ctx, language, "group-no-mentions", &[]);
        ctx.call(say::message(ctx.today(chat), &text))?;
    }
    Ok(())
}

/// With privacy mode on, Telegram shows every message of a group to its administrators only.
pub(super) fn sees_mentions(status: &str) -> bool {
    matches!(status, "administrator" | "creator")
}
