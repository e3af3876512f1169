use frontdesk_core::flow::Ctx;

use crate::config::Desk;
use crate::domain::command::{Parsed, parse};
use crate::relay;
use crate::said::Said;
use crate::say::answer;
use crate::store::groups;

/// /ask with a question, or a mention of the bot: a ticket in a group that is served.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    if is_served(ctx, said.chat_id).await? {
        return relay::opened(ctx, desk, said).await;
    }
    not_served(ctx, said)
}

/// /ask without a question: how to ask.
pub(super) async fn empty(ctx: &mut Ctx<'_>, said: &Said) -> anyhow::Result<()> {
    if said.chat_id > 0 {
        return answer(ctx, said, "ask-how-private", &[]).map(drop);
    }
    if is_served(ctx, said.chat_id).await? {
        return answer(ctx, said, "ask-how", &[]).map(drop);
    }
    not_served(ctx, said)
}

/// One sentence to whoever uses the command, and nothing to who only mentions the bot.
fn not_served(ctx: &mut Ctx<'_>, said: &Said) -> anyhow::Result<()> {
    if matches!(parse(&said.text, &ctx.me().username), Parsed::Command(_)) {
        answer(ctx, said, "group-not-served", &[])?;
    }
    Ok(())
}

/// Whether customers of a group may ask. A group that became a supergroup is known by its old id until
/// Telegram's own notice of it was handled.
pub(super) async fn is_served(ctx: &mut Ctx<'_>, chat: i64) -> anyhow::Result<bool> {
    if groups::has(ctx.tx, chat).await? {
        return Ok(true);
    }
    let all = groups::all(ctx.tx).await?;
    let old = all.into_iter().map(|(id, _)| id).find(|id| ctx.today(*id) == chat);
    if let Some(old) = old {
        groups::moved(ctx.tx, old, chat).await?;
    }
    Ok(old.is_some())
}
