use anyhow::Context as _;

use super::run::database_url;
use super::{Deployable, Say};
use crate::app::owner;
use crate::clock::Timestamp;
use crate::config::Common;
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
    pub async fn open<B: Deployable>(common: &Common, access: Access, say: &Say) -> anyhow::Result<Self> {
        let url = database_url(&common.database);
        let db = Db::open_beside(url.expose(), access).await?.with_context(nothing_yet::<B>)?;
        let core = crate::db::schema_state(&db, &store::MIGRATIONS).await?;
        anyhow::ensure!(core.found > 0, nothing_yet::<B>());
        let mut tx = db.read().await?;
        let checked = claim::<B>(&mut tx, common, say).await;
        tx.rollback().await;
        checked?;
        Ok(Self { db, now: crate::clock::Clock::system().now(), bot_id: common.telegram.bot_id })
    }
}

fn nothing_yet<B: Deployable>() -> String {
    format!("DATABASE_URL: there is no database yet; `{0} run` or `{0} migrate` makes it", B::INFO.name)
}

/// Fails when the database is another bot's; takes the key of names from it.
pub(super) async fn claim<B: Deployable>(tx: &mut Tx, common: &Common, say: &Say) -> anyhow::Result<()> {
    check_owner::<B>(tx, common).await?;
    if let Some(text) = meta::get(tx, "person_key").await? {
        say.masker.set_person_key(serde_json::from_str(&text).context("meta.person_key is no key")?);
    }
    Ok(())
}

/// Fails when the database is another bot's.
pub(super) async fn check_owner<B: Deployable>(tx: &mut Tx, common: &Common) -> anyhow::Result<()> {
    let ours = owner(B::INFO.name, common.telegram.bot_id);
    if let Some(theirs) = meta::get(tx, "owner").await?
        && theirs != ours
    {
        return Err(DbError::AnotherBot { theirs, ours }.into());
    }
    Ok(())
}
