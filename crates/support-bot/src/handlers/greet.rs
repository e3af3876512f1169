use frontdesk_core::flow::Ctx;

use super::help::admin_part;
use crate::config::Desk;
use crate::said::Said;
use crate::say;

/// /start: who this is and what to do.
pub(super) fn handle(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    let text = say::text(ctx, said.from.language.as_deref(), "start", &[("name", &said.from.name)]);
    let text = text + &admin_part(ctx, desk, said);
    say::answer_with(ctx, said, &text).map(drop)
}
