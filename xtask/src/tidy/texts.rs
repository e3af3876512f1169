//! Every sentence exists in every language.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::File;
use super::{Finding, Tree};

/// The `.ftl` files of one `locales` folder hold the same keys, in whatever order; no key comes twice.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut folders: BTreeMap<&str, Vec<&File>> = BTreeMap::new();
    for file in tree.with_extension("ftl") {
        let set = file.path.split_once("locales/").map_or(file.folder(), |(before, _)| before);
        folders.entry(set).or_default().push(file);
    }
    for files in folders.values() {
        // A language is one file, or a folder of files.
        let mut languages: BTreeMap<&str, (&File, BTreeSet<String>)> = BTreeMap::new();
        for file in files {
            let inner = file.path.split_once("locales/").map_or(file.name(), |(_, inner)| inner);
            let language = inner.split(['/', '.']).next().unwrap_or(inner);
            let known = &mut languages.entry(language).or_insert_with(|| (file, BTreeSet::new())).1;
            for (line, key) in keys(&file.text) {
                if !known.insert(key.clone()) {
                    findings.push(Finding::new(
                        &file.path,
                        line,
                        format!("the key {key} comes twice; remove one"),
                    ));
                }
            }
        }
        let all: BTreeSet<String> = languages.values().flat_map(|(_, keys)| keys).cloned().collect();
        for (language, (file, known)) in &languages {
            for key in all.difference(known) {
                findings.push(Finding::new(&file.path, 1, format!("{language} has no {key}; translate it")));
            }
        }
    }
    findings
}

/// Messages, terms and their attributes (`key.attribute`), with their lines.
fn keys(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut message = String::new();
    for (index, line) in text.lines().enumerate() {
        let Some((left, _)) = line.split_once('=') else { continue };
        let name = left.trim();
        let plain = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        };
        if !line.starts_with([' ', '\t', '#']) && plain(name) {
            name.clone_into(&mut message);
            found.push((index + 1, message.clone()));
        } else if line.starts_with(' ') && name.strip_prefix('.').is_some_and(plain) {
            found.push((index + 1, format!("{message}{name}")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_a_language_lacks_is_found() {
        let tree = Tree::of(&[
            (
                "crates/lms/locales/en.ftl",
                "# a = comment\nhello = Hello\n    .title = Title\nbye = Bye\n    a = b\n",
            ),
            ("crates/lms/locales/zh.ftl", "hello = 你好\nextra = 多\n"),
        ]);
        let found: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].contains("en has no extra"));
        assert!(found[1].contains("zh has no bye"));
        assert!(found[2].contains("zh has no hello.title"));
    }

    #[test]
    fn a_key_that_comes_twice_is_found() {
        let findings = check(&Tree::of(&[("crates/lms/locales/en.ftl", "a = 1\na = 2\n")]));
        assert_eq!(findings.first().map(|finding| finding.line), Some(2));
    }

    #[test]
    fn the_locales_of_two_crates_are_apart() {
        let tree =
            Tree::of(&[("crates/lms/locales/en.ftl", "a = 1\n"), ("crates/core/locales/en.ftl", "b = 1\n")]);
        assert_eq!(check(&tree), []);
    }
}
