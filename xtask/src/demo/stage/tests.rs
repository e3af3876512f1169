use super::*;

/// A bot that writes down its environment and is ready, as a web server over its data folder.
const READY_BOT: &str = r#"mkdir -p "$DATA_DIR/health"; env > "$DATA_DIR/environment"; : > "$DATA_DIR/health/ready"
exec python3 -m http.server --bind 127.0.0.1 --directory "$DATA_DIR" "${HTTP_ADDR##*:}""#;
/// A sandbox that says its line and stays.
const SANDBOX: &str = r#"echo "a log line" >&2
echo '{"url":"http://127.0.0.1:4000","bots":[{"token":"1000001:sandbox-a"}],"staff_group_id":-1001,"admin_user_id":7}'
exec tail -f /dev/null"#;

fn set(folder: &std::path::Path, bot: &str) -> (Workspace, Settings) {
    let workspace = Workspace { root: folder.to_owned(), target: folder.to_owned() };
    for (name, script) in [("sandbox", SANDBOX), ("support-bot", bot)] {
        // Another process writes it: a child that is forked meanwhile would keep our file open for writing.
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            "mkdir -p debug logs; printf '%s\\n' '#!/bin/sh' \"$1\" > debug/$0; chmod +x debug/$0",
            name,
            script,
        ]);
        assert!(shell.current_dir(folder).status().unwrap().success());
    }
    let settings = Settings {
        port: 0,
        data: folder.join("data"),
        logs: Some(folder.join("logs")),
        show: Show::Nothing,
        bot_environment: vec![("LOG_LEVEL", "trace".to_owned())],
    };
    (workspace, settings)
}

#[test]
fn a_bot_gets_what_the_sandbox_said_and_nothing_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, settings) = set(folder.path(), READY_BOT);
    let mut supervisor = Supervisor::new().unwrap();
    let stage = Stage::start(&workspace, &mut supervisor, &settings).unwrap();
    assert_eq!(stage.page, "http://127.0.0.1:4000");
    let environment = std::fs::read_to_string(folder.path().join("data/environment")).unwrap();
    for line in
        ["TELEGRAM_BOT_TOKEN=1000001:sandbox-a", "STAFF_GROUP_ID=-1001", "ADMIN_USER_ID=7", "LOG_LEVEL=trace"]
    {
        assert!(environment.lines().any(|found| found == line), "{line} is missing in:\n{environment}");
    }
    assert!(!environment.contains("CARGO"), "{environment}");
    supervisor.stop(Duration::from_secs(5));
    let log = std::fs::read_to_string(folder.path().join("logs/sandbox.log")).unwrap();
    assert_eq!(log, "a log line\n", "the line with the token is in the log");
}

#[test]
fn a_bot_that_does_not_start_is_named_with_its_words() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, settings) = set(folder.path(), "echo 'STAFF_GROUP_ID: no such chat' >&2; exit 1");
    let mut supervisor = Supervisor::new().unwrap();
    let error = Stage::start(&workspace, &mut supervisor, &settings).err().unwrap().to_string();
    assert!(error.starts_with("support-bot ended with exit status: 1"), "{error}");
    assert!(error.contains("no such chat"), "{error}");
}

#[test]
fn the_line_of_the_sandbox_is_read() {
    let line = r#"{"url":"http://127.0.0.1:4000","bots":[{"token":"1000001:sandbox-a","username":"desk_bot"}],
        "staff_group_id":-1001,"admin_user_id":7}"#;
    let expected = Ready {
        url: "http://127.0.0.1:4000".to_owned(),
        token: "1000001:sandbox-a".to_owned(),
        staff_group: -1001,
        admin: 7,
    };
    assert_eq!(Ready::parse(line).unwrap(), expected);
}

#[test]
fn a_missing_field_is_named_and_the_token_is_not_quoted() {
    let line = r#"{"url":"http://127.0.0.1:4000","bots":[{"token":"1000001:sandbox-a"}],"admin_user_id":7}"#;
    let error = format!("{:#}", Ready::parse(line).unwrap_err());
    assert!(error.contains("staff_group_id"), "{error}");
    assert!(!error.contains("sandbox-a"), "{error}");
}
