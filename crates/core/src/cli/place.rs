use anyhow::Context as _;

use super::run::database_url;
use super::{Deployable, Say};
use crate::app::{owner, owner_id};
use crate::clock::Timestamp;
use crate::config::Database;
use crate::db::{Access, Db, DbError, Tx};
use crate::store::{self, meta};

/// The bot's database as an operator's command finds it, whether the bot runs or not.
pub(super) struct Place {
    pub db: Db,
    pub now: Timestamp,
    pub bot_id: i64,
}

impl Place {
    /// Opens it and makes sure that it is this bot's and that this version understands it. Names of people
    /// read as in the bot's log from then on.
    pub async fn open<B: Deployable>(
        database: &Database,
        bot_id: Option<i64>,
        access: Access,
        say: &Say,
    ) -> anyhow::Result<Self> {
        let url = database_url(database);
        let db = Db::open_beside(url.expose(), access).await?.with_context(nothing_yet::<B>)?;
        let core = crate::db::schema_state(&db, &store::MIGRATIONS).await?;
        anyhow::ensure!(core.found > 0, nothing_yet::<B>());
        let mut tx = db.read().await?;
        let checked = claim::<B>(&mut tx, bot_id, say).await;
        tx.rollback().await;
        Ok(Self { db, now: crate::clock::Clock::system().now(), bot_id: checked? })
    }
}

fn nothing_yet<B: Deployable>() -> String {
    format!("DATABASE_URL: there is no database yet; `{0} run` or `{0} migrate` makes it", B::INFO.name)
}

/// Fails when the database is another bot's; takes the key of names from it. Returns the bot's number.
pub(super) async fn claim<B: Deployable>(tx: &mut Tx, bot_id: Option<i64>, say: &Say) -> anyhow::Result<i64> {
    let bot_id = check_owner::<B>(tx, bot_id).await?;
    if let Some(text) = meta::get(tx, "person_key").await? {
        say.masker.set_person_key(serde_json::from_str(&text).context("meta.person_key is no key")?);
    }
    Ok(bot_id)
}

/// Fails when the database is another bot's. Without the token, which tells `bot_id`, the kind of bot has to be right;
/// its number is in the database. Zero where no bot has run on it yet.
pub(super) async fn check_owner<B: Deployable>(tx: &mut Tx, bot_id: Option<i64>) -> anyhow::Result<i64> {
    let Some(theirs) = meta::get(tx, "owner").await? else { return Ok(bot_id.unwrap_or(0)) };
    let found = owner_id(B::INFO.name, &theirs);
    match (found, bot_id) {
        (Some(found), None) => Ok(found),
        (Some(found), Some(ours)) if found == ours => Ok(ours),
        (_, Some(ours)) => Err(DbError::AnotherBot { theirs, ours: owner(B::INFO.name, ours) }.into()),
        (None, None) => Err(DbError::AnotherBot { theirs, ours: format!("a {}", B::INFO.name) }.into()),
    }
}
