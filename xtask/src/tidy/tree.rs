//! The files of the project as the rules see them: paths from the root, texts in memory.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Larger files are no text of ours.
const LARGEST: u64 = 4 << 20;

/// The project's files.
pub struct Tree {
    /// Sorted by path.
    pub files: Vec<File>,
}

/// One file.
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    /// Its text; what is not UTF-8 is replaced.
    pub text: String,
    /// Whether it may be executed.
    pub executable: bool,
}

impl Tree {
    /// Reads what git knows or would add; without git, everything but `target`.
    pub fn load(root: &Path) -> Result<Self> {
        let mut paths = of_git(root).map_or_else(|| walk(root), Ok)?;
        paths.sort();
        paths.dedup();
        let mut files = Vec::new();
        for path in paths {
            let full = root.join(&path);
            // A file that git still knows may be deleted, and a link points at a file that is read by itself.
            let Ok(metadata) = full.symlink_metadata() else { continue };
            if !metadata.is_file() || metadata.len() > LARGEST {
                continue;
            }
            let bytes = std::fs::read(&full).with_context(|| format!("cannot read {}", full.display()))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let executable = metadata.permissions().mode() & 0o111 != 0;
            files.push(File { path: path.to_string_lossy().into_owned(), text, executable });
        }
        Ok(Self { files })
    }

    /// A tree in memory, for the tests of the rules.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
            executable: false,
        };
        Self { files: files.iter().map(file).collect() }
    }

    /// The files whose name ends with `.extension`.
    pub fn with_extension<'t>(&'t self, extension: &'t str) -> impl Iterator<Item = &'t File> {
        self.files.iter().filter(move |file| file.extension() == Some(extension))
    }

    /// The file at this path.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

impl File {
    /// The name without its folders.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder it lies in; empty for the root.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// What follows the last dot of the name.
    pub fn extension(&self) -> Option<&str> {
        self.name().rsplit_once('.').map(|(_, extension)| extension)
    }

    /// Whether some folder on its path has this name.
    pub fn is_in(&self, folder: &str) -> bool {
        self.folder().split('/').any(|part| part == folder)
    }

    /// Whether it is compiled for tests only: a story, the tests of a module, or the crate for tests.
    pub fn is_test(&self) -> bool {
        self.is_in("tests")
            || self.is_in("benches")
            || self.name() == "tests.rs"
            || self.path.starts_with("crates/testkit/")
    }
}

fn of_git(root: &Path) -> Option<Vec<PathBuf>> {
    let mut command = Command::new("git");
    command.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root);
    let output = command.output().ok().filter(|output| output.status.success())?;
    let paths = output.stdout.split(|byte| *byte == 0).filter(|path| !path.is_empty());
    Some(paths.map(|path| PathBuf::from(String::from_utf8_lossy(path).into_owned())).collect())
}

fn walk(root: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let full = root.join(&folder);
        for entry in std::fs::read_dir(&full).with_context(|| format!("cannot read {}", full.display()))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                if entry.file_name() != "target" && entry.file_name() != ".git" {
                    folders.push(path);
                }
            } else {
                paths.push(path);
            }
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_without_git_is_walked_past_target() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["crates/mask/src/lib.rs", "target/debug/out.rs", ".ci/run"] {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "x").unwrap();
        }
        let tree = Tree::load(folder.path()).unwrap();
        let paths: Vec<&str> = tree.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, [".ci/run", "crates/mask/src/lib.rs"]);
    }

    #[test]
    fn the_parts_of_a_path() {
        let tree = Tree::of(&[("crates/core/tests/it/main.rs", "")]);
        let file = &tree.files[0];
        assert_eq!((file.name(), file.folder()), ("main.rs", "crates/core/tests/it"));
        assert_eq!(file.extension(), Some("rs"));
        assert!(file.is_test() && file.is_in("it") && !file.is_in("main.rs"));
    }
}
