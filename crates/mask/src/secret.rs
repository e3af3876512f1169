use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::MASKED;

/// A secret value: never printed, wiped from memory on drop, compared in constant time.
///
/// It has no `Serialize` on purpose. [`SecretString::expose`] is the one way to the text; search for it to
/// see every place where a secret leaves.
#[derive(Clone)]
pub struct SecretString(String);

impl SecretString {
    /// The text itself. Hand it straight to the call that needs it and keep no copy.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// True when the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Compares with text from outside, such as a header, in time that depends on the lengths alone.
    pub fn matches(&self, other: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(other).into()
    }
}

impl From<String> for SecretString {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for SecretString {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl PartialEq for SecretString {
    fn eq(&self, other: &Self) -> bool {
        self.matches(other.0.as_bytes())
    }
}

impl Eq for SecretString {}

impl Drop for SecretString {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASKED)
    }
}

impl fmt::Display for SecretString {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(MASKED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_masked() {
        let secret = SecretString::from("hunter-two");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "[masked] [masked] Some([masked])");
    }

    #[test]
    fn equality_compares_the_whole_text() {
        let secret = SecretString::from("hunter-two");
        assert_eq!(secret, SecretString::from("hunter-two".to_owned()));
        assert_ne!(secret, SecretString::from("hunter-tw"));
        assert_ne!(secret, SecretString::from("hunter-twq"));
        assert!(secret.matches(b"hunter-two"));
        assert!(!secret.matches(b""));
    }
}
