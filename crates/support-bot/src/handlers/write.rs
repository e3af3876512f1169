use frontdesk_core::flow::Ctx;

use crate::config::Desk;
use crate::domain::ticket::lock_key;
use crate::relay;
use crate::said::Said;
use crate::store::tickets;

/// A customer writes in their private chat: into their open ticket, or into a new one.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    ctx.tx.lock(lock_key(said.chat_id, said.from.id)).await?;
    let staff_chat = ctx.today(desk.staff_group);
    let open = tickets::open_in_private(ctx.tx, staff_chat, desk.staff_group, said.chat_id).await?;
    let Some(ticket) = open else { return relay::opened(ctx, desk, said).await };
    let reply = relay::in_staff_chat(ctx, desk, &ticket, said).await?;
    relay::inbound(ctx, desk, &ticket, said, reply).await
}
