//! Settings: described once, read from defaults, a TOML file and the environment, checked all at once.
//!
//! A setting is a [`Setting`]: its name, what is allowed, its default, a sentence. From the descriptions come
//! the refusal of unknown names, `.env.example`, `config.example.toml` and the table for the docs; a value is
//! read by a parser of [`Values`]. Defaults < file < environment goes through figment as plain strings. Secrets
//! never do: they come from [`crate::secrets`] and are refused in the file.
//!
//! [`load`] reports every problem at once. A problem names the setting, where its value came from and what is
//! allowed, and never shows the value: someone may have pasted a token into the wrong line.

mod common;
mod examples;
mod layers;
mod problems;
mod setting;
mod sources;
#[cfg(test)]
mod tests;
mod unknown;
mod values;

use mask::Masker;

pub use common::{Common, Database, Environment, Limits, Log, LogFormat, Telegram, Updates};
pub(crate) use common::{database_beside, http_addr};
pub use examples::{env_example, settings_table, toml_example};
pub use problems::{ConfigErrors, Problem};
pub use setting::Setting;
pub use sources::Sources;
pub use values::{Effective, Values};

/// Who the settings are for, and the defaults that differ from bot to bot.
#[derive(Clone, Copy, Debug)]
pub struct BotInfo {
    /// The binary's name, such as `support-bot`; it names the database file too.
    pub name: &'static str,
    /// `HTTP_ADDR` when it is not set. Each bot has its own, so that two bots start on one host.
    pub default_http_addr: &'static str,
}

/// A bot's own settings.
///
/// `read` asks [`Values`] for everything first and uses `?` last, so that every problem is found:
///
/// ```
/// use frontdesk_core::config::{Setting, Settings, Values};
///
/// struct Desk {
///     staff_group: i64,
///     admins: Vec<i64>,
/// }
///
/// impl Settings for Desk {
///     fn describe() -> &'static [Setting] {
///         const SETTINGS: &[Setting] = &[
///             Setting::new("STAFF_GROUP_ID", "The group where staff work.")
///                 .allowed("the id of one group, such as -1001234567890")
///                 .required(),
///             Setting::new("ADMIN_USER_ID", "Who may change settings.")
///                 .allowed("user ids, separated by commas")
///                 .required(),
///         ];
///         SETTINGS
///     }
///
///     fn read(values: &mut Values) -> Option<Self> {
///         let staff_group = values.chat_id("STAFF_GROUP_ID");
///         let admins = values.user_ids("ADMIN_USER_ID");
///         Some(Self { staff_group: staff_group?, admins: admins? })
///     }
/// }
/// ```
pub trait Settings: Sized {
    /// The settings, beside the common ones.
    fn describe() -> &'static [Setting];

    /// Reads them. `None` only after a problem was recorded or a required value is missing; [`Values`] records
    /// both.
    fn read(values: &mut Values) -> Option<Self>;
}

/// A bot without settings of its own.
impl Settings for () {
    fn describe() -> &'static [Setting] {
        &[]
    }

    fn read(_: &mut Values) -> Option<Self> {
        Some(())
    }
}

/// What [`load`] read.
#[derive(Debug)]
pub struct Loaded<S> {
    /// The settings that every bot has.
    pub common: Common,
    /// The bot's own.
    pub own: S,
    /// Every setting as it is in force, for `check`; secrets read `[masked]`.
    pub effective: Vec<Effective>,
}

/// The common settings and those of `S`, in the order of the docs.
pub fn all_settings<S: Settings>() -> Vec<Setting> {
    common::SETTINGS.iter().chain(S::describe()).copied().collect()
}

/// What a command needs that is run beside the bot: less than the bot.
#[derive(Clone, Debug)]
pub struct Beside<T> {
    /// What it needs.
    pub needed: T,
    /// Which installation this is.
    pub environment: Environment,
    /// How and how much is logged.
    pub log: Log,
}

/// Reads the `needed` settings, and those of the log. What is wrong with another setting, or missing, is no matter:
/// an operator who asks how the bot is need not hold its token. A name that is not a setting is refused all the same,
/// since it may be one of those, misspelt.
///
/// # Errors
/// All problems that were found, in one error.
pub fn load_beside<S: Settings, T>(
    bot: &BotInfo,
    sources: &Sources,
    masker: &Masker,
    needed: &[&str],
    read: impl FnOnce(&mut Values) -> Option<T>,
) -> Result<Beside<T>, ConfigErrors> {
    let settings = all_settings::<S>();
    let mut values = Values::collect(bot, &settings, sources, masker);
    let (log, environment) = (Log::read(&mut values), Environment::read(&mut values));
    let read = read(&mut values);
    let (_, mut problems) = values.finish();
    let counts =
        |name: &str| needed.contains(&name) || ["ENVIRONMENT", "LOG_FORMAT", "LOG_LEVEL"].contains(&name);
    problems.retain(|problem| {
        let is_setting = settings.iter().any(|setting| setting.env() == problem.setting);
        !is_setting || counts(&problem.setting)
    });
    match (read, environment, log) {
        (Some(needed), Some(environment), Some(log)) if problems.is_empty() => {
            Ok(Beside { needed, environment, log })
        }
        _ => Err(ConfigErrors::new(bot.name, problems, masker).of_a_command()),
    }
}

/// Reads and checks everything; every secret that is read is registered with `masker`.
///
/// # Errors
/// All problems that were found, in one error.
pub fn load<S: Settings>(
    bot: &BotInfo,
    sources: &Sources,
    masker: &Masker,
) -> Result<Loaded<S>, ConfigErrors> {
    let settings = all_settings::<S>();
    let mut values = Values::collect(bot, &settings, sources, masker);
    let common = Common::read(&mut values);
    let own = S::read(&mut values);
    let (effective, problems) = values.finish();
    match (common, own) {
        (Some(common), Some(own)) if problems.is_empty() => Ok(Loaded { common, own, effective }),
        _ => Err(ConfigErrors::new(bot.name, problems, masker)),
    }
}
