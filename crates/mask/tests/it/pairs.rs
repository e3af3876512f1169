use crate::masked;

#[test]
fn named_values_are_masked_in_urls_logs_and_json() {
    let cases = [
        ("GET /x?token=abc&y=1", "GET /x?token=[masked]&y=1"),
        ("next=%3Ftoken%3Dabc&y=1", "next=%3Ftoken%3D[masked]&y=1"),
        ("password: hunter2 user: x", "password: [masked] user: x"),
        ("DB_PASSWORD=hunter2", "DB_PASSWORD=[masked]"),
        ("password = 'a b' next", "password = '[masked]' next"),
        ("{\"api_key\":\"a\\\"b\",\"x\":1}", "{\"api_key\":\"[masked]\",\"x\":1}"),
        ("{\"clientSecret\" : \"ab\\\\\",\"x\":1}", "{\"clientSecret\" : \"[masked]\",\"x\":1}"),
        ("{\"m\":\"{\\\"token\\\":\\\"a\\\\\\\"b\\\"}\"}", "{\"m\":\"{\\\"token\\\":\\\"[masked]\\\"}\"}"),
        ("Login { password: Some(\"a b\"), id: 1 }", "Login { password: Some(\"[masked]\"), id: 1 }"),
        ("token: [\"a b\"]", "token: [\"[masked]\"]"),
        ("secret: b\"a b\"", "secret: b\"[masked]\""),
        ("{:password=>\"abc\"}", "{:password=>\"[masked]\"}"),
        ("run --token abc --verbose", "run --token [masked] --verbose"),
        ("x-telegram-bot-api-secret-token: abc", "x-telegram-bot-api-secret-token: [masked]"),
        ("password=[masked] ok", "password=[masked] ok"),
        ("say \\\"token=abc\\\" ok", "say \\\"token=[masked]\\\" ok"),
        ("password=\"no end", "password=\"[masked] end"),
    ];
    for (text, expected) in cases {
        assert_eq!(masked(text), expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_pair_stays() {
    for text in [
        "frontdesk_core::token::Kind and secret::x",
        "token=None password: null, \"secret\": true",
        "completion_tokens=500 token_source=environment",
        "the token is missing",
        "secret://name",
        "password",
        "password=",
    ] {
        assert_eq!(masked(text), text);
    }
}
