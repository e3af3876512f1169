use std::collections::BTreeMap;
use std::path::PathBuf;

use mask::Masker;

use super::*;

const BOT: BotInfo = BotInfo { name: "echo-bot", default_http_addr: "127.0.0.1:8091" };

#[derive(Debug)]
struct Desk {
    staff_group: i64,
    admins: Vec<i64>,
    idle: Option<i64>,
    tries: Option<u32>,
    quiet: Option<bool>,
}

impl Settings for Desk {
    fn describe() -> &'static [Setting] {
        const SETTINGS: &[Setting] = &[
            Setting::new("STAFF_GROUP_ID", "The group where staff work.")
                .allowed("the id of one group")
                .required(),
            Setting::new("ADMIN_USER_ID", "Who may change settings.")
                .allowed("user ids, by comma")
                .required(),
            Setting::new("IDLE_AFTER", "When a ticket is idle.").allowed("a time such as 7d").default("7d"),
            Setting::new("TRIES", "How often.").allowed("1 to 9"),
            Setting::new("QUIET", "Whether.").allowed("true or false").default("false"),
        ];
        SETTINGS
    }

    fn read(values: &mut Values) -> Option<Self> {
        let staff_group = values.chat_id("STAFF_GROUP_ID");
        let admins = values.user_ids("ADMIN_USER_ID");
        let idle = values.duration("IDLE_AFTER");
        let tries = values.number("TRIES", 1..=9);
        let quiet = values.bool("QUIET");
        Some(Self { staff_group: staff_group?, admins: admins?, idle, tries, quiet })
    }
}

fn token() -> String {
    format!("{}:{}", 1_000_001, "sandbox-desk")
}

/// A complete environment, with these changes; `None` takes a variable away.
fn env(changes: &[(&str, Option<&str>)]) -> Sources {
    let mut env: BTreeMap<String, String> = [
        ("TELEGRAM_BOT_TOKEN", token().as_str()),
        ("STAFF_GROUP_ID", "-1001234567890"),
        ("ADMIN_USER_ID", "11"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for (name, value) in changes {
        match value {
            Some(value) => drop(env.insert((*name).to_owned(), (*value).to_owned())),
            None => drop(env.remove(*name)),
        }
    }
    Sources { env, ..Sources::default() }
}

fn read(sources: &Sources) -> Result<Loaded<Desk>, ConfigErrors> {
    load(&BOT, sources, &Masker::new([7; 32]))
}

fn refused(sources: &Sources) -> String {
    read(sources).expect_err("these settings are refused").to_string()
}

fn file(text: &str) -> (tempfile::TempDir, Sources) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bot.toml");
    std::fs::write(&path, text).unwrap();
    let sources = Sources { file: Some(path), ..env(&[("STAFF_GROUP_ID", None), ("ADMIN_USER_ID", None)]) };
    (directory, sources)
}

#[test]
fn a_token_and_the_bots_own_settings_are_enough() {
    let loaded = read(&env(&[])).unwrap();
    let common = loaded.common;
    assert_eq!(common.telegram.token.expose(), token());
    assert_eq!(common.telegram.bot_id, 1_000_001);
    assert_eq!(common.telegram.api_url, "https://api.telegram.org");
    assert_eq!(common.telegram.limits, Limits::Telegram);
    assert_eq!(common.database, Database::Sqlite { path: PathBuf::from("data/echo-bot.db") });
    assert_eq!(common.updates, Updates::Polling);
    assert_eq!(common.http_addr, "127.0.0.1:8091".parse().unwrap());
    assert_eq!(common.environment, Environment::Development);
    assert_eq!(common.log.format, LogFormat::Auto);
    assert_eq!(common.log.level, "info".parse().unwrap());
    let own = loaded.own;
    assert_eq!((own.staff_group, own.admins), (-1_001_234_567_890, vec![11]));
    assert_eq!((own.idle, own.tries, own.quiet), (Some(604_800_000_000), None, Some(false)));
}

#[test]
fn the_file_wins_over_defaults_and_the_environment_over_the_file() {
    let (_directory, mut sources) = file(
        "staff_group_id = -1001234567890\nadmin_user_id = [11, 12, 11]\nenvironment = \"staging\"\ntries = 3\n\
         http_addr = \"127.0.0.1:1\"\nquiet = true",
    );
    sources.env.insert("HTTP_ADDR".to_owned(), "127.0.0.1:2".to_owned());
    sources.env.insert("ENVIRONMENT".to_owned(), " ".to_owned());
    let loaded = read(&sources).unwrap();
    assert_eq!(loaded.common.http_addr.port(), 2);
    assert_eq!(loaded.common.environment, Environment::Staging);
    assert_eq!((loaded.own.admins, loaded.own.tries, loaded.own.quiet), (vec![11, 12], Some(3), Some(true)));
    let origin = |name: &str| loaded.effective.iter().find(|one| one.setting == name).unwrap().origin.clone();
    assert_eq!(origin("HTTP_ADDR"), "environment HTTP_ADDR");
    assert!(origin("TRIES").ends_with("bot.toml:tries"));
    assert_eq!(origin("LOG_LEVEL"), "the default");
}

#[test]
fn every_problem_is_reported_at_once_with_its_place() {
    let (_directory, mut sources) =
        file("log_levle = \"debug\"\ntelegram_bot_token = \"x\"\nhttp_addr = \"here\"");
    sources.env.insert("ADMIN_USER_ID".to_owned(), "11,x".to_owned());
    sources.env.insert("UPDATES".to_owned(), "pushing".to_owned());
    sources.env.insert("LOG_FROMAT".to_owned(), "json".to_owned());
    let path = sources.file.clone().unwrap().display().to_string();
    let text = refused(&sources).replace(&path, "bot.toml");
    insta::assert_snapshot!(text, @r"
    echo-bot cannot start: 7 problems with its settings

      TELEGRAM_BOT_TOKEN is a secret and may not stand in the file.
        its value came from: bot.toml:telegram_bot_token
        Set it in the environment as TELEGRAM_BOT_TOKEN, or name a file that holds it in TELEGRAM_BOT_TOKEN_FILE, or give it to the systemd unit as the credential telegram_bot_token.

      UPDATES is not one of the words that are allowed.
        its value came from: environment UPDATES
        allowed: polling, or webhook (with WEBHOOK_URL and WEBHOOK_SECRET)

      HTTP_ADDR is not an address with a port.
        its value came from: bot.toml:http_addr
        allowed: an address and a port, such as 127.0.0.1:8080 or [::1]:8080

      STAFF_GROUP_ID is required and missing.
        Set it in the environment, or as staff_group_id in the file.
        allowed: the id of one group

      ADMIN_USER_ID is not a list of user ids: entry 2 is not a number.
        its value came from: environment ADMIN_USER_ID
        allowed: user ids, by comma

      LOG_FROMAT is not a setting.
        its value came from: environment LOG_FROMAT
        The nearest setting is LOG_FORMAT. Rename the variable, or remove it.

      log_levle is not a setting.
        its value came from: bot.toml:log_levle
        The nearest setting is log_level.
    ");
}

#[test]
fn a_problem_never_shows_the_value() {
    let canary = "hunter-canary";
    for setting in all_settings::<Desk>() {
        // These take any text.
        if setting.env() == "DATA_DIR" {
            continue;
        }
        let text = refused(&env(&[(setting.env(), Some(&format!("@@{canary}\u{1}")))]));
        assert!(text.contains(setting.env()), "{text}");
        assert!(!text.contains(canary), "{text}");
    }
    for toml in [format!("a = {canary}"), format!("[{canary}\n"), format!("tries = \"{canary}\"")] {
        let (_directory, sources) = file(&toml);
        assert!(!refused(&sources).contains(canary));
    }
}

#[test]
fn numbers_are_read_as_they_are_written() {
    // figment's own environment provider would make 123 of it, and a list of nothing.
    let loaded = read(&env(&[("ADMIN_USER_ID", Some("0123, 7,")), ("TRIES", Some("10"))]));
    let text = loaded.expect_err("both are refused").to_string();
    assert!(text.contains("ends with a comma") && text.contains("is not between 1 and 9"), "{text}");
    assert_eq!(read(&env(&[("ADMIN_USER_ID", Some("0123, 7"))])).unwrap().own.admins, [123, 7]);
}

#[test]
fn a_webhook_needs_its_url_and_secret() {
    let on = ("UPDATES", Some("webhook"));
    let text = refused(&env(&[on]));
    assert!(text.contains("WEBHOOK_URL is missing") && text.contains("WEBHOOK_SECRET is missing"), "{text}");
    let secret = ("WEBHOOK_SECRET", Some("abc_DEF-123"));
    for url in
        ["https://bot.example.org/x", "http://127.0.0.1:8080/x", "http://[::1]/x", "http://localhost/x"]
    {
        let loaded = read(&env(&[on, secret, ("WEBHOOK_URL", Some(url))])).unwrap();
        assert!(matches!(loaded.common.updates, Updates::Webhook { url: read, .. } if read == url));
    }
    for url in ["http://bot.example.org/x", "ftp://x", "x", "https://u:p@x/"] {
        assert!(refused(&env(&[on, secret, ("WEBHOOK_URL", Some(url))])).contains("WEBHOOK_URL"), "{url}");
    }
    for bad in ["a b", "é", &"x".repeat(257)] {
        let text = refused(&env(&[on, ("WEBHOOK_URL", Some("https://x/")), ("WEBHOOK_SECRET", Some(bad))]));
        assert!(text.contains("WEBHOOK_SECRET") && !text.contains("is missing"), "{text}");
    }
}

#[test]
fn limits_are_off_only_with_another_server() {
    let off = ("TELEGRAM_LIMITS", Some("off"));
    assert!(refused(&env(&[off])).contains("TELEGRAM_LIMITS is off while"));
    assert!(
        refused(&env(&[off, ("TELEGRAM_API_URL", Some("https://API.telegram.org:443/"))]))
            .contains("is off while")
    );
    let loaded = read(&env(&[off, ("TELEGRAM_API_URL", Some("http://127.0.0.1:8081/"))])).unwrap();
    assert_eq!(loaded.common.telegram.limits, Limits::Off);
    assert_eq!(loaded.common.telegram.api_url, "http://127.0.0.1:8081");
}

#[test]
fn a_test_clock_is_here_and_never_in_production() {
    let clock = |url| ("TEST_CLOCK_URL", Some(url));
    let loaded = read(&env(&[clock("http://127.0.0.1:8081/")])).unwrap();
    assert_eq!(loaded.common.test_clock.as_deref(), Some("http://127.0.0.1:8081"));
    assert_eq!(read(&env(&[])).unwrap().common.test_clock, None);
    for bad in ["http://example.org", "https://localhost", "http://10.0.0.1:8081", "x"] {
        assert!(refused(&env(&[clock(bad)])).contains("TEST_CLOCK_URL"), "{bad}");
    }
    let production = ("ENVIRONMENT", Some("production"));
    let text = refused(&env(&[clock("http://[::1]:8081"), production]));
    assert!(text.contains("ENVIRONMENT is production"), "{text}");
}

#[test]
fn a_token_has_the_shape_of_one() {
    for bad in ["abc", "x:abc", ":abc", "12:", " 12:abc", "12:a b", "99999999999999999999:abc"] {
        let text = refused(&env(&[("TELEGRAM_BOT_TOKEN", Some(bad))]));
        assert!(text.contains("environment TELEGRAM_BOT_TOKEN"), "{text}");
    }
}

#[test]
fn databases_are_read_and_their_passwords_registered() {
    let masker = Masker::new([7; 32]);
    let url = "postgres://desk:p%40ss-word@db/desk";
    let loaded: Loaded<()> = load(&BOT, &env(&[("DATABASE_URL", Some(url))]), &masker).unwrap();
    assert_eq!(loaded.common.database, Database::Postgres { url: url.into() });
    assert_eq!(masker.mask("the word p%40ss-word"), "the word [masked]");
    assert_eq!(masker.mask("the word p@ss-word"), "the word [masked]");
    for (url, path) in [("sqlite:a/b.db", "a/b.db"), ("sqlite:///var/b.db", "/var/b.db")] {
        let loaded = read(&env(&[("DATABASE_URL", Some(url))])).unwrap();
        assert_eq!(loaded.common.database, Database::Sqlite { path: path.into() });
    }
    for bad in ["mysql://x", "sqlite:", "sqlite:a?mode=ro", "postgres://u:a/b@h/d", "a.db"] {
        assert!(refused(&env(&[("DATABASE_URL", Some(bad))])).contains("DATABASE_URL"), "{bad}");
    }
    for memory in ["sqlite::memory:", "sqlite://:memory:"] {
        let text = refused(&env(&[("DATABASE_URL", Some(memory))]));
        assert!(text.contains("would be gone with the process") && text.contains("name a file"), "{text}");
    }
    assert!(
        refused(&env(&[("DATABASE_URL", Some("sqlite:file::memory:"))])).contains("write the path alone")
    );
}

#[test]
fn variables_that_look_like_ours_are_refused() {
    for (name, known) in [
        ("TELEGRAM_BOT_TOKE", "TELEGRAM_BOT_TOKEN"),
        ("LOGLEVEL", "LOG_LEVEL"),
        ("ADMIN_USER_IDS", "ADMIN_USER_ID"),
    ] {
        let text = refused(&env(&[(name, Some("x"))]));
        assert!(text.contains(&format!("{name} is not a setting")) && text.contains(known), "{text}");
    }
    assert!(refused(&env(&[("LOG_LEVEL_FILE", Some("x"))])).contains("Only secrets"));
    read(&env(&[
        ("PATH", Some("/bin")),
        ("HTTP_PROXY", Some("x")),
        ("LANG", Some("C")),
        ("DATABASE", Some("x")),
    ]))
    .unwrap();
}

#[test]
fn a_missing_file_and_text_that_is_not_utf8_are_named() {
    let sources = Sources { file: Some("/nowhere/bot.toml".into()), ..env(&[]) };
    assert!(refused(&sources).contains("The file /nowhere/bot.toml cannot be read"));
    let mut sources = env(&[("LOG_LEVEL", None)]);
    sources.not_text.insert("LOG_LEVEL".to_owned());
    assert!(refused(&sources).contains("LOG_LEVEL is not UTF-8 text"));
}

#[test]
fn an_empty_secret_counts_as_missing() {
    let text = refused(&env(&[("TELEGRAM_BOT_TOKEN", Some(""))]));
    assert!(text.contains("is required and missing (environment TELEGRAM_BOT_TOKEN is empty"), "{text}");
    read(&env(&[("WEBHOOK_SECRET", Some(""))])).unwrap();
}

#[test]
fn the_effective_settings_show_no_secret() {
    let loaded = read(&env(&[])).unwrap();
    let one = loaded.effective.iter().find(|one| one.setting == "TELEGRAM_BOT_TOKEN").unwrap();
    assert_eq!(
        (one.value.as_deref(), one.origin.as_str()),
        (Some("[masked]"), "environment TELEGRAM_BOT_TOKEN")
    );
    assert!(!format!("{loaded:?}").contains("sandbox-desk"));
}

#[test]
fn the_example_files_load_as_they_stand() {
    let settings = all_settings::<Desk>();
    // With every line switched on; required values and secrets come from elsewhere.
    let example = env_example(&BOT, &settings);
    let mut all = env(&[]);
    for line in example.lines() {
        if let Some((name, value)) = line.trim_start_matches("# ").split_once('=')
            && settings.iter().any(|setting| setting.env() == name)
            && !value.is_empty()
        {
            all.env.insert(name.to_owned(), value.to_owned());
        }
    }
    assert!(all.env.len() > 10, "{example}");
    read(&all).unwrap();

    let toml = toml_example(&BOT, &settings);
    let on: Vec<_> = toml
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
        .filter(|line| !line.ends_with("= \"\""))
        .collect();
    let (_directory, mut sources) = file(&on.join("\n"));
    sources.env.extend(env(&[]).env);
    read(&sources).unwrap();
    for setting in &settings {
        assert_eq!(
            setting.is_secret(),
            !toml.contains(&format!("{} = ", setting.key())),
            "{}",
            setting.env()
        );
        assert!(settings_table(&BOT, &settings).contains(&format!("| `{}`", setting.env())));
    }
}
