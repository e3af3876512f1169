//! Runs the tests of the workspace with what they need around them, and counts them.

use std::process::Command;

use anyhow::{Context, Result};

use crate::coverage::Coverage;
use crate::demo::GRACE;
use crate::postgres::{Durability, Server};
use crate::report::note;
use crate::supervisor::{Show, Supervisor};
use crate::workspace::Workspace;
use crate::{cargo, install, schema};

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Whether the runs ended well; a run that does not build has no failed test, and is not well.
    pub ok: bool,
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed, or ran out of time.
    pub failed: u64,
}

impl Counts {
    /// These, or the others where these are of no test.
    pub fn or(self, other: Self) -> Self {
        if self.passed + self.failed > 0 { self } else { other }
    }
}

/// Starts a PostgreSQL, fetches the schema and runs every test, or those whose name contains `filter`.
pub fn run(workspace: &Workspace, supervisor: &mut Supervisor, filter: Option<&str>) -> Result<Counts> {
    let schema = schema::fetch(workspace)?;
    let server = Server::start(workspace, Durability::Fast)?;
    let coverage = Coverage::begin(workspace, "test")?;
    let mut total = Counts { ok: true, ..Counts::default() };
    for mut command in commands(install::find("cargo-nextest").is_some(), filter) {
        let text = cargo::to_copy(&command);
        command
            .current_dir(&workspace.root)
            .env("TELEGRAM_SCHEMA", &schema)
            .envs(server.environment())
            .envs([coverage.environment()]);
        let who = supervisor.start("tests", command, Show::OnStderr.into())?;
        let status = supervisor.wait(who);
        if status.is_err() {
            supervisor.stop(GRACE);
        }
        let ok = status.context("the tests were cut off")?.success();
        let counts = count(supervisor.process(who).last_lines(usize::MAX));
        total = Counts {
            ok: total.ok && ok,
            passed: total.passed + counts.passed,
            failed: total.failed + counts.failed,
        };
        if !ok {
            note("failed; to run it by hand, start `cargo xtask postgres` elsewhere, and then:");
            let schema = schema.display();
            note(&format!("  TEST_POSTGRES_URL=<its URL> TELEGRAM_SCHEMA={schema} {text}"));
            break;
        }
    }
    let covered = coverage.sum()?;
    for line in covered.lines() {
        note(&line);
    }
    total.ok &= covered.ok();
    Ok(total)
}

fn commands(nextest: bool, filter: Option<&str>) -> Vec<Command> {
    let mut commands = if nextest {
        // Nextest runs no examples in documentation.
        let nextest = cargo::command(&["nextest", "run", "--workspace", "--no-fail-fast"]);
        vec![nextest, cargo::command(&["test", "--doc", "--workspace"])]
    } else {
        vec![cargo::command(&["test", "--workspace", "--no-fail-fast"])]
    };
    if let Some(filter) = filter {
        // A name chosen on the command line is that of a test; examples in documentation have none to choose by.
        commands.truncate(1);
        commands[0].arg(filter);
    }
    commands
}

/// Reads nextest's `Summary` line and libtest's `test result:` lines.
fn count<'l>(lines: impl IntoIterator<Item = &'l str>) -> Counts {
    let mut counts = Counts::default();
    for line in lines {
        let line = line.trim_start();
        let Some((_, tail)) = line
            .split_once("tests run:")
            .or_else(|| line.split_once("test run:"))
            .or_else(|| line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")))
        else {
            continue;
        };
        for part in tail.split([',', ';']) {
            let mut words = part.split_whitespace();
            let number: u64 = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => counts.passed += number,
                Some("failed" | "timed") => counts.failed += number,
                _ => {}
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_of_nextest_is_counted() {
        let lines =
            ["     Summary [   0.9s] 12 tests run: 9 passed (1 slow), 2 failed, 1 timed out, 3 skipped"];
        assert_eq!(count(lines), Counts { ok: false, passed: 9, failed: 3 });
    }

    #[test]
    fn every_binary_of_libtest_is_counted() {
        let lines = [
            "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ];
        assert_eq!(count(lines), Counts { ok: false, passed: 5, failed: 2 });
    }

    #[test]
    fn a_filter_goes_to_the_tests_and_not_to_the_documentation() {
        let commands = commands(true, Some("refund"));
        assert_eq!(commands.len(), 1);
        assert!(cargo::to_copy(&commands[0]).ends_with("--no-fail-fast refund"));
    }
}
