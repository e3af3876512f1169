use std::borrow::Cow;

use crate::masker;

const LINE: &str = r#"{"ts":"2026-11-20T10:58:37.123456Z","level":"info","target":"frontdesk_core::flow::sender","message":"sent","bot":"support-bot","env":"production","update":7312345678,"lane":"gabcdefgh/45","job":5512,"code":200,"duration_ms":48,"chat":"gabcdefgh","method":"sendMessage","attempt":1,"at":1795172317123456}"#;

#[test]
fn a_clean_line_passes_untouched() {
    assert!(matches!(masker().mask(LINE), Cow::Borrowed(_)));
    assert!(matches!(masker().mask_bytes(LINE.as_bytes()), Cow::Borrowed(_)));
}

#[test]
fn ids_and_times_pass() {
    let text = "chat -1001234567890 user 5123456789 at 1795172317123456 on 2026-11-20 10:58:37 id \
                9223372036854775807x";
    assert_eq!(masker().mask(text), text);
}
