use frontdesk_core::cli::{Finding, Visit};
use frontdesk_core::telegram::CallError;
use serde_json::{Value, json};

use crate::config::Desk;

/// Whether the bot can write to each administrator. Who never opened it still changes the list in groups, and
/// sees no commands in a private chat.
pub(super) async fn look(desk: &Desk, visit: &Visit<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for person in &desk.admins {
        findings.push(one(visit, *person).await);
    }
    findings
}

async fn one(visit: &Visit<'_>, person: i64) -> Finding {
    const ABOUT: &str = "ADMIN_USER_ID";
    match visit.client.call_as::<Value>("getChat", &json!({"chat_id": person})).await {
        Ok(_) => Finding::ok(ABOUT, format!("the bot knows {person}")),
        Err(CallError::Refused(refusal)) if refusal.is_chat_unknown() => Finding::warn(
            ABOUT,
            format!("{person} never opened the bot, or nobody has this id"),
            format!(
                "they open t.me/{} and press Start once; the start of the bot after that lists their commands",
                visit.me.username
            ),
        ),
        Err(CallError::Refused(refusal)) => Finding::warn(
            ABOUT,
            format!("Telegram does not show {person} to the bot: {}", refusal.shown()),
            "check the id",
        ),
        Err(error) => Finding::warn(ABOUT, format!("{person} is not known: {error}"), "run `doctor` again"),
    }
}
