//! A database that is another's, newer, held, unwritable, broken, or not there.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;

use rustix::process::Signal;
use testkit::Backend;

use super::fails;
use crate::desk::{Desk, on_both};
use crate::process::Ended;

async fn started_once(desk: &mut Desk) {
    let bot = desk.run().await;
    assert_eq!(bot.stopped(Signal::TERM).await.code, Some(0));
    desk.set("HTTP_ADDR", "127.0.0.1:0");
}

on_both!(the_database_of_another_bot_is_refused_by_every_command, |mut desk| async move {
    started_once(&mut desk).await;
    let other = desk.world.add_bot(sandbox::BotSpec::new("other_bot", "Other"));
    desk.set("TELEGRAM_BOT_TOKEN", other.token);
    let theirs = format!("this database belongs to support-bot (bot {})", desk.bot.id);
    for command in [["run"].as_slice(), &["jobs"], &["dead-letters", "list"], &["migrate"]] {
        fails(&desk.ask(command).await, &["DATABASE_URL: ", &theirs, "Give each bot its own database"]);
    }
    let doctor = desk.ask(&["doctor"]).await;
    assert_eq!(doctor.code, Some(1));
    assert!(
        doctor.out.contains(&theirs) && doctor.out.contains("-> set the database of this bot"),
        "{}",
        doctor.out
    );
});

on_both!(a_database_of_a_newer_release_is_refused_with_what_to_do, |mut desk| async move {
    started_once(&mut desk).await;
    let newer = "insert into _migrations (version, name, checksum, oldest, applied_at) values (99, 'new', 'x', 99, 0)";
    desk.side().await.run(newer).await;
    fails(
        &desk.ask(&["run"]).await,
        &[
            "DATABASE_URL: this database was upgraded by a newer release (schema 99 of support-bot)",
            "Install the newer release, or restore the backup",
        ],
    );
    let doctor = desk.ask(&["doctor"]).await;
    assert_eq!(doctor.code, Some(1), "{}", doctor.out);
    assert!(doctor.out.contains("install the release that fits this database"), "{}", doctor.out);
});

#[tokio::test]
async fn a_file_that_another_process_of_the_bot_holds_is_refused() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let first = desk.run().await;
    desk.set("HTTP_ADDR", "127.0.0.1:0");
    let words = ["DATABASE_URL: another process of this bot is using", "Stop the other, or use PostgreSQL"];
    fails(&desk.ask(&["run"]).await, &words);
    fails(&desk.ask(&["migrate"]).await, &words);
    assert_eq!(first.stopped(Signal::TERM).await.code, Some(0));
}

#[tokio::test]
async fn a_file_that_is_no_database_stays_as_it_is() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let path = desk.folder().join("notes.db");
    let notes = "these are notes, and no database\n".repeat(100);
    std::fs::write(&path, &notes).unwrap();
    desk.set("DATABASE_URL", format!("sqlite:{}", path.display()));
    let words = ["DATABASE_URL: ", "file is not a database", "Set the path of another file"];
    for command in ["run", "jobs", "migrate"] {
        fails(&desk.ask(&[command]).await, &words);
    }
    let doctor = desk.ask(&["doctor"]).await;
    assert!(
        doctor.out.contains("FAIL  DATABASE_URL") && doctor.out.contains("-> Set the path"),
        "{}",
        doctor.out
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), notes);
}

#[tokio::test]
async fn a_path_that_cannot_be_is_named() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let folder = desk.folder().display().to_string();
    std::fs::write(desk.folder().join("file"), "").unwrap();
    for path in [format!("{folder}/file/bot.db"), "/proc/nowhere/bot.db".to_owned(), folder.clone()] {
        desk.set("DATABASE_URL", format!("sqlite:{path}"));
        fails(&desk.ask(&["run"]).await, &["DATABASE_URL: ", "this user may write there"]);
    }
}

/// Runs a command as a user without rights, whoever runs the tests.
async fn as_nobody(desk: &Desk, words: &[&str]) -> Ended {
    // The binary lies in a folder that only its owner may enter, perhaps: a copy can be run by all.
    let binary = desk.folder().join("support-bot");
    std::fs::copy(env!("CARGO_BIN_EXE_support-bot"), &binary).unwrap();
    std::fs::set_permissions(desk.folder(), Permissions::from_mode(0o755)).unwrap();
    let mut command = std::process::Command::new(binary);
    if rustix::process::getuid().is_root() {
        command.uid(65_534).gid(65_534);
    }
    desk.ask_as(command, words).await
}

#[tokio::test]
async fn a_folder_and_a_file_that_may_not_be_written_are_named() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    started_once(&mut desk).await;
    let closed = desk.folder().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, Permissions::from_mode(0o555)).unwrap();
    desk.set("DATABASE_URL", format!("sqlite:{}/bot.db", closed.display()));
    let words = [
        "DATABASE_URL: cannot open",
        "bot.db.lock",
        "Check that the folder exists and that this user may write there",
    ];
    fails(&as_nobody(&desk, &["run"]).await, &words);

    let open = desk.folder().join("open");
    std::fs::create_dir(&open).unwrap();
    let file = open.join("bot.db");
    std::fs::copy(desk.database.folder().join("bot.db"), &file).unwrap();
    std::fs::set_permissions(&open, Permissions::from_mode(0o777)).unwrap();
    std::fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
    desk.set("DATABASE_URL", format!("sqlite:{}", file.display()));
    fails(
        &as_nobody(&desk, &["run"]).await,
        &["DATABASE_URL: ", "readonly database", "Give this user the right to write"],
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_or_does_not_let_us_in_is_told() {
    let mut desk = Desk::open(Backend::Postgres).await;
    let url = desk.database.url().to_owned();
    let (server, name) = url.rsplit_once('/').unwrap();
    let server = server.to_owned();
    for (url, words) in [
        ("postgres://desk@127.0.0.1:1/desk".to_owned(), ["Connection refused", "Check that the server runs"]),
        (
            format!("{server}/no_such_database"),
            ["does not exist", "Create it on the server, or correct its name"],
        ),
        (url.replacen("postgres@", "no_such_user@", 1), ["28000", "Correct user and password"]),
    ] {
        desk.set("DATABASE_URL", url);
        for command in [["run"].as_slice(), &["jobs"], &["dead-letters", "list"], &["migrate"]] {
            let ended = desk.ask(command).await;
            fails(&ended, &["DATABASE_URL: ", words[0], words[1]]);
            assert!(!ended.err.contains("pool timed out"), "{}", ended.err);
        }
        let doctor = desk.ask(&["doctor"]).await;
        assert!(
            doctor.out.contains("FAIL  DATABASE_URL: ") && doctor.out.contains(words[0]),
            "{}",
            doctor.out
        );
    }
    assert!(!name.is_empty());
}

on_both!(an_operators_command_makes_no_database, |desk| async move {
    for command in [["jobs"].as_slice(), &["dead-letters", "list"], &["dead-letters", "replay", "--all"]] {
        fails(
            &desk.ask(command).await,
            &["DATABASE_URL: there is no database yet; `support-bot run` or `support-bot migrate` makes it"],
        );
    }
    let dry = desk.ask(&["migrate", "--dry-run"]).await;
    assert_eq!(dry.code, Some(0), "{}", dry.err);
    assert!(dry.out.contains("core: would go from schema 0 to"), "{}", dry.out);
    let done = desk.ask(&["migrate"]).await;
    assert!(done.out.contains("core: went from schema 0 to"), "{}{}", done.out, done.err);
    let again = desk.ask(&["migrate", "--json"]).await;
    let json: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(json["parts"][0]["applied"], serde_json::json!([]));
    assert_eq!(desk.ask(&["jobs"]).await.out, "No job waits.\n");
    assert_eq!(desk.ask(&["dead-letters", "list"]).await.out, "There are no dead letters.\n");
});
