//! The service account that the sandbox hands out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::rsa::Key;

/// Whom it is for.
pub(super) const EMAIL: &str = "orders@sandbox-stand-in.iam.gserviceaccount.com";
/// The number of the key in the account.
const KEY_ID: &str = "0000000000000000000000000000000000005a5a";
const PROJECT: &str = "sandbox-stand-in";

/// A service account with its key.
pub(super) struct Account {
    pub key: Key,
}

impl Account {
    pub fn make() -> Self {
        Self { key: Key::make(0x5a5a) }
    }

    /// The file that Google's console would hand out, for a token endpoint at `base`.
    pub fn file(&self, base: &str) -> Value {
        json!({
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": KEY_ID,
            "private_key": pem(&self.key.to_der()),
            "client_email": EMAIL,
            "client_id": "100000000000000000000",
            "auth_uri": format!("{base}/google/auth"),
            "token_uri": format!("{base}/google/token"),
            "universe_domain": "googleapis.com",
        })
    }
}

fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n");
    let label = "PRIVATE KEY";
    format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
}
