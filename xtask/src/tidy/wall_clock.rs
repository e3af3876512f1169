//! Time comes from the clock.

use super::rust::Source;
use super::{Finding, Tree};

/// Calls that read or wait for real time.
const CALLS: [&str; 8] = [
    "SystemTime::now(",
    "Instant::now(",
    "Utc::now(",
    "Local::now(",
    "time::sleep(",
    "time::sleep_until(",
    "time::interval(",
    "thread::sleep(",
];

/// Only `clock.rs` (or `clock/`) may; another place needs an `#[expect(clippy::disallowed_methods, reason = …)]` in the
/// same file, which the reader can judge.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_extension("rs").filter(|file| file.name() != "clock.rs" && !file.is_in("clock")) {
        let source = Source::new(&file.text);
        if source.code.contains("clippy::disallowed_methods") {
            continue;
        }
        for (line, code) in source.lines() {
            for call in CALLS.iter().filter(|call| code.contains(**call)) {
                let what = format!(
                    "`{call})` reads the wall clock; take the time from the Clock that the app holds"
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
    fn real_time_outside_the_clock_is_found() {
        let text =
            "fn f() {\n    let t = std::time::SystemTime::now();\n    tokio::time::sleep(d).await;\n}\n";
        let lines: Vec<usize> =
            check(&Tree::of(&[("crates/x/src/a.rs", text)])).iter().map(|f| f.line).collect();
        assert_eq!(lines, [2, 3]);
        assert_eq!(check(&Tree::of(&[("crates/x/src/clock.rs", text)])), []);
    }

    #[test]
    fn an_exception_with_its_reason_passes() {
        let text = "#[expect(clippy::disallowed_methods, reason = \"why\")]\nfn f() { Instant::now(); }\n";
        assert_eq!(check(&Tree::of(&[("crates/x/src/a.rs", text)])), []);
    }
}
