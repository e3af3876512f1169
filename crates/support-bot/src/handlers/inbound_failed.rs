use frontdesk_core::flow::{Ctx, JobResult, MessageRef, Outcome};

use super::topic_failed::MOST;
use crate::config::Desk;
use crate::domain::failure::Failure;
use crate::relay;
use crate::say;
use crate::store::messages::{self, Entry};
use crate::store::tickets::{self, Ticket};

/// A customer's message did not reach staff. It is not lost: it moves to another place, or is kept until
/// staff can be reached. Only where the message itself is at fault, its writer has to send another one.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, result: &JobResult) -> anyhow::Result<()> {
    // Not known: it went to another place already.
    let Some(entry) = messages::by_job(ctx.tx, result.job.0, 0).await? else { return Ok(()) };
    let Some(mut ticket) = tickets::get(ctx.tx, entry.ticket_id).await? else { return Ok(()) };
    let (code, why) = match &result.outcome {
        Outcome::Done { .. } => return Ok(()),
        Outcome::Failed { code, why } => (*code, why.as_str()),
        Outcome::Parked { why } => (403, why.as_str()),
        Outcome::Expired | Outcome::Unknown => (0, ""),
    };
    let failure = Failure::of(why);
    if failure.is_the_message() {
        return give_up(ctx, desk, &ticket, &entry, failure).await;
    }
    if let Some(topic) = ticket.topic_job {
        let was_made = ctx.sent(topic).await?.is_some();
        if failure == Failure::TopicGone || (code == 0 && !was_made) {
            let waiting = messages::since(ctx.tx, ticket.id, entry.job_id, MOST).await?;
            return relay::rehouse(ctx, desk, &mut ticket, was_made, &waiting).await;
        }
    }
    messages::keep(ctx.tx, entry.job_id).await?;
    say::to_customer(ctx, &ticket, "kept", original(ctx, &ticket, &entry)).await.map(drop)
}

async fn give_up(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    ticket: &Ticket,
    entry: &Entry,
    failure: Failure,
) -> anyhow::Result<()> {
    say::to_staff(ctx, desk, ticket, "staff-not-copied", &[], None).await?;
    if failure == Failure::Uncopyable {
        say::to_customer(ctx, ticket, "not-passed-on", original(ctx, ticket, entry)).await?;
    }
    Ok(())
}

fn original(ctx: &Ctx<'_>, ticket: &Ticket, entry: &Entry) -> Option<MessageRef> {
    let is_there = entry.from_chat_id == Some(ctx.today(ticket.customer_chat_id));
    entry.from_message_id.filter(|_| is_there).map(MessageRef::Id)
}
