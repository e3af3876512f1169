//! Nothing in the tree looks like a real secret.

use std::sync::LazyLock;

use regex::Regex;

use super::{Finding, Tree};

/// What a secret looks like. The patterns do not match themselves.
const SHAPES: [(&str, &str); 11] = [
    ("a Telegram bot token", r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"),
    ("an AWS key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("a GitHub token", r"\bgh[pousr]_[A-Za-z0-9]{36}"),
    ("a GitHub token", r"\bgithub_pat_[A-Za-z0-9_]{22,}"),
    ("a Slack token", r"\bxox[abeprs]-[0-9A-Za-z-]{10,}"),
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    ("a JSON web token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    ("a Stripe key", r"\b[srp]k_(?:live|test)_[0-9A-Za-z]{16,}|\bwhsec_[0-9A-Za-z]{16,}"),
    ("a Google key", r"\bAIza[0-9A-Za-z_-]{35}"),
    ("a key of a language model", r"\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,}"),
    (
        "a password in a URL",
        r"\b(?:postgres|postgresql|redis|amqp|mysql)://[^\s:/@]+:[^\s:/@{}<$]{6,}@[^\s]*\.[a-z]{2,}",
    ),
];

static PATTERNS: LazyLock<Vec<(&'static str, Regex)>> = LazyLock::new(|| {
    SHAPES
        .map(|(what, shape)| {
            (what, Regex::new(shape).expect("the shapes are constants, and a test compiles them"))
        })
        .into()
});

/// Searches every file, whatever its kind. The finding does not repeat what it found.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (index, line) in file.text.lines().enumerate() {
            for (what, pattern) in PATTERNS.iter() {
                if pattern.is_match(line) {
                    let what = format!(
                        "looks like {what}; if it was real, revoke it; in a test, build it at run time"
                    );
                    findings.push(Finding::new(&file.path, index + 1, what));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Put together here, so that the tree holds none of them.
    fn fakes() -> Vec<String> {
        let x = |length: usize| "x1Y".repeat(length).chars().take(length).collect::<String>();
        vec![
            format!("{}:{}{}", 1_234_567_890_u64, "AA", x(33)),
            format!("{}{}", "AKIA", "A1".repeat(8)),
            format!("{}_{}", "ghp", x(36)),
            format!("{}_{}", "github_pat", x(30)),
            format!("{}-{}", "xoxb", "1234567890"),
            format!("-----{} {} KEY-----", "BEGIN", "RSA PRIVATE"),
            format!("{}{}.{}{}.{}", "eyJ", x(12), "eyJ", x(12), x(12)),
            format!("{}_{}_{}", "sk", "live", x(24)),
            format!("{}{}", "AIza", x(35)),
            format!("{}-{}", "sk", x(40)),
            format!("{}://{}:{}@{}", "postgres", "desk", "correct-horse", "db.example.com/desk"),
        ]
    }

    #[test]
    fn every_shape_is_found_in_any_file() {
        for (fake, (what, _)) in fakes().iter().zip(SHAPES) {
            let findings = check(&Tree::of(&[("notes.txt", &format!("first\nkey = {fake}\n"))]));
            assert!(findings.iter().any(|f| f.line == 2 && f.what.contains(what)), "{what}: {findings:?}");
            assert!(
                findings.iter().all(|f| !f.what.contains(fake.as_str())),
                "the finding repeats the secret"
            );
        }
    }

    #[test]
    fn what_only_resembles_a_secret_passes() {
        let text = "1000001:sandbox-token\npostgres://postgres@127.0.0.1:5432/postgres\nAKIA\nsk-short\n";
        assert_eq!(check(&Tree::of(&[("a.md", text)])), []);
    }
}
