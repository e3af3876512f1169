//! The program as a process.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

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

#[tokio::test]
async fn a_world_in_a_file_outlives_the_process() {
    let folder = std::env::temp_dir().join(format!("sandbox-keeps-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("world.json");
    let file = file.to_str().unwrap();
    let mut begun = started(&["--save", file]);
    let client = crate::support::client();
    let act = |url: &str, act: Value| client.post(format!("{url}/api/act")).body(act.to_string()).send();
    let said = json!({"act": "say", "as": begun.ready["customer_ids"][0], "text": "Good morning",
        "chat": format!("{}_{}", begun.ready["customer_ids"][0], begun.ready["bots"][0]["id"])});
    assert_eq!(act(begun.url(), said).await.unwrap().status(), 200);
    begun.end();
    let mut again = started(&["--load", file, "--save", file]);
    assert_eq!(again.ready["bots"], begun.ready["bots"]);
    let token = again.ready["bots"][0]["token"].as_str().unwrap();
    let updates = client.get(format!("{}/bot{token}/getUpdates", again.url())).send().await.unwrap();
    assert!(updates.text().await.unwrap().contains("Good morning"));
    again.end();
    let failed = Command::new(PROGRAM).args(["--load", "/nowhere/world.json"]).output().unwrap();
    assert_eq!(failed.status.code(), Some(1));
    assert!(String::from_utf8(failed.stderr).unwrap().contains("--save"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn listening_beyond_loopback_is_warned_of() {
    for (addr, warned) in [("0.0.0.0:0", true), ("127.0.0.1:0", false)] {
        let mut command = Command::new(PROGRAM);
        command.args(["--addr", addr, "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
        child.kill().unwrap();
        let said = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
        assert_eq!(said.contains("there are no passwords"), warned, "{said}");
    }
}

struct Begun {
    child: std::process::Child,
    ready: Value,
}

impl Begun {
    fn url(&self) -> &str {
        self.ready["url"].as_str().unwrap()
    }

    fn end(&mut self) {
        assert!(
            Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success()
        );
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

/// The program on a free port, with these arguments more.
fn started(arguments: &[&str]) -> Begun {
    let mut child = Command::new(PROGRAM)
        .args(["--addr", "127.0.0.1:0", "--json"])
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Begun { child, ready: serde_json::from_str(&line).unwrap() }
}

#[test]
fn help_explains_and_misuse_is_two() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for word in ["--addr", "--town", "--load", "--save", "--latency-ms", "--json", "TELEGRAM_API_URL"] {
        assert!(help.contains(word), "{word} is missing in:\n{help}");
    }
    assert_eq!(Command::new(PROGRAM).arg("--nonsense").output().unwrap().status.code(), Some(2));
}
