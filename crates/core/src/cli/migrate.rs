//! `migrate`: the schema, without the bot.

use serde_json::json;

use super::run::database_url;
use super::{Deployable, Say, args, place};
use crate::clock::Clock;
use crate::config::Loaded;
use crate::db::{self, Access, Db, Migrations};
use crate::store;

pub(super) async fn migrate<B: Deployable>(
    loaded: Loaded<B::Settings>,
    asked: &args::Migrate,
    say: &Say,
) -> anyhow::Result<()> {
    let url = database_url(&loaded.common.database);
    let common = loaded.common;
    let parts = [store::MIGRATIONS, B::new(loaded.own).migrations()];
    let mut states = Vec::with_capacity(parts.len());
    if asked.dry_run {
        let db = Db::open_beside(url.expose(), Access::Read).await?;
        for part in &parts {
            let found = match &db {
                Some(db) => db::schema_state(db, part).await?.found,
                None => 0,
            };
            states.push(Part { of: part, was: found, applied: names_after(part, found) });
        }
    } else {
        let db = Db::open(url.expose()).await?;
        if db::schema_state(&db, &store::MIGRATIONS).await?.found > 0 {
            let mut tx = db.read().await?;
            let claimed = place::claim::<B>(&mut tx, Some(common.telegram.bot_id), say).await;
            tx.rollback().await;
            claimed?;
        }
        for part in &parts {
            let was = db::schema_state(&db, part).await?.found;
            let applied = db::migrate(&db, part, Clock::system().now()).await?;
            states.push(Part { of: part, was, applied });
        }
        db.close().await;
    }
    if asked.form.json {
        let parts: Vec<_> = states.iter().map(|state| state.as_json(asked.dry_run)).collect();
        say.line(&json!({"dry_run": asked.dry_run, "parts": parts}));
    } else {
        for state in &states {
            say.line(&state.sentence(asked.dry_run));
        }
    }
    Ok(())
}

struct Part<'m> {
    of: &'m Migrations,
    /// The schema that was found.
    was: i64,
    /// What was done, or would be.
    applied: Vec<&'static str>,
}

impl Part<'_> {
    fn ours(&self) -> i64 {
        self.of.list.last().map_or(0, |migration| migration.version)
    }

    fn sentence(&self, dry_run: bool) -> String {
        let (part, was, ours) = (self.of.part, self.was, self.ours());
        if !self.applied.is_empty() {
            let verb = if dry_run { "would go" } else { "went" };
            return format!("{part}: {verb} from schema {was} to {ours} ({})", self.applied.join(", "));
        }
        if was > ours {
            return format!(
                "{part}: schema {was} is of a newer release, which allows this one (schema {ours})"
            );
        }
        format!("{part}: schema {was} is up to date")
    }

    fn as_json(&self, dry_run: bool) -> serde_json::Value {
        let key = if dry_run { "pending" } else { "applied" };
        json!({"part": self.of.part, "found": self.was, "ours": self.ours(), key: self.applied})
    }
}

fn names_after(part: &Migrations, found: i64) -> Vec<&'static str> {
    part.list.iter().filter(|migration| migration.version > found).map(|migration| migration.name).collect()
}
