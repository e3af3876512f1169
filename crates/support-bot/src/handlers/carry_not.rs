use frontdesk_core::flow::Ctx;

use crate::said::Said;
use crate::say::answer;

/// A kind of message that this version does not know: whoever sent it is told, and no ticket is opened.
pub(super) fn handle(ctx: &mut Ctx<'_>, said: &Said) -> anyhow::Result<()> {
    answer(ctx, said, "unknown-kind", &[]).map(drop)
}
