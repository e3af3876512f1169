//! Tests never sleep: they advance the clock and await idle.

use super::rust::Source;
use super::{Finding, Tree};

/// Looks at test files and at the unit tests inside other files.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_extension("rs") {
        let whole = Source::with_tests(&file.text);
        let without = Source::new(&file.text);
        for ((line, code), (_, outside)) in whole.lines().zip(without.lines()) {
            let in_test = file.is_test() || outside != code;
            if in_test && calls_sleep(code) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    "a test that sleeps; advance the clock, or await idle",
                ));
            }
        }
    }
    findings
}

/// A call of `sleep` itself: its definition, or a method of a clock, is none.
fn calls_sleep(code: &str) -> bool {
    code.match_indices("sleep(").any(|(at, _)| {
        let before = &code[..at];
        !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.')
            && !before.trim_end().ends_with("fn")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleeping_test_is_found_wherever_it_lies() {
        let unit = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn t() { std::thread::sleep(d); }\n}\n";
        let tree = Tree::of(&[
            ("crates/x/src/a.rs", unit),
            ("crates/x/tests/it/a.rs", "tokio::time::sleep(d).await;\n"),
        ]);
        let found: Vec<(String, usize)> = check(&tree).into_iter().map(|f| (f.path, f.line)).collect();
        assert_eq!(found, [("crates/x/src/a.rs".to_owned(), 4), ("crates/x/tests/it/a.rs".to_owned(), 1)]);
    }

    #[test]
    fn a_clock_that_is_waited_on_passes() {
        let text = "clock.sleep(d).await;\nfn sleep() {}\nnosleep();\n// sleep(1)\n";
        assert_eq!(check(&Tree::of(&[("crates/x/tests/it/a.rs", text)])), []);
    }
}
