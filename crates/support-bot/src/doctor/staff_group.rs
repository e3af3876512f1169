use frontdesk_core::cli::{Finding, Group, Visit};
use frontdesk_core::telegram::CallError;

use crate::config::Desk;

const ABOUT: &str = "STAFF_GROUP_ID";

/// Whether tickets can reach staff, each in a topic of its own. Nothing is pinned or deleted there, so only one
/// right counts.
pub(super) async fn look(desk: &Desk, visit: &Visit<'_>) -> Finding {
    let username = &visit.me.username;
    match visit.group(desk.staff_group).await {
        Ok(group) => judge(&group, username, visit.me.can_read_all_group_messages),
        Err(CallError::Refused(refusal)) => Finding::fail(
            ABOUT,
            format!("Telegram does not show this group to the bot: {}", refusal.shown()),
            format!(
                "add @{username} to the group, and check the id: that of a group with topics begins with -100"
            ),
        ),
        Err(error) => Finding::warn(ABOUT, format!("is not known: {error}"), "run `doctor` again"),
    }
}

fn judge(group: &Group, username: &str, reads_all: bool) -> Finding {
    if group.kind == "channel" {
        return Finding::fail(
            ABOUT,
            "is a channel",
            "set the id of a group: staff cannot answer in a channel",
        );
    }
    if !group.is_in() {
        let remedy = format!("open the group's profile, Add Members, and choose @{username}");
        return Finding::fail(ABOUT, "the bot is not in this group", remedy);
    }
    if group.is_muted() {
        let remedy =
            format!("open the group's profile, Edit, Permissions, Exceptions, and take @{username} out");
        return Finding::fail(ABOUT, "the bot may not write in this group", remedy);
    }
    if !group.is_forum {
        return Finding::warn(
            ABOUT,
            "this group has no topics: tickets come to its chat, and staff answer by replies",
            format!(
                "open the group's profile, Edit, and switch on Topics; then Administrators, @{username}, \
                 Manage Topics"
            ),
        );
    }
    if !group.may("can_manage_topics") {
        let (what, remedy) = if group.is_admin() {
            (
                "the bot may not manage topics: tickets come to General, and staff answer by replies",
                format!(
                    "open the group's profile, Edit, Administrators, @{username}, and switch on Manage Topics"
                ),
            )
        } else {
            (
                "the bot is no administrator: tickets come to General, and staff answer by replies",
                format!(
                    "open the group's profile, Edit, Administrators, Add Administrator, @{username}, and switch \
                     on Manage Topics"
                ),
            )
        };
        return Finding::fail(ABOUT, what, remedy);
    }
    if !group.is_admin() && !reads_all {
        return Finding::fail(
            ABOUT,
            "the bot is no administrator and hears only replies to it: what staff write in topics is lost",
            format!("open the group's profile, Edit, Administrators, Add Administrator, @{username}"),
        );
    }
    Finding::ok(ABOUT, "the group has topics, and the bot may manage them")
}
