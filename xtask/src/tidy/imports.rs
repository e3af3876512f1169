//! Who may use whom.

use toml::Table;

use super::{Finding, Tree};

/// A crate and what it may use of ours, as in the design. A new crate gets its line here.
const ALLOWED: [(&str, &[&str]); 14] = [
    ("mask", &[]),
    ("frontdesk-core", &["mask"]),
    ("telemon", &["mask"]),
    ("customers", &["mask", "frontdesk-core"]),
    ("vault", &["mask", "frontdesk-core"]),
    ("support-bot", LIBRARIES),
    ("order-bot", LIBRARIES),
    ("payment-bot", LIBRARIES),
    ("lms", LIBRARIES),
    ("sandbox", &[]),
    ("testkit", DRIVEN),
    ("drills", DRIVEN_AND_TESTKIT),
    ("xtask", &[]),
    ("echo-bot", LIBRARIES),
];
/// What a bot stands on; never another bot.
const LIBRARIES: &[&str] = &["mask", "frontdesk-core", "telemon", "customers", "vault"];
const DRIVEN: &[&str] = &[
    "mask",
    "frontdesk-core",
    "telemon",
    "customers",
    "vault",
    "sandbox",
    "support-bot",
    "order-bot",
    "payment-bot",
    "lms",
];
const DRIVEN_AND_TESTKIT: &[&str] = &[
    "mask",
    "frontdesk-core",
    "telemon",
    "customers",
    "vault",
    "sandbox",
    "support-bot",
    "order-bot",
    "payment-bot",
    "lms",
    "testkit",
];
/// What tests may use besides: the circle over testkit is one that cargo allows.
const FOR_TESTS: [&str; 2] = ["testkit", "sandbox"];
/// Crates that stand alone even in their tests.
const ALONE: [&str; 2] = ["mask", "xtask"];

/// Compares every crate's dependencies with the table.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ours: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    for file in tree.files.iter().filter(|file| file.name() == "Cargo.toml" && file.path != "Cargo.toml") {
        let Ok(manifest) = file.text.parse::<Table>() else {
            findings.push(Finding::new(&file.path, 1, "is no TOML; correct it"));
            continue;
        };
        let name =
            manifest.get("package").and_then(|package| package.get("name")?.as_str()).unwrap_or_default();
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == name) else {
            let what =
                format!("the crate {name} is in no table; say in xtask/src/tidy/imports.rs whom it may use");
            findings.push(Finding::new(&file.path, 1, what));
            continue;
        };
        for (section, used) in dependencies(&manifest) {
            let for_tests =
                section == "dev-dependencies" && FOR_TESTS.contains(&used.as_str()) && !ALONE.contains(&name);
            if ours.contains(&used.as_str())
                && used != name
                && !allowed.contains(&used.as_str())
                && !for_tests
            {
                let what = format!("{name} may not use {used}; move what they share to a crate below both");
                findings.push(Finding::new(&file.path, line_of(&file.text, &used), what));
            }
        }
    }
    findings
}

/// Every dependency by its section and real package name.
fn dependencies(manifest: &Table) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        for (key, value) in manifest.get(section).and_then(toml::Value::as_table).into_iter().flatten() {
            let package = value.get("package").and_then(toml::Value::as_str).unwrap_or(key);
            found.push((section, package.to_owned()));
        }
    }
    found
}

fn line_of(text: &str, dependency: &str) -> usize {
    text.lines().position(|line| line.trim_start().starts_with(dependency)).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, rest: &str) -> Vec<Finding> {
        let text = format!("[package]\nname = \"{name}\"\n{rest}");
        check(&Tree::of(&[("crates/x/Cargo.toml", &text)]))
    }

    #[test]
    fn a_bot_that_uses_another_bot_is_found_on_its_line() {
        let findings =
            found("support-bot", "[dependencies]\nmask.workspace = true\norder-bot.workspace = true\n");
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].line, 5);
        assert!(findings[0].what.contains("support-bot may not use order-bot"));
    }

    #[test]
    fn the_sandbox_and_the_masker_use_none_of_ours() {
        assert_eq!(found("sandbox", "[dependencies]\nfrontdesk-core.workspace = true\n").len(), 1);
        assert_eq!(found("mask", "[dev-dependencies]\ntestkit.workspace = true\n").len(), 1);
    }

    #[test]
    fn tests_of_core_may_use_testkit_and_core_itself_may_not() {
        assert_eq!(found("frontdesk-core", "[dev-dependencies]\ntestkit.workspace = true\n"), []);
        assert_eq!(found("frontdesk-core", "[dependencies]\ntestkit.workspace = true\n").len(), 1);
    }

    #[test]
    fn another_name_for_a_crate_is_no_way_around() {
        let rest = "[dependencies]\nhelper = { package = \"support-bot\", path = \"../support-bot\" }\n";
        assert_eq!(found("lms", rest).len(), 1);
    }

    #[test]
    fn an_unknown_crate_is_found() {
        assert!(found("new-bot", "")[0].what.contains("in no table"));
    }
}
