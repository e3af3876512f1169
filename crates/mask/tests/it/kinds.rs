use crate::{bot_token, masked, noise};

fn hides(secret: &str) {
    for (before, after) in
        [("", ""), ("x ", " y"), ("(", ")"), ("\"", "\""), ("a=", "&b=1"), ("é", "é"), ("\n", "\n")]
    {
        let text = format!("{before}{secret}{after}");
        let out = masked(&text);
        assert!(out.contains("[masked]"), "{out} does not mask");
        assert!(!out.contains(&secret[secret.len() / 2..]), "{out} shows the end of a secret");
    }
}

#[test]
fn bot_tokens_are_masked_in_urls_too() {
    hides(&bot_token());
    let url = format!("http://127.0.0.1:8081/bot{}/getMe", bot_token());
    assert_eq!(masked(&url), "http://127.0.0.1:8081/bot[masked]/getMe");
    assert_eq!(masked("/file/bot1000001:sandbox-desk/photos/1.jpg"), "/file/bot[masked]/photos/1.jpg");
    assert_eq!(masked("/bot1000001%3Asandbox/x"), "/bot[masked]/x");
    assert_eq!(masked(&bot_token().replace(':', "%3A")), "[masked]");
}

#[test]
fn keys_of_the_known_services_are_masked() {
    let prefixes = [
        "sk-",
        "sk-proj-",
        "ghp_",
        "gho_",
        "github_pat_",
        "glpat-",
        "AIza",
        "ya29.",
        "GOCSPX-",
        "1//0",
        "xoxb-",
        "xapp-",
        "sk_live_",
        "rk_live_",
        "sk_test_",
        "whsec_",
        "LTAI",
        "STS.",
        "npm_",
    ];
    for prefix in prefixes {
        hides(&format!("{prefix}{}", noise(36).replace('_', "x")));
    }
    hides(&format!("AKIA{}", noise(16).to_uppercase()));
    hides(&format!("SG.{}.{}", noise(22), noise(43)));
    hides(&format!("{}:TEST:{}", 284_685_063, noise(8)));
    assert_eq!(
        masked("https://hooks.slack.com/services/T0/B0/abc"),
        "https://hooks.slack.com/services/[masked]"
    );
}

#[test]
fn jwts_and_authorization_values_are_masked() {
    let jwt = format!("eyJ{}.eyJ{}.{}", noise(20), noise(30), noise(40));
    hides(&jwt);
    assert_eq!(masked(&format!("Authorization: Bearer {jwt}")), "Authorization: [masked]");
    assert_eq!(masked("got Bearer abcdef-123 there"), "got Bearer [masked] there");
    assert_eq!(masked("basic dXNlcjpwYXNz"), "basic [masked]");
    assert_eq!(masked("{\"authorization\": \"Basic dXNlcjpwYXNz\"}"), "{\"authorization\": \"[masked]\"}");
    assert_eq!(masked("Cookie: a=1; b=2\nHost: x"), "Cookie: [masked]\nHost: x");
}

#[test]
fn passwords_in_urls_are_masked() {
    assert_eq!(masked("postgres://desk:hunter2@db/desk"), "postgres://desk:[masked]@db/desk");
    assert_eq!(masked("redis://:p@ss/w@host:1/0 ok"), "redis://:[masked]@host:1/0 ok");
    assert_eq!(masked("http://127.0.0.1:8080/x"), "http://127.0.0.1:8080/x");
}

#[test]
fn private_keys_are_masked_whole() {
    let (begin, end) =
        (["-----BEGIN", "PRIVATE KEY-----"].join(" "), ["-----END", "PRIVATE KEY-----"].join(" "));
    let lines = format!("{begin}\n{}\n{}\n{end}", noise(64), noise(20));
    assert_eq!(masked(&format!("key {lines} done")), "key [masked] done");
    assert_eq!(masked(&format!("\"{}\"", lines.replace('\n', "\\n"))), "\"[masked]\"");
    assert_eq!(masked(&format!("\"{}\"", lines.replace('\n', "\\\\n"))), "\"[masked]\"");
    assert_eq!(masked(&lines.replace("PRIVATE", "RSA PRIVATE")), "[masked]");
    let cut_off = format!("{begin}\n{}", noise(64));
    assert_eq!(
        masked(&format!("{{\"key\":\"{}\"}}", cut_off.replace('\n', "\\n"))),
        "{\"key\":\"[masked]\"}"
    );
}

#[test]
fn card_numbers_are_masked_by_their_check_digit() {
    for card in [
        "4111111111111111",
        "4111 1111 1111 1111",
        "5555-5555-5555-4444",
        "3782 822463 10005",
        "6304000000000000",
    ] {
        assert_eq!(masked(&format!("card {card}.")), "card [masked].", "{card}");
        assert_eq!(masked(&format!("id 17 {card} 12")), "id 17 [masked] 12", "{card}");
    }
    assert_eq!(masked("4111111111111112"), "4111111111111112");
    assert_eq!(masked("0.4111111111111111"), "0.4111111111111111");
}

#[test]
fn long_hashes_are_cut_and_uuids_stay() {
    assert_eq!(masked(&format!("sha {} ok", "0123456789abcdef".repeat(4))), "sha 012345678… ok");
    assert_eq!(masked(&"ABCDEF01".repeat(4)), "ABCDEF01A…");
    assert_eq!(masked(&"ab".repeat(15)), "ab".repeat(15));
    let uuid = "41111111-1111-1111-8111-111111111111";
    assert_eq!(masked(uuid), uuid);
}
