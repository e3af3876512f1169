use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use mask::SecretString;
use zeroize::Zeroizing;

use super::{SecretError, SecretSource};

/// The variable itself.
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Looks in these variables.
    pub fn new(env: BTreeMap<String, String>) -> Self {
        Self(env)
    }
}

impl SecretSource for Environment {
    fn origin(&self, secret: &str) -> String {
        format!("environment {secret}")
    }

    fn get(&self, secret: &str) -> Result<Option<SecretString>, SecretError> {
        Ok(self.0.get(secret).map(|text| SecretString::from(text.as_str())))
    }
}

/// A file that `NAME_FILE` names, as container platforms mount secrets.
pub struct NamedFile(BTreeMap<String, String>);

impl NamedFile {
    /// Looks for `NAME_FILE` in these variables.
    pub fn new(env: BTreeMap<String, String>) -> Self {
        Self(env)
    }

    fn path(&self, secret: &str) -> Option<&str> {
        self.0.get(&format!("{secret}_FILE")).map(String::as_str).filter(|path| !path.is_empty())
    }
}

impl SecretSource for NamedFile {
    fn origin(&self, secret: &str) -> String {
        format!("the file {} that {secret}_FILE names", self.path(secret).unwrap_or("(none)"))
    }

    fn get(&self, secret: &str) -> Result<Option<SecretString>, SecretError> {
        let Some(path) = self.path(secret) else { return Ok(None) };
        read(Path::new(path)).map(Some).map_err(|reason| unreadable(self.origin(secret), reason))
    }
}

/// systemd's credential directory: a file by the setting's name, in lower or upper case.
pub struct Credentials(PathBuf);

impl Credentials {
    /// Looks in this directory, `$CREDENTIALS_DIRECTORY` of the unit.
    pub fn new(directory: &Path) -> Self {
        Self(directory.to_owned())
    }

    fn path(&self, secret: &str) -> PathBuf {
        let upper = self.0.join(secret);
        if upper.exists() { upper } else { self.0.join(secret.to_ascii_lowercase()) }
    }
}

impl SecretSource for Credentials {
    fn origin(&self, secret: &str) -> String {
        format!("credential file {}", self.path(secret).display())
    }

    fn get(&self, secret: &str) -> Result<Option<SecretString>, SecretError> {
        match read(&self.path(secret)) {
            Ok(value) => Ok(Some(value)),
            Err(Unreadable::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(reason) => Err(unreadable(self.origin(secret), reason)),
        }
    }
}

enum Unreadable {
    Io(io::Error),
    NotText,
}

fn unreadable(origin: String, reason: Unreadable) -> SecretError {
    let reason = match reason {
        Unreadable::Io(error) => error.to_string(),
        Unreadable::NotText => "it is not UTF-8 text".to_owned(),
    };
    SecretError::Unreadable { origin, reason }
}

/// The content without the line end that editors and `echo` leave behind.
fn read(path: &Path) -> Result<SecretString, Unreadable> {
    let bytes = Zeroizing::new(std::fs::read(path).map_err(Unreadable::Io)?);
    let text = str::from_utf8(&bytes).map_err(|_| Unreadable::NotText)?;
    Ok(SecretString::from(text.trim_end_matches(['\n', '\r'])))
}
