//! Files stay short enough to read in one go.

use super::{Finding, Tree};

/// The most lines of a file of code.
const MOST: usize = 400;

/// Looks at Rust, JavaScript and TypeScript.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let code = tree.files.iter().filter(|file| matches!(file.extension(), Some("rs" | "js" | "mjs" | "ts")));
    let long = code.map(|file| (file, file.text.lines().count())).filter(|(_, lines)| *lines > MOST);
    long.map(|(file, lines)| {
        let what = format!("{lines} lines, of which {MOST} are allowed; split the file by what it does");
        Finding::new(&file.path, MOST + 1, what)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_too_many_is_found() {
        let text = "x\n".repeat(MOST);
        assert_eq!(check(&Tree::of(&[("a.rs", &text)])), []);
        let text = "x\n".repeat(MOST + 1);
        assert_eq!(check(&Tree::of(&[("a.rs", &text), ("page.js", &text), ("notes.md", &text)])).len(), 2);
    }
}
