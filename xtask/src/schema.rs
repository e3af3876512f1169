//! Fetches the machine-readable Bot API schema that the sandbox's answers are held against.
//!
//! It lies in the source archive of aiogram on PyPI. It is cached under the target directory by the archive's hash
//! and never committed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;

use crate::workspace::Workspace;
use crate::{install, report};

/// Which aiogram: its version names the Bot API version.
const VERSION: &str = "3.31.0";
/// The sha256 of the source archive of that version on PyPI.
const SHA256: &str = concat!("f2c5064fe52d88898c86af62261c4054", "40a014216e45dd99b2c6555a5602ce30");
/// Where the schema lies in the archive.
const MEMBER: &str = ".butcher/schema/schema.json";

/// Fetch the Bot API schema from PyPI into the target directory, and print its path.
#[derive(Args)]
pub struct Options {}

/// The command: fetches if need be and prints the path.
pub fn run(workspace: &Workspace, _: &Options, json: bool) -> Result<()> {
    let path = fetch(workspace)?;
    if json {
        report::result(&json!({ "schema": path, "aiogram": VERSION }).to_string());
    } else {
        report::result(&path.display().to_string());
    }
    Ok(())
}

/// The path of the schema; it is fetched only if it is not there.
pub fn fetch(workspace: &Workspace) -> Result<PathBuf> {
    let cached = workspace.folder("telegram-schema")?.join(format!("{}.json", &SHA256[..9]));
    if cached.is_file() {
        return Ok(cached);
    }
    install::python()?;
    let download = workspace.fresh_folder("telegram-schema/download")?;
    // Pip looks at the metadata of what it downloads, and for that fetches aiogram's build tool as a wheel.
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-binary",
        "aiogram",
    ]);
    pip.arg(format!("aiogram=={VERSION}")).arg("--dest").arg(&download);
    install::shell("pip download aiogram", &mut pip)
        .context("the Bot API schema comes from PyPI; is it reachable?")?;
    let archive = download.join(format!("aiogram-{VERSION}.tar.gz"));
    verify(&archive, SHA256)?;
    let member = format!("aiogram-{VERSION}/{MEMBER}");
    install::shell(
        "tar",
        Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&download).arg(&member),
    )?;
    std::fs::rename(download.join(&member), &cached)
        .with_context(|| format!("cannot move the schema to {}", cached.display()))?;
    std::fs::remove_dir_all(&download).ok();
    Ok(cached)
}

fn verify(archive: &Path, expected: &str) -> Result<()> {
    let output = Command::new("sha256sum").arg(archive).output().context("cannot run sha256sum")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let found = text.split_whitespace().next().unwrap_or("nothing");
    if found != expected {
        bail!(
            "{} has the sha256 {found}, not {expected}: it is not the archive that we know; do not use it",
            archive.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_archive_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = verify(file.path(), SHA256).unwrap_err().to_string();
        assert!(error.contains("not the archive that we know"), "{error}");
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        verify(file.path(), empty).unwrap();
    }
}
