use frontdesk_core::flow::Ctx;

use super::ask::is_served;
use crate::config::Desk;
use crate::said::Said;
use crate::say;

/// /help in a private chat, and for a command that nobody knows.
pub(super) fn private(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    let text = say::text(ctx, said.from.language.as_deref(), "help", &[]) + &admin_part(ctx, desk, said);
    say::answer_with(ctx, said, &text).map(drop)
}

/// /help in a group of customers. Other groups are not ours to talk in, but an administrator there wants to know how it
/// becomes one.
pub(super) async fn group(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    let admin = admin_part(ctx, desk, said);
    let text = if is_served(ctx, said.chat_id).await? {
        say::text(ctx, said.from.language.as_deref(), "help-group", &[]) + &admin
    } else {
        admin.trim_start().to_owned()
    };
    if text.is_empty() { Ok(()) } else { say::answer_with(ctx, said, &text).map(drop) }
}

/// /help in the staff group.
pub(super) fn staff(ctx: &mut Ctx<'_>, desk: &Desk, said: &Said) -> anyhow::Result<()> {
    let text = say::text(ctx, Some(&desk.staff_language), "help-staff", &[]) + &admin_part(ctx, desk, said);
    say::answer_with(ctx, said, &text).map(drop)
}

/// What administrators can do besides; nothing for others.
pub(super) fn admin_part(ctx: &Ctx<'_>, desk: &Desk, said: &Said) -> String {
    if !desk.admins.contains(&said.from.id) {
        return String::new();
    }
    format!("\n\n{}", say::text(ctx, said.from.language.as_deref(), "help-admin", &[]))
}
