//! axe-core's rules, which are not ours.

use std::cell::RefCell;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::browser::page::Page;

/// Runs axe-core, which the first line makes part of the page, and hands over what it found.
const RUN: &str = r"
const [done] = arguments;
const told = (found) => found.map(({ id, impact, help, nodes }) => ({
  id, impact, help,
  nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`),
}));
axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done(told(violations)), (error) => done(String(error)));
";

/// The rules, and what they found so far.
pub(super) struct Rules<'a> {
    page: &'a Page,
    source: String,
    /// Serious and critical faults, each with the state in which it was seen.
    faults: RefCell<Vec<String>>,
    /// How many states were looked at, and the smaller findings by rule.
    seen: RefCell<(usize, std::collections::BTreeSet<String>)>,
}

impl<'a> Rules<'a> {
    /// `source` is axe.min.js.
    pub(super) fn new(page: &'a Page, source: &str) -> Self {
        Self { page, source: source.to_owned(), faults: RefCell::default(), seen: RefCell::default() }
    }

    /// Holds the page as it is now against the rules.
    pub(super) async fn check(&self, state: &str) -> Result<()> {
        self.page.run(&self.source, Vec::new()).await?;
        let found = self.page.run_async(RUN, Vec::new()).await?;
        let Some(found) = found.as_array() else { bail!("axe-core failed in the state {state}: {found}") };
        self.seen.borrow_mut().0 += 1;
        for one in found {
            let text =
                format!("{}: {}", one["id"].as_str().unwrap_or("?"), one["help"].as_str().unwrap_or("?"));
            match one["impact"].as_str() {
                Some("serious" | "critical") => self.faults.borrow_mut().push(told(state, &text, one)),
                _ => drop(self.seen.borrow_mut().1.insert(format!("{} {text}", one["impact"]))),
            }
        }
        Ok(())
    }

    /// Fails when anything serious was found, and writes down what was looked at.
    pub(super) fn finish(&self) -> Result<()> {
        let (states, smaller) = &*self.seen.borrow();
        let faults = self.faults.borrow();
        self.page.write(
            "axe.json",
            &json!({ "states": states, "serious": *faults, "smaller": smaller }).to_string(),
        )?;
        if faults.is_empty() {
            return Ok(());
        }
        bail!("axe-core found {} serious faults:\n{}", faults.len(), faults.join("\n"))
    }
}

fn told(state: &str, text: &str, one: &Value) -> String {
    let nodes: Vec<&str> = one["nodes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    format!("[{state}] {text}\n    {}", nodes.join("\n    "))
}
