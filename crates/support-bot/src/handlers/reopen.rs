use frontdesk_core::flow::Ctx;

use super::staff_write::under;
use crate::config::Desk;
use crate::said::Said;
use crate::store::tickets;
use crate::{relay, say};

/// /reopen: the ticket is open again, its topic with it, and both sides are told.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    let Some(ticket) = relay::staff_ticket(ctx, desk, said).await? else {
        return say::answer(ctx, said, "staff-no-ticket", &[]).map(drop);
    };
    let number = ticket.number.to_string();
    let Some(status) = ticket.status().reopen() else {
        let args = [("number", number.as_str())];
        return say::to_staff(ctx, desk, &ticket, "staff-already-open", &args, Some(under(said)))
            .await
            .map(drop);
    };
    let staff_chat = ctx.today(desk.staff_group);
    // What a customer writes in a private chat goes into one ticket: there cannot be two.
    let chat = ticket.customer_chat_id;
    if let Some(other) = tickets::open_in_private(ctx.tx, staff_chat, desk.staff_group, chat).await? {
        let other = other.number.to_string();
        let args = [("number", number.as_str()), ("other", other.as_str())];
        return say::to_staff(ctx, desk, &ticket, "staff-other-open", &args, Some(under(said)))
            .await
            .map(drop);
    }
    tickets::set_status(ctx.tx, ticket.id, status, ctx.now).await?;
    say::status(ctx, &ticket, "reopened").await?;
    say::topics(ctx, desk, &ticket, "reopenForumTopic")?;
    say::to_staff(ctx, desk, &ticket, "staff-reopened", &[("number", &number)], Some(under(said)))
        .await
        .map(drop)
}
