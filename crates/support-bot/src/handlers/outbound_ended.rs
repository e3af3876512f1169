use frontdesk_core::flow::{Call, Ctx, JobResult, MessageRef, Outcome};
use serde_json::json;

use crate::config::Desk;
use crate::domain::failure::Failure;
use crate::say;
use crate::store::messages::{self, Side};
use crate::store::tickets;

/// A staff message reached the customer, or did not: staff see which, under their message. By a message and not by a
/// reaction: ✅ is none of the emoji that bots may react with, a group may allow others only, and a failure needs its
/// reason in words, at the same place.
pub(super) async fn handle(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    result: &JobResult,
    (chat, message): (i64, i64),
    second_topic: Option<i64>,
) -> anyhow::Result<()> {
    let Some(entry) = messages::by_job(ctx.tx, result.job.0, 0).await? else { return Ok(()) };
    let Some(mut ticket) = tickets::get(ctx.tx, entry.ticket_id).await? else { return Ok(()) };
    let language = Some(desk.staff_language.as_str());
    let (text, is_silent) = match &result.outcome {
        Outcome::Done { .. } => (say::text(ctx, language, "sent", &[]), true),
        Outcome::Failed { why, .. } | Outcome::Parked { why } => {
            let reason = say::text(ctx, language, Failure::of(why).key(), &[("why", why)]);
            (say::text(ctx, language, "failed", &[("reason", &reason)]), false)
        }
        Outcome::Expired | Outcome::Unknown => (say::text(ctx, language, "sent-perhaps", &[]), false),
    };
    // Messages of another chat (a staff group that was exchanged) cannot be answered here.
    let staff_chat = ctx.today(desk.staff_group);
    let is_here = chat == staff_chat;
    let under = is_here.then_some(MessageRef::Id(message));
    ticket.second_topic = second_topic.filter(|_| is_here);
    let body = json!({"chat_id": staff_chat, "text": text, "disable_notification": is_silent});
    // A staff group takes 20 messages a minute. A tick can wait for a customer's words, a failure cannot.
    let call = Call::raw("sendMessage", body).priority(if is_silent { 10 } else { 0 });
    let told = ctx.call(say::in_staff_place(call, &ticket, under))?;
    if ticket.topic_job.is_none() || ticket.second_topic.is_some() {
        // In General staff answer messages, this one too. In a topic that is on no map an answer is found so.
        messages::insert(ctx.tx, &[messages::notice(told, ticket.id, Side::NoticeToStaff)]).await?;
    }
    Ok(())
}
