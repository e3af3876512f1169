use frontdesk_core::flow::Ctx;

use super::staff_write::under;
use crate::config::Desk;
use crate::said::Said;
use crate::store::tickets;
use crate::{relay, say};

/// /close and /done: the ticket is closed, its topic with it, and both sides are told.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    let Some(ticket) = relay::staff_ticket(ctx, desk, said).await? else {
        return say::answer(ctx, said, "staff-no-ticket", &[]).map(drop);
    };
    let number = ticket.number.to_string();
    let Some(status) = ticket.status().close() else {
        let args = [("number", number.as_str())];
        return say::to_staff(ctx, desk, &ticket, "staff-already-closed", &args, Some(under(said)))
            .await
            .map(drop);
    };
    tickets::set_status(ctx.tx, ticket.id, status, ctx.now).await?;
    let key = if ticket.customer_chat_id > 0 { "closed" } else { "closed-group" };
    say::status(ctx, &ticket, key).await?;
    say::to_staff(ctx, desk, &ticket, "staff-closed", &[("number", &number)], Some(under(said))).await?;
    say::topics(ctx, desk, &ticket, "closeForumTopic")
}
