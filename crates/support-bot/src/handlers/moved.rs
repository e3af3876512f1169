use frontdesk_core::flow::Ctx;

use crate::store::{desks, groups};

/// A group became a supergroup: what is known of it is known under the new id.
pub(super) async fn handle(ctx: &mut Ctx<'_>, from: i64, to: i64) -> anyhow::Result<()> {
    groups::moved(ctx.tx, from, to).await?;
    desks::moved(ctx.tx, from, to).await?;
    Ok(())
}
