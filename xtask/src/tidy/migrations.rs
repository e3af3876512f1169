//! Migrations come in pairs, without gaps, and say what still runs on them.

use std::collections::BTreeMap;

use super::tree::File;
use super::{Finding, Tree};

/// Each `NNNN_name.sql` has its twin of the other backend, and numbers follow each other from 1.
pub fn gaps_and_twins(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut folders: BTreeMap<&str, u32> = BTreeMap::new();
    for file in migrations(tree) {
        let Some(number) = number(file.name()) else {
            findings.push(Finding::new(&file.path, 1, "is not named NNNN_name.sql; rename it"));
            continue;
        };
        let last = folders.entry(file.folder()).or_default();
        if number != *last + 1 {
            let what = format!(
                "has the number {number} where {} follows; number migrations without a gap",
                *last + 1
            );
            findings.push(Finding::new(&file.path, 1, what));
        }
        *last = number;
        let twin = if file.is_in("sqlite") {
            file.path.replace("/sqlite/", "/postgres/")
        } else {
            file.path.replace("/postgres/", "/sqlite/")
        };
        if tree.get(&twin).is_none() {
            findings.push(Finding::new(&file.path, 1, format!("has no twin; write {twin}")));
        }
    }
    findings
}

/// The first line is `-- oldest: N`: the oldest schema whose binaries still work on this one.
pub fn first_lines(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in migrations(tree) {
        let first = file.text.lines().next().unwrap_or_default();
        let oldest = first.strip_prefix("-- oldest: ").and_then(|number| number.trim().parse::<u32>().ok());
        match (oldest, number(file.name())) {
            (None, _) => {
                findings.push(Finding::new(
                    &file.path,
                    1,
                    "does not open with `-- oldest: N`; name the oldest schema that works on it",
                ));
            }
            (Some(oldest), Some(number)) if oldest > number => {
                findings.push(Finding::new(
                    &file.path,
                    1,
                    format!("names {oldest} as its oldest schema, which is newer than itself"),
                ));
            }
            _ => {}
        }
    }
    findings
}

fn migrations(tree: &Tree) -> impl Iterator<Item = &File> {
    let backend = |file: &&File| {
        let folder = file.folder();
        folder.ends_with("migrations/sqlite") || folder.ends_with("migrations/postgres")
    };
    tree.with_extension("sql").filter(backend)
}

fn number(name: &str) -> Option<u32> {
    let (number, _) = name.split_once('_')?;
    (number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "-- oldest: 1\ncreate table t (id bigint);\n";

    #[test]
    fn a_gap_and_a_missing_twin_are_found() {
        let tree = Tree::of(&[
            ("crates/core/migrations/postgres/0001_inbox.sql", GOOD),
            ("crates/core/migrations/sqlite/0001_inbox.sql", GOOD),
            ("crates/core/migrations/sqlite/0003_jobs.sql", GOOD),
        ]);
        let found: Vec<String> = gaps_and_twins(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("where 2 follows"));
        assert!(found[1].contains("write crates/core/migrations/postgres/0003_jobs.sql"));
    }

    #[test]
    fn a_first_line_that_says_nothing_or_nonsense_is_found() {
        let path = "crates/core/migrations/sqlite/0001_inbox.sql";
        assert_eq!(first_lines(&Tree::of(&[(path, GOOD)])), []);
        assert_eq!(first_lines(&Tree::of(&[(path, "create table t (id bigint);\n")])).len(), 1);
        assert_eq!(first_lines(&Tree::of(&[(path, "-- oldest: 2\n")])).len(), 1);
    }
}
