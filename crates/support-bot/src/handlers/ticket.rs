use frontdesk_core::flow::Ctx;

use super::ask::is_served;
use crate::config::Desk;
use crate::domain::continuing::{self, Known, Refusal};
use crate::relay;
use crate::said::Said;
use crate::say::answer;
use crate::store::tickets::{self, Ticket};

/// /t: more to a ticket, by its number.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said, rest: &str) -> anyhow::Result<()> {
    let number = match continuing::parse(rest, said.has_media) {
        Ok(number) => number,
        Err(refusal) => return refuse(ctx, said, refusal, "").await,
    };
    let staff_chat = ctx.today(desk.staff_group);
    let ticket = tickets::by_number(ctx.tx, staff_chat, desk.staff_group, number).await?;
    let ticket = locked(ctx, ticket).await?;
    match check(ctx, ticket.as_ref(), said) {
        Err(refusal) => refuse(ctx, said, refusal, &number.to_string()).await,
        Ok(ticket) => {
            let reply = relay::in_staff_chat(ctx, desk, ticket, said).await?;
            relay::inbound(ctx, desk, ticket, said, reply).await
        }
    }
}

/// The ticket as it is once nobody else can change it.
pub(super) async fn locked(ctx: &mut Ctx<'_>, ticket: Option<Ticket>) -> anyhow::Result<Option<Ticket>> {
    let Some(ticket) = ticket else { return Ok(None) };
    ctx.tx.lock(ticket.lock_key()).await?;
    Ok(tickets::get(ctx.tx, ticket.id).await?)
}

/// Whether whoever wrote may add to the ticket.
pub(super) fn check<'t>(
    ctx: &Ctx<'_>,
    ticket: Option<&'t Ticket>,
    said: &Said,
) -> Result<&'t Ticket, Refusal> {
    let known = ticket.map(|ticket| Known {
        chat: ctx.today(ticket.customer_chat_id),
        customer: ticket.customer_id,
        status: ticket.status(),
    });
    continuing::check(known, said.chat_id, said.from.id)?;
    ticket.ok_or(Refusal::Unknown)
}

/// Says why not. In a group that is not served, or no longer, open tickets go on and nothing else is said.
pub(super) async fn refuse(
    ctx: &mut Ctx<'_>,
    said: &Said,
    refusal: Refusal,
    number: &str,
) -> anyhow::Result<()> {
    if is_served(ctx, said.chat_id).await? {
        answer(ctx, said, refusal.key(), &[("number", number)])?;
    }
    Ok(())
}
