//! Modules are `foo.rs` with `foo/`, and named for what they hold.

use super::rust::Source;
use super::{Finding, Tree};

/// Names that say nothing.
const NAMELESS: [&str; 4] = ["utils", "util", "helpers", "misc"];

/// No `mod.rs`, no file, folder or inline module called `utils`.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.with_extension("rs") {
        if file.name() == "mod.rs" {
            findings.push(Finding::new(
                &file.path,
                1,
                "is a mod.rs; move it to a file beside the folder, with its name",
            ));
        }
        let stem = file.name().trim_end_matches(".rs");
        let nameless = NAMELESS.iter().find(|name| stem == **name || file.is_in(name));
        if let Some(name) = nameless {
            findings.push(Finding::new(
                &file.path,
                1,
                format!("`{name}` says nothing; name it for what it holds"),
            ));
        }
        for (line, code) in Source::with_tests(&file.text).lines() {
            let inline = NAMELESS.iter().find(|name| code.contains(&format!("mod {name} {{")));
            if let Some(name) = inline {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    format!("`{name}` says nothing; name it for what it holds"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mod_file_and_empty_names_are_found() {
        let tree = Tree::of(&[
            ("crates/core/src/flow/mod.rs", ""),
            ("crates/core/src/utils.rs", ""),
            ("crates/core/src/a.rs", "mod helpers {\n}\n"),
            ("crates/core/src/flow.rs", "mod lane;\n"),
        ]);
        assert_eq!(check(&tree).len(), 3);
    }
}
