//! The demo in a real browser, and a look at every log line that it left.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::suite::{Outcome, Scene, Suite};
use crate::demo::{GRACE, Settings, Stage};
use crate::supervisor::{Output, Show};
use crate::{browser, cargo, install};

/// The story in the browser, then the scan of the logs.
pub const SUITE: Suite = Suite {
    name: "browser",
    about: "A customer asks and staff answer, in Chromium; then a search of the logs for secrets",
    binaries: &[("sandbox", "sandbox"), ("support-bot", "support-bot"), ("drills", "browser")],
    run,
};

fn run(scene: &mut Scene<'_>) -> Result<Outcome> {
    browser::install()?;
    let scanner = install::detect_secrets(scene.workspace)?;
    let logs = scene.folder.join("logs");
    std::fs::create_dir_all(&logs)?;
    let played = play(scene, &logs);
    // What a bot says while it stops is searched too.
    scene.supervisor.stop(GRACE);
    played?;
    let mut outcome = Outcome::default();
    outcome.pass("a customer asked and a member of staff answered, in Chromium");
    scene.progress.step("searching the logs");
    let lines = scan(&scanner, &logs)?;
    outcome.pass(&format!("no secret in {lines} lines of logs"));
    outcome.fact("log_lines", lines);
    outcome.fact("screenshots", screenshots(&scene.folder)?);
    Ok(outcome)
}

fn play(scene: &mut Scene<'_>, logs: &Path) -> Result<()> {
    let settings = Settings {
        port: 0,
        data: scene.folder.join("data"),
        logs: Some(logs.to_owned()),
        show: scene.show,
        // The most that a bot can say: what is clean here is clean at every level.
        bot_environment: vec![("LOG_FORMAT", "json".to_owned()), ("LOG_LEVEL", "trace".to_owned())],
    };
    std::fs::create_dir_all(&settings.data)?;
    let stage = Stage::start(scene.workspace, &mut scene.supervisor, &settings)?;
    let driver_log =
        Output { show: scene.show, log: Some(scene.folder.join("chromedriver.log")), stdout_answers: false };
    let driver = browser::start_driver(&mut scene.supervisor, driver_log)?;
    let mut command = Command::new(scene.workspace.binary("debug", "browser"));
    command.args(["--url", &stage.page, "--chromedriver", &driver]).arg("--screenshots").arg(&scene.folder);
    if let Some(chromium) = browser::binary() {
        command.env("CHROMIUM", chromium);
    }
    // One a line: no argument of a browser holds a line break.
    command.env("CHROMIUM_ARGUMENTS", browser::arguments(&scene.folder.join("profile")).join("\n"));
    let story = scene.supervisor.start("browser", command, Show::OnStderr.into())?;
    if scene.supervisor.wait(story)?.success() { Ok(()) } else { Err(scene.supervisor.died(story)) }
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
    use serde_json::json;

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
