//! With every kind of secret and a sentence of somebody's in every place, nothing that the bot writes or shows holds
//! one of them, at the most talkative log level.

mod liar;
mod scan;
mod secrets;
mod story;

use rustix::process::Signal;
use sandbox::BotSpec;
use serde_json::{Value, json};
use testkit::Backend;

use crate::desk::Desk;
use crate::process::{Process, eventually, get};
use liar::Liar;
use scan::Sinks;
use secrets::{CANARY, CANARY_WORDS};
use story::Town;

/// What may stand in no sink.
fn forbidden(more: &[String]) -> Vec<String> {
    let mut all: Vec<String> = secrets::all().into_iter().map(|planted| planted.needle).collect();
    all.extend(CANARY_WORDS.map(str::to_owned));
    all.extend([secrets::bot_token(), webhook_secret(), password()]);
    all.push(secrets::bot_token().split_once(':').unwrap().1.to_owned());
    all.extend_from_slice(more);
    all
}

fn webhook_secret() -> String {
    secrets::noise(5, 40)
}

fn password() -> String {
    secrets::noise(6, 20)
}

async fn desk(backend: Backend, format: &str) -> Desk {
    let bot = BotSpec::new("lotus_support_bot", "Lotus Support").token(&secrets::bot_token());
    let mut desk = Desk::open_with(backend, bot).await;
    desk.set("LOG_LEVEL", "trace");
    desk.set("LOG_FORMAT", format);
    if backend == Backend::Postgres {
        // The server trusts its users, so that any password is right.
        let url = desk.database.url().replacen("postgres@", &format!("postgres:{}@", password()), 1);
        assert!(url.contains(&password()), "TEST_POSTGRES_URL names the user postgres");
        desk.set("DATABASE_URL", url);
    }
    desk
}

fn use_webhook(desk: &mut Desk) {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    desk.set("HTTP_ADDR", free.to_string());
    desk.set("UPDATES", "webhook");
    desk.set("WEBHOOK_URL", format!("http://{free}/hook/{}", secrets::noise(7, 24)));
    desk.set("WEBHOOK_SECRET", webhook_secret());
}

/// Every page, and what the operator's commands print.
async fn look_around(desk: &Desk, sinks: &mut Sinks) {
    for page in ["/health", "/health/live", "/health/ready", "/health/bot", "/metrics", &format!("/{CANARY}")]
    {
        sinks.keep(page, get(desk.get("HTTP_ADDR"), &page.replace(' ', "+")).await);
    }
    let commands: [&[&str]; 12] = [
        &["check"],
        &["check", "--json"],
        &["doctor"],
        &["doctor", "--json"],
        &["jobs", "--oldest", "1000"],
        &["jobs", "--json"],
        &["dead-letters", "list"],
        &["dead-letters", "list", "--json"],
        &["dead-letters", "show", "1"],
        &["dead-letters", "show", "1", "--json"],
        &["health"],
        &["migrate", "--dry-run"],
    ];
    for command in commands {
        sinks.keep_ended(&command.join(" "), &desk.ask(command).await);
    }
}

async fn end(bot: Process, sinks: &mut Sinks) {
    sinks.keep("cmdline", bot.cmdline());
    sinks.keep_ended("run", &bot.stopped(Signal::TERM).await);
}

async fn nothing_leaks(backend: Backend, format: &str, webhook: bool) {
    let mut desk = desk(backend, format).await;
    if webhook {
        use_webhook(&mut desk);
    }
    let mut sinks = Sinks::default();
    let bot = desk.run().await;
    let town = Town::build(&desk);
    town.talk(&desk).await;
    town.go_wrong(&desk).await;
    if webhook {
        town.call_the_webhook(&desk).await;
    }
    town.be_hostile(&desk).await;
    look_around(&desk, &mut sinks).await;
    desk.database_away(&mut sinks).await;
    desk.idle().await;
    town.break_the_handler(&desk).await;
    end(bot, &mut sinks).await;

    // What failed once fails for good at the next start, and becomes a dead letter.
    desk.side().await.run("update inbox set attempts = 4, retry_at = 0 where state = 0").await;
    if !webhook {
        desk.set("HTTP_ADDR", "127.0.0.1:0");
    }
    let mut bot = desk.run().await;
    bot.logs("an update became a dead letter").await;
    look_around(&desk, &mut sinks).await;
    bot.signal(Signal::KILL);
    sinks.keep_ended("killed", &bot.ended().await);

    let found = sinks.finds(&forbidden(&town.people()));
    assert!(found.is_empty(), "{} leaks:\n{}", found.len(), found.join("\n"));
    for words in ["a handler failed", "dead letter", "a call was not done", "database"] {
        assert!(sinks.holds(words), "the trouble was to be told: {words}");
    }
    assert!(sinks.lines() > 500, "{} lines prove nothing", sinks.lines());
}

#[tokio::test]
async fn nothing_leaks_on_sqlite_by_polling_as_json() {
    nothing_leaks(Backend::Sqlite, "json", false).await;
}

#[tokio::test]
async fn nothing_leaks_on_sqlite_by_webhook_for_people() {
    nothing_leaks(Backend::Sqlite, "pretty", true).await;
}

#[tokio::test]
async fn nothing_leaks_on_postgres_by_polling_for_people() {
    nothing_leaks(Backend::Postgres, "pretty", false).await;
}

#[tokio::test]
async fn nothing_leaks_on_postgres_by_webhook_as_json() {
    nothing_leaks(Backend::Postgres, "json", true).await;
}

#[tokio::test]
async fn a_telegram_that_quotes_everything_in_its_errors_makes_no_leak() {
    for format in ["json", "pretty"] {
        let mut desk = desk(Backend::Sqlite, format).await;
        let text = format!("{CANARY}\n{}", secrets::in_a_row());
        let messages: Vec<Value> = (1..=12)
            .map(|n| {
                json!({"update_id": n, "message": {"message_id": n, "date": 1_790_000_000, "text": text,
                    "chat": {"id": 2_000_000 + n, "type": "private", "first_name": CANARY},
                    "from": {"id": 2_000_000 + n, "is_bot": false, "first_name": CANARY, "language_code": "en"}}})
            })
            .collect();
        let liar = Liar::start(secrets::bot_token(), json!(messages)).await;
        desk.set("TELEGRAM_API_URL", liar.url.clone());
        let mut sinks = Sinks::default();
        let bot = desk.run().await;
        assert!(
            eventually(|| liar.refused() > 30).await,
            "calls were to be refused; it wrote\n{}",
            bot.err()
        );
        look_around(&desk, &mut sinks).await;
        end(bot, &mut sinks).await;
        let people: Vec<String> = (1..=12).map(|n| (2_000_000 + n).to_string()).collect();
        let mut words = forbidden(&people);
        // The administrator's own id is a setting, which `check` shows.
        words.retain(|word| *word != desk.mei.0.to_string());
        let found = sinks.finds(&words);
        assert!(found.is_empty(), "{} leaks:\n{}", found.len(), found.join("\n"));
        assert!(
            sinks.holds("a call was not done") && sinks.holds("can't parse"),
            "the refusals were to be told"
        );
    }
}

#[tokio::test]
async fn settings_that_are_refused_are_not_repeated() {
    let mut desk = desk(Backend::Sqlite, "json").await;
    let mut sinks = Sinks::default();
    let rows = secrets::in_a_row();
    let path = desk.folder().join("bad.toml");
    for (name, content) in [
        ("no TOML", format!("log_level = \"info\"\n{rows}\n{CANARY}")),
        ("no table", format!("staff_group_id = {{ a = \"{}\" ", secrets::bot_token())),
        (
            "a secret",
            format!("telegram_bot_token = \"{}\"\nwebhook_secret = \"{CANARY}\"", secrets::bot_token()),
        ),
        ("an unknown key", format!("\"{CANARY}\" = \"{}\"", secrets::bot_token())),
        ("a wrong value", format!("http_addr = \"{}\"\nlog_level = \"{CANARY}\"", secrets::bot_token())),
    ] {
        std::fs::write(&path, content).unwrap();
        for words in [["check", "--config", "bad.toml"], ["run", "--config", "bad.toml"]] {
            desk.unset("LOG_LEVEL");
            let ended = desk.ask(&words).await;
            assert!(ended.code == Some(1) && ended.err.contains("bad.toml"), "{name}: {}", ended.err);
            sinks.keep_ended(name, &ended);
        }
        sinks.keep_ended(name, &desk.ask(&["check", "--json", "--config", "bad.toml"]).await);
    }
    std::fs::remove_file(&path).unwrap();
    for (name, value) in [
        ("TELEGRAM_BOT_TOKEN", format!("{}:{CANARY}", secrets::bot_token())),
        ("TELEGRAM_API_URL", format!("http://desk:{}@127.0.0.1:1", password())),
        ("DATABASE_URL", format!("postgres://desk:{}@[/{CANARY}", password())),
        ("DATABASE_URL", format!("postgres://desk:{}@127.0.0.1:1/{}", password(), secrets::noise(70, 12))),
        ("WEBHOOK_SECRET", format!("{} {CANARY}", webhook_secret())),
        ("WEBHOOK_URL", format!("http://bot.example.org/{}", secrets::bot_token())),
        ("HTTP_ADDR", CANARY.to_owned()),
        ("STAFF_GROUP_ID", secrets::bot_token()),
        ("ADMIN_USER_ID", format!("5,{CANARY}")),
        ("ENVIRONMENT", secrets::bot_token()),
        ("LOG_LEVEL", secrets::bot_token()),
    ] {
        let before = desk.has(name).then(|| desk.get(name).to_owned());
        desk.set(name, value);
        for words in [["check"].as_slice(), &["check", "--json"], &["run"], &["doctor"], &["jobs"]] {
            sinks.keep_ended(name, &desk.ask(words).await);
        }
        match before {
            Some(before) => desk.set(name, before),
            None => desk.unset(name),
        }
    }
    let found = sinks.finds(&forbidden(&[]));
    assert!(found.is_empty(), "{} leaks:\n{}", found.len(), found.join("\n"));
    assert!(sinks.lines() > 100);
}
