use std::time::Duration;

use frontdesk_core::flow::{Ctx, JobResult, Outcome};

use crate::config::Desk;
use crate::domain::failure::NoTopics;
use crate::relay;
use crate::say;
use crate::store::{desks, messages, tickets};

/// Staff are told again when it still fails after this time.
const TOLD: Duration = Duration::from_hours(24);
/// So many messages move at once; what is left is kept and follows at the next /retry.
pub(super) const MOST: i64 = 1000;

/// The topic of a ticket could not be made: the ticket lives in General, where staff answer its messages, and
/// staff are told what an administrator has to do.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, result: &JobResult) -> anyhow::Result<()> {
    let why = match &result.outcome {
        Outcome::Done { .. } => return Ok(()),
        Outcome::Failed { why, .. } | Outcome::Parked { why } => why.as_str(),
        Outcome::Expired | Outcome::Unknown => "",
    };
    let Some(mut ticket) = tickets::by_topic(ctx.tx, result.job).await? else { return Ok(()) };
    if desks::tell_once(ctx.tx, ticket.desk_id, ctx.now - TOLD, ctx.now).await? {
        let text = say::text(ctx, Some(&desk.staff_language), NoTopics::of(why).key(), &[]);
        ctx.call(say::message(ctx.today(desk.staff_group), &text).wait_while_parked())?;
    }
    let waiting = messages::since(ctx.tx, ticket.id, result.job, MOST).await?;
    relay::rehouse(ctx, desk, &mut ticket, false, &waiting).await
}
