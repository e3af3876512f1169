use super::*;

const GRACE: Duration = Duration::from_secs(5);

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

fn start(supervisor: &mut Supervisor, script: &str) -> usize {
    supervisor.start("child", shell(script), Show::Nothing.into()).unwrap()
}

#[test]
fn the_first_line_of_stdout_is_handed_over() {
    let mut supervisor = Supervisor::new().unwrap();
    let child = start(&mut supervisor, "echo noise >&2; echo ready; exec tail -f /dev/null");
    assert_eq!(supervisor.first_line(child, GRACE).unwrap(), "ready");
    supervisor.stop(GRACE);
}

#[test]
fn a_child_that_dies_is_named_with_its_last_lines() {
    let mut supervisor = Supervisor::new().unwrap();
    let child = start(&mut supervisor, "echo 'no such database' >&2; exit 3");
    let error = supervisor.first_line(child, GRACE).unwrap_err().to_string();
    assert!(error.contains("child ended with exit status: 3"), "{error}");
    assert!(error.contains("no such database"), "{error}");
}

#[test]
fn a_child_that_waits_for_nothing_is_asked_and_obeys() {
    let mut supervisor = Supervisor::new().unwrap();
    let child =
        start(&mut supervisor, "trap 'echo asked; exit 0' TERM; echo ready; tail -f /dev/null & wait");
    supervisor.first_line(child, GRACE).unwrap();
    supervisor.stop(GRACE);
    let process = supervisor.process(child);
    assert!(process.last_lines(5).contains(&"asked"), "{:?}", process.last_lines(5));
    assert_eq!(process.status().unwrap().code(), Some(0));
}

#[test]
fn a_deaf_child_is_killed_after_the_grace() {
    let mut supervisor = Supervisor::new().unwrap();
    let child = start(&mut supervisor, "trap '' TERM; echo ready; tail -f /dev/null");
    supervisor.first_line(child, GRACE).unwrap();
    supervisor.stop(Duration::from_millis(200));
    let status = supervisor.process(child).status().expect("it was killed");
    assert_eq!(status.code(), None, "{status}");
}

#[test]
fn the_last_started_child_is_stopped_first() {
    let folder = tempfile::tempdir().unwrap();
    let order = folder.path().join("order");
    let mut supervisor = Supervisor::new().unwrap();
    for name in ["first", "second"] {
        let script = format!(
            "trap 'echo {name} >> {}; exit 0' TERM; echo up; tail -f /dev/null & wait",
            order.display()
        );
        let child = start(&mut supervisor, &script);
        supervisor.first_line(child, GRACE).unwrap();
    }
    supervisor.stop(GRACE);
    assert_eq!(std::fs::read_to_string(order).unwrap(), "second\nfirst\n");
}

#[test]
fn waiting_for_one_child_notices_the_death_of_another() {
    let mut supervisor = Supervisor::new().unwrap();
    let lasting = start(&mut supervisor, "exec tail -f /dev/null");
    supervisor.start("database", shell("exit 1"), Show::Nothing.into()).unwrap();
    let error = supervisor.wait(lasting).unwrap_err().to_string();
    assert!(error.starts_with("database ended"), "{error}");
    supervisor.stop(GRACE);
}

#[test]
fn every_line_reaches_the_log_file() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("child.log");
    let mut supervisor = Supervisor::new().unwrap();
    let child = supervisor
        .start(
            "child",
            shell("echo one; echo two >&2"),
            Output { log: Some(log.clone()), ..Output::default() },
        )
        .unwrap();
    assert!(supervisor.wait(child).unwrap().success());
    let mut lines: Vec<String> = std::fs::read_to_string(log).unwrap().lines().map(str::to_owned).collect();
    lines.sort();
    assert_eq!(lines, ["one", "two"]);
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let mut supervisor = Supervisor::new().unwrap();
    let command = Command::new("/nowhere/support-bot");
    let error = supervisor.start("support-bot", command, Show::Nothing.into()).unwrap_err();
    assert!(format!("{error:#}").contains("/nowhere/support-bot"), "{error:#}");
}

#[test]
fn answers_on_stdout_are_not_logged() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("child.log");
    let mut supervisor = Supervisor::new().unwrap();
    let output = Output { log: Some(log.clone()), stdout_answers: true, ..Output::default() };
    let child = supervisor.start("child", shell("echo the-token; echo a log line >&2"), output).unwrap();
    assert_eq!(supervisor.first_line(child, GRACE).unwrap(), "the-token");
    supervisor.wait(child).unwrap();
    assert_eq!(std::fs::read_to_string(log).unwrap(), "a log line\n");
}

#[test]
fn a_signal_ends_a_wait_and_the_children_live_until_they_are_stopped() {
    let mut supervisor = Supervisor::new().unwrap();
    let child = start(&mut supervisor, "exec tail -f /dev/null");
    supervisor.sender.send(Event::Signal).unwrap();
    assert!(supervisor.wait(child).unwrap_err().is::<Interrupted>());
    assert!(supervisor.process(child).status().is_none());
    supervisor.stop(GRACE);
    assert!(supervisor.process(child).status().is_some());
}

#[test]
fn a_second_signal_kills_at_once() {
    let mut supervisor = Supervisor::new().unwrap();
    let deaf = start(&mut supervisor, "trap '' TERM; echo ready; tail -f /dev/null");
    supervisor.first_line(deaf, GRACE).unwrap();
    supervisor.sender.send(Event::Signal).unwrap();
    let started = crate::clock::Stopwatch::start();
    supervisor.stop(Duration::from_mins(1));
    assert!(supervisor.process(deaf).status().is_some());
    assert!(started.seconds() < 30.0, "it waited for the whole grace");
}

#[test]
fn what_a_dead_child_left_behind_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let mut supervisor = Supervisor::new().unwrap();
    // The grandchild holds the pipe open for writing: reading it ends when the grandchild does.
    let script =
        format!("mkfifo {0}; tail -f /dev/null > {0} 2>&1 & echo up; read _; exit 1", pipe.display());
    let child = start(&mut supervisor, &script);
    supervisor.first_line(child, GRACE).unwrap();
    let mut reader = std::fs::File::open(&pipe).unwrap();
    assert_eq!(supervisor.wait(child).unwrap().code(), Some(1));
    supervisor.stop(GRACE);
    assert_eq!(std::io::Read::read(&mut reader, &mut [0; 1]).unwrap(), 0);
}

#[test]
fn one_is_dismissed_and_the_others_go_on() {
    let mut supervisor = Supervisor::new().unwrap();
    let stays = start(&mut supervisor, "exec tail -f /dev/null");
    let goes = start(&mut supervisor, "exec tail -f /dev/null");
    supervisor.dismiss(goes, GRACE).unwrap();
    assert!(supervisor.process(goes).status().is_some());
    assert!(supervisor.process(stays).status().is_none());
    supervisor.stop(GRACE);
    assert!(supervisor.process(stays).status().is_some());
}
