//! No lint is silenced without a reason, no test is skipped, nothing is left to do.

use super::rust::Source;
use super::{Finding, Tree};

/// What may not stand in code, and what to do instead.
const BANNED: [(&str, &str); 7] = [
    ("#[allow(", "use #[expect(lint, reason = \"…\")]"),
    ("#![allow(", "use #![expect(lint, reason = \"…\")]"),
    ("#[ignore", "make the test pass, or delete it"),
    ("todo!(", "write it, or leave it out"),
    ("unimplemented!(", "write it, or leave it out"),
    ("#[should_panic]", "say which panic: #[should_panic(expected = \"…\")], or return an error"),
    ("dbg!(", "remove it"),
];

/// Looks at all Rust code, tests included.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_extension("rs") {
        let source = Source::with_tests(&file.text);
        for (line, code) in source.lines() {
            for (banned, instead) in BANNED {
                if contains_word(code, banned) {
                    findings.push(Finding::new(&file.path, line, format!("`{banned}` is banned; {instead}")));
                }
            }
            if code.contains("#[expect(") && !reasoned(&file.text, line) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    "an exception without a reason; add reason = \"…\"",
                ));
            }
        }
    }
    findings
}

/// `my_todo!(` is no `todo!(`.
fn contains_word(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Whether an attribute that starts on this line names a reason before it ends.
fn reasoned(text: &str, line: usize) -> bool {
    let lines: Vec<&str> = text.lines().skip(line - 1).take(8).collect();
    let attribute = lines.join("\n");
    attribute.split(")]").next().is_some_and(|attribute| attribute.contains("reason"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shortcut_is_found_on_its_line() {
        let text = "#[allow(dead_code)]\nfn a() { todo!() }\n#[ignore = \"slow\"]\n#[expect(dead_code)]\nfn b() {}\n";
        let lines: Vec<usize> =
            check(&Tree::of(&[("a.rs", text)])).iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [1, 2, 3, 4]);
    }

    #[test]
    fn words_in_comments_and_literals_pass() {
        let text = "// todo!() was here\nconst A: &str = \"#[allow(x)]\";\nmy_todo!();\n";
        assert_eq!(check(&Tree::of(&[("a.rs", text)])), []);
    }

    #[test]
    fn an_exception_with_a_reason_passes() {
        let text = "#[expect(\n    dead_code,\n    reason = \"why\"\n)]\nfn a() {}\n";
        assert_eq!(check(&Tree::of(&[("a.rs", text)])), []);
    }
}
