use frontdesk_core::flow::{Ctx, TopicRef};

use super::edit::edit_of;
use super::staff_write::under;
use crate::config::Desk;
use crate::domain::command::{Parsed, is_internal, parse};
use crate::said::Edited;
use crate::store::messages::{self, Side};
use crate::{relay, say};

/// Staff edited a message: so is its copy at the customer's, unless it became a note or a command.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, edited: &Edited) -> anyhow::Result<()> {
    let said = &edited.said;
    let under = Some(under(said));
    let is_ours = is_internal(&said.text) || parse(&said.text, &ctx.me().username) != Parsed::Text;
    let entry = messages::by_source(ctx.tx, said.chat_id, said.message_id()).await?;
    let Some(entry) = entry.filter(|entry| entry.is(Side::Staff)) else {
        // A note that became an answer: an edit sends nothing, and staff should know.
        if said.thread.is_some()
            && !is_ours
            && let Some(ticket) = relay::staff_ticket(ctx, desk, said).await?
        {
            say::to_staff(ctx, desk, &ticket, "staff-edit-not-sent", &[], under).await?;
        }
        return Ok(());
    };
    let Some(ticket) = relay::ticket_of(ctx, &entry, said).await? else { return Ok(()) };
    if is_ours {
        return say::to_staff(ctx, desk, &ticket, "staff-edit-kept", &[], under).await.map(drop);
    }
    let Some(call) = edit_of(&entry, ctx.today(ticket.customer_chat_id), edited) else { return Ok(()) };
    let call = match ticket.customer_thread_id {
        Some(thread) => call.beside(TopicRef::Id(thread)),
        None => call,
    };
    ctx.call(call).map(drop)
}
