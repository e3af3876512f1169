use crate::backend::Backend;
use crate::logs::ShowOnFailure;
use crate::town::{Town, TownSpec};

/// What a story is handed: the town itself, or what a crate builds in it.
pub trait Fixture: Sized {
    /// How the town is to be.
    fn spec() -> TownSpec {
        TownSpec::default()
    }

    /// Builds it in a town where nothing runs yet.
    fn open(town: Town) -> impl Future<Output = Self>;
}

impl Fixture for Town {
    async fn open(town: Town) -> Self {
        town
    }
}

/// Tells one story on one database, and judges how it ended. [`story!`](crate::story) calls it.
///
/// # Panics
/// When the story fails, or leaves behind what it did not say it expects.
pub async fn tell<F: Fixture, S: Future<Output = ()>>(backend: Backend, story: impl FnOnce(F) -> S) {
    let town = Town::build(backend, F::spec()).await;
    let _show = ShowOnFailure(town.logs().clone());
    let _capture = town.capture();
    // Boxed: a story is a large future.
    let told = Box::pin(async { story(F::open(town.clone()).await).await });
    told.await;
    town.end().await;
}

/// One story, told on SQLite and on PostgreSQL: `story!(name_states_a_fact, |town| async move { … });` makes
/// the tests `name_states_a_fact::on_sqlite` and `name_states_a_fact::on_postgres`.
/// `|desk: Desk| …` hands over a [`Fixture`](crate::Fixture) of one's own.
#[macro_export]
macro_rules! story {
    ($(#[$attribute:meta])* $name:ident, |$town:ident| $story:expr $(,)?) => {
        $crate::story!($(#[$attribute])* $name, |$town: $crate::Town| $story);
    };
    ($(#[$attribute:meta])* $name:ident, |$fixture:ident: $type:ty| $story:expr $(,)?) => {
        $(#[$attribute])*
        async fn $name($fixture: $type) {
            ($story).await;
        }

        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                $crate::tell($crate::Backend::Sqlite, super::$name).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                $crate::tell($crate::Backend::Postgres, super::$name).await;
            }
        }
    };
}
