use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Where settings are read from. Tests fill it in by hand; nothing here looks at the process but
/// [`Sources::of_process`].
#[derive(Clone, Default)]
pub struct Sources {
    /// Environment variables.
    pub env: BTreeMap<String, String>,
    /// Names of environment variables whose value is not UTF-8.
    pub not_text: BTreeSet<String>,
    /// The TOML file, from `--config`.
    pub file: Option<PathBuf>,
    /// systemd's `$CREDENTIALS_DIRECTORY`.
    pub credentials: Option<PathBuf>,
}

impl Sources {
    /// The real environment, and the file that the command line named.
    pub fn of_process(file: Option<PathBuf>) -> Self {
        let mut sources = Self { file, ..Self::default() };
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(sources.env.insert(name, value)),
                Err(_) => drop(sources.not_text.insert(name)),
            }
        }
        sources.credentials = sources.env.get("CREDENTIALS_DIRECTORY").map(PathBuf::from);
        sources
    }
}
