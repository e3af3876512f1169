//! Names that are almost, but not quite, a setting.

use super::{Problem, Setting, Sources};

/// What to do about an unknown key of the file.
pub(super) fn nearest_key(key: &str, settings: &[Setting]) -> String {
    let lower = key.to_ascii_lowercase();
    let nearest = settings
        .iter()
        .map(|setting| (strsim::damerau_levenshtein(&lower, &setting.key()), setting.key()))
        .filter(|(distance, known)| *distance <= 2.max(known.len() / 3))
        .min();
    match nearest {
        Some((_, known)) => format!("The nearest setting is {known}."),
        None => "Remove it; the command `settings` describes every setting.".to_owned(),
    }
}

/// Environment variables that look like a misspelt setting. The environment is full of names that are not
/// ours, so only near ones are refused.
pub(super) fn variables(settings: &[Setting], sources: &Sources, problems: &mut Vec<Problem>) {
    let mut ours: Vec<String> = Vec::new();
    for setting in settings {
        ours.push(setting.env.to_owned());
        if setting.secret {
            ours.push(format!("{}_FILE", setting.env));
        }
    }
    for name in sources.env.keys().chain(&sources.not_text) {
        if ours.contains(name) {
            continue;
        }
        let plain =
            name.strip_suffix("_FILE").filter(|base| settings.iter().any(|setting| setting.env == *base));
        let help = if let Some(base) = plain {
            format!("Only secrets are read from a file that a variable names. Set {base} itself.")
        } else if let Some(known) = near(name, &ours) {
            format!("The nearest setting is {known}. Rename the variable, or remove it.")
        } else {
            continue;
        };
        let origin = Some(format!("environment {name}"));
        problems.push(Problem { setting: name.clone(), origin, what: "is not a setting".to_owned(), help });
    }
}

/// The known name within two edits; within one when the names are short.
fn near<'n>(name: &str, ours: &'n [String]) -> Option<&'n String> {
    let distance = |known: &String| strsim::damerau_levenshtein(&name.to_ascii_uppercase(), known);
    let near = |known: &String| distance(known) <= if known.len() > 8 { 2 } else { 1 };
    ours.iter().filter(|known| near(known)).min_by_key(|known| distance(known))
}
