//! The house rules. Each is a function over the tree, in a file of its own, with a test on a tree that breaks it.

mod adr;
mod attributes;
mod ci;
mod commands;
mod example;
mod imports;
mod layers;
mod length;
mod mains;
mod migrations;
mod modules;
mod paths;
mod readmes;
mod rust;
mod secrets;
mod settings;
mod sleeps;
mod sql;
mod texts;
mod tree;
mod wall_clock;

use std::fmt;
use std::path::Path;

use anyhow::Result;
use clap::Args;
use serde_json::json;

pub use tree::Tree;

use crate::cli::Told;
use crate::report;
use crate::workspace::Workspace;

/// Check the house rules, and search the tree for what looks like a secret.
///
/// Each finding is one line: path, line, what is wrong, and what to do.
#[derive(Args)]
pub struct Options {}

/// A breach of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    line: usize,
    what: String,
}

impl Finding {
    /// `what` says what is wrong and what to do; a `line` of 1 stands for the whole file.
    pub fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Every rule.
const RULES: [fn(&Tree) -> Vec<Finding>; 20] = [
    adr::check,
    attributes::check,
    ci::check,
    commands::check,
    example::check,
    imports::check,
    layers::check,
    length::check,
    mains::check,
    migrations::gaps_and_twins,
    migrations::first_lines,
    modules::check,
    paths::check,
    readmes::check,
    secrets::check,
    settings::check,
    sleeps::check,
    sql::check,
    texts::check,
    wall_clock::check,
];

/// The command: prints every finding, and fails if there is one.
pub fn run(workspace: &Workspace, _: &Options, json: bool) -> Result<()> {
    let findings = check(&workspace.root)?;
    for finding in &findings {
        report::note(&finding.to_string());
    }
    let ok = findings.is_empty();
    if json {
        let list: Vec<String> = findings.iter().map(ToString::to_string).collect();
        report::result(&json!({ "command": "tidy", "ok": ok, "findings": list }).to_string());
    } else if ok {
        report::note(&format!("✓ {} rules hold", RULES.len()));
    } else {
        report::note(&format!("{} findings", findings.len()));
    }
    if ok { Ok(()) } else { Err(Told(1).into()) }
}

/// Every finding in the tree under `root`, sorted by path and line.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let tree = Tree::load(root)?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    findings.sort();
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_path_line_and_text() {
        assert_eq!(Finding::new("a.rs", 3, "too long; split it").to_string(), "a.rs:3: too long; split it");
    }
}
