//! Runs other programs and always stops them: one loop over lines, exits and signals, without polling.
//!
//! Each program gets a process group of its own. So Ctrl-C on a terminal reaches only xtask, which then asks the
//! programs once, in order; otherwise a bot would take our SIGTERM for the impatient second signal.

mod process;

use std::fmt;
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

pub use process::{Output, Process, Show, Stream};

use crate::clock::Deadline;
use crate::report;

/// What happened to a program, or to us.
#[derive(Debug)]
pub enum Event {
    /// A program wrote a line.
    Line { from: usize, stream: Stream, text: String },
    /// A program ended.
    Exited { who: usize, status: ExitStatus },
    /// Somebody wants us to stop.
    Signal,
}

/// The error of a wait that a signal ended.
#[derive(Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped by a signal")
    }
}

impl std::error::Error for Interrupted {}

/// Holds the programs. Dropping it kills what still runs.
pub struct Supervisor {
    events: Receiver<Event>,
    sender: Sender<Event>,
    signals: signal_hook::iterator::Handle,
    processes: Vec<Process>,
}

impl Supervisor {
    /// Starts listening for SIGINT, SIGTERM and SIGHUP.
    pub fn new() -> Result<Self> {
        let (sender, events) = channel();
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot listen for signals")?;
        let handle = signals.handle();
        let to_us = sender.clone();
        thread::spawn(move || {
            for _ in signals.forever() {
                if to_us.send(Event::Signal).is_err() {
                    break;
                }
            }
        });
        Ok(Self { events, sender, signals: handle, processes: Vec::new() })
    }

    /// Starts a program and returns its number here.
    pub fn start(&mut self, name: &str, command: Command, output: Output) -> Result<usize> {
        let who = self.processes.len();
        self.processes.push(Process::start(name, command, output, who, &self.sender)?);
        Ok(who)
    }

    /// The program with this number.
    pub fn process(&self, who: usize) -> &Process {
        &self.processes[who]
    }

    /// The next event, or none within `wait`. Lines are shown, logged and kept on the way.
    pub fn next(&mut self, wait: Duration) -> Option<Event> {
        let event = self.events.recv_timeout(wait).ok()?;
        match &event {
            Event::Line { from, stream, text } => self.processes[*from].take_line(*stream, text),
            Event::Exited { who, status } => self.processes[*who].ended(*status),
            Event::Signal => {}
        }
        Some(event)
    }

    /// Waits until a program has ended by itself.
    pub fn wait(&mut self, who: usize) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.processes[who].status() {
                return Ok(status);
            }
            match self.next(Duration::from_hours(1)) {
                Some(Event::Signal) => return Err(Interrupted.into()),
                Some(Event::Exited { who: other, .. }) if other != who => return Err(self.died(other)),
                _ => {}
            }
        }
    }

    /// Waits for the first line on a program's stdout; it must come within `wait`.
    pub fn first_line(&mut self, who: usize, wait: Duration) -> Result<String> {
        let deadline = Deadline::after(wait);
        loop {
            match self.next(deadline.left()) {
                Some(Event::Line { from, stream: Stream::Out, text }) if from == who => return Ok(text),
                Some(Event::Signal) => return Err(Interrupted.into()),
                Some(Event::Exited { who: dead, .. }) => return Err(self.died(dead)),
                None if deadline.passed() => {
                    let name = self.processes[who].name();
                    bail!("{name} printed nothing on stdout within {} s", wait.as_secs())
                }
                _ => {}
            }
        }
    }

    /// The error that says which program died, how, and what it said last.
    pub fn died(&self, who: usize) -> anyhow::Error {
        let process = &self.processes[who];
        let how =
            process.status().map_or_else(|| "ended".to_owned(), |status| format!("ended with {status}"));
        let last = process.last_lines(30).join("\n");
        anyhow::anyhow!("{} {how}; its last lines:\n{last}", process.name())
    }

    /// Stops every program, the last started first: SIGTERM, then SIGKILL after `grace`. A signal in the meantime
    /// means that somebody is in a hurry: SIGKILL at once.
    pub fn stop(&mut self, grace: Duration) {
        let mut hurry = false;
        for who in (0..self.processes.len()).rev() {
            hurry |= self.stop_one(who, if hurry { Duration::ZERO } else { grace });
        }
    }

    /// Stops one program in the same way; the others go on.
    pub fn dismiss(&mut self, who: usize, grace: Duration) -> Result<()> {
        if self.stop_one(who, grace) { Err(Interrupted.into()) } else { Ok(()) }
    }

    /// Returns whether a signal came.
    fn stop_one(&mut self, who: usize, grace: Duration) -> bool {
        let mut hurry = false;
        self.processes[who].signal(Signal::TERM);
        let deadline = Deadline::after(grace);
        while self.processes[who].status().is_none() && !deadline.passed() && !hurry {
            hurry = matches!(self.next(deadline.left()), Some(Event::Signal));
        }
        if self.processes[who].status().is_none() {
            report::note(&format!("{} did not stop; killing it", self.processes[who].name()));
            self.processes[who].signal(Signal::KILL);
            let deadline = Deadline::after(Duration::from_secs(5));
            while self.processes[who].status().is_none() && !deadline.passed() {
                self.next(deadline.left());
            }
        }
        self.processes[who].sweep();
        hurry
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        for process in &self.processes {
            process.sweep();
        }
        self.signals.close();
    }
}

#[cfg(test)]
mod tests;
