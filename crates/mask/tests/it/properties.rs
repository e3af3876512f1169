use mask::SecretString;
use proptest::prelude::*;

use crate::{bot_token, masker};

/// Pieces that the detectors react to, to be put together at random.
fn piece() -> impl Strategy<Value = String> {
    let fixed: Vec<String> = [
        "[masked]",
        "[mask",
        "ed]",
        "password=",
        "\"token\":\"",
        "secret: ",
        "Bearer ",
        "://a:",
        "@",
        "\\",
        "\"",
        "'",
        "/bot",
        "1000001:",
        "eyJ",
        "AKIA",
        "sk-",
        "4111 1111 1111 1111",
        "-",
        " ",
        "\n",
        "é",
        "日本",
        "🦀",
        "%3D",
        "Some(",
        "cookie: ",
        "0123456789abcdef0123456789abcdef",
        "known-value",
        "--token ",
    ]
    .map(str::to_owned)
    .into();
    prop_oneof![
        prop::sample::select(fixed),
        "[a-zA-Z0-9_.=-]{0,24}",
        any::<String>(),
        Just(["-----BEGIN", "PRIVATE KEY-----"].join(" ")),
        Just(bot_token()),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn masking_twice_is_masking_once(text in text()) {
        let masker = masker();
        masker.register(&SecretString::from("known-value"));
        let once = masker.mask(&text).into_owned();
        prop_assert_eq!(masker.mask(&once), once.as_str());
    }

    #[test]
    fn a_known_value_never_passes(before in text(), secret in "[ -~é]{4,40}", after in text()) {
        prop_assume!(!"[masked]".contains(&secret) && !secret.contains("masked"));
        let masker = masker();
        masker.register(&SecretString::from(secret.as_str()));
        let out = masker.mask(&format!("{before}{secret}{after}")).into_owned();
        prop_assert!(!out.contains(&secret), "{}", out);
    }

    #[test]
    fn a_bot_token_never_passes(before in text(), after in "[^A-Za-z0-9_-].{0,9}") {
        let token = bot_token();
        let out = masker().mask(&format!("{before}{token}{after}")).into_owned();
        prop_assert!(!out.contains(token.split_once(':').unwrap().1), "{}", out);
    }

    #[test]
    fn any_bytes_pass_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let masker = masker();
        let once = masker.mask_bytes(&bytes).into_owned();
        prop_assert_eq!(masker.mask_bytes(&once).into_owned(), once.clone());
    }

    #[test]
    fn any_lane_passes_without_panic(lane in any::<String>(), id in any::<i64>()) {
        let masker = masker();
        masker.lane(&lane);
        prop_assert_eq!(masker.lane(&id.to_string()), masker.chat(id));
    }

    #[test]
    fn masked_json_stays_json(message in "[^'\u{0}]{0,60}", secret in "[a-z&=: é]{6,20}") {
        let masker = masker();
        masker.register(&SecretString::from(secret.as_str()));
        let line = serde_json::json!({"message": message, "a": {"b": [secret]}, "token": secret}).to_string();
        let out = masker.mask(&line).into_owned();
        prop_assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{}", out);
    }
}
