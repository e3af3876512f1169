use frontdesk_core::flow::{Ctx, MessageRef};

use crate::config::Desk;
use crate::domain::ticket::Status;
use crate::relay;
use crate::said::Said;
use crate::say;

/// A staff member writes in a ticket's topic, or answers one of its messages in General: the customer gets it.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    let Some(ticket) = relay::staff_ticket(ctx, desk, said).await? else {
        return belongs_nowhere(ctx, desk, said);
    };
    if ticket.status() == Status::Closed {
        return say::to_staff(ctx, desk, &ticket, "staff-ticket-closed", &[], Some(under(said)))
            .await
            .map(drop);
    }
    let reply = relay::in_customer_chat(ctx, &ticket, said).await?;
    relay::outbound(ctx, &ticket, said, reply).await
}

/// A topic that staff made is theirs. One that the bot made, for a ticket that it does not know, and a message of
/// the bot's that is no ticket's look as if a customer read what is written there: staff are told.
fn belongs_nowhere(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    let key = match said.thread {
        None => "staff-reply-unknown",
        Some(_) if said.is_in_own_topic || said.reply.is_some_and(|reply| reply.is_ours) => {
            "staff-topic-unknown"
        }
        Some(_) => return Ok(()),
    };
    let text = say::text(ctx, Some(&desk.staff_language), key, &[]);
    say::answer_with(ctx, said, &text).map(drop)
}

/// A command that nobody knows, in a ticket's topic: a mistyped /close must not reach the customer.
pub(super) async fn unknown(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    let Some(ticket) = relay::staff_ticket(ctx, desk, said).await? else { return Ok(()) };
    say::to_staff(ctx, desk, &ticket, "staff-unknown-command", &[], Some(under(said))).await.map(drop)
}

/// Under what staff wrote.
pub(super) fn under(said: &Said) -> MessageRef {
    MessageRef::Id(said.message_id())
}
