//! The help of every command, as it stands, and what becomes of a mistyped line.

use testkit::Backend;

use crate::desk::Desk;

#[tokio::test]
async fn every_command_has_the_help_that_was_agreed_on() {
    let desk = Desk::open(Backend::Sqlite).await;
    let mut all = String::new();
    let commands: [&[&str]; 15] = [
        &[],
        &["run"],
        &["check"],
        &["doctor"],
        &["migrate"],
        &["dead-letters"],
        &["dead-letters", "list"],
        &["dead-letters", "show"],
        &["dead-letters", "replay"],
        &["dead-letters", "drop"],
        &["jobs"],
        &["health"],
        &["settings"],
        &["completions"],
        &["help", "jobs"],
    ];
    for command in commands {
        let asked =
            if command.contains(&"help") { command.to_vec() } else { [command, &["--help"]].concat() };
        let ended = desk.ask(&asked).await;
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{asked:?}");
        all.extend(["$ support-bot ", &asked.join(" "), "\n", &ended.out, "\n"]);
    }
    insta::assert_snapshot!(all);
}

#[tokio::test]
async fn the_version_is_that_of_the_package() {
    let desk = Desk::open(Backend::Sqlite).await;
    for flag in ["--version", "-V"] {
        let ended = desk.ask(&[flag]).await;
        assert_eq!(ended.out, format!("support-bot {}\n", env!("CARGO_PKG_VERSION")));
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    }
}

#[tokio::test]
async fn a_line_that_asks_for_nothing_or_nonsense_ends_with_2_and_help() {
    let desk = Desk::open(Backend::Sqlite).await;
    let lines: [(&[&str], &[&str]); 12] = [
        (&[], &["Usage: support-bot", "doctor"]),
        (&["dead-letters"], &["replay", "Usage: support-bot dead-letters"]),
        (&["runn"], &["unrecognized subcommand 'runn'", "'run'"]),
        (&["run", "--cofnig", "x"], &["unexpected argument '--cofnig'", "'--config'"]),
        (&["check", "--jsno"], &["unexpected argument '--jsno'", "'--json'"]),
        (&["run", "--config"], &["a value is required for '--config <FILE>'"]),
        (&["dead-letters", "show", "one"], &["invalid value 'one' for '<ID>'"]),
        (&["dead-letters", "replay"], &["required", "--all"]),
        (&["dead-letters", "drop", "1", "--all"], &["cannot be used with"]),
        (&["dead-letters", "list", "--limit", "0"], &["0 is not in 1..=100000"]),
        (&["jobs", "--oldest", "-1"], &["-1"]),
        (&["settings", "--format", "yaml"], &["invalid value 'yaml'", "env, toml, table"]),
    ];
    for (line, words) in lines {
        let ended = desk.ask(line).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{line:?}: {}", ended.err);
        for words in words {
            assert!(ended.err.contains(words), "{line:?} was to say {words:?}:\n{}", ended.err);
        }
    }
}

#[tokio::test]
async fn completions_are_written_for_every_shell_and_know_the_commands() {
    let desk = Desk::open(Backend::Sqlite).await;
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ended = desk.ask(&["completions", shell]).await;
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{shell}");
        assert!(ended.out.contains("dead-letters") && ended.out.contains("support-bot"), "{shell}");
    }
    let path = desk.folder().join("completions.bash");
    std::fs::write(&path, desk.ask(&["completions", "bash"]).await.out).unwrap();
    let parsed = std::process::Command::new("bash").arg("-n").arg(&path).status().unwrap();
    assert!(parsed.success(), "bash reads its completions");
}

#[tokio::test]
async fn settings_are_described_as_the_example_files_have_them() {
    let desk = Desk::open(Backend::Sqlite).await;
    let stands =
        |name: &str| std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert_eq!(desk.ask(&["settings"]).await.out, stands(".env.example"));
    assert_eq!(desk.ask(&["settings", "--format", "toml"]).await.out, stands("config.example.toml"));
    let table = desk.ask(&["settings", "--format", "table"]).await.out;
    assert!(table.starts_with("| Setting |") && table.contains("| `STAFF_GROUP_ID` |"), "{table}");
}
