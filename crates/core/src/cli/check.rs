//! `check` and `settings`: what is set, and what can be.

use std::process::ExitCode;

use mask::Masker;
use serde_json::json;

use super::args::{Form, SettingsForm};
use super::{Deployable, Say};
use crate::config::{self, ConfigErrors, Effective, Sources};

pub(super) fn check<B: Deployable>(sources: &Sources, masker: &Masker, form: Form, say: &Say) -> ExitCode {
    let mut loaded = config::load::<B::Settings>(&B::INFO, sources, masker);
    if let Ok(loaded) = &mut loaded {
        name_default_database(&mut loaded.effective, &loaded.common.database);
    }
    match (&loaded, form.json) {
        (Ok(loaded), true) => {
            let settings: Vec<_> = loaded.effective.iter().map(as_json).collect();
            say.line(&json!({"ok": true, "settings": settings}));
        }
        (Ok(loaded), false) => {
            say.line(&super::table::table(&["SETTING", "VALUE", "FROM"], &rows(&loaded.effective)));
        }
        (Err(problems), true) => say.line(&json!({"ok": false, "problems": as_list(problems)})),
        (Err(problems), false) => say.error(problems),
    }
    if loaded.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

pub(super) fn settings<B: Deployable>(format: SettingsForm, say: &Say) {
    let all = config::all_settings::<B::Settings>();
    let text = match format {
        SettingsForm::Env => config::env_example(&B::INFO, &all),
        SettingsForm::Toml => config::toml_example(&B::INFO, &all),
        SettingsForm::Table => config::settings_table(&B::INFO, &all),
    };
    say.line(&text.trim_end());
}

/// The one default that is worked out from another setting.
fn name_default_database(settings: &mut [Effective], database: &config::Database) {
    let unset =
        settings.iter_mut().find(|setting| setting.setting == "DATABASE_URL" && setting.value.is_none());
    if let (Some(setting), config::Database::Sqlite { path }) = (unset, database) {
        setting.value = Some(format!("sqlite:{}", path.display()));
        "the default, in DATA_DIR".clone_into(&mut setting.origin);
    }
}

fn rows(settings: &[Effective]) -> Vec<Vec<String>> {
    let row = |setting: &Effective| {
        let value = setting.value.clone().unwrap_or_else(|| "-".to_owned());
        let from = if setting.origin.is_empty() { "not set" } else { &setting.origin };
        vec![setting.setting.to_owned(), value, from.to_owned()]
    };
    settings.iter().map(row).collect()
}

fn as_json(setting: &Effective) -> serde_json::Value {
    json!({"setting": setting.setting, "value": setting.value, "from": setting.origin})
}

fn as_list(problems: &ConfigErrors) -> Vec<serde_json::Value> {
    let problem = |problem: &config::Problem| json!({"setting": problem.setting, "from": problem.origin, "what": problem.what, "help": problem.help});
    problems.problems().iter().map(problem).collect()
}
