//! Where the workspace and its target directory are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cargo;

/// The two directories that every command needs.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub root: PathBuf,
    /// Where cargo builds: `CARGO_TARGET_DIR`, a setting, or `target` in the root.
    pub target: PathBuf,
}

impl Workspace {
    /// Asks cargo, which alone knows every way to move the target directory.
    pub fn find() -> Result<Self> {
        let output = cargo::command(&["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cannot run `cargo metadata`; is cargo on the PATH?")?;
        if !output.status.success() {
            bail!("`cargo metadata` failed:\n{}", String::from_utf8_lossy(&output.stderr).trim_end());
        }
        let metadata: Value =
            serde_json::from_slice(&output.stdout).context("`cargo metadata` printed no JSON")?;
        Ok(Self {
            root: directory(&metadata, "workspace_root")?,
            target: directory(&metadata, "target_directory")?,
        })
    }

    /// The path of a built binary; `profile` is cargo's folder name, `debug` or `release`.
    pub fn binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(name)
    }

    /// A folder of ours under the target directory, made if it is missing.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join(name);
        make(&folder)?;
        Ok(folder)
    }

    /// An empty folder of ours under the target directory; what was in it is removed.
    pub fn fresh_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.target.join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("cannot empty {}; is it in use?", folder.display()))?;
        }
        make(&folder)?;
        Ok(folder)
    }
}

fn make(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

fn directory(metadata: &Value, key: &str) -> Result<PathBuf> {
    let text = metadata[key].as_str().with_context(|| format!("`cargo metadata` names no {key}"))?;
    Ok(PathBuf::from(text))
}
