//! Fetches the machine-readable Bot API schema that the sandbox's answers are held against.
//!
//! It lies in the source archive of aiogram on PyPI. It is cached under the target directory by the archive's hash
//! and never committed.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;

use crate::pypi::Archive;
use crate::report;
use crate::workspace::Workspace;

/// Which aiogram: its version names the Bot API version.
const AIOGRAM: Archive = Archive {
    package: "aiogram",
    version: "3.31.0",
    sha256: concat!("f2c5064fe52d88898c86af62261c4054", "40a014216e45dd99b2c6555a5602ce30"),
};
/// Where the schema lies in the archive.
const MEMBER: &str = ".butcher/schema/schema.json";

/// Fetch the Bot API schema from PyPI into the target directory, and print its path.
#[derive(Args)]
pub struct Options {}

/// The command: fetches if need be and prints the path.
pub fn run(workspace: &Workspace, _: &Options, json: bool) -> Result<()> {
    let path = fetch(workspace)?;
    if json {
        report::result(&json!({ "schema": path, "aiogram": AIOGRAM.version }).to_string());
    } else {
        report::result(&path.display().to_string());
    }
    Ok(())
}

/// The path of the schema; it is fetched only if it is not there.
pub fn fetch(workspace: &Workspace) -> Result<PathBuf> {
    let cached = workspace.folder("telegram-schema")?.join(format!("{}.json", &AIOGRAM.sha256[..9]));
    if !cached.is_file() {
        let member = AIOGRAM.fetch(workspace, &[MEMBER])?.join(MEMBER);
        // Written beside and renamed: whoever finds it finds it whole.
        let partial = cached.with_extension("partial");
        std::fs::copy(&member, &partial)
            .and_then(|_| std::fs::rename(&partial, &cached))
            .with_context(|| format!("cannot copy the schema to {}", cached.display()))?;
    }
    Ok(cached)
}
