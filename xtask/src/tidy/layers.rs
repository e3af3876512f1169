//! The domain of a bot is pure.

use super::rust::Source;
use super::{Finding, Tree};

/// What would tie the domain to the outside world.
const BANNED: [&str; 6] = ["async fn", ".await", "sqlx", "teloxide", "tokio", "reqwest"];

/// No `domain.rs` or file in `domain/` of a crate awaits, or knows database, Telegram or network.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in
        tree.with_extension("rs").filter(|file| file.is_in("domain") || file.path.ends_with("src/domain.rs"))
    {
        for (line, code) in Source::new(&file.text).lines() {
            for banned in BANNED.iter().filter(|banned| code.contains(**banned)) {
                let what = format!(
                    "`{banned}` in the domain, which is pure; pass values in, and do it in a handler or the store"
                );
                findings.push(Finding::new(&file.path, line, what));
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
    }
}
