//! The stand-ins for OpenAI and Google, held to account by the services' own clients from PyPI.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::suite::{Outcome, Scene, Suite};
use super::telegram::Telegram;
use crate::{demo, install};

/// The stand-ins.
pub const SUITE: Suite = Suite {
    name: "standins",
    about: "OpenAI's and Google's own clients against the sandbox's stand-ins",
    binaries: &[("sandbox", "sandbox")],
    run,
};

/// The clients, and what they need, to the last package.
const PACKAGES: &str = include_str!("standins/requirements.txt");
/// Each with the number of its checks: one that is not run proves nothing.
const SCRIPTS: [(&str, usize); 2] = [("openai_client", 13), ("sheets_client", 10)];

fn run(scene: &mut Scene<'_>) -> Result<Outcome> {
    let packages: Vec<&str> = PACKAGES.lines().collect();
    let python = install::venv(scene.workspace, "standins", &packages)?.join("python");
    let telegram = Telegram::start(scene, &[])?;
    let mut outcome = Outcome::default();
    for (name, checks) in SCRIPTS {
        scene.progress.step(name);
        let mut command = Command::new(&python);
        demo::clean(&mut command).current_dir(&scene.folder).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("SANDBOX_URL", &telegram.url).env("NO_PROXY", "127.0.0.1");
        command.arg(scene.script(&format!("standins/{name}.py"))?);
        let status = scene.run(name, command)?;
        let log = scene.folder.join(format!("{name}.log"));
        let log = std::fs::read_to_string(&log).with_context(|| format!("{name} left no log"))?;
        let results = read(&log);
        ensure!(
            results.len() == checks,
            "{name} made {} of its {checks} checks and ended with {status}; its log says why",
            results.len()
        );
        for (check, result) in results {
            outcome.check(&format!("{name}: {}", check.replace('_', " ")), result);
        }
    }
    Ok(outcome)
}

/// The checks in a script's lines, each with how it ended.
fn read(log: &str) -> Vec<(String, Result<()>)> {
    log.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line.get(line.find('{')?..)?).ok())
        .filter_map(|line| {
            let why = || anyhow::anyhow!("{}", line["why"].as_str().unwrap_or("it failed").to_owned());
            let result = if line["ok"] == true { Ok(()) } else { Err(why()) };
            Some((line["check"].as_str()?.to_owned(), result))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_a_line_of_json() {
        let log = "hello\n{\"check\": \"a_row\", \"ok\": true}\n{\"check\": \"b\", \"ok\": false, \"why\": \"no\"}\n";
        let results = read(log);
        assert_eq!((results[0].0.as_str(), results[0].1.is_ok()), ("a_row", true));
        assert_eq!(results[1].1.as_ref().unwrap_err().to_string(), "no");
        assert_eq!(results.len(), 2);
    }
}
