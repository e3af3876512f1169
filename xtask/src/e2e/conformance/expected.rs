//! The list of tests that do not pass, and how it is held against what happened.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It ran, and what it asserts held.
    Passed,
    /// It failed, or what it needs before or after failed.
    Failed,
    /// It did not run.
    Skipped,
    /// It gave up by itself, as after a timeout: that is no pass.
    Xfailed,
}

/// One test that ran.
#[derive(Clone, Debug)]
pub struct Test {
    /// As pytest names it.
    pub id: String,
    /// How it ended.
    pub ended: Ended,
    /// The last line of what it said; empty when it passed.
    pub why: String,
}

impl Test {
    /// Reads what our plugin wrote: one line of JSON a test.
    pub fn read(lines: &str) -> Result<Vec<Self>> {
        lines.lines().map(Self::read_line).collect()
    }

    fn read_line(line: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(line).context("a result is no JSON")?;
        let text = |field: &str| value[field].as_str().with_context(|| format!("a result has no {field}"));
        let ended = match text("outcome")? {
            "passed" => Ended::Passed,
            "failed" => Ended::Failed,
            "skipped" => Ended::Skipped,
            "xfailed" => Ended::Xfailed,
            other => bail!("no test ends as {other}"),
        };
        Ok(Self { id: text("id")?.to_owned(), ended, why: text("why")?.to_owned() })
    }
}

/// Tests that do not pass, each with its reason.
#[derive(Debug)]
pub struct Expected(BTreeMap<String, String>);

impl Expected {
    /// Reads a TOML file of `"id" = "reason"`. No id may come twice, and no reason may be empty.
    pub fn read(text: &str) -> Result<Self> {
        let list: BTreeMap<String, String> =
            toml::from_str(text).context("the list of expected failures cannot be read")?;
        if let Some((id, _)) = list.iter().find(|(_, reason)| reason.trim().len() < 10) {
            bail!("the list of expected failures gives no reason for {id}");
        }
        Ok(Self(list))
    }

    /// How many tests stand on it.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// What is wrong, a sentence each: tests that pass although they are listed, tests that do not and are not listed,
    /// and lines that name no test.
    pub fn compare(&self, tests: &[Test]) -> Vec<String> {
        let mut wrong = Vec::new();
        let ran: HashMap<&str, Ended> = tests.iter().map(|test| (test.id.as_str(), test.ended)).collect();
        for id in self.0.keys() {
            match ran.get(id.as_str()) {
                None => wrong.push(format!("{id} is on the list, and there is no such test: take it off")),
                Some(Ended::Passed) => wrong.push(format!("{id} passes: take it off the list")),
                Some(_) => {}
            }
        }
        for test in tests.iter().filter(|test| test.ended != Ended::Passed) {
            if !self.0.contains_key(&test.id) {
                let how = match test.ended {
                    Ended::Skipped => "did not run",
                    Ended::Xfailed => "gave up",
                    Ended::Passed | Ended::Failed => "failed",
                };
                wrong.push(format!("{} {how}: {}", test.id, test.why));
            }
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "\"tests/a.py::photo\" = \"sends by an internet address\"\n";

    fn compare(lines: &str) -> Vec<String> {
        Expected::read(LIST).unwrap().compare(&Test::read(lines).unwrap())
    }

    #[test]
    fn a_listed_failure_is_no_news() {
        let lines = "{\"id\":\"tests/a.py::photo\",\"outcome\":\"failed\",\"why\":\"no network\"}\n\
                     {\"id\":\"tests/a.py::text\",\"outcome\":\"passed\",\"why\":\"\"}\n";
        assert_eq!(compare(lines), Vec::<String>::new());
    }

    #[test]
    fn a_listed_test_that_passes_must_come_off_the_list() {
        let found = compare("{\"id\":\"tests/a.py::photo\",\"outcome\":\"passed\",\"why\":\"\"}");
        assert_eq!(found, ["tests/a.py::photo passes: take it off the list"]);
    }

    #[test]
    fn whatever_is_no_pass_must_be_listed() {
        for outcome in ["failed", "skipped", "xfailed"] {
            let photo = "{\"id\":\"tests/a.py::photo\",\"outcome\":\"failed\",\"why\":\"x\"}\n";
            let text =
                format!("{{\"id\":\"tests/a.py::text\",\"outcome\":\"{outcome}\",\"why\":\"because\"}}");
            let found = compare(&format!("{photo}{text}"));
            assert_eq!(found.len(), 1, "{outcome}: {found:?}");
            assert!(found[0].starts_with("tests/a.py::text ") && found[0].ends_with("because"), "{found:?}");
        }
    }

    #[test]
    fn a_line_without_a_test_must_come_off_the_list() {
        let found = compare("{\"id\":\"tests/a.py::text\",\"outcome\":\"passed\",\"why\":\"\"}");
        assert!(found[0].contains("no such test"), "{found:?}");
    }

    #[test]
    fn a_list_with_a_test_twice_or_without_a_reason_is_refused() {
        assert!(Expected::read(&LIST.repeat(2)).is_err());
        assert!(Expected::read("\"tests/a.py::photo\" = \"\"").is_err());
    }

    #[test]
    fn the_list_that_stands_can_be_read() {
        Expected::read(include_str!("expected.toml")).unwrap();
    }
}
