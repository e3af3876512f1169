use std::fmt;

use mask::Masker;

/// One thing that is wrong with the settings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The setting at fault, by its environment name, or the file or variable that is not a setting.
    pub setting: String,
    /// Where the value came from, such as `environment HTTP_ADDR` or `/etc/bot.toml:http_addr`; `None` when
    /// there is no value.
    pub origin: Option<String>,
    /// What is wrong, as it reads behind the name: `is not a number`.
    pub what: String,
    /// What is allowed, or what to do.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}.", self.setting, self.what)?;
        if let Some(origin) = &self.origin {
            write!(formatter, "\n    its value came from: {origin}")?;
        }
        if !self.help.is_empty() {
            write!(formatter, "\n    {}", self.help)?;
        }
        Ok(())
    }
}

/// Everything that is wrong with the settings, as a person reads it at three in the morning.
#[derive(Clone, Debug)]
pub struct ConfigErrors {
    bot: &'static str,
    /// What it comes to.
    so: &'static str,
    problems: Vec<Problem>,
}

impl ConfigErrors {
    pub(super) fn new(bot: &'static str, mut problems: Vec<Problem>, masker: &Masker) -> Self {
        // No value stands in a problem; names of unknown keys and file contents around an error might.
        for problem in &mut problems {
            problem.setting = masker.mask(&problem.setting).into_owned();
            problem.what = masker.mask(&problem.what).into_owned();
            problem.origin = problem.origin.as_deref().map(|origin| masker.mask(origin).into_owned());
        }
        Self { bot, so: "cannot start", problems }
    }

    /// Of a command beside the bot, which was not going to start it.
    pub(super) fn of_a_command(self) -> Self {
        Self { so: "cannot do this", ..self }
    }

    /// The problems, in the order of the settings.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        write!(formatter, "{} {}: {count} {noun} with its settings", self.bot, self.so)?;
        for problem in &self.problems {
            write!(formatter, "\n\n  {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
