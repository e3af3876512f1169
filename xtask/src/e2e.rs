//! The whole thing in a real browser, and a look at every log line that it left.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::{Value, json};

use crate::demo::{GRACE, Settings, Stage};
use crate::supervisor::{Output, Show, Supervisor};
use crate::workspace::Workspace;
use crate::{browser, cargo, demo, install, report};

/// Play the demo in Chromium: a customer asks, a member of staff answers; then search the logs for secrets.
///
/// Installs Debian's chromium and chromium-driver as root if they are missing. Screenshots and logs go to the folder
/// `e2e` in the target directory.
#[derive(Args)]
pub struct Options {
    /// Show the lines of sandbox and bot while they run
    #[arg(long)]
    verbose: bool,
}

/// The command: the story in the browser, then the scan of the logs.
pub fn run(workspace: &Workspace, options: &Options, json: bool) -> Result<()> {
    browser::install()?;
    let scanner = install::detect_secrets(workspace)?;
    let mut supervisor = Supervisor::new()?;
    demo::build(&mut supervisor)?;
    build_story(&mut supervisor)?;

    let folder = workspace.fresh_folder("e2e")?;
    let logs = workspace.fresh_folder("e2e/logs")?;
    let show = if options.verbose { Show::Named } else { Show::Nothing };
    let played = play(workspace, &mut supervisor, &folder, &logs, show);
    supervisor.stop(GRACE);
    played.with_context(|| format!("the logs and screenshots are in {}", folder.display()))?;
    report::note("✓ a customer asked and a member of staff answered, in Chromium");

    let lines = scan(&scanner, &logs)?;
    report::note(&format!("✓ no secret in {lines} lines of logs"));
    let screenshots = screenshots(&folder)?;
    for screenshot in &screenshots {
        report::note(&format!("  {screenshot}"));
    }
    if json {
        let result = json!({ "command": "e2e", "ok": true, "passed": 2, "failed": 0,
            "screenshots": screenshots, "log_lines": lines });
        report::result(&result.to_string());
    }
    Ok(())
}

fn build_story(supervisor: &mut Supervisor) -> Result<()> {
    let command = cargo::command(&["build", "--package", "drills", "--bin", "browser"]);
    let text = cargo::to_copy(&command);
    let building = supervisor.start("cargo build", command, Show::Inherited.into())?;
    ensure!(supervisor.wait(building)?.success(), "the build failed; see above, or run `{text}`");
    Ok(())
}

fn play(
    workspace: &Workspace,
    supervisor: &mut Supervisor,
    folder: &Path,
    logs: &Path,
    show: Show,
) -> Result<()> {
    let settings = Settings {
        port: 0,
        data: workspace.fresh_folder("e2e/data")?,
        logs: Some(logs.to_owned()),
        show,
        // The most that a bot can say: what is clean here is clean at every level.
        bot_environment: vec![("LOG_FORMAT", "json".to_owned()), ("LOG_LEVEL", "trace".to_owned())],
    };
    let stage = Stage::start(workspace, supervisor, &settings)?;
    let driver_log = Output { show, log: Some(folder.join("chromedriver.log")), stdout_answers: false };
    let driver = browser::start_driver(supervisor, driver_log)?;
    let profile = workspace.fresh_folder("e2e/profile")?;
    let mut command = Command::new(workspace.binary("debug", "browser"));
    command.args(["--url", &stage.page, "--chromedriver", &driver]).arg("--screenshots").arg(folder);
    if let Some(chromium) = browser::binary() {
        command.env("CHROMIUM", chromium);
    }
    // One a line: no argument of a browser holds a line break.
    command.env("CHROMIUM_ARGUMENTS", browser::arguments(&profile).join("\n"));
    let story = supervisor.start("browser", command, Show::OnStderr.into())?;
    if supervisor.wait(story)?.success() { Ok(()) } else { Err(supervisor.died(story)) }
}

/// Searches the logs with a scanner that we did not write. Returns how many lines there were.
fn scan(scanner: &Path, logs: &Path) -> Result<usize> {
    let mut lines = 0;
    for entry in std::fs::read_dir(logs)? {
        lines += std::fs::read_to_string(entry?.path())?.lines().count();
    }
    ensure!(lines > 0, "{} holds no line: the demo logged nothing, so nothing was proved", logs.display());
    let mut command = Command::new(scanner);
    command.args(["scan", "--all-files", "-n"]).arg(logs);
    let output = command.output().with_context(|| format!("cannot run `{}`", cargo::to_copy(&command)))?;
    ensure!(output.status.success(), "detect-secrets failed:\n{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).context("detect-secrets printed no JSON")?;
    let found = findings(&report)?;
    if !found.is_empty() {
        bail!("detect-secrets found what looks like secrets in the logs:\n{}", found.join("\n"));
    }
    Ok(lines)
}

fn findings(report: &Value) -> Result<Vec<String>> {
    let files = report["results"].as_object().context("detect-secrets reported no results")?;
    let all = files.values().filter_map(Value::as_array).flatten();
    Ok(all
        .map(|f| format!("{}:{}: {}", f["filename"].as_str().unwrap_or("?"), f["line_number"], f["type"]))
        .collect())
}

fn screenshots(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "png") {
            found.push(path.display().to_string());
        }
    }
    ensure!(!found.is_empty(), "the story left no screenshot in {}", folder.display());
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_told_by_file_and_line() {
        let report = json!({ "results": { "a.log": [{ "filename": "a.log", "line_number": 3, "type": "Secret Keyword" }] } });
        assert_eq!(findings(&report).unwrap(), ["a.log:3: \"Secret Keyword\""]);
    }

    #[test]
    fn a_report_without_results_is_no_clean_bill() {
        assert!(findings(&json!({})).is_err());
    }

    #[test]
    fn logs_without_a_line_prove_nothing() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("bot.log"), "").unwrap();
        let error = scan(Path::new("/bin/true"), folder.path()).unwrap_err().to_string();
        assert!(error.contains("nothing was proved"), "{error}");
    }
}
