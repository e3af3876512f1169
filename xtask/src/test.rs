//! Everything that must hold before a change goes in, in the order of how soon it fails.

mod suite;

use std::process::Command;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::cli::Told;
use crate::report::{Progress, note, result};
use crate::supervisor::{Interrupted, Show, Supervisor};
use crate::workspace::Workspace;
use crate::{cargo, install, tidy};

/// Check everything: formatting, clippy, house rules, docs, licences, and all tests on SQLite and PostgreSQL.
///
/// Stops at the first step that fails and prints its command to copy. The tests get a PostgreSQL that is started for
/// them (TEST_POSTGRES_URL) and the Bot API schema from PyPI (TELEGRAM_SCHEMA).
#[derive(Args)]
pub struct Options {
    /// Run only the tests whose name contains this, and no other step
    filter: Option<String>,
    /// Run only this step; may be given several times
    #[arg(long, value_enum, value_name = "STEP")]
    only: Vec<Step>,
}

/// One step of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Formatting
    Fmt,
    /// House rules and secrets
    Tidy,
    /// Lints
    Clippy,
    /// Documentation builds without a warning
    Doc,
    /// Licences, bans and sources of dependencies
    Deny,
    /// Unit tests and stories, on SQLite and PostgreSQL
    Tests,
}

/// The outcome of one step.
struct Outcome {
    passed: bool,
    tests: suite::Counts,
}

/// The command: the steps in order, up to the first that fails.
pub fn run(workspace: &Workspace, options: &Options, json: bool) -> Result<()> {
    let mut done = Vec::new();
    let mut tests = suite::Counts::default();
    for step in options.steps() {
        let progress = Progress::start(step.name(), step != Step::Tests);
        let outcome = perform(step, workspace, options);
        let passed = outcome.as_ref().is_ok_and(|outcome| outcome.passed);
        let seconds = progress.end(passed);
        done.push(json!({ "step": step.name(), "ok": passed, "seconds": (seconds * 10.0).round() / 10.0 }));
        match outcome {
            Ok(outcome) => tests = outcome.tests.or(tests),
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => note(&format!("{error:#}")),
        }
        if !passed {
            summary(json, false, &done, tests);
            return Err(Told(1).into());
        }
    }
    summary(json, true, &done, tests);
    Ok(())
}

fn summary(json: bool, ok: bool, steps: &[serde_json::Value], tests: suite::Counts) {
    if json {
        let line = json!({ "command": "test", "ok": ok, "steps": steps, "passed": tests.passed, "failed": tests.failed });
        result(&line.to_string());
    } else if tests.passed + tests.failed > 0 {
        note(&format!("{} passed, {} failed", tests.passed, tests.failed));
    }
}

fn perform(step: Step, workspace: &Workspace, options: &Options) -> Result<Outcome> {
    let mut supervisor = Supervisor::new()?;
    let mut command = match step {
        Step::Fmt => cargo::command(&["fmt", "--all", "--check"]),
        Step::Clippy => cargo::command(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        Step::Doc => {
            let mut command = cargo::command(&["doc", "--workspace", "--no-deps"]);
            command.env("RUSTDOCFLAGS", "-D warnings");
            command
        }
        Step::Deny => {
            let mut command = Command::new(install::cargo_deny(workspace, &mut supervisor)?);
            command.args(["--log-level", "error", "check", "bans", "licenses", "sources"]);
            command
        }
        Step::Tidy => {
            let findings = tidy::check(&workspace.root)?;
            for finding in &findings {
                note(&finding.to_string());
            }
            return Ok(Outcome { passed: findings.is_empty(), tests: suite::Counts::default() });
        }
        Step::Tests => {
            let tests = suite::run(workspace, &mut supervisor, options.filter.as_deref())?;
            return Ok(Outcome { passed: tests.ok, tests });
        }
    };
    command.current_dir(&workspace.root);
    let passed = quietly(&mut supervisor, step, command)?;
    Ok(Outcome { passed, tests: suite::Counts::default() })
}

/// Runs a command without a word, unless it fails: then with every line, and as a line to copy.
fn quietly(supervisor: &mut Supervisor, step: Step, command: Command) -> Result<bool> {
    let text = cargo::to_copy(&command);
    let who = supervisor.start(step.name(), command, Show::Nothing.into())?;
    let status = supervisor.wait(who);
    if status.is_err() {
        supervisor.stop(crate::demo::GRACE);
    }
    let passed = status?.success();
    if !passed {
        for line in supervisor.process(who).last_lines(usize::MAX) {
            note(line);
        }
        note(&format!("failed: {text}"));
    }
    Ok(passed)
}

impl Options {
    fn steps(&self) -> Vec<Step> {
        if self.filter.is_some() && self.only.is_empty() {
            return vec![Step::Tests];
        }
        let all = Step::value_variants().iter().copied();
        all.filter(|step| self.only.is_empty() || self.only.contains(step)).collect()
    }
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Tidy => "tidy",
            Self::Clippy => "clippy",
            Self::Doc => "doc",
            Self::Deny => "deny",
            Self::Tests => "tests",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(filter: Option<&str>, only: &[Step]) -> Options {
        Options { filter: filter.map(str::to_owned), only: only.to_vec() }
    }

    #[test]
    fn without_a_word_every_step_runs() {
        assert_eq!(options(None, &[]).steps().len(), Step::value_variants().len());
    }

    #[test]
    fn a_filter_means_only_the_tests() {
        assert_eq!(options(Some("refund"), &[]).steps(), [Step::Tests]);
    }

    #[test]
    fn chosen_steps_keep_their_order() {
        assert_eq!(options(None, &[Step::Tests, Step::Fmt]).steps(), [Step::Fmt, Step::Tests]);
    }
}
