use frontdesk_core::flow::{Call, Ctx, JobId, MessageRef, Tell};
use serde_json::json;

use super::house;
use crate::config::Desk;
use crate::domain::tag::Tag;
use crate::domain::ticket::Status;
use crate::said::Said;
use crate::say;
use crate::store::messages::{self, Side};
use crate::store::tickets::Ticket;
use crate::store::{desks, tickets};

/// Opens a ticket with what somebody wrote, and tells them its number.
pub(crate) async fn opened(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    let staff_chat = ctx.today(desk.staff_group);
    let (desk_id, number) = desks::next_number(ctx.tx, staff_chat, desk.staff_group).await?;
    let is_group = said.chat_id < 0;
    let mut ticket = Ticket {
        id: 0,
        desk_id,
        number,
        customer_chat_id: said.chat_id,
        customer_thread_id: said.thread,
        customer_id: said.from.id,
        language: said.from.language.clone(),
        name: said.from.name.clone(),
        username: said.from.username.clone(),
        group_title: is_group.then(|| said.title.clone()),
        topic_job: None,
        card_job: JobId(0),
        status: Status::Open.to_row(),
        second_topic: None,
    };
    house(ctx, desk, &mut ticket, true)?;
    ticket.id = tickets::insert(ctx.tx, &ticket, ctx.now).await?;
    let copy = bring(ctx, desk, &ticket, said, None)?;
    let (key, reply) =
        if is_group { ("opened-group", Some(MessageRef::Id(said.message_id()))) } else { ("opened", None) };
    let told = say::to_customer_unmapped(ctx, &ticket, key, reply)?;
    let mut entries = messages::entries(copy, ticket.id, Side::Customer, said.chat_id, &said.message_ids);
    entries.push(messages::notice(ticket.card_job, ticket.id, Side::NoticeToStaff));
    entries.push(messages::notice(told, ticket.id, Side::NoticeToCustomer));
    messages::insert(ctx.tx, &entries).await?;
    Ok(())
}

/// Brings a customer's message to the staff of an open ticket.
pub(crate) async fn inbound(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    ticket: &Ticket,
    said: &Said,
    reply: Option<MessageRef>,
) -> anyhow::Result<()> {
    if ticket.language != said.from.language {
        tickets::set_language(ctx.tx, ticket.id, said.from.language.as_deref()).await?;
    }
    let copy = bring(ctx, desk, ticket, said, reply)?;
    let entries = messages::entries(copy, ticket.id, Side::Customer, said.chat_id, &said.message_ids);
    messages::insert(ctx.tx, &entries).await?;
    Ok(())
}

/// Brings a staff message to the customer.
pub(crate) async fn outbound(
    ctx: &mut Ctx<'_>,
    ticket: &Ticket,
    said: &Said,
    reply: Option<MessageRef>,
) -> anyhow::Result<()> {
    let call = copy(ctx.today(ticket.customer_chat_id), said, reply.is_some());
    let tag =
        Tag::Outbound { chat: said.chat_id, message: said.message_id(), second_topic: ticket.second_topic };
    let call = say::in_customer_chat(call, ticket, reply).tell(Tell::Everything, tag.to_text());
    let job = ctx.call(call)?;
    let entries = messages::entries(job, ticket.id, Side::Staff, said.chat_id, &said.message_ids);
    messages::insert(ctx.tx, &entries).await?;
    Ok(())
}

/// Brings one message of a customer to staff once more, because its copy could not be edited.
pub(crate) async fn inbound_again(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    ticket: &Ticket,
    chat: i64,
    message: i64,
    reply: MessageRef,
) -> anyhow::Result<()> {
    let call = copy_of(ctx.today(desk.staff_group), chat, &[message]);
    let call = say::in_staff_place(call, ticket, Some(reply)).tell(Tell::Failures, Tag::Inbound.to_text());
    let job = ctx.call(call)?;
    let entries = messages::entries(job, ticket.id, Side::Customer, chat, &[message]);
    messages::insert(ctx.tx, &entries).await?;
    Ok(())
}

/// Brings one staff message to the customer once more, because its copy could not be edited.
pub(crate) async fn outbound_again(
    ctx: &mut Ctx<'_>,
    ticket: &Ticket,
    chat: i64,
    message: i64,
    reply: MessageRef,
) -> anyhow::Result<()> {
    let call = copy_of(ctx.today(ticket.customer_chat_id), chat, &[message]);
    let tag = Tag::Outbound { chat, message, second_topic: None };
    let call = say::in_customer_chat(call, ticket, Some(reply)).tell(Tell::Everything, tag.to_text());
    let job = ctx.call(call)?;
    let entries = messages::entries(job, ticket.id, Side::Staff, chat, &[message]);
    messages::insert(ctx.tx, &entries).await?;
    Ok(())
}

fn bring(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    ticket: &Ticket,
    said: &Said,
    reply: Option<MessageRef>,
) -> anyhow::Result<JobId> {
    let is_answer = reply.is_some() || ticket.topic_job.is_none();
    let call = copy(ctx.today(desk.staff_group), said, is_answer);
    ctx.call(say::in_staff_place(call, ticket, reply).tell(Tell::Failures, Tag::Inbound.to_text()))
}

/// A copy keeps every kind of message, its marks and its length. Copies of an album cannot answer a message,
/// so an album that does is sent anew from its files.
fn copy(to: i64, said: &Said, is_answer: bool) -> Call {
    match (&said.album, said.message_ids.as_slice()) {
        (Some(media), _) if is_answer => Call::raw("sendMediaGroup", json!({"chat_id": to, "media": media})),
        (_, ids) => copy_of(to, said.chat_id, ids),
    }
}

/// A copy of one message, or of several that are an album.
pub(super) fn copy_of(to: i64, from: i64, ids: &[i64]) -> Call {
    match ids {
        [id] => Call::raw("copyMessage", json!({"chat_id": to, "from_chat_id": from, "message_id": id})),
        ids => Call::raw("copyMessages", json!({"chat_id": to, "from_chat_id": from, "message_ids": ids})),
    }
}
