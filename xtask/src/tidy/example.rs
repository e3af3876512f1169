//! The code that the README shows is code that runs.

use super::{Finding, Tree};

/// The bot whose lines the README shows.
const EXAMPLE: &str = "crates/core/examples/echo.rs";

/// Each line of a Rust block in the README at the root stands in the example, apart from its indentation.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let Some(readme) = tree.get("README.md") else { return Vec::new() };
    let example = tree.get(EXAMPLE).map_or("", |file| file.text.as_str());
    let mut findings = Vec::new();
    let mut is_code = false;
    for (number, line) in readme.text.lines().enumerate() {
        if let Some(language) = line.strip_prefix("```") {
            is_code = language == "rust";
            continue;
        }
        let line = line.trim();
        if is_code && !line.is_empty() && !example.lines().any(|known| known.trim() == line) {
            let what = format!("`{line}` does not stand in {EXAMPLE}; show what is there");
            findings.push(Finding::new("README.md", number + 1, what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_the_example_does_not_have_is_found() {
        let readme =
            "let other = 1;\n```rust\nlet one = 1;\n\nlet two = 2;\n```\n```console\n$ cargo run\n```\n";
        let found =
            check(&Tree::of(&[("README.md", readme), (EXAMPLE, "fn main() {\n    let one = 1;\n}\n")]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].to_string().starts_with("README.md:5: `let two = 2;`"), "{found:?}");
    }
}
