//! Each crate opens with its README, which is its documentation.

use super::{Finding, Tree};

/// Every crate has a README.md, and its `lib.rs` (or `main.rs`) includes it.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in tree.files.iter().filter(|file| file.name() == "Cargo.toml" && !file.folder().is_empty())
    {
        let folder = manifest.folder();
        let readme = format!("{folder}/README.md");
        if tree.get(&readme).is_none_or(|file| file.text.trim().is_empty()) {
            findings.push(Finding::new(
                &readme,
                1,
                "is missing; open it with purpose and invariants of the crate",
            ));
        }
        let root = ["lib.rs", "main.rs"].iter().find_map(|name| tree.get(&format!("{folder}/src/{name}")));
        if let Some(root) = root
            && !root.text.contains("#![doc = include_str!(\"../README.md\")]")
        {
            findings.push(Finding::new(
                &root.path,
                1,
                "does not include the README; add #![doc = include_str!(\"../README.md\")]",
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_without_its_readme_is_found_twice() {
        let tree = Tree::of(&[("crates/mask/Cargo.toml", ""), ("crates/mask/src/lib.rs", "//! Masks.\n")]);
        assert_eq!(check(&tree).len(), 2);
    }

    #[test]
    fn a_crate_that_opens_with_its_readme_passes() {
        let tree = Tree::of(&[
            ("crates/mask/Cargo.toml", ""),
            ("crates/mask/README.md", "# mask\n"),
            ("crates/mask/src/lib.rs", "#![doc = include_str!(\"../README.md\")]\n"),
        ]);
        assert_eq!(check(&tree), []);
    }
}
