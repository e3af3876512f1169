//! Sentences into chats.

use frontdesk_core::flow::{Call, Ctx, JobId, MessageRef, TopicRef};
use frontdesk_core::texts::FluentArgs;
use serde_json::json;

use crate::config::Desk;
use crate::said::Said;
use crate::store::messages::{self, Side};
use crate::store::tickets::Ticket;

/// A sentence in somebody's language. Numbers are given as text: a ticket's number is a name.
pub(crate) fn text(
    ctx: &Ctx<'_>,
    language: Option<&str>,
    key: &str,
    args: &[(&'static str, &str)],
) -> String {
    let mut filled = FluentArgs::new();
    for (name, value) in args {
        filled.set(*name, (*value).to_owned());
    }
    ctx.texts().get(language, key, &filled)
}

/// Answers what somebody wrote, in their language: in a group under their message.
pub(crate) fn answer(
    ctx: &mut Ctx<'_>,
    said: &Said,
    key: &str,
    args: &[(&'static str, &str)],
) -> anyhow::Result<JobId> {
    let text = text(ctx, said.from.language.as_deref(), key, args);
    answer_with(ctx, said, &text)
}

/// Answers what somebody wrote with a text that is ready.
pub(crate) fn answer_with(ctx: &mut Ctx<'_>, said: &Said, text: &str) -> anyhow::Result<JobId> {
    let mut call = message(said.chat_id, text);
    if let Some(thread) = said.thread {
        call = call.in_topic(TopicRef::Id(thread));
    }
    if said.chat_id < 0 {
        call = call.reply_to(MessageRef::Id(said.message_id()));
    }
    ctx.call(call)
}

/// Tells the customer of a ticket something, in their language. What they reply to it finds the ticket.
pub(crate) async fn to_customer(
    ctx: &mut Ctx<'_>,
    ticket: &Ticket,
    key: &str,
    reply: Option<MessageRef>,
) -> anyhow::Result<JobId> {
    let told = to_customer_unmapped(ctx, ticket, key, reply)?;
    messages::insert(ctx.tx, &[messages::notice(told, ticket.id, Side::NoticeToCustomer)]).await?;
    Ok(told)
}

/// The same, where the caller puts it on the map together with other messages.
pub(crate) fn to_customer_unmapped(
    ctx: &mut Ctx<'_>,
    ticket: &Ticket,
    key: &str,
    reply: Option<MessageRef>,
) -> anyhow::Result<JobId> {
    let number = ticket.number.to_string();
    let text = text(ctx, ticket.language.as_deref(), key, &[("number", &number)]);
    let call = message(ctx.today(ticket.customer_chat_id), &text);
    ctx.call(in_customer_chat(call, ticket, reply))
}

/// Tells the customer that their ticket was closed or opened again: in a group under what they wrote last.
pub(crate) async fn status(ctx: &mut Ctx<'_>, ticket: &Ticket, key: &str) -> anyhow::Result<()> {
    let chat = ctx.today(ticket.customer_chat_id);
    let latest = if chat < 0 { messages::latest(ctx.tx, ticket.id).await? } else { None };
    let latest =
        latest.filter(|entry| entry.from_chat_id == Some(chat)).and_then(|entry| entry.from_message_id);
    to_customer(ctx, ticket, key, latest.map(MessageRef::Id)).await.map(drop)
}

/// Tells staff something about a ticket, where they work on it. What they reply to it finds the ticket.
pub(crate) async fn to_staff(
    ctx: &mut Ctx<'_>,
    desk: &Desk,
    ticket: &Ticket,
    key: &str,
    args: &[(&'static str, &str)],
    reply: Option<MessageRef>,
) -> anyhow::Result<JobId> {
    let text = text(ctx, Some(&desk.staff_language), key, args);
    let call = message(ctx.today(desk.staff_group), &text);
    let told = ctx.call(in_staff_place(call, ticket, reply))?;
    messages::insert(ctx.tx, &[messages::notice(told, ticket.id, Side::NoticeToStaff)]).await?;
    Ok(told)
}

/// A plain text: without parse mode nothing in it can be taken for markup, and links in names open no preview.
pub(crate) fn message(chat: i64, text: &str) -> Call {
    let body = json!({"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": true}});
    Call::raw("sendMessage", body)
}

/// Sends a call into the topic of a customer's forum where they asked, under a message.
pub(crate) fn in_customer_chat(call: Call, ticket: &Ticket, reply: Option<MessageRef>) -> Call {
    let call = match ticket.customer_thread_id {
        Some(thread) => call.in_topic(TopicRef::Id(thread)),
        None => call,
    };
    match reply {
        Some(message) => call.reply_to(message),
        None => call,
    }
}

/// Sends a call to where staff work on a ticket: the topic that they wrote in, else its own, or in General an
/// answer to its card. While the bot is not in the staff group, it waits.
pub(crate) fn in_staff_place(call: Call, ticket: &Ticket, reply: Option<MessageRef>) -> Call {
    let call = call.wait_while_parked();
    let topic = ticket.second_topic.map(TopicRef::Id).or(ticket.topic_job.map(TopicRef::Job));
    match (topic, reply) {
        (Some(topic), None) => call.in_topic(topic),
        (Some(topic), Some(message)) => call.in_topic(topic).reply_to(message),
        (None, reply) => call.reply_to(reply.unwrap_or(MessageRef::Job(ticket.card_job))),
    }
}

/// Does something with each topic of a ticket: closes it, opens it again.
pub(crate) fn topics(ctx: &mut Ctx<'_>, desk: &Desk, ticket: &Ticket, method: &str) -> anyhow::Result<()> {
    let staff_chat = ctx.today(desk.staff_group);
    let own = ticket.topic_job.map(TopicRef::Job);
    for topic in own.into_iter().chain(ticket.second_topic.map(TopicRef::Id)) {
        ctx.call(Call::raw(method, json!({"chat_id": staff_chat})).in_topic(topic).wait_while_parked())?;
    }
    Ok(())
}
