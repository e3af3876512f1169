//! The continuous integration can start.

use super::{Finding, Tree};

/// `.ci/run` is there and may be executed.
pub fn check(tree: &Tree) -> Vec<Finding> {
    match tree.get(".ci/run") {
        None => vec![Finding::new(".ci/run", 1, "is missing; it runs test, e2e and faults")],
        Some(file) if !file.executable => {
            vec![Finding::new(".ci/run", 1, "is not executable; chmod +x .ci/run")]
        }
        Some(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_not_executable_are_found() {
        assert!(check(&Tree::of(&[]))[0].what.contains("missing"));
        let mut tree = Tree::of(&[(".ci/run", "#!/bin/sh\n")]);
        assert!(check(&tree)[0].what.contains("chmod"));
        tree.files[0].executable = true;
        assert_eq!(check(&tree), []);
    }
}
