use frontdesk_core::flow::Ctx;

use super::topic_failed::MOST;
use crate::config::Desk;
use crate::domain::tag::Tag;
use crate::relay;
use crate::said::Said;
use crate::say;
use crate::store::{messages, tickets};

/// So many tickets an update takes care of; the rest follows by a reminder.
const AT_ONCE: i64 = 20;

/// /retry, or the bot's place in the staff group changed: messages that could not be brought are tried again.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, said: Option<&Said>) -> anyhow::Result<()> {
    let is_waiting = !messages::waiting_tickets(ctx.tx, 0, 1).await?.is_empty();
    if let Some(said) = said {
        let key = if is_waiting { "staff-retrying" } else { "staff-nothing-waits" };
        let text = say::text(ctx, Some(&desk.staff_language), key, &[]);
        say::answer_with(ctx, said, &text)?;
    }
    if is_waiting { go_on(ctx, desk, 0).await } else { Ok(()) }
}

/// Takes care of the tickets behind `after`.
pub(super) async fn go_on(ctx: &mut Ctx<'_>, desk: &Desk, after: i64) -> anyhow::Result<()> {
    let waiting = messages::waiting_tickets(ctx.tx, after, AT_ONCE).await?;
    for id in &waiting {
        let Some(ticket) = tickets::get(ctx.tx, *id).await? else { continue };
        ctx.tx.lock(ticket.lock_key()).await?;
        let Some(mut ticket) = tickets::get(ctx.tx, *id).await? else { continue };
        let kept = messages::undelivered(ctx.tx, *id, MOST / AT_ONCE).await?;
        let has_place = match ticket.topic_job {
            Some(topic) => ctx.sent(topic).await?.is_some(),
            None => false,
        };
        if has_place {
            relay::send_again(ctx, desk, &ticket, &kept).await?;
        } else {
            relay::rehouse(ctx, desk, &mut ticket, true, &kept).await?;
        }
    }
    if let (Some(last), true) = (waiting.last(), i64::try_from(waiting.len())? == AT_ONCE) {
        let lane = ctx.lane().to_owned();
        ctx.remind(ctx.now, &lane, Tag::Retry { after: *last }.to_text())?;
    }
    Ok(())
}
