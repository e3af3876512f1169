//! The journal as text, and what was covered.

use sandbox::{Coverage, Fault, FaultKind};
use serde_json::json;

use crate::support::Town;

async fn get(town: &Town, path: &str) -> String {
    let response = town.client.get(format!("{}{path}", town.server.url())).send().await.unwrap();
    response.text().await.unwrap()
}

#[tokio::test]
async fn the_journal_is_text_with_a_line_for_each_call() {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let text = "two\nlines \u{2028} and \"quotes\" ".repeat(40);
    town.call("sendMessage", json!({"chat_id": town.nino, "text": text})).await;
    town.raw("sendMessage", json!({"chat_id": 5, "text": "x"})).await;
    town.world.add_fault(Fault::new(FaultKind::ServerError { code: 502 }).count(1));
    town.raw("getMe", json!({})).await;
    let lines = get(&town, "/api/journal.txt?method=sendmessage").await;
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    let start = format!(
        "seq=3 at=2026-09-21T14:13:20.000Z bot={} method=sendMessage chat={}",
        town.bot.id, town.chat
    );
    assert!(lines[0].starts_with(&start), "{}", lines[0]);
    assert!(lines[0].contains(" code=200 ms=") && lines[0].len() < 700, "{}", lines[0]);
    assert!(lines[0].contains("two\\nlines \\u2028 and \\\"quotes\\\""), "{}", lines[0]);
    assert!(lines[1].ends_with("description=\"Bad Request: chat not found\""), "{}", lines[1]);
    let all = get(&town, "/api/journal.txt?limit=10").await;
    assert!(
        all.lines().any(|line| line.contains("method=getMe")
            && line.contains("code=502")
            && line.contains(" fault=5xx")),
        "{all}"
    );
}

#[tokio::test]
async fn the_coverage_tells_what_was_called_and_what_never() {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.call("getMe", json!({})).await;
    town.call("GETME", json!({})).await;
    town.raw("giftPremiumSubscription", json!({})).await;
    town.raw("noSuchMethod", json!({})).await;
    let coverage: Coverage = serde_json::from_str(&get(&town, "/api/coverage").await).unwrap();
    assert_eq!(coverage.called["getMe"], 2);
    assert_eq!(coverage.not_implemented["giftPremiumSubscription"], 1);
    assert!(coverage.never_called.contains(&"sendMessage".to_owned()));
    assert!(!coverage.never_called.contains(&"getMe".to_owned()));
    assert!(coverage.updates >= 1 && coverage.answers >= 4 && coverage.violations.is_empty());
}

#[tokio::test]
async fn a_server_leaves_its_coverage_when_it_ends() {
    let folder = std::env::temp_dir().join(format!("sandbox-coverage-{}", std::process::id()));
    let options = sandbox::Options { coverage: Some(folder.clone()), ..sandbox::Options::default() };
    let server = sandbox::Server::start(options).await.unwrap();
    drop(server);
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(left.len(), 1);
    let coverage: Coverage = serde_json::from_slice(&std::fs::read(&left[0]).unwrap()).unwrap();
    assert!(coverage.called.is_empty() && coverage.never_called.contains(&"getMe".to_owned()));
    std::fs::remove_dir_all(folder).unwrap();
}
