//! The domain of a bot is pure, and its handlers touch nothing but their transaction.

use super::rust::Source;
use super::{Finding, Tree};

/// What would tie the domain to the outside world.
const BANNED: [&str; 13] = [
    "async fn",
    "async move",
    "async {",
    "async |",
    ".await",
    "sqlx",
    "teloxide",
    "tokio",
    "reqwest",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
];

/// What a handler would wait for, or leave behind, beside its transaction: its budget is its own time, and what was
/// done outside of the transaction cannot be undone.
const OUTSIDE: [&str; 8] =
    ["std::fs", "std::net", "std::process", "std::thread", "tokio::", "reqwest", "spawn(", "std::env"];

/// No `domain.rs` or file in `domain/` of a crate awaits, or knows database, Telegram or network; no `handlers.rs` or file
/// in `handlers/` knows files, network, processes or tasks of its own.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let pure = "in the domain, which is pure; pass values in, and do it in a handler or the store";
    let outside = "in a handler, which awaits its transaction and nothing else; make a job of it";
    let mut findings = banned(tree, "domain", &BANNED, pure);
    findings.extend(banned(tree, "handlers", &OUTSIDE, outside));
    findings
}

fn banned(tree: &Tree, layer: &str, words: &[&str], what: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let root = format!("src/{layer}.rs");
    let files = tree.with_extension("rs").filter(|file| file.is_in(layer) || file.path.ends_with(&root));
    for file in files.filter(|file| !file.is_test()) {
        for (line, code) in Source::new(&file.text).lines() {
            for word in words.iter().filter(|word| code.contains(**word)) {
                findings.push(Finding::new(&file.path, line, format!("`{word}` {what}")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_that_awaits_or_knows_the_database_is_found() {
        let text = "use sqlx::Row;\nasync fn load() {}\n";
        assert_eq!(check(&Tree::of(&[("crates/lms/src/domain/course.rs", text)])).len(), 2);
        assert_eq!(check(&Tree::of(&[("crates/lms/src/store.rs", text)])), []);
        let text = "fn load() { async move { 1 } }\nfn read() { std::fs::read(p) }\n";
        assert_eq!(check(&Tree::of(&[("crates/lms/src/domain.rs", text)])).len(), 2);
    }

    #[test]
    fn a_handler_that_reads_a_file_or_starts_a_task_is_found() {
        let text = "async fn handle() { ctx.tx.await; }\nfn a() { std::fs::read(p); }\nfn b() { tokio::spawn(c); }\n";
        let lines: Vec<usize> =
            check(&Tree::of(&[("crates/lms/src/handlers/ask.rs", text)])).iter().map(|f| f.line).collect();
        assert_eq!(lines, [2, 3, 3]);
        assert_eq!(check(&Tree::of(&[("crates/lms/src/http/ask.rs", text)])), []);
    }
}
