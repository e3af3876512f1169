//! A PostgreSQL that says nothing any more, as when its cable is pulled: no connection is reset.

use std::net::SocketAddr;
use std::time::Duration;

use frontdesk_core::clock::Stopwatch;
use frontdesk_core::db::{Db, Patience};
use testkit::{Backend, Town};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::echo::Echo;

/// Stands between bot and server. Once silenced, what was connected passes nothing on for ever.
struct Cable {
    addr: SocketAddr,
    pulled: watch::Sender<bool>,
}

impl Cable {
    async fn lay(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let pulled = watch::Sender::new(false);
        let state = pulled.clone();
        tokio::spawn(async move {
            while let Ok((bot, _)) = listener.accept().await {
                tokio::spawn(carry(bot, server.clone(), state.subscribe()));
            }
        });
        Self { addr, pulled }
    }

    fn pull(&self) {
        self.pulled.send_replace(true);
    }

    /// New connections pass again. The old ones stay as they are: a router on the way has forgotten them.
    fn plug(&self) {
        self.pulled.send_replace(false);
    }
}

async fn carry(mut bot: TcpStream, server: String, mut pulled: watch::Receiver<bool>) {
    if *pulled.borrow() {
        return std::future::pending().await;
    }
    let mut server = TcpStream::connect(server).await.unwrap();
    let silenced = async { pulled.wait_for(|pulled| *pulled).await.map(drop) };
    tokio::select! {
        _ = copy_bidirectional(&mut bot, &mut server) => return,
        _ = silenced => {}
    }
    // Held open, so that neither end learns of it.
    std::future::pending::<()>().await;
}

/// So that the test takes no longer than it must.
const HURRY: Patience = Patience {
    statement: Duration::from_millis(300),
    lock: Duration::from_millis(300),
    abandoned: Duration::from_millis(500),
    answer: Duration::from_millis(400),
    ping: Duration::from_millis(100),
    connect: Duration::from_millis(600),
};

/// Puts a cable between a town and its PostgreSQL.
async fn wire(town: &Town) -> Cable {
    let url = town.database().url().to_owned();
    let (front, rest) = url.split_once("://").unwrap();
    let (place, name) = rest.rsplit_once('/').unwrap();
    let (user, server) = place.rsplit_once('@').unwrap_or(("postgres", place));
    let cable = Cable::lay(server.to_owned()).await;
    town.reach_database(format!("{front}://{user}@{}/{name}", cable.addr), HURRY);
    cable
}

#[tokio::test]
async fn a_postgres_that_falls_silent_is_given_up_and_found_again() {
    testkit::tell(Backend::Postgres, |town: Town| async move {
        let cable = wire(&town).await;
        town.run(Echo::default()).await;
        let people: Vec<_> = (0..8).map(|n| town.person(&format!("Person {n}"), "en")).collect();
        for round in 0..3 {
            for person in &people {
                person.says(&format!("before {round}"));
            }
            town.idle().await;
            cable.pull();
            for person in &people {
                person.says(&format!("meanwhile {round}"));
            }
            town.eventually("the bot has noticed", || town.logs().has("could not be stored")).await;
            cable.plug();
            town.idle().await;
        }
        for person in &people {
            person.assert_sees_last(&["Lotus Support: (re \"meanwhile 2\") meanwhile 2"]);
            assert_eq!(person.sees().len(), 12);
        }
        assert_eq!(
            town.count("select coalesce(max(attempts), 0) from inbox").await,
            0,
            "an outage is no attempt"
        );
    })
    .await;
}

#[tokio::test]
async fn a_silence_under_load_loses_and_repeats_nothing() {
    testkit::tell(Backend::Postgres, |town: Town| async move {
        let cable = wire(&town).await;
        town.run(Echo::default()).await;
        let people: Vec<_> = (0..8).map(|n| town.person(&format!("Person {n}"), "en")).collect();
        town.idle().await;
        for round in 0..4 {
            for person in &people {
                for n in 0..6 {
                    person.says(&format!("{round} {n}"));
                }
            }
            // In the middle of it: transactions are open, calls are in flight.
            let so_far = round * 48 + 10;
            town.eventually("some is answered", || town.world().calls_of("sendMessage").len() >= so_far)
                .await;
            cable.pull();
            town.eventually("the bot has noticed", || town.logs().has("the database did not take")).await;
            cable.plug();
            town.idle().await;
        }
        assert_eq!(town.count("select count(*) from heard").await, 192, "each was handled once");
        assert_eq!(town.count("select count(distinct chat * 1000000 + message) from heard").await, 192);
        assert_eq!(town.world().calls_of("sendMessage").len(), 192, "each was answered once");
    })
    .await;
}

#[tokio::test]
async fn a_bot_stops_in_time_while_postgres_is_silent() {
    testkit::tell(Backend::Postgres, |town: Town| async move {
        let cable = wire(&town).await;
        town.run(Echo::default()).await;
        town.idle().await;
        cable.pull();
        let watch = Stopwatch::start();
        let stopped = town.try_stop().await.unwrap_err();
        assert!(watch.elapsed() < Duration::from_secs(10), "{:?}", watch.elapsed());
        assert!(format!("{stopped:#}").contains("clean stop could not be noted"), "{stopped:#}");
        cable.plug();
    })
    .await;
}

#[tokio::test]
async fn the_server_ends_what_takes_too_long_and_lets_go_of_what_was_abandoned() {
    let town = Town::start(Backend::Postgres).await;
    let Db::Postgres { pool, .. } = Db::open_with(town.database().url(), HURRY).await.unwrap() else {
        panic!("this is PostgreSQL")
    };
    let slow = sqlx::query("select pg_sleep(5)").execute(&pool).await.unwrap_err();
    assert!(frontdesk_core::db::is_outage(&slow), "{slow}");
    let mut abandoned = pool.acquire().await.unwrap();
    for statement in ["create table t (a bigint)", "begin", "lock table t"] {
        sqlx::raw_sql(statement).execute(&mut *abandoned).await.unwrap();
    }
    let waiting = sqlx::query("select count(*) from t").execute(&pool).await.unwrap_err();
    assert!(frontdesk_core::db::is_outage(&waiting), "{waiting}");
    let watch = Stopwatch::start();
    while sqlx::query("select count(*) from t").execute(&pool).await.is_err() {
        assert!(watch.elapsed() < Duration::from_secs(5), "the lock was never let go");
    }
}
