//! A bot's `main` only hands the bot to core.

use super::{Finding, Tree};

/// The most lines of such a file.
const MOST: usize = 20;

/// Looks at the bots: what they do is in their libraries, where tests reach it.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mains = tree.files.iter().filter(|file| {
        let folder = file.path.strip_prefix("crates/").and_then(|path| path.strip_suffix("/src/main.rs"));
        folder.is_some_and(|name| name.ends_with("-bot") || name == "lms")
    });
    let long = mains.filter(|file| file.text.lines().count() > MOST);
    long.map(|file| {
        Finding::new(&file.path, MOST + 1, format!("more than {MOST} lines; move the rest to lib.rs"))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_main_of_a_bot_is_found() {
        let text = "x\n".repeat(MOST + 1);
        let tree =
            Tree::of(&[("crates/support-bot/src/main.rs", &text), ("crates/sandbox/src/main.rs", &text)]);
        let findings = check(&tree);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].path.contains("support-bot"));
    }
}
