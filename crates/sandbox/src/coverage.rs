//! What was checked and what was called: in one sandbox, and over all that a run of tests starts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::world::World;

/// What was held against the schema, and which methods were called how often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Coverage {
    /// Answers that were checked.
    pub answers: u64,
    /// Updates that were checked.
    pub updates: u64,
    /// What was wrong with them: sentences.
    pub violations: Vec<String>,
    /// How often each method was called.
    pub called: BTreeMap<String, u64>,
    /// The methods of the schema that nobody called.
    pub never_called: Vec<String>,
    /// The methods that are not built and were answered 501, and how often.
    pub not_implemented: BTreeMap<String, u64>,
}

/// What is counted while a sandbox runs.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    called: BTreeMap<&'static str, u64>,
    not_implemented: BTreeMap<&'static str, u64>,
}

impl Counts {
    /// A call was answered with this status.
    pub fn count(&mut self, method: &'static str, code: u16) {
        *self.called.entry(method).or_default() += 1;
        if code == 501 {
            *self.not_implemented.entry(method).or_default() += 1;
        }
    }
}

impl World {
    /// What was checked and called so far.
    pub fn coverage(&self) -> Coverage {
        let state = self.lock();
        let owned = |counts: &BTreeMap<&'static str, u64>| {
            counts.iter().map(|(method, count)| ((*method).to_owned(), *count)).collect()
        };
        let never = crate::methods::all().filter(|method| !state.counts.called.contains_key(method));
        let mut coverage = Coverage {
            never_called: never.map(str::to_owned).collect(),
            called: owned(&state.counts.called),
            not_implemented: owned(&state.counts.not_implemented),
            ..Coverage::default()
        };
        if let Some(checker) = &state.checker {
            coverage.answers = checker.answers;
            coverage.updates = checker.updates;
            coverage.violations.clone_from(&checker.violations);
        }
        coverage
    }
}

impl Coverage {
    /// Writes it as a file of its own into a folder, where others write theirs.
    pub fn leave_in(&self, folder: &Path) -> anyhow::Result<()> {
        static WRITTEN: AtomicU64 = AtomicU64::new(0);
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let file = folder.join(format!("{}-{number}.json", std::process::id()));
        let written = std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&file, serde_json::to_vec(self).unwrap_or_default()));
        written.with_context(|| format!("{} cannot be written", file.display()))
    }
}
