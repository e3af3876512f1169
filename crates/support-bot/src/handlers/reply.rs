use frontdesk_core::flow::Ctx;

use super::ask::is_served;
use super::{ask, ticket};
use crate::config::Desk;
use crate::domain::continuing::Refusal;
use crate::relay;
use crate::said::Said;
use crate::say::answer;
use crate::store::tickets;

/// Somebody in a group answers a message of the bot: more to the ticket that it belongs to, if it is theirs.
/// Who mentions the bot in an answer to somebody else's ticket asks anew.
pub(super) async fn handle(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    said: &Said,
    is_mentioned: bool,
) -> anyhow::Result<()> {
    let Some(reply) = said.reply else { return Ok(()) };
    let mut found = match ctx.job_of(said.chat_id, reply.message_id).await? {
        Some(sent) => tickets::by_message(ctx.tx, sent.job_id).await?,
        None => None,
    };
    // A message that was sent twice, after its first answer was lost: only one of the two is on the map. Nor is
    // a refusal, which names the ticket all the same.
    if found.is_none()
        && let Some(number) = reply.number
    {
        let staff_chat = ctx.today(desk.staff_group);
        found = tickets::by_number(ctx.tx, staff_chat, desk.staff_group, number).await?;
    }
    let found = ticket::locked(ctx, found).await?;
    match ticket::check(ctx, found.as_ref(), said) {
        Ok(ticket) => {
            let reply = relay::in_staff_chat(ctx, desk, ticket, said).await?;
            relay::inbound(ctx, desk, ticket, said, reply).await
        }
        Err(_) if is_mentioned => ask::handle(ctx, desk, said).await,
        // A sentence of the bot's that is no ticket's, or a copy that names none.
        Err(Refusal::Unknown) if is_served(ctx, said.chat_id).await? => {
            answer(ctx, said, "reply-unknown", &[]).map(drop)
        }
        Err(Refusal::Unknown) => Ok(()),
        Err(refusal) => {
            let number = found.as_ref().map(|ticket| ticket.number.to_string()).unwrap_or_default();
            ticket::refuse(ctx, said, refusal, &number).await
        }
    }
}
