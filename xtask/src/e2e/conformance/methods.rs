//! Which methods of the Bot API the tests called, and what the local Telegram said of its own answers.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::e2e::telegram::Telegram;

/// The methods, by what became of them.
#[derive(Debug, Default)]
pub struct Used {
    /// Methods that were called.
    pub called: BTreeSet<String>,
    /// Methods of the schema that nobody called.
    pub never: Vec<String>,
    /// Methods that are not there.
    pub absent: Vec<String>,
    /// How many answers and updates were held against the schema.
    pub checked: u64,
    /// What was wrong with them.
    pub violations: Vec<String>,
}

impl Used {
    /// Asks the local Telegram for its journal and for what it found wrong with itself.
    pub fn read(telegram: &Telegram, schema: &Path) -> Result<Self> {
        let mut used = Self::default();
        let mut absent = BTreeSet::new();
        let mut after = 0;
        loop {
            let page = telegram.get(&format!("/api/journal?after={after}&limit=1000"))?;
            let calls = page["calls"].as_array().context("the journal has no calls")?;
            let Some(last) = calls.last() else { break };
            after = last["seq"].as_u64().context("a call has no number")?;
            for call in calls {
                let method = call["method"].as_str().unwrap_or_default().to_owned();
                if call["code"] == 501 {
                    absent.insert(method.clone());
                }
                // One that Telegram does not know is no method.
                if call["code"] != 404 {
                    used.called.insert(method);
                }
            }
        }
        let text = std::fs::read_to_string(schema).context("the schema of the Bot API cannot be read")?;
        let known = methods(&serde_json::from_str(&text)?);
        used.never = known.into_iter().filter(|method| !used.called.contains(method)).collect();
        used.absent = absent.into_iter().collect();
        let seen = telegram.get("/api/violations")?;
        used.checked = seen["validated"].as_u64().unwrap_or_default();
        let violations = seen["violations"].as_array().into_iter().flatten();
        used.violations =
            violations.map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)).collect();
        Ok(used)
    }
}

/// Every method that the schema names.
fn methods(schema: &Value) -> BTreeSet<String> {
    let sections = schema["items"].as_array().into_iter().flatten();
    let items = sections.flat_map(|section| section["children"].as_array().into_iter().flatten());
    let methods = items.filter(|item| item["category"] == "methods");
    methods.filter_map(|item| item["name"].as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_methods_of_the_schema_are_taken() {
        let schema = json!({ "items": [{ "children": [
            { "name": "Update", "category": "types" }, { "name": "getMe", "category": "methods" } ] }] });
        assert_eq!(methods(&schema).into_iter().collect::<Vec<_>>(), ["getMe"]);
    }
}
