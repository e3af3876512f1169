//! One command or event a file.

mod add_group;
mod admins_only;
mod ask;
mod carry_not;
mod close;
mod edit;
mod edit_failed;
mod greet;
mod help;
mod inbound_failed;
mod list_groups;
mod membership;
mod moved;
mod outbound_ended;
mod remove_group;
mod reopen;
mod reply;
mod retry;
mod staff_edit;
mod staff_write;
mod ticket;
mod topic_failed;
mod write;

use frontdesk_core::flow::Ctx;

use crate::config::Desk;
use crate::domain::tag::Tag;
use crate::routes::Route;
use crate::say::answer;

/// Does what a route says.
pub(crate) async fn handle(route: Route, ctx: &mut Ctx<'_>, desk: &Desk) -> anyhow::Result<()> {
    match route {
        Route::Greet(said) => greet::handle(ctx, desk, &said),
        Route::Help(said) => help::private(ctx, desk, &said),
        Route::GroupHelp(said) => help::group(ctx, desk, &said).await,
        Route::Write(said) => write::handle(ctx, desk, &said).await,
        Route::Ask(said) => ask::handle(ctx, desk, &said).await,
        Route::EmptyAsk(said) => ask::empty(ctx, &said).await,
        Route::Continue(said, rest) => ticket::handle(ctx, desk, &said, &rest).await,
        Route::Reply(said, is_mentioned) => reply::handle(ctx, desk, &said, is_mentioned).await,
        Route::CannotCarry(said) => carry_not::handle(ctx, &said),
        Route::CustomerEdit(edited) => edit::handle(ctx, desk, &edited).await,
        Route::AddGroup(said) => add_group::handle(ctx, &said).await,
        Route::RemoveGroup(said, rest) => remove_group::handle(ctx, desk, &said, &rest).await,
        Route::ListGroups(said) => list_groups::handle(ctx, &said).await,
        Route::AddGroupElsewhere(said) => answer(ctx, &said, "group-add-there", &[]).map(drop),
        Route::AdminsOnly(said) => admins_only::handle(ctx, &said),
        Route::StaffWrite(said) => staff_write::handle(ctx, desk, &said).await,
        Route::Close(said) => close::handle(ctx, desk, &said).await,
        Route::Reopen(said) => reopen::handle(ctx, desk, &said).await,
        Route::StaffHelp(said) => help::staff(ctx, desk, &said),
        Route::StaffUnknown(said) => staff_write::unknown(ctx, desk, &said).await,
        Route::StaffEdit(edited) => staff_edit::handle(ctx, desk, &edited).await,
        Route::Retry(said) => retry::handle(ctx, desk, said.as_ref()).await,
        Route::Moved { from, to } => moved::handle(ctx, from, to).await,
        Route::Ended(tag, result) => match tag {
            Tag::Topic => topic_failed::handle(ctx, desk, &result).await,
            Tag::Inbound => inbound_failed::handle(ctx, desk, &result).await,
            Tag::Outbound { chat, message, second_topic } => {
                outbound_ended::handle(ctx, desk, &result, (chat, message), second_topic).await
            }
            Tag::Edit { chat, message } => edit_failed::handle(ctx, desk, &result, chat, message).await,
            Tag::Membership { chat, language } => membership::handle(ctx, &result, chat, language.as_deref()),
            Tag::Retry { after } => retry::go_on(ctx, desk, after).await,
        },
    }
}
