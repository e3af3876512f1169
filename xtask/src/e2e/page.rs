//! A walk through the whole of the sandbox's page, in Chromium, under the accessibility rules of axe-core.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use super::suite::{Outcome, Scene, Suite};
use crate::supervisor::Show;
use crate::{browser, demo, install};

/// The walk. Its pictures for the documentation are in `target/e2e/page/pictures`.
pub const SUITE: Suite = Suite {
    name: "page",
    about: "A walk through the sandbox's page: chats, groups, topics, albums, polls, dark, narrow, keyboard, axe-core",
    binaries: &[("sandbox", "sandbox"), ("drills", "browser")],
    run,
};

/// The rules, from npm.
const AXE: &str = "axe-core@4.14.1";
/// How long the sandbox may take to start, even on a busy machine.
const START: Duration = Duration::from_mins(1);
/// The states that the documentation shows: the name of a screenshot, and of the picture.
const PICTURES: [(&str, &str); 5] = [
    ("10-topic-light", "sandbox"),
    ("10-topic-dark", "sandbox-dark"),
    ("05-album-light", "sandbox-media"),
    ("12-calls-light", "sandbox-calls"),
    ("18-narrow-topic-light", "sandbox-narrow"),
];

fn run(scene: &mut Scene<'_>) -> Result<Outcome> {
    browser::install()?;
    let rules = install::npm(scene.workspace, "axe", &[AXE])?.join("node_modules/axe-core/axe.min.js");
    walk(scene, &rules)?;
    let seen = std::fs::read_to_string(scene.folder.join("axe.json")).context("the walk left no axe.json")?;
    let seen: Value = serde_json::from_str(&seen)?;
    let mut outcome = Outcome::default();
    outcome.pass("every step of the walk was seen, the last of them by keyboard alone");
    outcome.pass(&format!("axe-core found nothing serious in {} states", seen["states"]));
    outcome.fact("axe", seen);
    pictures(&scene.folder)?;
    Ok(outcome)
}

fn walk(scene: &mut Scene<'_>, rules: &Path) -> Result<()> {
    let mut command = Command::new(scene.workspace.binary("debug", "sandbox"));
    demo::clean(&mut command).args(["--addr", "127.0.0.1:0", "--json"]);
    let mut output = scene.output("sandbox");
    // Its line holds tokens.
    output.stdout_answers = true;
    let sandbox = scene.supervisor.start("sandbox", command, output)?;
    let ready: Value = serde_json::from_str(&scene.supervisor.first_line(sandbox, START)?)
        .context("the sandbox's first line is no JSON")?;
    let url = ready["url"].as_str().context("the sandbox's first line has no url")?;
    let driver_log = scene.output("chromedriver");
    let driver = browser::start_driver(&mut scene.supervisor, driver_log)?;
    scene.progress.step("walking through the page");
    let mut command = Command::new(scene.workspace.binary("debug", "browser"));
    command.args(["--url", url, "--chromedriver", &driver]);
    command.arg("--screenshots").arg(&scene.folder).arg("--axe").arg(rules);
    if let Some(chromium) = browser::binary() {
        command.env("CHROMIUM", chromium);
    }
    // One a line: no argument of a browser holds a line break.
    command.env("CHROMIUM_ARGUMENTS", browser::arguments(&scene.folder.join("profile")).join("\n"));
    let walk = scene.supervisor.start("walk", command, Show::OnStderr.into())?;
    if scene.supervisor.wait(walk)?.success() { Ok(()) } else { Err(scene.supervisor.died(walk)) }
}

/// Puts what the documentation shows under the names that it has there.
fn pictures(folder: &Path) -> Result<()> {
    let pictures = folder.join("pictures");
    std::fs::create_dir_all(&pictures)?;
    for (state, name) in PICTURES {
        let from = folder.join(format!("{state}.png"));
        std::fs::copy(&from, pictures.join(format!("{name}.png")))
            .with_context(|| format!("the walk left no {}", from.display()))?;
    }
    Ok(())
}
