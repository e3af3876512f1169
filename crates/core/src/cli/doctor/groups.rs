use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Finding, Visit};
use crate::aliases::Aliases;
use crate::cli::Say;
use crate::config::Common;
use crate::db::Db;
use crate::store::chats;
use crate::telegram::{CallError, Client, Me};

/// Each takes two calls, and Telegram limits those too.
const MOST: usize = 50;

/// A group as Telegram shows it to the bot now.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its title.
    pub title: String,
    /// `group`, `supergroup` or `channel`.
    pub kind: String,
    /// Whether it has topics.
    pub is_forum: bool,
    /// What the bot is there: `administrator`, `member`, `restricted`, `left`, `kicked`.
    pub status: String,
    rights: Map<String, Value>,
}

impl Group {
    /// Whether the bot may do this there: `can_manage_topics`, `can_delete_messages` …
    pub fn may(&self, right: &str) -> bool {
        self.status == "creator" || self.rights.get(right).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether the bot is in it.
    pub fn is_in(&self) -> bool {
        match self.status.as_str() {
            "left" | "kicked" => false,
            // Who is restricted stays so after leaving.
            "restricted" => self.may("is_member"),
            _ => true,
        }
    }

    /// Whether the bot is restricted there and may not write.
    pub fn is_muted(&self) -> bool {
        self.status == "restricted" && !self.may("can_send_messages")
    }

    /// Whether the bot is an administrator, and so sees every message whatever its privacy mode.
    pub fn is_admin(&self) -> bool {
        matches!(self.status.as_str(), "administrator" | "creator")
    }
}

impl<'a> Visit<'a> {
    /// What there is to look at.
    pub async fn new(client: &'a Client, me: &'a Me, common: &'a Common, db: Option<&'a Db>) -> Self {
        let aliases = Aliases::default();
        if let Some(db) = db {
            // A database that cannot be read is a finding of its own.
            for (from, to) in moves(db).await.unwrap_or_default() {
                aliases.learn(from, to);
            }
        }
        Self { aliases, asked: Mutex::default(), client, me, common, db }
    }

    /// The id that a chat has today: settings and tables may know a group by the one before it became a supergroup.
    pub fn today(&self, chat_id: i64) -> i64 {
        self.aliases.today(chat_id)
    }

    /// Asks Telegram about a group and the bot's place in it. Core's own look at all groups leaves it out then.
    ///
    /// # Errors
    /// Telegram does not answer, or the bot does not know the group (`Refused`).
    pub async fn group(&self, chat_id: i64) -> Result<Group, CallError> {
        let chat_id = self.today(chat_id);
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(chat_id);
        match self.look_at(chat_id).await {
            Err(CallError::Migrated(today)) => {
                self.aliases.learn(chat_id, today);
                self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(today);
                self.look_at(today).await
            }
            looked => looked,
        }
    }

    fn was_asked(&self, chat_id: i64) -> bool {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).contains(&chat_id)
    }

    async fn look_at(&self, chat_id: i64) -> Result<Group, CallError> {
        #[derive(Deserialize)]
        struct Chat {
            title: Option<String>,
            #[serde(rename = "type")]
            kind: String,
            #[serde(default)]
            is_forum: bool,
        }
        let chat: Chat = self.client.call_as("getChat", &json!({"chat_id": chat_id})).await?;
        let body = json!({"chat_id": chat_id, "user_id": self.me.id});
        let rights: Map<String, Value> = self.client.call_as("getChatMember", &body).await?;
        Ok(Group {
            title: chat.title.unwrap_or_default(),
            kind: chat.kind,
            is_forum: chat.is_forum,
            status: rights.get("status").and_then(Value::as_str).unwrap_or("unknown").to_owned(),
            rights,
        })
    }
}

async fn moves(db: &Db) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    let mut tx = db.read().await?;
    let moves = chats::migrations(&mut tx).await;
    tx.rollback().await;
    moves
}

/// Each group that the bot knows of and did not look at itself.
pub(super) async fn known(visit: &Visit<'_>, say: &Say) -> Vec<Finding> {
    let Some(db) = visit.db else { return Vec::new() };
    let groups = async {
        let mut tx = db.read().await?;
        let groups = chats::groups(&mut tx).await;
        tx.rollback().await;
        groups
    };
    let groups = match groups.await {
        Ok(groups) => groups,
        Err(error) => {
            let what = crate::logs::describe_error(&error);
            return vec![Finding::warn(
                "groups",
                format!("the list cannot be read: {what}"),
                "run `doctor` again",
            )];
        }
    };
    let mut findings = Vec::new();
    let left: Vec<_> =
        groups.iter().filter(|chat| chat.parked.is_none() && !visit.was_asked(chat.chat_id)).collect();
    for chat in left.iter().take(MOST) {
        let id = chat.chat_id;
        let about = format!("group {id} ({} in the log)", say.masker.chat(id));
        findings.push(match visit.group(id).await {
            Ok(group) => judge(about, &group, visit.me.can_read_all_group_messages),
            Err(CallError::Refused(refusal)) => Finding::warn(
                about,
                format!("Telegram does not show it: {}", refusal.shown()),
                "add the bot to the group again, if it is to be there",
            ),
            Err(error) => Finding::warn(about, format!("is not known: {error}"), "run `doctor` again"),
        });
    }
    if left.len() > MOST {
        findings.push(Finding::ok("groups", format!("{} more were not looked at", left.len() - MOST)));
    }
    findings
}

fn judge(about: String, group: &Group, reads_all: bool) -> Finding {
    match (group.is_in(), group.is_admin(), reads_all) {
        (false, ..) => {
            Finding::warn(about, "the bot is no longer in it", "add it again, if it is to be there")
        }
        (true, true, _) => Finding::ok(about, "the bot is an administrator and sees every message"),
        (true, false, true) => Finding::ok(about, "the bot is a member and sees every message"),
        (true, false, false) => Finding::warn(
            about,
            "the bot is a member with privacy mode on: it sees commands and replies to it only",
            "make it an administrator, if it is to see what people write there",
        ),
    }
}
