//! python-telegram-bot's own live tests, unmodified, against the local Telegram.
//!
//! Their sources come from PyPI and stay under the target directory: they are under the LGPL, are run and never copied.
//! What does not pass stands in `expected.toml` with its reason. That list only shrinks: a test on it that passes fails
//! the suite, as does one that fails and is not on it.

mod expected;
mod methods;
mod world;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::suite::{Outcome, Scene, Suite};
use super::telegram::Telegram;
use crate::pypi::Archive;
use crate::report::note;
use crate::supervisor::{Event, Interrupted};
use crate::{demo, install, schema};
use expected::{Ended, Expected, Test};

/// The tests of python-telegram-bot.
pub const SUITE: Suite = Suite {
    name: "conformance",
    about: "The live tests of python-telegram-bot against the local Telegram",
    binaries: &[("sandbox", "sandbox")],
    run,
};

/// The library whose tests they are.
const LIBRARY: Archive = Archive {
    package: "python-telegram-bot",
    version: "22.8",
    sha256: concat!("f9d3847fcb23ee603477e442800b33bb", "4adf851a73e0619d2050be879decf1ef"),
};
/// What they need, to the last package: another version of one could change what passes.
const PACKAGES: &str = include_str!("conformance/requirements.txt");
/// How many live tests there are in that version.
const TESTS: usize = 405;
/// The least that must pass, whatever the list says.
const LEAST: usize = 270;
/// The longest that the list may be. Lower it when tests come off the list, and never raise it.
const LONGEST: usize = 37;

fn run(scene: &mut Scene<'_>) -> Result<Outcome> {
    let expected = Expected::read(include_str!("conformance/expected.toml"))?;
    let schema = schema::fetch(scene.workspace)?;
    let sources = LIBRARY.fetch(scene.workspace, &[])?;
    let packages: Vec<&str> = PACKAGES.lines().collect();
    let programs = install::venv(scene.workspace, "conformance", &packages)?;

    // The archive leaves out eight of the files that the tests send.
    let mut media = Command::new(programs.join("python"));
    media.arg(scene.script("conformance/media.py")?).arg(sources.join("tests/data"));
    install::shell("the media files of the tests", &mut media)?;

    let telegram = Telegram::start(scene, &["--journal-all", "--schema", &schema.display().to_string()])?;
    let world = world::build(&telegram, &sources.join("tests/data"))?;
    let results = scene.folder.join("results.jsonl");
    let mut command = Command::new(programs.join("python"));
    demo::clean(&mut command).current_dir(&sources).args([
        "-m",
        "pytest",
        "-v",
        "-m",
        "req",
        "--tb=native",
        "--durations=25",
    ]);
    // Their settings ask for reruns and a report of them; ours asks for neither. A cache would reorder nothing, but lie.
    command.args(["-p", "local_telegram", "-p", "no:flaky", "-p", "no:cacheprovider", "-o", "addopts="]);
    command
        .env("PYTHONPATH", scene.script("conformance")?)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONHASHSEED", "0")
        .env("TELEGRAM_URL", &telegram.url)
        .env("RESULTS", &results)
        // By these their tests take our bot and not those of their own on the real Telegram.
        .env("GITHUB_ACTIONS", "true")
        .env("TEST_WITH_OPT_DEPS", "true")
        .env("JOB_INDEX", "1")
        .env("BOTS", world);
    pytest(scene, command)?;

    let tests = Test::read(&std::fs::read_to_string(&results).context("the tests left no results")?)?;
    ensure!(tests.len() == TESTS, "{} tests ran, and there are {TESTS}", tests.len());
    judge(&telegram, &schema, &expected, &tests)
}

/// Runs the tests and shows how far they are. That some fail is no error here.
fn pytest(scene: &mut Scene<'_>, command: Command) -> Result<()> {
    let output = scene.output("pytest");
    let who = scene.supervisor.start("pytest", command, output)?;
    let mut done = 0;
    while scene.supervisor.process(who).status().is_none() {
        match scene.supervisor.next(Duration::from_hours(1)) {
            Some(Event::Signal) => return Err(Interrupted.into()),
            Some(Event::Line { from, text, .. }) if from == who && text.ends_with("%]") => {
                done += 1;
                scene.progress.count(done, TESTS);
            }
            Some(Event::Exited { who: other, .. }) if other != who => {
                return Err(scene.supervisor.died(other));
            }
            _ => {}
        }
    }
    match scene.supervisor.process(who).status().and_then(|status| status.code()) {
        // All passed, or some failed: the results tell which.
        Some(0 | 1) => Ok(()),
        _ => Err(scene.supervisor.died(who).context("pytest could not run the tests")),
    }
}

fn judge(telegram: &Telegram, schema: &Path, expected: &Expected, tests: &[Test]) -> Result<Outcome> {
    let of = |ended: Ended| tests.iter().filter(|test| test.ended == ended).count();
    let passed = of(Ended::Passed);
    let mut outcome = Outcome { passed: passed as u64, ..Outcome::default() };
    outcome.failures = expected.compare(tests);
    if passed < LEAST {
        outcome.failures.push(format!("{passed} tests passed, and {LEAST} must"));
    }
    if expected.len() > LONGEST {
        outcome
            .failures
            .push(format!("the list has {} lines; it may only shrink, from {LONGEST}", expected.len()));
    }
    let used = methods::Used::read(telegram, schema)?;
    for violation in &used.violations {
        outcome.failures.push(format!("against the schema of the Bot API: {violation}"));
    }
    note(&format!(
        "  {passed} passed, {} failed, {} skipped, {} xfailed; {} on the list of expected failures",
        of(Ended::Failed),
        of(Ended::Skipped),
        of(Ended::Xfailed),
        expected.len()
    ));
    note(&format!(
        "  {} methods called, {} never called; {} answers and updates checked; answered 501: {}",
        used.called.len(),
        used.never.len(),
        used.checked,
        if used.absent.is_empty() { "none".to_owned() } else { used.absent.join(", ") }
    ));
    outcome.fact("tests", tests.len());
    outcome.fact("expected_failures", expected.len());
    outcome.fact("test_failures", of(Ended::Failed));
    outcome.fact("skipped", of(Ended::Skipped));
    outcome.fact("xfailed", of(Ended::Xfailed));
    outcome.fact("methods_called", used.called.len());
    outcome.fact("methods_never_called", used.never);
    outcome.fact("methods_answered_501", used.absent);
    outcome.fact("validated", used.checked);
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_that_the_list_may_be_follows_its_length() {
        let list = Expected::read(include_str!("conformance/expected.toml")).unwrap();
        assert_eq!(list.len(), LONGEST, "a test came off the list: lower LONGEST; the list never grows");
    }
}
