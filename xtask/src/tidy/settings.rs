//! Every setting of a bot stands in the operators' guide.

use super::{Finding, Tree};

/// The page with the table of settings.
const GUIDE: &str = "docs/src/operators.md";

/// Each name in a bot's `.env.example`, which a test holds to the code, is a row of the guide's table.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let guide = tree.get(GUIDE).map_or("", |file| file.text.as_str());
    let mut findings = Vec::new();
    for example in tree.files.iter().filter(|file| file.name() == ".env.example") {
        for name in example.text.lines().filter_map(setting) {
            if !guide.lines().any(|line| line.starts_with(&format!("| `{name}`"))) {
                let what =
                    format!("lacks a row for {name}; take it from `settings --format table` of the bot");
                findings.push(Finding::new(GUIDE, 1, what));
            }
        }
    }
    findings
}

/// The name of the setting that a line sets, commented out or not.
fn setting(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start_matches("# ").split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_without_a_row_is_found() {
        let example = "# The token = secret.\nTELEGRAM_BOT_TOKEN=\n\n# DATA_DIR=data\n";
        let guide = "`DATA_DIR` is a folder.\n| `TELEGRAM_BOT_TOKEN` (secret) | … |\n";
        let found = check(&Tree::of(&[("crates/lms/.env.example", example), (GUIDE, guide)]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].to_string().contains("a row for DATA_DIR"), "{found:?}");
    }
}
