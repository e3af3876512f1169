//! All SQL is in the store.

use super::rust::Source;
use super::tree::File;
use super::{Finding, Tree};

/// Statements by their first words and a word that must follow somewhere.
const STATEMENTS: [(&str, &str); 19] = [
    ("select ", " from "),
    ("select ", "($"),
    ("select ", "()"),
    ("insert into ", ""),
    ("update ", " set "),
    ("delete from ", ""),
    ("create table ", ""),
    ("create index ", ""),
    ("create unique index ", ""),
    ("drop index ", ""),
    ("insert or ", " into "),
    ("replace into ", ""),
    ("lock table ", ""),
    ("truncate ", ""),
    ("pragma ", ""),
    ("set local ", ""),
    ("alter table ", ""),
    ("drop table ", ""),
    ("with ", "select "),
];

/// Looks at the string literals outside tests. What drives a bot from outside may look into its database.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_extension("rs").filter(|file| !may_hold_sql(file)) {
        for (line, literal) in Source::new(&file.text).literals {
            if is_sql(&literal) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    "SQL outside the store; move it to store.rs or store/",
                ));
            }
        }
    }
    findings
}

fn may_hold_sql(file: &File) -> bool {
    let name = file.name();
    let store = name == "store.rs" || name == "db.rs" || file.is_in("store") || file.is_in("db");
    store || file.is_test() || file.path.starts_with("crates/drills/")
}

fn is_sql(literal: &str) -> bool {
    let words: Vec<&str> = literal.split_whitespace().filter(|word| *word != "\\").collect();
    let text = format!("{} ", words.join(" ").to_lowercase());
    let text = text.trim_start_matches('(');
    STATEMENTS
        .iter()
        .any(|(first, later)| text.len() > first.len() && text.starts_with(first) && text.contains(later))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_statement_is_found_outside_the_store() {
        for sql in [
            "select id\n  from ticket",
            "(select id from ticket)",
            "select pg_advisory_xact_lock($1)",
            "insert into t values (1)",
            "insert or ignore into t values (1)",
            "update t set a = 1",
            "delete from t",
            "with come as materialized (select 1) delete from t",
            "create unique index a on t (b)",
            "lock table t",
            "pragma journal_mode = wal",
        ] {
            let text = format!("fn f() {{\n    q(\"{sql}\");\n}}\n");
            let handler = check(&Tree::of(&[("crates/lms/src/handlers/a.rs", &text)]));
            assert_eq!(handler.first().map(|finding| finding.line), Some(2), "{sql}");
            assert_eq!(check(&Tree::of(&[("crates/lms/src/store/a.rs", &text)])), []);
        }
    }

    #[test]
    fn sentences_and_tests_pass() {
        let text = "const A: &str = \"select a plan\";\nconst B: &str = \"update your settings\";\n\
                    #[cfg(test)]\nmod tests { const C: &str = \"select a from b\"; }\n";
        assert_eq!(check(&Tree::of(&[("crates/lms/src/a.rs", text)])), []);
    }
}
