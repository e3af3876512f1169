//! schemathesis against the control API: requests made from its OpenAPI document, well formed and malformed.
//!
//! No answer may be a 5xx, each must have a status, a type and a body that the document names, what the document allows
//! must be taken and what it forbids refused.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::suite::{Outcome, Scene, Suite};
use super::telegram::Telegram;
use crate::{demo, install};

/// schemathesis on the control API.
pub const SUITE: Suite = Suite {
    name: "control-api",
    about: "schemathesis against the control API and its OpenAPI document",
    binaries: &[("sandbox", "sandbox")],
    run,
};

/// The version that is run. Another one would make other requests.
const PACKAGES: [&str; 1] = ["schemathesis==4.32.5"];
/// So that each run makes the same requests.
const SEED: &str = "1";
/// How many requests are made up for an operation, besides those for each edge of its parameters.
const EXAMPLES: &str = "50";

fn run(scene: &mut Scene<'_>) -> Result<Outcome> {
    let program = install::venv(scene.workspace, "control-api", &PACKAGES)?.join("schemathesis");
    let settings = scene.script("control_api/schemathesis.toml")?;
    let mut outcome = Outcome::default();
    let mut requests = 0;
    // Waiting for idle bots is asked of a world without bots: the others make some that never become idle.
    for (what, filter) in [("idle", "--include-path"), ("everything-else", "--exclude-path")] {
        scene.progress.step(what);
        let telegram = Telegram::start(scene, &[])?;
        let report = scene.folder.join(format!("{what}.json"));
        let mut command = Command::new(&program);
        demo::clean(&mut command).current_dir(&scene.folder).arg("--config-file").arg(&settings).arg("run");
        command.arg(format!("{}/api/openapi.json", telegram.url)).args([filter, "/api/idle"]);
        command.args([
            "--phases",
            "examples,coverage,fuzzing,stateful",
            "--continue-on-failure",
            "--no-color",
        ]);
        command.args(["--seed", SEED, "--max-examples", EXAMPLES, "--request-timeout", "10"]);
        command.args(["--report", "json", "--report-json-path"]).arg(&report);
        let status = scene.run(&format!("schemathesis-{what}"), command)?;
        let text = std::fs::read_to_string(&report)
            .with_context(|| format!("schemathesis ended with {status} and left no report"))?;
        let report = Report::read(&serde_json::from_str(&text)?)?;
        requests += report.requests;
        outcome.passed += report.operations;
        outcome.failures.extend(report.failures);
    }
    outcome.fact("operations", outcome.passed);
    outcome.fact("requests", requests);
    Ok(outcome)
}

/// What schemathesis reports.
#[derive(Debug, PartialEq, Eq)]
struct Report {
    /// Operations that were tested and of which nothing bad is known.
    operations: u64,
    /// How many requests were made.
    requests: u64,
    /// What was wrong.
    failures: Vec<String>,
}

impl Report {
    fn read(report: &Value) -> Result<Self> {
        let number = |section: &str, field: &str| {
            let found = report[section][field].as_u64();
            found.with_context(|| format!("the report of schemathesis has no {section}.{field}"))
        };
        let tested = number("operations", "tested")?;
        ensure!(tested > 0, "schemathesis tested no operation");
        ensure!(report["complete"] == true, "schemathesis stopped before its end: {}", report["stop_reason"]);
        let mut failures = Vec::new();
        let mut failing = BTreeSet::new();
        for one in report["failures"].as_array().into_iter().flatten() {
            let operations = one["operations"].as_array().into_iter().flatten().filter_map(Value::as_str);
            for operation in operations {
                failing.insert(operation.to_owned());
                failures.push(format!("{operation}: {}", one["title"].as_str().unwrap_or("wrong")));
            }
        }
        let errors = report["errors"].as_array().into_iter().flatten();
        failures.extend(errors.map(|error| format!("schemathesis could not test: {error}")));
        let operations = tested.saturating_sub(failing.len() as u64);
        Ok(Self { operations, requests: number("test_cases", "generated")?, failures })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(complete: bool, tested: u64) -> Value {
        json!({ "complete": complete, "stop_reason": "completed", "operations": { "tested": tested },
            "test_cases": { "generated": 200 }, "errors": [],
            "failures": [{ "title": "Server error", "operations": ["POST /api/act", "GET /api/clock"] }] })
    }

    #[test]
    fn each_failing_operation_is_told() {
        let report = Report::read(&report(true, 21)).unwrap();
        assert_eq!((report.operations, report.requests), (19, 200));
        assert_eq!(report.failures, ["POST /api/act: Server error", "GET /api/clock: Server error"]);
    }

    #[test]
    fn a_run_that_stopped_early_or_tested_nothing_proves_nothing() {
        assert!(Report::read(&report(false, 21)).is_err());
        assert!(Report::read(&report(true, 0)).is_err());
    }
}
