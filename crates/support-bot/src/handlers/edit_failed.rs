use frontdesk_core::flow::{Ctx, JobResult, MessageRef, Outcome};

use crate::config::Desk;
use crate::relay;
use crate::say;
use crate::store::messages::{self, Side};
use crate::store::tickets;

/// A copy could not be edited (it is gone, or of another kind): the message is copied anew, under a mark.
pub(super) async fn handle(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    result: &JobResult,
    chat: i64,
    message: i64,
) -> anyhow::Result<()> {
    if !matches!(result.outcome, Outcome::Failed { .. }) {
        return Ok(());
    }
    let Some(entry) = messages::by_source(ctx.tx, chat, message).await? else { return Ok(()) };
    let Some(ticket) = tickets::get(ctx.tx, entry.ticket_id).await? else { return Ok(()) };
    let copy = MessageRef::Part(entry.job_id, entry.part);
    if entry.is(Side::Customer) {
        let mark = say::to_staff(ctx, desk, &ticket, "edited", &[], Some(copy)).await?;
        relay::inbound_again(ctx, desk, &ticket, chat, message, MessageRef::Job(mark)).await
    } else {
        let mark = say::to_customer(ctx, &ticket, "edited", Some(copy)).await?;
        relay::outbound_again(ctx, &ticket, chat, message, MessageRef::Job(mark)).await
    }
}
