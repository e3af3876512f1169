//! What a suite is, what it works with and what it comes to.

use std::path::PathBuf;
use std::process::{Command, ExitStatus};

use anyhow::{Result, bail};
use serde_json::{Map, Value, json};

use crate::coverage::Coverage;
use crate::report::{self, Progress};
use crate::supervisor::{Output, Show, Supervisor};
use crate::workspace::Workspace;

/// One suite: a line in the table of suites, and a file of its own.
pub struct Suite {
    /// Its word on the command line.
    pub name: &'static str,
    /// What it shows, for `--help`.
    pub about: &'static str,
    /// What must be built for it: package and binary, in debug mode.
    pub binaries: &'static [(&'static str, &'static str)],
    /// Plays it. An error counts as one failure.
    pub run: fn(&mut Scene<'_>) -> Result<Outcome>,
}

/// What a suite works with. Whatever it started is stopped after it.
pub struct Scene<'a> {
    /// Where everything is.
    pub workspace: &'a Workspace,
    /// Starts and stops its processes.
    pub supervisor: Supervisor,
    /// `target/e2e/<suite>`, empty at the start: for logs, screenshots and whatever else it leaves.
    pub folder: PathBuf,
    /// What the reader wants to see of the lines of its processes.
    pub show: Show,
    /// Its line of progress.
    pub progress: Progress,
}

impl Scene<'_> {
    /// Where the lines of a process go: to `<name>.log` in the folder, and to the reader who wants them.
    pub fn output(&self, name: &str) -> Output {
        Output { show: self.show, log: Some(self.folder.join(format!("{name}.log"))), stdout_answers: false }
    }

    /// Where its sandboxes leave what they checked.
    pub fn coverage(&self) -> Coverage {
        Coverage::at(self.folder.join("coverage"))
    }

    /// Runs a program to its end. Its lines go to `<name>.log`.
    pub fn run(&mut self, name: &str, command: Command) -> Result<ExitStatus> {
        let output = self.output(name);
        let who = self.supervisor.start(name, command, output)?;
        self.supervisor.wait(who)
    }

    /// A file or folder of the suite beside its Rust code, in `xtask/src/e2e`.
    pub fn script(&self, path: &str) -> Result<PathBuf> {
        let script = self.workspace.root.join("xtask/src/e2e").join(path);
        if !script.exists() {
            bail!("{} is not there", script.display());
        }
        Ok(script)
    }
}

/// What a suite came to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many checks held.
    pub passed: u64,
    /// Each check that did not hold, as a sentence that says what to do.
    pub failures: Vec<String>,
    /// What else is worth a place in the JSON.
    pub facts: Map<String, Value>,
}

impl Outcome {
    /// Counts a check that held, and says so.
    pub fn pass(&mut self, what: &str) {
        self.passed += 1;
        report::note(&format!("✓ {what}"));
    }

    /// Counts a check by its result; an error becomes a failure with `what` before it.
    pub fn check(&mut self, what: &str, result: Result<()>) {
        match result {
            Ok(()) => self.pass(what),
            Err(error) => self.failures.push(format!("{what}: {error:#}")),
        }
    }

    /// Adds a fact to the JSON.
    pub fn fact(&mut self, name: &str, value: impl Into<Value>) {
        self.facts.insert(name.to_owned(), value.into());
    }

    /// The suite's part of the JSON.
    pub fn to_json(&self, suite: &str, seconds: f64) -> Value {
        let mut value = json!({ "suite": suite, "ok": self.failures.is_empty(), "passed": self.passed,
            "failed": self.failures.len(), "failures": self.failures, "seconds": (seconds * 10.0).round() / 10.0 });
        if let Some(object) = value.as_object_mut() {
            object.extend(self.facts.clone());
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn an_outcome_counts_and_keeps_its_facts() {
        let mut outcome = Outcome::default();
        outcome.check("a button", Ok(()));
        outcome.check("an album", Err(anyhow!("two of three photos")));
        outcome.fact("methods", 73);
        let value = outcome.to_json("clients", 1.26);
        assert_eq!(value["ok"], false);
        assert_eq!((value["passed"].as_u64(), value["failed"].as_u64()), (Some(1), Some(1)));
        assert_eq!(value["failures"][0], "an album: two of three photos");
        assert_eq!((value["methods"].as_u64(), value["seconds"].as_f64()), (Some(73), Some(1.3)));
    }
}
