//! Finds PostgreSQL's programs, 15 or newer, and installs them where that is possible.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::install;

/// The oldest version that the bots support.
const OLDEST: u32 = 15;

/// The folder of initdb, pg_ctl and postgres; installs the package if there is none.
pub fn folder() -> Result<PathBuf> {
    if let Some(found) = newest() {
        return Ok(found);
    }
    install::packages(&["postgresql"], &format!("a PostgreSQL {OLDEST} or newer, which the tests run on,"))?;
    match newest() {
        Some(found) => Ok(found),
        None => {
            bail!("the package postgresql holds no version {OLDEST} or newer; put its bin folder on the PATH")
        }
    }
}

fn newest() -> Option<PathBuf> {
    let known = candidates().into_iter().filter_map(|folder| Some((version(&folder)?, folder)));
    known
        .filter(|(version, _)| *version >= OLDEST)
        .max_by_key(|(version, _)| *version)
        .map(|(_, folder)| folder)
}

fn candidates() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.extend(install::find("initdb").and_then(|initdb| initdb.parent().map(Path::to_owned)));
    folders
}

/// The major version of a folder that holds all the programs we use.
fn version(folder: &Path) -> Option<u32> {
    if !["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).is_file()) {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    major(&String::from_utf8_lossy(&output.stdout))
}

/// `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)` is 15.
fn major(text: &str) -> Option<u32> {
    let number = text.split(") ").nth(1)?.split(|c: char| !c.is_ascii_digit()).next()?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_every_form() {
        assert_eq!(major("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("something else"), None);
    }

    #[test]
    fn a_folder_without_the_programs_has_no_version() {
        assert_eq!(version(tempfile::tempdir().unwrap().path()), None);
    }
}
