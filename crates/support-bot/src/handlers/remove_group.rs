use frontdesk_core::flow::Ctx;

use crate::config::Desk;
use crate::said::Said;
use crate::say::answer;
use crate::store::groups;

/// /removegroup: this group, or the one whose id follows.
pub(super) async fn handle(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said, rest: &str) -> anyhow::Result<()> {
    let is_group = said.chat_id < 0 && said.chat_id != ctx.today(desk.staff_group);
    let chat = if rest.is_empty() && is_group { Some(said.chat_id) } else { rest.parse::<i64>().ok() };
    let Some(chat) = chat else { return answer(ctx, said, "group-remove-how", &[]).map(drop) };
    let was = groups::remove(ctx.tx, chat).await?;
    answer(ctx, said, if was { "group-removed" } else { "group-unknown" }, &[]).map(drop)
}
