use frontdesk_core::flow::{Call, Ctx, JobId, Tell, TopicRef};
use serde_json::json;

use super::carry::copy_of;
use crate::config::Desk;
use crate::domain::person::topic_name;
use crate::domain::tag::Tag;
use crate::say;
use crate::store::messages::{self, Entry, Side};
use crate::store::tickets::{self, Ticket};

/// Gives a ticket a place among staff: a forum topic of its own, or none, and a card that says whose it is.
pub(crate) fn house(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    ticket: &mut Ticket,
    has_topic: bool,
) -> anyhow::Result<()> {
    let staff_chat = ctx.today(desk.staff_group);
    ticket.topic_job = None;
    if has_topic {
        let name = topic_name(ticket.number, &ticket.name);
        let call = Call::raw("createForumTopic", json!({"chat_id": staff_chat, "name": name}))
            .in_its_own_lane()
            .wait_while_parked()
            .tell(Tell::Failures, Tag::Topic.to_text());
        ticket.topic_job = Some(ctx.call(call)?);
    }
    let mut call = say::message(staff_chat, &card(ctx, desk, ticket)).wait_while_parked();
    if let Some(topic) = ticket.topic_job {
        call = call.in_topic(TopicRef::Job(topic));
    }
    ticket.card_job = ctx.call(call)?;
    Ok(())
}

/// Gives a ticket another place and sends these of the customer's messages into it, in their order.
pub(crate) async fn rehouse(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    ticket: &mut Ticket,
    has_topic: bool,
    entries: &[Entry],
) -> anyhow::Result<()> {
    house(ctx, desk, ticket, has_topic)?;
    tickets::set_place(ctx.tx, ticket.id, ticket.topic_job, ticket.card_job).await?;
    let card = messages::notice(ticket.card_job, ticket.id, Side::NoticeToStaff);
    messages::insert(ctx.tx, &[card]).await?;
    send_again(ctx, desk, ticket, entries).await
}

/// Sends these of the customer's messages to where staff work on the ticket, in their order.
pub(crate) async fn send_again(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    ticket: &Ticket,
    entries: &[Entry],
) -> anyhow::Result<()> {
    for parts in entries.chunk_by(|one, next| one.job_id == next.job_id) {
        let old = parts[0].job_id;
        let ids: Vec<i64> = parts.iter().filter_map(|part| part.from_message_id).collect();
        let Some(from) = parts[0].from_chat_id.filter(|_| !ids.is_empty()) else { continue };
        ctx.cancel(old);
        let new = again(ctx, desk, ticket, from, &ids)?;
        messages::moved(ctx.tx, old, new).await?;
    }
    Ok(())
}

fn again(ctx: &mut Ctx<'_>, desk: &Desk, ticket: &Ticket, from: i64, ids: &[i64]) -> anyhow::Result<JobId> {
    let call = copy_of(ctx.today(desk.staff_group), from, ids).tell(Tell::Failures, Tag::Inbound.to_text());
    let call = if ids.len() > 1 && ticket.topic_job.is_none() {
        // Copies of an album answer nothing: in General it stands by itself.
        call.wait_while_parked()
    } else {
        say::in_staff_place(call, ticket, None)
    };
    ctx.call(call)
}

/// Number, person, group, and how to answer.
fn card(ctx: &Ctx<'_>, desk: &Desk, ticket: &Ticket) -> String {
    let say =
        |key: &str, args: &[(&'static str, &str)]| say::text(ctx, Some(&desk.staff_language), key, args);
    let number = ticket.number.to_string();
    let mut lines = vec![say("card-title", &[("number", &number), ("name", &ticket.name)])];
    if let Some(username) = &ticket.username {
        lines.push(say("card-username", &[("username", username)]));
    }
    if let Some(language) = &ticket.language {
        lines.push(say("card-language", &[("language", language)]));
    }
    if let Some(title) = &ticket.group_title {
        lines.push(say("card-group", &[("title", title)]));
    }
    lines.push(String::new());
    lines.push(say(if ticket.topic_job.is_some() { "card-topic" } else { "card-general" }, &[]));
    lines.join("\n")
}
