use frontdesk_core::flow::{Call, Ctx, MessageRef, Tell, TopicRef};
use serde_json::{Value, json};

use crate::config::Desk;
use crate::domain::content::NewContent;
use crate::domain::tag::Tag;
use crate::said::Edited;
use crate::store::messages::{self, Entry, Side};
use crate::store::tickets;

/// A customer edited a message: so is its copy among staff. One that was never passed on is nobody's business.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, edited: &Edited) -> anyhow::Result<()> {
    let said = &edited.said;
    let entry = messages::by_source(ctx.tx, said.chat_id, said.message_id()).await?;
    let Some(entry) = entry.filter(|entry| entry.is(Side::Customer)) else { return Ok(()) };
    let Some(ticket) = tickets::get(ctx.tx, entry.ticket_id).await? else { return Ok(()) };
    let Some(call) = edit_of(&entry, ctx.today(desk.staff_group), edited) else { return Ok(()) };
    let call = match ticket.topic_job {
        Some(topic) => call.beside(TopicRef::Job(topic)),
        None => call,
    };
    ctx.call(call.wait_while_parked()).map(drop)
}

/// The edit of a copy in `chat`. `None`: the kind changes all by itself.
pub(super) fn edit_of(entry: &Entry, chat: i64, edited: &Edited) -> Option<Call> {
    let (method, mut body) = match &edited.content {
        NewContent::Text(text) => ("editMessageText", text.clone()),
        NewContent::Media(media) => ("editMessageMedia", json!({"media": media})),
        NewContent::Caption(caption) => ("editMessageCaption", caption.clone()),
        NewContent::Other => return None,
    };
    body["chat_id"] = Value::from(chat);
    let tag = Tag::Edit { chat: edited.said.chat_id, message: edited.said.message_id() };
    let call = Call::raw(method, body).on_message(MessageRef::Part(entry.job_id, entry.part));
    Some(call.tell(Tell::Failures, tag.to_text()))
}
