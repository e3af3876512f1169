use frontdesk_core::flow::Ctx;

use crate::domain::person::cut;
use crate::said::Said;
use crate::say;
use crate::store::groups;

/// So many UTF-16 units fit into a message.
const MESSAGE: usize = 4096;

/// /listgroups: titles and ids.
pub(super) async fn handle(ctx: &mut Ctx<'_>, said: &Said) -> anyhow::Result<()> {
    let all = groups::all(ctx.tx).await?;
    if all.is_empty() {
        return say::answer(ctx, said, "groups-none", &[]).map(drop);
    }
    let language = said.from.language.as_deref();
    let mut lines = vec![say::text(ctx, language, "groups-head", &[])];
    for (id, title) in all {
        let id = ctx.today(id).to_string();
        lines.push(say::text(ctx, language, "groups-line", &[("title", &title), ("id", &id)]));
    }
    say::answer_with(ctx, said, cut(&lines.join("\n"), MESSAGE)).map(drop)
}
