//! A token that is wrong, was revoked, is missing or is no token.

use testkit::Backend;

use super::fails;
use crate::desk::Desk;

const UNACCEPTED: [&str; 2] =
    ["Telegram does not accept the token", "check TELEGRAM_BOT_TOKEN, or make a new one at @BotFather"];

#[tokio::test]
async fn a_token_that_telegram_does_not_know_ends_the_bot_with_a_sentence() {
    for format in ["json", "pretty"] {
        let mut desk = Desk::open(Backend::Sqlite).await;
        desk.set("LOG_FORMAT", format);
        desk.set("TELEGRAM_BOT_TOKEN", format!("1000001:{}", "w".repeat(35)));
        let ended = desk.ask(&["run"]).await;
        fails(&ended, &UNACCEPTED);
        assert!(!ended.err.contains("wwwww"), "{}", ended.err);
        let doctor = desk.ask(&["doctor"]).await;
        assert_eq!(doctor.code, Some(1));
        assert!(doctor.out.contains("FAIL  Telegram: does not accept TELEGRAM_BOT_TOKEN"), "{}", doctor.out);
        assert!(doctor.out.contains("-> copy it again from @BotFather"), "{}", doctor.out);
    }
}

#[tokio::test]
async fn why_it_ended_is_said_where_nothing_is_logged_too() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    desk.set("LOG_LEVEL", "off");
    desk.set("TELEGRAM_BOT_TOKEN", format!("1000001:{}", "w".repeat(35)));
    let ended = desk.ask(&["run"]).await;
    fails(&ended, &UNACCEPTED);
    assert_eq!(ended.err.lines().count(), 1, "{}", ended.err);
    assert!(ended.err.starts_with("error: "), "{}", ended.err);
}

#[tokio::test]
async fn a_token_that_was_revoked_ends_the_next_start_and_the_new_one_goes_on() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let bot = desk.run().await;
    assert_eq!(bot.stopped(rustix::process::Signal::TERM).await.code, Some(0));
    let new = desk.world.revoke_token(desk.bot.id).unwrap();
    desk.set("HTTP_ADDR", "127.0.0.1:0");
    fails(&desk.ask(&["run"]).await, &UNACCEPTED);
    desk.set("TELEGRAM_BOT_TOKEN", new);
    let again = desk.run().await;
    assert_eq!(again.stopped(rustix::process::Signal::TERM).await.code, Some(0));
}

#[tokio::test]
async fn a_token_that_is_none_is_refused_before_anything_else() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    for (token, words) in [
        ("", "TELEGRAM_BOT_TOKEN is required and missing"),
        ("1000001", "TELEGRAM_BOT_TOKEN has no colon: it is not a whole bot token"),
        ("bot:x", "TELEGRAM_BOT_TOKEN does not begin with the digits of a bot's id and a colon"),
        ("1000001:", "TELEGRAM_BOT_TOKEN holds something else behind the colon"),
        ("1000001:a b", "TELEGRAM_BOT_TOKEN holds something else behind the colon"),
        (" 1000001:abc", "TELEGRAM_BOT_TOKEN begins or ends with white space"),
        ("99999999999999999999:abc", "TELEGRAM_BOT_TOKEN begins with more digits than a bot's id has"),
    ] {
        desk.set("TELEGRAM_BOT_TOKEN", token);
        fails(&desk.ask(&["run"]).await, &[words, "TELEGRAM_BOT_TOKEN"]);
    }
    desk.unset("TELEGRAM_BOT_TOKEN");
    let words =
        ["TELEGRAM_BOT_TOKEN is required and missing", "TELEGRAM_BOT_TOKEN_FILE", "telegram_bot_token"];
    fails(&desk.ask(&["run"]).await, &words);
}

#[tokio::test]
async fn a_token_comes_from_a_file_or_a_credential_and_from_one_place_only() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let token = desk.bot.token.clone();
    std::fs::write(desk.folder().join("telegram_bot_token"), format!("{token}\n")).unwrap();
    desk.set("TELEGRAM_BOT_TOKEN_FILE", "telegram_bot_token");
    let twice = desk.ask(&["run"]).await;
    fails(&twice, &["TELEGRAM_BOT_TOKEN is set more than once", "environment TELEGRAM_BOT_TOKEN"]);
    desk.unset("TELEGRAM_BOT_TOKEN");
    assert_eq!(desk.run().await.stopped(rustix::process::Signal::TERM).await.code, Some(0));
    desk.unset("TELEGRAM_BOT_TOKEN_FILE");
    desk.set("CREDENTIALS_DIRECTORY", ".");
    desk.set("HTTP_ADDR", "127.0.0.1:0");
    assert_eq!(desk.run().await.stopped(rustix::process::Signal::TERM).await.code, Some(0));
    desk.set("CREDENTIALS_DIRECTORY", "/nowhere");
    desk.set("TELEGRAM_BOT_TOKEN_FILE", "/nowhere/token");
    fails(&desk.ask(&["run"]).await, &["TELEGRAM_BOT_TOKEN cannot be read from the file /nowhere/token"]);
}
