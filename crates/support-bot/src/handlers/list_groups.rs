use frontdesk_core::flow::Ctx;

use crate::said::Said;
use crate::say;
use crate::store::groups;

/// So many groups stand in one message: with the longest titles and ids it still fits.
const A_MESSAGE: usize = 25;

/// /listgroups: titles and ids.
pub(super) async fn handle(ctx: &mut Ctx<'_>, said: &Said) -> anyhow::Result<()> {
    let all = groups::all(ctx.tx).await?;
    if all.is_empty() {
        return say::answer(ctx, said, "groups-none", &[]).map(drop);
    }
    let language = said.from.language.as_deref();
    for some in all.chunks(A_MESSAGE) {
        let mut lines = vec![say::text(ctx, language, "groups-head", &[])];
        for (id, title) in some {
            let id = ctx.today(*id).to_string();
            lines.push(say::text(ctx, language, "groups-line", &[("title", title), ("id", &id)]));
        }
        say::answer_with(ctx, said, &lines.join("\n"))?;
    }
    Ok(())
}
