//! Finds the tools that a command needs, and installs what is missing where that is possible.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::report::note;
use crate::supervisor::{Show, Supervisor};
use crate::workspace::Workspace;

/// The version of cargo-deny that is built when none is installed.
const CARGO_DENY: &str = "0.20.2";
/// The version of detect-secrets that reads the logs.
const DETECT_SECRETS: &str = "1.5.0";

/// A program on the PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Whether we are root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Installs Debian packages, as root; otherwise fails with the command to type.
pub fn packages(names: &[&str], why: &str) -> Result<()> {
    static UPDATED: OnceLock<()> = OnceLock::new();
    let install = format!("apt-get install -y --no-install-recommends {}", names.join(" "));
    if find("apt-get").is_none() {
        bail!(
            "{why} needs {}, which is not installed, and there is no apt-get; install it by hand",
            names.join(", ")
        );
    }
    if !is_root() {
        bail!("{why} needs {}, which is not installed; run: sudo {install}", names.join(", "));
    }
    if UPDATED.set(()).is_ok() {
        shell("apt-get update -qq", &mut apt(&["update", "-qq"]))?;
    }
    note(&format!("… installing {} for {why}", names.join(", ")));
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(names);
    shell(&install, &mut apt(&arguments))
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Runs a command to its end; its output is shown only when it fails.
pub fn shell(name: &str, command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot run `{}`", cargo::to_copy(command)))?;
    if !output.status.success() {
        let text =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        bail!("{name} failed ({}):\n{}", output.status, text.join("\n").trim());
    }
    Ok(())
}

/// The path of cargo-deny: from the PATH, from an earlier run, or built from its source on crates.io.
pub fn cargo_deny(workspace: &Workspace, supervisor: &mut Supervisor) -> Result<PathBuf> {
    let tools = workspace.folder("tools")?;
    let ours = tools.join("bin/cargo-deny");
    if let Some(found) = find("cargo-deny").or_else(|| ours.is_file().then(|| ours.clone())) {
        return Ok(found);
    }
    note(&format!("… building cargo-deny {CARGO_DENY} from source, once; this takes some minutes"));
    // Without optimisation it builds in half the time, and is fast enough.
    let mut command =
        cargo::command(&["install", "cargo-deny", "--locked", "--debug", "--version", CARGO_DENY, "--root"]);
    // A target directory of the caller's would be filled with cargo-deny's own dependencies.
    command.arg(&tools).env_remove("CARGO_TARGET_DIR");
    let install = supervisor.start("cargo install cargo-deny", command, Show::Nothing.into())?;
    if !supervisor.wait(install)?.success() {
        return Err(supervisor.died(install).context("cargo-deny cannot be built; install it by hand"));
    }
    Ok(ours)
}

/// The path of detect-secrets, in a virtual environment under the target directory.
pub fn detect_secrets(workspace: &Workspace) -> Result<PathBuf> {
    let package = format!("detect-secrets=={DETECT_SECRETS}");
    Ok(venv(workspace, "detect-secrets", &[&package])?.join("detect-secrets"))
}

/// The folder of the programs of a virtual environment of Python under the target directory, which holds exactly these
/// packages, each as `name==version`. It is made anew when the list has changed.
pub fn venv(workspace: &Workspace, name: &str, packages: &[&str]) -> Result<PathBuf> {
    let environment = workspace.folder("tools")?.join(format!("venv-{name}"));
    let programs = environment.join("bin");
    let list = packages.join("\n");
    if is_installed(&environment, &list) {
        return Ok(programs);
    }
    python()?;
    note(&format!("… installing {name} from PyPI, once"));
    shell("python3 -m venv", Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let mut pip = Command::new(programs.join("pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"]).args(packages);
    shell(&format!("pip install for {name}"), &mut pip)
        .context("Python's packages come from PyPI; is it reachable?")?;
    installed(&environment, &list)?;
    Ok(programs)
}

/// A folder under the target directory whose `node_modules` holds exactly these packages of npm, each as
/// `name@version`. A module is found only by scripts that lie in this folder: copy yours there. No package's own scripts are run.
pub fn npm(workspace: &Workspace, name: &str, packages: &[&str]) -> Result<PathBuf> {
    let folder = workspace.folder("tools")?.join(format!("npm-{name}"));
    let list = packages.join("\n");
    node()?;
    if is_installed(&folder, &list) {
        return Ok(folder);
    }
    note(&format!("… installing {name} from npm, once"));
    let folder = workspace.fresh_folder(&format!("tools/npm-{name}"))?;
    std::fs::write(folder.join("package.json"), r#"{ "private": true, "type": "module" }"#)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact"]);
    npm.args(packages).current_dir(&folder);
    shell(&format!("npm install for {name}"), &mut npm)
        .context("the packages come from npm; is it reachable?")?;
    installed(&folder, &list)?;
    Ok(folder)
}

/// Makes sure that node and npm are there.
fn node() -> Result<()> {
    if find("node").is_some() && find("npm").is_some() {
        return Ok(());
    }
    packages(&["nodejs", "npm"], "JavaScript")
}

/// The file that says what was installed beside it; it is written last, so that what broke off is done again.
const LIST: &str = "installed.txt";

fn is_installed(folder: &Path, list: &str) -> bool {
    std::fs::read_to_string(folder.join(LIST)).is_ok_and(|found| found == list)
}

fn installed(folder: &Path, list: &str) -> Result<()> {
    std::fs::write(folder.join(LIST), list).with_context(|| format!("cannot write to {}", folder.display()))
}

/// Makes sure that python3 can make virtual environments; Debian keeps that in a package of its own.
pub fn python() -> Result<()> {
    let can = |module: &str| {
        Command::new("python3")
            .args(["-c", &format!("import {module}")])
            .output()
            .is_ok_and(|o| o.status.success())
    };
    if can("ensurepip") { Ok(()) } else { packages(&["python3", "python3-venv", "python3-pip"], "Python") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_list_or_none_is_installed_anew() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_installed(folder.path(), "a==1"));
        installed(folder.path(), "a==1").unwrap();
        assert!(is_installed(folder.path(), "a==1"));
        assert!(!is_installed(folder.path(), "a==2"));
    }
}
