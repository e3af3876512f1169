use frontdesk_core::flow::{Call, Ctx, Tell};
use frontdesk_core::store::chats;
use serde_json::json;

use super::membership::sees_mentions;
use crate::domain::tag::Tag;
use crate::said::Said;
use crate::say;
use crate::store::groups;

/// /addgroup: customers of this group may ask. Says what to do where the bot cannot see its mentions.
pub(super) async fn handle(ctx: &mut Ctx<'_>, said: &Said) -> anyhow::Result<()> {
    let is_new = groups::add(ctx.tx, said.chat_id, &said.title, said.from.id, ctx.now).await?;
    let language = said.from.language.clone();
    let mut text =
        say::text(ctx, language.as_deref(), if is_new { "group-added" } else { "group-known" }, &[]);
    let mut is_unsure = false;
    if !ctx.me().can_read_all_group_messages {
        match chats::get(ctx.tx, said.chat_id).await?.and_then(|chat| chat.bot_status) {
            Some(status) if sees_mentions(&status) => {}
            Some(_) => {
                text.push_str("\n\n");
                text.push_str(&say::text(ctx, language.as_deref(), "group-no-mentions", &[]));
            }
            None => is_unsure = true,
        }
    }
    say::answer_with(ctx, said, &text)?;
    if is_unsure {
        let body = json!({"chat_id": said.chat_id, "user_id": ctx.me().id});
        let tag = Tag::Membership { chat: said.chat_id, language };
        ctx.call(Call::raw("getChatMember", body).tell(Tell::Everything, tag.to_text()))?;
    }
    Ok(())
}
