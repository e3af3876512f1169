//! Decisions are numbered without a gap, and each says its number.

use super::{Finding, Tree};

/// `docs/adr/NNNN-title.md`, counted from 1; the first line is a heading that holds the number.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut expected = 1;
    for file in
        tree.with_extension("md").filter(|file| file.folder() == "docs/adr" && file.name() != "README.md")
    {
        let Some(number) = file.name().split_once('-').and_then(|(number, _)| four_digits(number)) else {
            findings.push(Finding::new(&file.path, 1, "is not named NNNN-title.md; rename it"));
            continue;
        };
        if number != expected {
            let what =
                format!("has the number {number} where {expected} follows; number decisions without a gap");
            findings.push(Finding::new(&file.path, 1, what));
        }
        expected = number + 1;
        let heading = file.text.lines().next().unwrap_or_default();
        let mut words = heading.split(|c: char| !c.is_ascii_digit());
        if !heading.starts_with("# ") || words.find_map(|word| word.parse().ok()) != Some(number) {
            findings.push(Finding::new(
                &file.path,
                1,
                format!("does not open with a heading that says ADR {number}; add it"),
            ));
        }
    }
    findings
}

fn four_digits(text: &str) -> Option<u32> {
    (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_a_wrong_heading_and_a_wrong_name_are_found() {
        let tree = Tree::of(&[
            ("docs/adr/0001-flow.md", "# ADR 1: the update flow\n"),
            ("docs/adr/0003-masks.md", "# ADR 2: masks\n"),
            ("docs/adr/notes.md", "# Notes\n"),
        ]);
        let found: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(
            found[0].contains("where 2 follows") && found[1].contains("ADR 3") && found[2].contains("NNNN")
        );
    }

    #[test]
    fn numbers_in_order_pass() {
        let tree = Tree::of(&[("docs/adr/0001-a.md", "# ADR 1: a"), ("docs/adr/0002-b.md", "# 2. b")]);
        assert_eq!(check(&tree), []);
    }
}
