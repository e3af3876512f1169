use frontdesk_core::flow::Ctx;

use crate::domain::person::ANONYMOUS_ADMIN;
use crate::said::Said;
use crate::say;

/// A command of administrators, by somebody who is none, or who does not show that they are.
pub(super) fn handle(ctx: &mut Ctx<'_>, said: &Said) -> anyhow::Result<()> {
    let is_anonymous = said.from.id == ANONYMOUS_ADMIN;
    say::answer(ctx, said, if is_anonymous { "admins-only-anonymous" } else { "admins-only" }, &[]).map(drop)
}
