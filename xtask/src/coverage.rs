//! What the sandboxes of a run checked and were asked: each leaves a file, and these are summed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::workspace::Workspace;

/// The most violations that are shown.
const SHOWN: usize = 20;

/// The folder where the sandboxes of one run leave their files, named by `SANDBOX_COVERAGE`.
pub struct Coverage {
    folder: PathBuf,
}

/// What one sandbox leaves, and the sum of all.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Counts {
    answers: u64,
    updates: u64,
    violations: Vec<String>,
    called: BTreeMap<String, u64>,
    never_called: Vec<String>,
    not_implemented: BTreeMap<String, u64>,
}

impl Coverage {
    /// Begins with an empty folder of this name in the target directory.
    pub fn begin(workspace: &Workspace, name: &str) -> Result<Self> {
        let folder = workspace.fresh_folder(&format!("coverage-{name}"))?;
        Ok(Self { folder })
    }

    /// A folder that is there or not.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The variable that every sandbox of the run is to have.
    pub fn environment(&self) -> (&'static str, &Path) {
        ("SANDBOX_COVERAGE", &self.folder)
    }

    /// Everything that was left there.
    pub fn sum(&self) -> Result<Counts> {
        let mut sum = Counts::default();
        if !self.folder.exists() {
            return Ok(sum);
        }
        let files = std::fs::read_dir(&self.folder)
            .with_context(|| format!("{} cannot be read", self.folder.display()))?;
        for file in files {
            let path = file?.path();
            let text = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            // A process that was killed while it wrote leaves a part.
            if let Ok(counts) = serde_json::from_slice(&text) {
                sum.add(counts);
            }
        }
        Ok(sum)
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.answers += other.answers;
        self.updates += other.updates;
        self.violations.extend(other.violations);
        for (method, count) in other.called {
            *self.called.entry(method).or_default() += count;
        }
        for (method, count) in other.not_implemented {
            *self.not_implemented.entry(method).or_default() += count;
        }
        let known: BTreeSet<String> = self.never_called.drain(..).chain(other.never_called).collect();
        self.never_called = known.into_iter().filter(|method| !self.called.contains_key(method)).collect();
    }

    /// Whether nothing was wrong.
    pub fn ok(&self) -> bool {
        self.violations.is_empty()
    }

    /// What to tell: a line of counts, and what was wrong.
    pub fn lines(&self) -> Vec<String> {
        if self.called.is_empty() {
            return Vec::new();
        }
        let methods = self.called.keys().filter(|method| *method != "unknown").count();
        let counts = format!(
            "validated {} answers and {} updates: {} violations; {methods} methods called",
            thousands(self.answers),
            thousands(self.updates),
            self.violations.len()
        );
        let not_implemented = if self.not_implemented.is_empty() {
            String::new()
        } else {
            let list = self.not_implemented.iter().map(|(method, count)| format!("{method} ×{count}"));
            format!(", answered 501: {}", list.collect::<Vec<_>>().join(", "))
        };
        let never_called = match self.never_called.len() {
            0 => String::new(),
            count => format!("; never called ({count}): {}", self.never_called.join(", ")),
        };
        let mut lines = vec![counts + &not_implemented + &never_called];
        lines.extend(self.violations.iter().take(SHOWN).map(|violation| format!("  {}", short(violation))));
        lines
    }
}

fn short(violation: &str) -> String {
    violation.chars().take(400).collect()
}

/// With commas: 12,345.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(called: &[&str], never: &[&str], violations: &[&str]) -> Counts {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Counts {
            answers: 12_345,
            updates: 7,
            violations: owned(violations),
            called: called.iter().map(|method| ((*method).to_owned(), 1)).collect(),
            never_called: owned(never),
            not_implemented: BTreeMap::new(),
        }
    }

    #[test]
    fn what_one_sandbox_was_asked_was_asked() {
        let mut sum = Counts::default();
        sum.add(counts(&["getMe"], &["close", "sendDice"], &[]));
        sum.add(counts(&["close"], &["getMe", "sendDice"], &[]));
        assert_eq!(sum.never_called, ["sendDice"]);
        assert!(sum.ok());
        assert_eq!(
            sum.lines(),
            [
                "validated 24,690 answers and 14 updates: 0 violations; 2 methods called; never called (1): sendDice"
            ]
        );
    }

    #[test]
    fn a_violation_is_shown_and_counts() {
        let mut sum = Counts::default();
        sum.add(counts(&["getMe"], &[], &["getMe.id: Integer expected"]));
        assert!(!sum.ok());
        assert_eq!(sum.lines()[1], "  getMe.id: Integer expected");
    }
}
