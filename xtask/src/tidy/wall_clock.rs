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

/// Only `clock.rs` (or `clock/`) may; another place needs an `#[expect(clippy::disallowed_methods, reason = …)]` on the
/// item or statement itself, which the reader can judge.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_extension("rs").filter(|file| file.name() != "clock.rs" && !file.is_in("clock")) {
        let source = Source::new(&file.text);
        let excepted = exceptions(&source.code);
        for (line, code) in source.lines() {
            if excepted.iter().any(|(first, last)| (*first..=*last).contains(&line)) {
                continue;
            }
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

/// The lines of what stands under an exception: first and last.
fn exceptions(code: &str) -> Vec<(usize, usize)> {
    let line_of = |at: usize| code[..at].matches('\n').count() + 1;
    let mut found = Vec::new();
    for (at, _) in code.match_indices("clippy::disallowed_methods") {
        let Some(attribute) = code[..at].rfind('#') else { continue };
        // On the whole module.
        if code[attribute..].starts_with("#!") {
            return vec![(1, usize::MAX)];
        }
        found.push((line_of(attribute), line_of(end_of_item(code, attribute))));
    }
    found
}

/// Where the item or statement ends that stands behind the attribute at `from`.
fn end_of_item(code: &str, from: usize) -> usize {
    let (mut depth, mut in_attribute) = (0_i32, false);
    for (at, character) in code[from..].char_indices() {
        match character {
            '#' if depth == 0 => in_attribute = true,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        let ends = matches!(character, ';' | '}') && depth == 0 && !in_attribute;
        // An outer block that ends before: the attribute was on its last expression.
        if ends || depth < 0 {
            return from + at;
        }
        in_attribute &= !(character == ']' && depth == 0);
    }
    code.len()
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
        let whole = "#![expect(clippy::disallowed_methods, reason = \"why\")]\nfn f() { Instant::now(); }\n";
        assert_eq!(check(&Tree::of(&[("crates/x/src/a.rs", whole)])), []);
    }

    #[test]
    fn an_exception_holds_for_its_own_item_only() {
        let text = "#[expect(clippy::disallowed_methods, reason = \"why\")]\n#[inline]\nfn f(a: [u8; 2]) {\n    if a { b }\n    \
                    Instant::now();\n}\nfn g() {\n    Instant::now();\n}\nfn h() {\n    \
                    #[expect(clippy::disallowed_methods, reason = \"why\")]\n    let t = Instant::now();\n    Instant::now();\n}\n";
        let lines: Vec<usize> =
            check(&Tree::of(&[("crates/x/src/a.rs", text)])).iter().map(|f| f.line).collect();
        assert_eq!(lines, [8, 13]);
    }
}
