use std::net::SocketAddr;
use std::path::PathBuf;

use mask::SecretString;
use url::{Host, Url, form_urlencoded};

use super::{Setting, Values};
use crate::logs::Levels;

/// The settings that every bot has.
#[derive(Clone, Debug)]
pub struct Common {
    /// The Bot API.
    pub telegram: Telegram,
    /// Where everything is stored.
    pub database: Database,
    /// How updates arrive.
    pub updates: Updates,
    /// Where the bot listens, for health, metrics and the webhook.
    pub http_addr: SocketAddr,
    /// Where the bot keeps its files.
    pub data_dir: PathBuf,
    /// Which of several installations this is.
    pub environment: Environment,
    /// How and how much is logged.
    pub log: Log,
    /// The sandbox whose clock counts instead of the system's; without a slash at its end.
    pub test_clock: Option<String>,
}

/// The Bot API: which bot, which server.
#[derive(Clone, Debug)]
pub struct Telegram {
    /// `<bot id>:<secret>`.
    pub token: SecretString,
    /// The digits before the colon of the token.
    pub bot_id: i64,
    /// The server, without a slash at its end: `https://api.telegram.org`.
    pub api_url: String,
    /// Whether sending keeps Telegram's limits.
    pub limits: Limits,
}

/// Whether sending keeps Telegram's limits per bot and chat.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limits {
    /// Those of Telegram.
    Telegram,
    /// None: for another server only.
    Off,
}

/// The database.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Database {
    /// A file of our own.
    Sqlite {
        /// The file.
        path: PathBuf,
    },
    /// A server.
    Postgres {
        /// The whole `postgres://` URL: it may hold a password.
        url: SecretString,
    },
}

/// How updates arrive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Updates {
    /// The bot asks.
    Polling,
    /// Telegram calls.
    Webhook {
        /// Where it calls, as it is given to `setWebhook`.
        url: String,
        /// What it must bring in `X-Telegram-Bot-Api-Secret-Token`.
        secret: SecretString,
    },
}

/// Which of several installations this is; it stands in every log line, metric and alert.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Environment {
    /// Somebody's own machine.
    Development,
    /// A trial of the next release.
    Staging,
    /// The real one.
    Production,
}

impl Environment {
    /// The word that the setting holds.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }
}

/// How and how much is logged.
#[derive(Clone, Debug)]
pub struct Log {
    /// The form of a line.
    pub format: LogFormat,
    /// What is logged.
    pub level: Levels,
}

/// The form of a log line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogFormat {
    /// Pretty on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

const TELEGRAM: &str = "https://api.telegram.org";
const URL_ALLOWED: &str = "an http or https URL, such as https://api.telegram.org";

pub(super) const SETTINGS: &[Setting] = &[
    Setting::new("TELEGRAM_BOT_TOKEN", "The bot's token, from @BotFather.")
        .allowed("<digits>:<letters, digits, _ and ->, as @BotFather gives it")
        .secret()
        .required(),
    Setting::new("TELEGRAM_API_URL", "The Bot API server: another one than Telegram's own for tests or a local server.")
        .allowed(URL_ALLOWED)
        .default(TELEGRAM),
    Setting::new("TELEGRAM_LIMITS", "Whether sending keeps Telegram's limits per bot and chat.")
        .allowed("telegram, or off (only with another TELEGRAM_API_URL)")
        .default("telegram"),
    Setting::new("DATABASE_URL", "The database: a file of the bot's own (in DATA_DIR by default), or a PostgreSQL server. It may hold a password, so it counts as a secret.")
        .allowed("sqlite:<path>, or postgres://<user>:<password>@<host>/<database>")
        .default_shown("sqlite:data/{bot}.db")
        .secret(),
    Setting::new("DATA_DIR", "The directory where the bot keeps its files.")
        .allowed("a path")
        .default("data"),
    Setting::new("UPDATES", "How updates arrive: the bot asks, or Telegram calls.")
        .allowed("polling, or webhook (with WEBHOOK_URL and WEBHOOK_SECRET)")
        .default("polling"),
    Setting::new("WEBHOOK_URL", "Where Telegram calls, when UPDATES is webhook.")
        .allowed("an https URL (http for a loopback address only)")
        .example("https://bot.example.org/telegram"),
    Setting::new("WEBHOOK_SECRET", "What Telegram sends with each call, when UPDATES is webhook.")
        .allowed("1 to 256 of A-Z, a-z, 0-9, _ and -")
        .secret(),
    Setting::new("HTTP_ADDR", "Where the bot listens for health checks, metrics and the webhook.")
        .allowed("an address and a port, such as 127.0.0.1:8080 or [::1]:8080")
        .default("{http_addr}"),
    Setting::new("ENVIRONMENT", "Which installation this is; it stands in every log line, metric and alert.")
        .allowed("development, staging or production")
        .default("development"),
    Setting::new("LOG_FORMAT", "The form of a log line; auto is pretty on a terminal and JSON otherwise.")
        .allowed("auto, pretty or json")
        .default("auto"),
    Setting::new("LOG_LEVEL", "How much is logged.")
        .allowed("off, error, warn, info, debug or trace, or a list such as info,sqlx=warn,frontdesk_core=debug")
        .default("info"),
    Setting::new("TEST_CLOCK_URL", "For tests: the local Telegram whose clock counts instead of the system's.")
        .allowed("the http URL of a loopback address, and not when ENVIRONMENT is production")
        .example("http://127.0.0.1:8081"),
];

impl Common {
    pub(super) fn read(values: &mut Values) -> Option<Self> {
        let telegram = Telegram::read(values);
        let data_dir = values.text("DATA_DIR").map(PathBuf::from);
        let database = Database::read(values, data_dir.as_ref());
        let updates = Updates::read(values);
        let http_addr = http_addr(values);
        let environment = Environment::read(values);
        let log = Log::read(values);
        let test_clock = test_clock(values, environment);
        Some(Self {
            telegram: telegram?,
            database: database?,
            updates: updates?,
            http_addr: http_addr?,
            data_dir: data_dir?,
            environment: environment?,
            log: log?,
            test_clock,
        })
    }
}

/// Where the bot listens.
pub(crate) fn http_addr(values: &mut Values) -> Option<SocketAddr> {
    values.parse("HTTP_ADDR", |text| text.parse().map_err(|_| "is not an address with a port"))
}

/// The database, and the bot's number where its token is at hand.
pub(crate) fn database_beside(values: &mut Values) -> Option<(Database, Option<i64>)> {
    let data_dir = values.text("DATA_DIR").map(PathBuf::from);
    let bot_id = token(values).map(|(_, id)| id);
    Some((Database::read(values, data_dir.as_ref())?, bot_id))
}

/// The token, and the bot's number in it.
fn token(values: &mut Values) -> Option<(SecretString, i64)> {
    values.parse_secret("TELEGRAM_BOT_TOKEN", |token| bot_id(token.expose()).map(|id| (token.clone(), id)))
}

impl Environment {
    pub(super) fn read(values: &mut Values) -> Option<Self> {
        let words = [Self::Development, Self::Staging, Self::Production].map(|one| (one.as_str(), one));
        values.choice("ENVIRONMENT", &words)
    }
}

impl Telegram {
    fn read(values: &mut Values) -> Option<Self> {
        let token = token(values);
        let api_url = values.parse("TELEGRAM_API_URL", |text| {
            let url = http_url(text)?;
            if url.query().is_some() || url.fragment().is_some() {
                return Err("may not hold ? or #");
            }
            Ok(text.trim_end_matches('/').to_owned())
        });
        let limits =
            values.choice("TELEGRAM_LIMITS", &[("telegram", Limits::Telegram), ("off", Limits::Off)]);
        if limits == Some(Limits::Off) && api_url.as_deref().is_some_and(is_telegram) {
            values.refuse(
                "TELEGRAM_LIMITS",
                "is off while TELEGRAM_API_URL is Telegram's own server, which would \
                                              block the bot",
            );
        }
        let (token, bot_id) = token?;
        Some(Self { token, bot_id, api_url: api_url?, limits: limits? })
    }
}

impl Database {
    fn read(values: &mut Values, data_dir: Option<&PathBuf>) -> Option<Self> {
        if let Some(database) = values.optional_secret("DATABASE_URL", database) {
            let database = database?;
            if let Self::Postgres { url } = &database
                && let Ok(parsed) = Url::parse(url.expose())
                && let Some(password) = parsed.password()
            {
                values.register(&SecretString::from(password));
                // And as the server knows it, without the percent signs.
                let form = password.replace('+', "%2B");
                for (plain, _) in form_urlencoded::parse(form.as_bytes()) {
                    values.register(&SecretString::from(plain.into_owned()));
                }
            }
            return Some(database);
        }
        let path = data_dir?.join(format!("{}.db", values.bot().name));
        Some(Self::Sqlite { path })
    }
}

impl Updates {
    fn read(values: &mut Values) -> Option<Self> {
        let webhook = values.choice("UPDATES", &[("polling", false), ("webhook", true)]);
        let url = values.parse("WEBHOOK_URL", |text| {
            let url = http_url(text)?;
            if url.scheme() == "https" || is_loopback(&url) {
                Ok(text.to_owned())
            } else {
                Err("is http, and its host is not a loopback address")
            }
        });
        let secret = values.parse_secret("WEBHOOK_SECRET", |secret| {
            let text = secret.expose();
            let allowed =
                text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
            match text.len() {
                1..=256 if allowed => Ok(secret.clone()),
                1..=256 => Err("holds characters that Telegram does not allow"),
                _ => Err("is too long"),
            }
        });
        if !webhook? {
            return Some(Self::Polling);
        }
        for setting in ["WEBHOOK_URL", "WEBHOOK_SECRET"] {
            if !values.is_set(setting) && !values.is_refused(setting) {
                values.refuse(setting, "is missing, and UPDATES is webhook");
            }
        }
        Some(Self::Webhook { url: url?, secret: secret? })
    }
}

impl Log {
    pub(super) fn read(values: &mut Values) -> Option<Self> {
        let format = values.choice(
            "LOG_FORMAT",
            &[("auto", LogFormat::Auto), ("pretty", LogFormat::Pretty), ("json", LogFormat::Json)],
        );
        let level = values.parse("LOG_LEVEL", str::parse);
        Some(Self { format: format?, level: level? })
    }
}

/// Whoever sets a bot's clock decides when it does what: nobody from elsewhere, and never where it counts.
fn test_clock(values: &mut Values, environment: Option<Environment>) -> Option<String> {
    let clock = values.parse("TEST_CLOCK_URL", |text| match http_url(text)? {
        url if url.scheme() != "http" || !is_loopback(&url) => {
            Err("is not http, or its host is not a loopback address")
        }
        _ => Ok(text.trim_end_matches('/').to_owned()),
    });
    if clock.is_some() && environment == Some(Environment::Production) {
        values.refuse("TEST_CLOCK_URL", "is set, and ENVIRONMENT is production, where time is the system's");
    }
    clock
}

fn bot_id(token: &str) -> Result<i64, &'static str> {
    if token.trim() != token {
        return Err("begins or ends with white space");
    }
    let (id, secret) = token.split_once(':').ok_or("has no colon: it is not a whole bot token")?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("does not begin with the digits of a bot's id and a colon");
    }
    if secret.is_empty() || !secret.bytes().all(allowed) {
        return Err("holds something else behind the colon than a bot token does");
    }
    id.parse().map_err(|_| "begins with more digits than a bot's id has")
}

fn database(url: &SecretString) -> Result<Database, &'static str> {
    let text = url.expose();
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return match Url::parse(text) {
            Ok(parsed) if parsed.has_host() => Ok(Database::Postgres { url: url.clone() }),
            Ok(_) => Err("names no host"),
            Err(_) => Err("is not a URL; signs such as @ : / in a password are written %40 %3A %2F"),
        };
    }
    let path = text.strip_prefix("sqlite:").ok_or("begins with neither sqlite: nor postgres://")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    match path {
        "" => Err("names no file"),
        // What waits to be sent has to outlast the process, and several connections read one database.
        ":memory:" => Err("would be gone with the process and all that waits in it; name a file"),
        _ if path.starts_with("file:") => {
            Err("is a file: address, which is not supported; write the path alone")
        }
        _ if path.contains('?') => Err("holds options behind ?, which are not supported"),
        _ => Ok(Database::Sqlite { path: PathBuf::from(path) }),
    }
}

fn http_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("is not an http or https URL");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("may not hold a user or password");
    }
    Ok(url)
}

fn is_telegram(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.host_str() == Some("api.telegram.org"))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
