//! `doctor`: what it finds, what it says to do, and the code that it ends with.

use sandbox::{ChatId, Rights, Status};
use serde_json::Value;
use testkit::Backend;

use crate::desk::{Desk, on_both};
use crate::process::Ended;

/// Whether the lines of a finding, and of what to do about it, hold these words.
#[track_caller]
fn finds(ended: &Ended, level: &str, words: &[&str]) {
    let found =
        ended.out.split("\nok  ").flat_map(|part| part.split("\nwarn")).flat_map(|part| part.split("\nFAIL"));
    let fits = |part: &str| words.iter().all(|words| part.contains(words));
    assert!(ended.out.contains(level) && found.into_iter().any(fits), "{level} {words:?}:\n{}", ended.out);
}

on_both!(before_and_beside_a_running_bot_all_is_well, |mut desk| async move {
    let before = desk.ask(&["doctor"]).await;
    assert_eq!(before.code, Some(0), "{}{}", before.out, before.err);
    finds(&before, "ok", &["takes the token of @lotus_support_bot"]);
    finds(&before, "ok", &["none is set, and the bot polls"]);
    let bot = desk.run().await;
    desk.idle().await;
    let calls = desk.world.pending_updates(desk.bot.id);
    let beside = desk.ask(&["doctor"]).await;
    assert_eq!(beside.code, Some(0), "{}{}", beside.out, beside.err);
    finds(&beside, "ok", &["HTTP_ADDR: the bot runs and serves", "its health is ok"]);
    assert_eq!(desk.world.pending_updates(desk.bot.id), calls);
    let told = desk.ask(&["doctor", "--json"]).await.out;
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["ok"], true);
    for finding in told["findings"].as_array().unwrap() {
        assert!(finding["level"] == "ok" || finding["do"].is_string(), "{finding} says what to do");
    }
    assert!(!bot.err().contains("\"level\":\"error\""), "a running bot does not notice: {}", bot.err());
});

#[tokio::test]
async fn a_webhook_that_stands_in_the_way_of_polling_is_a_warning() {
    let desk = Desk::open(Backend::Sqlite).await;
    let path = format!("/bot{}/setWebhook?url=https://old.example.org/x", desk.bot.token);
    let address = desk.server.addr().to_string();
    assert!(crate::process::get(&address, &path).await.contains("\"ok\":true"));
    let ended = desk.ask(&["doctor"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    finds(
        &ended,
        "warn",
        &["webhook: one is set at Telegram, and UPDATES is polling", "the next start deletes it"],
    );
}

#[tokio::test]
async fn a_staff_group_that_is_not_as_it_must_be_comes_with_what_to_do() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let plain = desk.world.add_supergroup("Plain", desk.mei);
    desk.world.add_member(plain, desk.bot.id, Status::Administrator(Rights::all())).unwrap();
    let left = desk.world.add_forum("Left", desk.mei);
    let member = desk.world.add_forum("Member", desk.mei);
    desk.world.add_member(member, desk.bot.id, Status::Member).unwrap();
    let rights = Rights { can_manage_topics: false, ..Rights::all() };
    let limited = desk.world.add_forum("Limited", desk.mei);
    desk.world.add_member(limited, desk.bot.id, Status::Administrator(rights)).unwrap();
    for group in [plain, left, member, limited, ChatId::Group(-1_009_999_999_999)] {
        desk.set("STAFF_GROUP_ID", group.number().to_string());
        let ended = desk.ask(&["doctor"]).await;
        finds(&ended, "", &["STAFF_GROUP_ID", "->"]);
        assert!(ended.out.contains("warn") || ended.code == Some(1), "{}", ended.out);
    }
}

#[tokio::test]
async fn a_telegram_that_is_out_of_reach_fails_and_is_named() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    desk.set("TELEGRAM_API_URL", "http://127.0.0.1:1");
    let ended = desk.ask(&["doctor"]).await;
    assert_eq!(ended.code, Some(1), "{}", ended.out);
    finds(&ended, "FAIL", &["Telegram: does not answer at http://127.0.0.1:1", "TELEGRAM_API_URL"]);
}

#[tokio::test]
async fn an_address_that_another_program_holds_fails() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    other.set_nonblocking(true).unwrap();
    desk.set("HTTP_ADDR", other.local_addr().unwrap().to_string());
    let ended = desk.ask(&["doctor"]).await;
    assert_eq!(ended.code, Some(1), "{}", ended.out);
    finds(&ended, "FAIL", &["HTTP_ADDR: cannot listen", "set another HTTP_ADDR"]);
}
