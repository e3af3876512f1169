//! What the pages at the root name is there: files, folders and tests.

use super::{Finding, Tree};

/// Endings by which a name without a folder is taken for a file.
const ENDINGS: [&str; 8] = [".rs", ".md", ".toml", ".sql", ".ftl", ".yml", ".png", ".example"];

/// In ARCHITECTURE.md, README.md and their like at the root: each path in backticks or in a link is there, from the
/// root or from the folder that the heading above names; each test that is named stands in some Rust file.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let pages = tree.with_extension("md").filter(|file| file.folder().is_empty());
    pages.flat_map(|page| of_page(tree, &page.path, &page.text)).collect()
}

fn of_page(tree: &Tree, page: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut is_fenced, mut folder) = (false, "");
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        }
        if is_fenced {
            continue;
        }
        if line.starts_with('#') {
            folder = spans(line).find(|span| is_there(tree, span)).unwrap_or_default();
        }
        let mut find = |what: String| findings.push(Finding::new(page, number + 1, what));
        for span in spans(line) {
            if is_test(span) && !is_named(tree, span) {
                find(format!("`{span}` stands in no Rust file; name the test that is there"));
            }
            if is_path(span) {
                for path in alternatives(span) {
                    if !is_there(tree, &path) && !is_there(tree, &format!("{folder}/{path}")) {
                        find(format!("`{path}` is not there; name the path that is"));
                    }
                }
            }
        }
        for target in links(line).filter(|target| !is_there(tree, target)) {
            find(format!("the link to {target} leads nowhere; correct it"));
        }
    }
    findings
}

/// What stands between single backticks.
fn spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// The targets of links and pictures inside the tree, without what follows a `#`.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let inside = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    inside.map(|target| target.split('#').next().unwrap_or(target))
}

/// Pages of a server begin with a slash, addresses hold a colon, what is built lies in `target`.
fn is_path(span: &str) -> bool {
    let is_plain = !span.contains([' ', ':', '<', '…', '(', '=', '$', '"']);
    let is_ours = !span.starts_with('/') && !span.starts_with("target") && !span.starts_with('*');
    is_plain && is_ours && (span.contains('/') || ENDINGS.iter().any(|ending| span.ends_with(ending)))
}

/// Names of tests are sentences: four words at least.
fn is_test(span: &str) -> bool {
    let is_snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    span.chars().all(is_snake) && span.split('_').filter(|word| !word.is_empty()).count() >= 4
}

fn is_named(tree: &Tree, test: &str) -> bool {
    tree.with_extension("rs").any(|file| {
        file.text.match_indices(test).any(|(at, _)| {
            let next = file.text[at + test.len()..].chars().next();
            next.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_')
        })
    })
}

/// `a/{b,c}.rs` is two paths.
fn alternatives(span: &str) -> Vec<String> {
    let Some((before, (inner, after))) =
        span.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    else {
        return vec![span.to_owned()];
    };
    inner.split(',').map(|word| format!("{before}{word}{after}")).collect()
}

/// A file, or a folder with files in it.
fn is_there(tree: &Tree, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    tree.files
        .iter()
        .any(|file| file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(page: &str) -> Vec<String> {
        let tree = Tree::of(&[
            ("ARCHITECTURE.md", page),
            ("crates/core/src/flow.rs", "fn a_429_holds_that_chat_alone() {}\n"),
            ("crates/core/src/flow/runner.rs", ""),
        ]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_path_a_link_and_a_test_that_are_not_there_are_found() {
        let found = findings(
            "`crates/core/src/flow/walker.rs`, `gone.rs`\n[x](docs/gone.md#y)\n`a_429_holds_nobody_else`\n",
        );
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found[0].starts_with("ARCHITECTURE.md:1:") && found[2].contains("docs/gone.md"), "{found:?}");
        assert!(found[3].starts_with("ARCHITECTURE.md:3: `a_429_holds_nobody_else`"), "{found:?}");
        let found = findings("`crates/core/src/flow/{runner,walker}.rs` `a_429_holds_that_chat`\n");
        assert_eq!(found.len(), 2, "of two alternatives one, and the beginning of a name: {found:?}");
    }

    #[test]
    fn what_is_there_passes_from_the_root_and_from_the_folder_of_the_heading() {
        let page = "# A\n`crates/core/src/flow.rs` `a_429_holds_that_chat_alone` [x](crates/core/src/flow.rs#y)\n\
                    ## `crates/core/src`\n`flow/runner.rs` `flow/`\n";
        assert_eq!(findings(page), Vec::<String>::new());
    }

    #[test]
    fn pages_addresses_commands_and_fenced_lines_are_no_paths() {
        let page = "`/health/live` `target/e2e` `cargo xtask x.rs` `sqlite:a/b` [x](https://example.org/a.md)\n\
                    ```text\n`gone.rs`\n```\n";
        assert_eq!(findings(page), Vec::<String>::new());
    }
}
