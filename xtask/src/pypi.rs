//! Source archives from PyPI, known by their hash, cached under the target directory and never committed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::install;
use crate::workspace::Workspace;

/// One source archive.
pub struct Archive {
    /// The name of the package.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The sha256 of the archive, in hexadecimal digits.
    pub sha256: &'static str,
}

impl Archive {
    /// The name of the folder in the archive: dashes of the package are underscores.
    pub fn folder(&self) -> String {
        format!("{}-{}", self.package.replace('-', "_"), self.version)
    }

    /// The folder of the unpacked archive, with `members` of it or with all when none are named; it is fetched only
    /// if it is not there.
    pub fn fetch(&self, workspace: &Workspace, members: &[&str]) -> Result<PathBuf> {
        let home = workspace.folder("pypi")?.join(&self.sha256[..12]);
        let unpacked = home.join(self.folder());
        if unpacked.is_dir() {
            return Ok(unpacked);
        }
        install::python()?;
        // Unpacked elsewhere and moved when whole: a run that was stopped leaves nothing half done in its place.
        let download = workspace.fresh_folder(&format!("pypi/download-{}", self.package))?;
        self.download(&download)?;
        let archive = download.join(format!("{}.tar.gz", self.folder()));
        verify(&archive, self.sha256)?;
        let members = members.iter().map(|member| format!("{}/{member}", self.folder()));
        install::shell(
            "tar",
            Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&download).args(members),
        )?;
        std::fs::create_dir_all(&home).with_context(|| format!("cannot make {}", home.display()))?;
        std::fs::rename(download.join(self.folder()), &unpacked)
            .with_context(|| format!("cannot move the archive's files to {}", unpacked.display()))?;
        std::fs::remove_dir_all(&download).ok();
        Ok(unpacked)
    }

    fn download(&self, folder: &Path) -> Result<()> {
        // Pip looks at the metadata of what it downloads, and for that fetches the package's build tool as a wheel.
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]);
        pip.args(["--no-binary", self.package]).arg(format!("{}=={}", self.package, self.version));
        pip.arg("--dest").arg(folder);
        install::shell(&format!("pip download {}", self.package), &mut pip)
            .with_context(|| format!("{} {} comes from PyPI; is it reachable?", self.package, self.version))
    }
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
        let error = verify(file.path(), &"0".repeat(64)).unwrap_err().to_string();
        assert!(error.contains("not the archive that we know"), "{error}");
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        verify(file.path(), empty).unwrap();
    }

    #[test]
    fn the_folder_is_named_as_in_the_archive() {
        let archive = Archive { package: "python-telegram-bot", version: "22.8", sha256: "" };
        assert_eq!(archive.folder(), "python_telegram_bot-22.8");
    }
}
