//! Everything that needs outside programs: a browser, clients and test suites that we did not write.
//!
//! A suite is one file in `e2e/` that holds a [`Suite`], and one line in [`SUITES`]. Code in other languages lies beside
//! it, in the folder of its name; what is downloaded lies under the target directory.

mod base64;
mod browser;
mod clients;
mod conformance;
mod control_api;
mod page;
mod standins;
mod suite;
mod telegram;

use anyhow::Result;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use serde_json::{Value, json};

use crate::cargo;
use crate::cli::Told;
use crate::demo::GRACE;
use crate::report::{Progress, note, result};
use crate::supervisor::{Interrupted, Show, Supervisor};
use crate::workspace::Workspace;
use suite::{Outcome, Scene, Suite};

/// Every suite, in the order in which they run.
const SUITES: [Suite; 6] =
    [browser::SUITE, page::SUITE, conformance::SUITE, clients::SUITE, control_api::SUITE, standins::SUITE];

/// Run what outside programs say of us: a browser, bot clients and test suites that others wrote.
///
/// Without a name every suite runs, even when one before it failed. What a suite needs is installed where that is
/// possible (Debian's packages as root; Python's and npm's under the target directory). Logs and screenshots go to the
/// folder `e2e/<suite>` in the target directory.
#[derive(Args)]
pub struct Options {
    /// Run only this suite; several may be given
    #[arg(value_name = "SUITE", value_parser = words())]
    suites: Vec<String>,
    /// Show the lines of the processes while they run
    #[arg(long)]
    verbose: bool,
}

fn words() -> PossibleValuesParser {
    PossibleValuesParser::new(SUITES.iter().map(|suite| PossibleValue::new(suite.name).help(suite.about)))
}

/// The command: builds once for all, then plays each suite.
pub fn run(workspace: &Workspace, options: &Options, json: bool) -> Result<()> {
    let suites: Vec<&Suite> = options.chosen().collect();
    build(&suites)?;
    let mut parts = Vec::new();
    let (mut passed, mut failed) = (0, 0);
    for suite in suites {
        let (outcome, seconds) = play(workspace, suite, options.verbose)?;
        passed += outcome.passed;
        failed += outcome.failures.len();
        parts.push(outcome.to_json(suite.name, seconds));
    }
    if json {
        result(&summary(passed, failed, &parts).to_string());
    } else {
        note(&format!("{passed} passed, {failed} failed"));
    }
    if failed == 0 { Ok(()) } else { Err(Told(1).into()) }
}

fn summary(passed: u64, failed: usize, suites: &[Value]) -> Value {
    json!({ "command": "e2e", "ok": failed == 0, "passed": passed, "failed": failed, "suites": suites })
}

impl Options {
    /// In the order of the table, each once.
    fn chosen(&self) -> impl Iterator<Item = &'static Suite> {
        SUITES
            .iter()
            .filter(|suite| self.suites.is_empty() || self.suites.iter().any(|word| word == suite.name))
    }
}

/// Builds the binaries of all suites in one go.
fn build(suites: &[&Suite]) -> Result<()> {
    let mut wanted: Vec<_> = suites.iter().flat_map(|suite| suite.binaries).collect();
    wanted.sort();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(());
    }
    let words = wanted.iter().flat_map(|(package, binary)| ["--package", *package, "--bin", *binary]);
    let arguments: Vec<&str> = std::iter::once("build").chain(words).collect();
    let command = cargo::command(&arguments);
    let text = cargo::to_copy(&command);
    let mut supervisor = Supervisor::new()?;
    let building = supervisor.start("cargo build", command, Show::Inherited.into())?;
    anyhow::ensure!(supervisor.wait(building)?.success(), "the build failed; see above, or run `{text}`");
    Ok(())
}

/// Plays one suite, stops what it started and tells its failures. Only a signal ends the command here.
fn play(workspace: &Workspace, suite: &Suite, verbose: bool) -> Result<(Outcome, f64)> {
    let folder = workspace.fresh_folder(&format!("e2e/{}", suite.name))?;
    let show = if verbose { Show::Named } else { Show::Nothing };
    let progress = Progress::start(suite.name, true);
    let mut scene = Scene { workspace, supervisor: Supervisor::new()?, folder, show, progress };
    let played = (suite.run)(&mut scene);
    scene.supervisor.stop(GRACE);
    let mut outcome = match played {
        Err(error) if error.is::<Interrupted>() => return Err(error),
        Err(error) => Outcome { failures: vec![format!("{error:#}")], ..Outcome::default() },
        Ok(outcome) => outcome,
    };
    let covered = scene.coverage().sum()?;
    let mut lines = covered.lines().into_iter();
    if let Some(line) = lines.next() {
        note(&line);
    }
    outcome
        .failures
        .extend(lines.map(|line| format!("the sandbox broke the Bot API's schema: {}", line.trim())));
    for failure in &outcome.failures {
        note(&format!("✗ {failure}"));
    }
    if !outcome.failures.is_empty() {
        note(&format!("  what it left is in {}", scene.folder.display()));
        note(&format!("  once more: cargo xtask e2e {}", suite.name));
    }
    let seconds = scene.progress.end(outcome.failures.is_empty());
    Ok((outcome, seconds))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn chosen(words: &[&str]) -> Vec<&'static str> {
        let line = Line::parse_from(std::iter::once("e2e").chain(words.iter().copied()));
        line.options.chosen().map(|suite| suite.name).collect()
    }

    #[test]
    fn without_a_word_every_suite_runs() {
        assert_eq!(chosen(&[]), SUITES.iter().map(|suite| suite.name).collect::<Vec<_>>());
    }

    #[test]
    fn a_suite_runs_once_however_often_it_is_named() {
        assert_eq!(chosen(&["browser", "browser"]), ["browser"]);
    }

    #[test]
    fn every_suite_has_its_row_in_the_guide() {
        let guide = include_str!("../../docs/src/developers.md");
        for suite in SUITES {
            assert!(guide.contains(&format!("| `{}` |", suite.name)), "{} has no row", suite.name);
        }
    }

    #[test]
    fn a_suite_that_is_not_there_is_misuse() {
        let error = Line::try_parse_from(["e2e", "telepathy"]).map(|_| ()).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("browser"), "the answer names those that are there: {error}");
    }

    #[test]
    fn the_counts_of_the_whole_come_before_those_of_its_parts() {
        // `.ci/run` takes the first it finds.
        let line = summary(3, 1, &[json!({ "failed": 7, "passed": 9 })]).to_string();
        let (failed, passed) = (line.find("\"failed\":1"), line.find("\"passed\":3"));
        assert!(failed < line.find("\"failed\":7") && passed < line.find("\"passed\":9"), "{line}");
        assert!(failed.is_some() && passed.is_some(), "{line}");
    }
}
