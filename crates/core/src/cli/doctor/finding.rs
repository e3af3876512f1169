use std::fmt;

use serde::Serialize;

/// How a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// The bot runs, and somebody will miss something.
    Warn,
    /// The bot cannot do its work.
    Fail,
}

/// One thing that `doctor` looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How it stands.
    pub level: Level,
    /// The setting or thing: `TELEGRAM_BOT_TOKEN`, `webhook`.
    pub about: String,
    /// What was found, without a secret.
    pub what: String,
    /// What to do; `None` when nothing is.
    #[serde(rename = "do")]
    pub remedy: Option<String>,
}

impl Finding {
    /// All is well.
    pub fn ok(about: impl Into<String>, what: impl Into<String>) -> Self {
        Self { level: Level::Ok, about: about.into(), what: what.into(), remedy: None }
    }

    /// Worth a look.
    pub fn warn(about: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { level: Level::Warn, about: about.into(), what: what.into(), remedy: Some(remedy.into()) }
    }

    /// Has to be put right.
    pub fn fail(about: impl Into<String>, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { level: Level::Fail, about: about.into(), what: what.into(), remedy: Some(remedy.into()) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Ok => "ok  ",
            Level::Warn => "warn",
            Level::Fail => "FAIL",
        };
        write!(f, "{level}  {}: {}", self.about, self.what)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n      -> {remedy}"),
            None => Ok(()),
        }
    }
}

/// The last line: how many of which.
pub(super) fn count(findings: &[Finding]) -> String {
    let of = |level| findings.iter().filter(|finding| finding.level == level).count();
    match (of(Level::Fail), of(Level::Warn)) {
        (0, 0) => "All is well.".to_owned(),
        (0, warnings) => format!("The bot can run; {warnings} to look at."),
        (failures, warnings) => format!("{failures} to put right, {warnings} to look at."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_what_to_do_on_a_line_of_its_own() {
        let finding = Finding::fail("HTTP_ADDR", "is taken", "choose another port");
        assert_eq!(finding.to_string(), "FAIL  HTTP_ADDR: is taken\n      -> choose another port");
    }

    #[test]
    fn the_worst_level_is_the_greatest() {
        assert!(Level::Fail > Level::Warn && Level::Warn > Level::Ok);
    }
}
