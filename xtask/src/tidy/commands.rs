//! Every command of xtask stands in the developers' guide.

use super::{Finding, Tree};
use crate::cli;

/// The page that lists the commands.
const GUIDE: &str = "docs/src/developers.md";

/// Each command has help, and the guide names it as `cargo xtask …`.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let guide = tree.get(GUIDE).map_or("", |file| file.text.as_str());
    let mut findings = Vec::new();
    for (name, about) in cli::commands() {
        if about.is_empty() {
            findings.push(Finding::new(
                "xtask/src/cli.rs",
                1,
                format!("`{name}` has no help; document its options"),
            ));
        }
        if !guide.contains(&format!("cargo xtask {name}")) {
            findings.push(Finding::new(
                GUIDE,
                1,
                format!("does not say what `cargo xtask {name}` is for; add it"),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_the_guide_leaves_out_is_found() {
        let names: Vec<String> =
            cli::commands().iter().map(|(name, _)| format!("cargo xtask {name}")).collect();
        let guide = names.join("\n");
        assert_eq!(check(&Tree::of(&[(GUIDE, &guide)])), []);
        let findings = check(&Tree::of(&[(GUIDE, &guide.replace("cargo xtask demo", ""))]));
        assert!(findings[0].what.contains("cargo xtask demo"), "{findings:?}");
    }
}
