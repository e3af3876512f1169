use frontdesk_core::cli::{Finding, Group, Visit};
use frontdesk_core::telegram::CallError;

use crate::store::groups;

/// Each takes two calls, and Telegram limits those too.
const MOST: usize = 50;

/// Whether the bot hears the members of each group on the list.
pub(super) async fn look(visit: &Visit<'_>) -> Vec<Finding> {
    const ABOUT: &str = "customer groups";
    // Without a database nobody is on the list; that there is none is a finding of its own.
    let Some(db) = visit.db else { return Vec::new() };
    let listed = async {
        let mut tx = db.read().await?;
        let listed = groups::all(&mut tx).await;
        tx.rollback().await;
        listed
    };
    let listed: Vec<(i64, String)> = match listed.await {
        Ok(listed) => listed,
        Err(error) => {
            let what = format!("the list cannot be read: {}", frontdesk_core::logs::describe_error(&error));
            return vec![Finding::warn(ABOUT, what, "run `doctor` again when the bot has started once")];
        }
    };
    if listed.is_empty() {
        return vec![Finding::ok(ABOUT, "none is on the list: customers write in private chats")];
    }
    let mut findings = Vec::new();
    for (id, _) in listed.iter().take(MOST) {
        findings.push(one(visit, visit.today(*id)).await);
    }
    if listed.len() > MOST {
        findings.push(Finding::ok(ABOUT, format!("{} more were not looked at", listed.len() - MOST)));
    }
    findings
}

async fn one(visit: &Visit<'_>, id: i64) -> Finding {
    let about = format!("customer group {id}");
    let username = &visit.me.username;
    match visit.group(id).await {
        Ok(group) if group.is_in() => judge(about, &group, username, visit.me.can_read_all_group_messages),
        Ok(_) => Finding::warn(about, "the bot is not in it", gone(username, id)),
        Err(CallError::Refused(refusal)) => Finding::warn(
            about,
            format!("Telegram does not show it to the bot: {}", refusal.shown()),
            gone(username, id),
        ),
        Err(error) => Finding::warn(about, format!("is not known: {error}"), "run `doctor` again"),
    }
}

fn gone(username: &str, id: i64) -> String {
    format!("add @{username} to the group again, or write /removegroup {id} to it")
}

fn judge(about: String, group: &Group, username: &str, reads_all: bool) -> Finding {
    if group.is_muted() {
        let remedy =
            format!("open the group's profile, Edit, Permissions, Exceptions, and take @{username} out");
        return Finding::warn(about, "the bot may not write there: nobody gets an answer", remedy);
    }
    if group.is_admin() {
        return Finding::ok(about, "the bot is an administrator and hears every message");
    }
    if reads_all {
        // Telegram keeps what was so when the bot was added, and does not show it.
        return Finding::ok(
            about,
            "the bot hears every message, if its privacy mode was off when it was added",
        );
    }
    Finding::warn(
        about,
        "the bot hears commands and replies to it only: no mentions, no whole albums",
        format!(
            "make @{username} an administrator there; or switch its privacy mode off at @BotFather (/setprivacy), \
             remove it from the group and add it again"
        ),
    )
}
