use serde_json::Value;

use super::Finding;
use crate::cli::Deployable;
use crate::cli::place::check_owner;
use crate::cli::run::database_url;
use crate::config::{Common, Database};
use crate::db::{self, Access, Db, DbError};
use crate::logs;
use crate::store;

const ABOUT: &str = "DATABASE_URL";

/// Whether the database answers, is this bot's, and has a schema that this version understands.
pub(super) async fn look<B: Deployable>(bot: &B, common: &Common, running: Option<&Value>) -> Vec<Finding> {
    let url = database_url(&common.database);
    let db = match Db::open_beside(url.expose(), Access::Read).await {
        Ok(Some(db)) => db,
        Ok(None) => return vec![Finding::ok(ABOUT, "there is no database yet; `run` makes it")],
        Err(error) => return vec![unreadable(common, running, &error)],
    };
    let mut findings = Vec::new();
    for part in [store::MIGRATIONS, bot.migrations()] {
        let name = part.part;
        match db::schema_state(&db, &part).await {
            Ok(state) if state.found < state.ours => findings.push(Finding::ok(
                ABOUT,
                format!("{name} has schema {}; the next start brings it to {}", state.found, state.ours),
            )),
            Ok(state) => findings.push(Finding::ok(ABOUT, format!("{name} has schema {}", state.found))),
            Err(DbError::Sql(error)) => return vec![unreadable(common, running, &DbError::Sql(error))],
            Err(error) => findings.push(refused(&error)),
        }
    }
    if let Some(finding) = owner::<B>(&db, common).await {
        findings.push(finding);
    }
    db.close().await;
    findings
}

async fn owner<B: Deployable>(db: &Db, common: &Common) -> Option<Finding> {
    let mut tx = db.read().await.ok()?;
    let core = store::MIGRATIONS.newest_in(&mut tx).await.ok()?;
    let checked = if core == 0 {
        Ok(())
    } else {
        check_owner::<B>(&mut tx, Some(common.telegram.bot_id)).await.map(drop)
    };
    tx.rollback().await;
    checked
        .err()
        .map(|error| Finding::fail(ABOUT, bare(&logs::describe(&error)), "set the database of this bot"))
}

/// A file may be held by the bot itself; then its health page knows more than we can see.
fn unreadable(common: &Common, running: Option<&Value>, error: &DbError) -> Finding {
    if let Some(page) = running.filter(|_| matches!(common.database, Database::Sqlite { .. })) {
        let ok = page["database"]["ok"] == true;
        let what = "cannot be read beside the running bot; its health page says that the database answers";
        if ok {
            return Finding::ok(ABOUT, what);
        }
        return Finding::fail(
            ABOUT,
            "the running bot's health page says that it does not answer",
            "see the bot's log",
        );
    }
    refused(error)
}

/// The errors of databases end in what to do; where they do not, the address is to be looked at.
fn refused(error: &DbError) -> Finding {
    let text = match error {
        DbError::Sql(error) => logs::describe_error(error),
        error => bare(&logs::describe_error(error)),
    };
    let remedy = match error {
        DbError::Sql(error) => db::remedy(error),
        DbError::Newer { .. } | DbError::Changed { .. } => "install the release that fits this database",
        DbError::Open { .. } => "correct the path, or the rights of this user",
        _ => "check that the server runs and that address, user and password are right",
    };
    Finding::fail(ABOUT, text, remedy)
}

/// Without the name of the setting, which stands in front of every finding.
fn bare(text: &str) -> String {
    text.strip_prefix("DATABASE_URL: ").unwrap_or(text).to_owned()
}
