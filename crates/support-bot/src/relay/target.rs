use frontdesk_core::flow::{Ctx, JobId, MessageRef};

use crate::config::Desk;
use crate::said::Said;
use crate::store::messages::{self, Entry, Side};
use crate::store::tickets::{self, Ticket};

/// The ticket that a staff message belongs to: by its topic, or by what it answers. Its state is safe to rely on
/// until the transaction ends.
pub(crate) async fn staff_ticket(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    said: &Said,
) -> anyhow::Result<Option<Ticket>> {
    let topic = topic_job(ctx, said).await?;
    let mut found = match topic {
        Some(topic) => tickets::by_topic(ctx.tx, topic).await?,
        None => None,
    };
    // After a lost answer a topic is made twice, and only one is on the map: the other has its name.
    if found.is_none()
        && let Some(number) = said.topic_number
    {
        found = tickets::by_number(ctx.tx, said.chat_id, desk.staff_group, number).await?;
    }
    // What answers a message does not tell the name of its topic.
    if found.is_none()
        && let Some(reply) = said.reply
        && let Some(entry) = answered(ctx, said.chat_id, reply.message_id, reply.is_ours).await?
    {
        found = tickets::get(ctx.tx, entry.ticket_id).await?;
    }
    let Some(found) = found else { return Ok(None) };
    ctx.tx.lock(found.lock_key()).await?;
    // The other side may have changed it before the lock was ours.
    let ticket = tickets::get(ctx.tx, found.id).await?;
    Ok(ticket.map(|ticket| Ticket { second_topic: second_topic(&ticket, said, topic), ..ticket }))
}

/// A ticket, and in which topic staff wrote about it.
pub(crate) async fn ticket_of(
    ctx: &mut Ctx<'_>,
    entry: &Entry,
    said: &Said,
) -> anyhow::Result<Option<Ticket>> {
    let topic = topic_job(ctx, said).await?;
    let ticket = tickets::get(ctx.tx, entry.ticket_id).await?;
    Ok(ticket.map(|ticket| Ticket { second_topic: second_topic(&ticket, said, topic), ..ticket }))
}

/// The job that made the topic in which something stands, if that is known.
async fn topic_job(ctx: &mut Ctx<'_>, said: &Said) -> anyhow::Result<Option<JobId>> {
    let Some(thread) = said.thread else { return Ok(None) };
    Ok(ctx.job_of(said.chat_id, thread).await?.map(|topic| JobId(topic.job_id)))
}

/// The topic in which staff wrote about a ticket, where it is not the ticket's own.
fn second_topic(ticket: &Ticket, said: &Said, topic: Option<JobId>) -> Option<i64> {
    said.thread.filter(|_| topic.is_none() || topic != ticket.topic_job)
}

/// Which message in the staff group a customer's message answers.
pub(crate) async fn in_staff_chat(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    ticket: &Ticket,
    said: &Said,
) -> anyhow::Result<Option<MessageRef>> {
    let Some(reply) = said.reply else { return Ok(None) };
    let entry = answered(ctx, said.chat_id, reply.message_id, reply.is_ours).await?;
    let entry = entry.filter(|entry| entry.ticket_id == ticket.id);
    let staff_chat = ctx.today(desk.staff_group);
    Ok(entry.and_then(|entry| counterpart(&entry, reply.is_ours, staff_chat)))
}

/// Which of the customer's messages a staff message answers: the one that staff chose, else the latest.
pub(crate) async fn in_customer_chat(
    ctx: &mut Ctx<'_>,
    ticket: &Ticket,
    said: &Said,
) -> anyhow::Result<Option<MessageRef>> {
    let customer_chat = ctx.today(ticket.customer_chat_id);
    if let Some(reply) = said.reply {
        let entry = answered(ctx, said.chat_id, reply.message_id, reply.is_ours).await?;
        let entry = entry.filter(|entry| entry.ticket_id == ticket.id);
        if let Some(target) = entry.and_then(|entry| counterpart(&entry, reply.is_ours, customer_chat)) {
            return Ok(Some(target));
        }
    }
    let latest = messages::latest(ctx.tx, ticket.id).await?;
    Ok(latest.and_then(|entry| original_in(&entry, customer_chat)))
}

/// The entry of the message that somebody answers: a copy that the bot made, or an original of their own.
async fn answered(
    ctx: &mut Ctx<'_>,
    chat: i64,
    message: i64,
    is_ours: bool,
) -> anyhow::Result<Option<Entry>> {
    if !is_ours {
        return Ok(messages::by_source(ctx.tx, chat, message).await?);
    }
    match ctx.job_of(chat, message).await? {
        Some(sent) => Ok(messages::by_job(ctx.tx, sent.job_id, sent.part).await?),
        None => Ok(None),
    }
}

/// The same message on the other side, which is `chat`.
fn counterpart(entry: &Entry, is_copy: bool, chat: i64) -> Option<MessageRef> {
    if is_copy { original_in(entry, chat) } else { Some(MessageRef::Part(entry.job_id, entry.part)) }
}

/// An original, if its chat is still that one: when a group becomes a supergroup, ids of old messages mean
/// others.
fn original_in(entry: &Entry, chat: i64) -> Option<MessageRef> {
    let is_there = entry.from_chat_id == Some(chat);
    (entry.is(Side::Customer) || entry.is(Side::Staff))
        .then_some(entry.from_message_id)
        .flatten()
        .filter(|_| is_there)
        .map(MessageRef::Id)
}
