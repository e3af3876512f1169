//! One program: its lines go to the reader, to a log file and into memory.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal};

use super::Event;
use crate::{cargo, report};

/// Lines kept in memory of one program.
const KEPT: usize = 20_000;

/// What the reader sees of a program's lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    #[default]
    /// Nothing; the lines are kept for the case that it fails.
    Nothing,
    /// Every line on stderr, with the program's name before it.
    Named,
    /// Every line as it is: stdout to stdout, stderr to stderr.
    Through,
    /// Every line as it is, on stderr: stdout is left for the result.
    OnStderr,
    /// The program has our own stderr, so that it can draw on a terminal. No line is kept.
    Inherited,
}

/// Where a program's lines go.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// What the reader sees.
    pub show: Show,
    /// A file that takes every line.
    pub log: Option<PathBuf>,
    /// Stdout is an answer to us and no log: it is neither shown, nor logged, nor kept (the sandbox's holds tokens).
    pub stdout_answers: bool,
}

impl From<Show> for Output {
    fn from(show: Show) -> Self {
        Self { show, ..Self::default() }
    }
}

/// Where a line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A program that runs, or has run.
pub struct Process {
    name: String,
    pid: Option<Pid>,
    show: Show,
    log: Option<File>,
    stdout_answers: bool,
    lines: VecDeque<String>,
    status: Option<ExitStatus>,
}

impl Process {
    pub(super) fn start(
        name: &str,
        mut command: Command,
        output: Output,
        who: usize,
        events: &Sender<Event>,
    ) -> Result<Self> {
        let Output { show, log, stdout_answers } = output;
        let log =
            log.map(File::create).transpose().with_context(|| format!("cannot write the log of {name}"))?;
        command.stdin(Stdio::null()).process_group(0);
        if show == Show::Inherited {
            command.stdout(std::io::stderr()).stderr(Stdio::inherit());
        } else {
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
        }
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {name} by `{}`", cargo::to_copy(&command)))?;
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        watch(child, who, events);
        Ok(Self {
            name: name.to_owned(),
            pid,
            show,
            log,
            stdout_answers,
            lines: VecDeque::new(),
            status: None,
        })
    }

    /// What we call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its process id.
    pub fn pid(&self) -> Option<i32> {
        self.pid.map(|pid| pid.as_raw_nonzero().get())
    }

    /// How it ended; none while it runs.
    pub fn status(&self) -> Option<ExitStatus> {
        self.status
    }

    /// The last `count` lines of both streams, in the order they came.
    pub fn last_lines(&self, count: usize) -> Vec<&str> {
        self.lines.iter().skip(self.lines.len().saturating_sub(count)).map(String::as_str).collect()
    }

    pub(super) fn take_line(&mut self, stream: Stream, text: &str) {
        if self.stdout_answers && stream == Stream::Out {
            return;
        }
        match (self.show, stream) {
            (Show::Nothing | Show::Inherited, _) => {}
            (Show::Named, _) => report::note(&format!("{:>12} │ {text}", self.name)),
            (Show::Through, Stream::Out) => report::result(text),
            (Show::Through, Stream::Err) | (Show::OnStderr, _) => report::note(text),
        }
        if let Some(log) = &mut self.log {
            // A log that cannot be written (a full disk) must not take the programs down.
            let _ = writeln!(log, "{text}");
        }
        if self.lines.len() == KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back(text.to_owned());
    }

    pub(super) fn ended(&mut self, status: ExitStatus) {
        self.status = Some(status);
    }

    /// Signals the program and all that it started; does nothing once it has ended.
    pub fn signal(&self, signal: Signal) {
        if let (Some(pid), None) = (self.pid, self.status) {
            // It may have ended a moment ago; then there is nothing to signal.
            let _ = rustix::process::kill_process_group(pid, signal);
        }
    }

    /// Kills the program and what it started and left behind, even when it has ended itself.
    pub(super) fn sweep(&self) {
        if let Some(pid) = self.pid {
            // Nobody is left in most cases.
            let _ = rustix::process::kill_process_group(pid, Signal::KILL);
        }
    }
}

/// Reads both streams and waits for the end, each in a thread, and reports everything as events.
fn watch(mut child: Child, who: usize, events: &Sender<Event>) {
    let (drained, readers) = channel::<()>();
    if let Some(stdout) = child.stdout.take() {
        read(stdout, who, Stream::Out, events.clone(), drained.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        read(stderr, who, Stream::Err, events.clone(), drained.clone());
    }
    drop(drained);
    let events = events.clone();
    thread::spawn(move || {
        let Ok(status) = child.wait() else { return };
        // The last lines come before the exit. A grandchild may hold the pipe open: wait only for a moment.
        let _ = readers.recv_timeout(Duration::from_millis(500));
        let _ = events.send(Event::Exited { who, status });
    });
}

fn read(
    pipe: impl Read + Send + 'static,
    who: usize,
    stream: Stream,
    events: Sender<Event>,
    drained: Sender<()>,
) {
    thread::spawn(move || {
        // Held until the end: the receiver learns from its drop that this pipe is drained.
        let _drained = drained;
        let mut pipe = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while pipe.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
            bytes.clear();
            if events.send(Event::Line { from: who, stream, text }).is_err() {
                break;
            }
        }
    });
}
