//! The program as a process.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sandbox");

#[tokio::test]
async fn it_prints_its_ids_serves_and_ends_with_zero_on_sigterm() {
    let mut child = Command::new(PROGRAM)
        .args(["--addr", "127.0.0.1:0", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let token = ready["bots"][0]["token"].as_str().unwrap();
    let url = ready["url"].as_str().unwrap();
    let client = crate::support::client();
    let chat = ready["staff_group_id"].to_string();
    let answer = client.get(format!("{url}/bot{token}/getChat?chat_id={chat}")).send().await.unwrap();
    assert!(answer.text().await.unwrap().contains(r#""title":"Lotus staff""#));
    assert!(ready["admin_user_id"].is_i64());

    let address = url.strip_prefix("http://").unwrap();
    let second = Command::new(PROGRAM).args(["--addr", address]).output().unwrap();
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains("--addr") && said.contains(address), "{said}");

    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn help_explains_and_misuse_is_two() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for word in ["--addr", "--town", "--latency-ms", "--json", "TELEGRAM_API_URL"] {
        assert!(help.contains(word), "{word} is missing in:\n{help}");
    }
    assert_eq!(Command::new(PROGRAM).arg("--nonsense").output().unwrap().status.code(), Some(2));
}
