//! What is wrong with the settings is said at once, by name, with what is allowed.

use testkit::Backend;

use super::fails;
use crate::desk::Desk;

#[tokio::test]
async fn check_shows_every_setting_and_where_it_came_from() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    std::fs::write(desk.folder().join("desk.toml"), "log_level = \"warn\"\nstaff_language = \"zh-CN\"\n")
        .unwrap();
    desk.set("ENVIRONMENT", "staging");
    let ended = desk.ask(&["check", "--config", "desk.toml"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    for line in [
        "TELEGRAM_BOT_TOKEN  [masked]",
        "environment ENVIRONMENT",
        "desk.toml:staff_language",
        "the default",
        "not set",
    ] {
        assert!(ended.out.contains(line), "{line}:\n{}", ended.out);
    }
    let json = desk.ask(&["check", "--json"]).await.out;
    assert_eq!(json.lines().count(), 1);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["ok"], true);
}

#[tokio::test]
async fn check_lists_all_problems_at_once() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    std::fs::write(desk.folder().join("desk.toml"), "log_levle = \"info\"\nwebhook_secret = \"x\"\n")
        .unwrap();
    desk.unset("TELEGRAM_BOT_TOKEN");
    desk.set("STAFF_GROUP_ID", "1001");
    desk.set("ADMIN_USER_ID", "5,mei");
    desk.set("HTTP_ADDR", "here");
    desk.set("UPDATES", "webhook");
    let words = [
        "6 problems",
        "log_levle is not a setting",
        "The nearest setting is log_level.",
        "WEBHOOK_SECRET is a secret and may not stand in the file",
        "TELEGRAM_BOT_TOKEN is required and missing",
        "HTTP_ADDR is not an address with a port",
        "WEBHOOK_URL is missing, and UPDATES is webhook",
        "STAFF_GROUP_ID is not the id of a group: those are negative",
        "ADMIN_USER_ID is not a list of user ids: entry 2 is not a number",
        "desk.toml:log_levle",
        "environment HTTP_ADDR",
        "such as 127.0.0.1:8080",
    ];
    let ended = desk.ask(&["check", "--config", "desk.toml"]).await;
    assert_eq!(ended.out, "");
    let problems = ended.err.lines().find(|line| line.contains("problems")).unwrap_or_default().to_owned();
    fails(&ended, &words[1..]);
    assert!(problems.starts_with("support-bot cannot start: "), "{problems}");
    for command in ["run", "doctor", "migrate"] {
        fails(&desk.ask(&[command, "--config", "desk.toml"]).await, &words[1..]);
    }
    // What these do not need is no matter to them; a name that is no setting may be a misspelt one that they do.
    let misspelt = ["support-bot cannot do this: 1 problem ", "log_levle is not a setting"];
    fails(&desk.ask(&["jobs", "--config", "desk.toml"]).await, &misspelt);
    let misspelt = ["support-bot cannot do this: 2 problems ", "HTTP_ADDR is not an address with a port"];
    fails(&desk.ask(&["health", "--config", "desk.toml"]).await, &misspelt);
    let json = desk.ask(&["check", "--json", "--config", "desk.toml"]).await;
    let told: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.code, &told["ok"], json.err.as_str()), (Some(1), &serde_json::json!(false), ""));
    assert!(
        told["problems"].as_array().unwrap().iter().any(|problem| problem["setting"] == "STAFF_GROUP_ID")
    );
}

#[tokio::test]
async fn each_wrong_value_is_told_by_its_setting() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    for (name, value, words) in [
        ("STAFF_GROUP_ID", "", "STAFF_GROUP_ID is required and missing"),
        ("STAFF_GROUP_ID", "100", "STAFF_GROUP_ID is not the id of a group: those are negative"),
        ("STAFF_GROUP_ID", "@lotus", "STAFF_GROUP_ID is not a number"),
        ("STAFF_GROUP_ID", "-99999999999999999999", "STAFF_GROUP_ID is not a number"),
        ("ADMIN_USER_ID", "", "ADMIN_USER_ID is required and missing"),
        ("ADMIN_USER_ID", "5,,6", "entry 2 is not a number"),
        (
            "ADMIN_USER_ID",
            "5,6,",
            "ADMIN_USER_ID ends with a comma: take it away, or write the id that follows",
        ),
        ("ADMIN_USER_ID", "-5", "entry 1 is not positive"),
        ("ADMIN_USER_ID", "5;6", "entry 1 is not a number"),
        ("STAFF_LANGUAGE", "fr", "allowed: en or zh-CN"),
        ("UPDATES", "push", "allowed: polling, or webhook"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL holds something else than a level"),
        ("LOG_FORMAT", "xml", "allowed: auto, pretty or json"),
        ("ENVIRONMENT", "live", "allowed: development, staging or production"),
        ("TELEGRAM_API_URL", "ftp://x", "TELEGRAM_API_URL is not an http or https URL"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL begins with neither sqlite: nor postgres://"),
        ("DATABASE_URL", "sqlite::memory:", "name a file"),
        ("WEBHOOK_URL", "http://bot.example.org/x", "WEBHOOK_URL is http"),
        ("STAFF_GROUPID", "-5", "The nearest setting is STAFF_GROUP_ID"),
    ] {
        let before = desk.has(name).then(|| desk.get(name).to_owned());
        desk.set(name, value);
        fails(&desk.ask(&["check"]).await, &[words, "1 problem with its settings"]);
        match before {
            Some(before) => desk.set(name, before),
            None => desk.unset(name),
        }
    }
    desk.set("TELEGRAM_API_URL", "https://api.telegram.org");
    fails(
        &desk.ask(&["check"]).await,
        &["TELEGRAM_LIMITS is off while TELEGRAM_API_URL is Telegram's own server"],
    );
}

#[tokio::test]
async fn a_webhook_needs_its_address_and_its_secret() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    desk.set("UPDATES", "webhook");
    let words = [
        "WEBHOOK_URL is missing, and UPDATES is webhook",
        "WEBHOOK_SECRET is missing, and UPDATES is webhook",
    ];
    fails(&desk.ask(&["run"]).await, &words);
    desk.set("WEBHOOK_URL", "https://bot.example.org/metrics");
    desk.set("WEBHOOK_SECRET", "one-two");
    fails(
        &desk.ask(&["run"]).await,
        &["WEBHOOK_URL: /metrics is a page of the bot's own; take another path"],
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_read_or_understood_is_named() {
    let desk = Desk::open(Backend::Sqlite).await;
    let named = |words: &'static str| ["check", "--config", words];
    fails(&desk.ask(&named("none.toml")).await, &["The file none.toml cannot be read", "--config"]);
    fails(&desk.ask(&named(".")).await, &["The file . cannot be read"]);
    std::fs::write(desk.folder().join("bad.toml"), "log_level = \"info\"\n\nlog_format: json\n").unwrap();
    fails(&desk.ask(&named("bad.toml")).await, &["The file bad.toml is not TOML (line 3)"]);
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    desk.set("HTTP_ADDR", other.local_addr().unwrap().to_string());
    let words = ["HTTP_ADDR: cannot listen on 127.0.0.1:", "another program may hold it", "in use"];
    fails(&desk.ask(&["run"]).await, &words);
}
