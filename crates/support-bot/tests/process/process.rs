//! A process of the bot: started with nothing of this process's environment, watched, ended.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use frontdesk_core::clock::{Stopwatch, real_pause, within};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long what really happens may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The environment that a process gets, and no more.
pub type Env = Vec<(String, String)>;

/// A process; killed when dropped.
pub struct Process {
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

/// What a process that has ended left.
#[derive(Debug)]
pub struct Ended {
    /// `None`: a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Process {
    /// Starts the binary in `folder`, where its output is written to files of this name.
    pub fn start(folder: &Path, name: &str, words: &[&str], env: &Env) -> Self {
        let command = Command::new(env!("CARGO_BIN_EXE_support-bot"));
        Self::start_as(command, folder, name, words, env)
    }

    /// Starts another copy of the binary, or as another user.
    pub fn start_as(mut command: Command, folder: &Path, name: &str, words: &[&str], env: &Env) -> Self {
        let (out, err) = (folder.join(format!("{name}.out")), folder.join(format!("{name}.err")));
        let file = |path: &Path| Stdio::from(std::fs::File::create(path).unwrap());
        let child = command
            .args(words)
            .env_clear()
            .envs(env.iter().map(|(name, value)| (name, value)))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(file(&out))
            .stderr(file(&err))
            .spawn()
            .unwrap();
        Self { child, out, err }
    }

    /// Everything that it has written to stderr.
    pub fn err(&self) -> String {
        std::fs::read_to_string(&self.err).unwrap()
    }

    /// Everything that it has written to stdout.
    pub fn out(&self) -> String {
        std::fs::read_to_string(&self.out).unwrap()
    }

    /// The arguments as anybody on the machine may read them.
    pub fn cmdline(&self) -> String {
        let bytes = std::fs::read(format!("/proc/{}/cmdline", self.child.id())).unwrap();
        String::from_utf8_lossy(&bytes).replace('\0', " ")
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Waits until it has ended.
    pub async fn ended(mut self) -> Ended {
        let mut status: Option<ExitStatus> = None;
        let ended = eventually(|| {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        assert!(ended.await, "it was to end; it wrote\n{}", self.err());
        Ended { code: status.unwrap().code(), out: self.out(), err: self.err() }
    }

    /// Asks for an end by a signal, which has to come within the ten seconds that are promised.
    pub async fn stopped(self, signal: Signal) -> Ended {
        let watch = Stopwatch::start();
        self.signal(signal);
        let ended = self.ended().await;
        assert!(watch.elapsed() < Duration::from_secs(10), "the stop took {:?}", watch.elapsed());
        ended
    }

    /// Waits until a line of its log holds these words.
    pub async fn logs(&mut self, words: &str) {
        let found = eventually(|| self.err().contains(words) || self.child.try_wait().unwrap().is_some());
        found.await;
        assert!(self.err().contains(words), "{words:?} was to be logged; it wrote\n{}", self.err());
    }

    /// The address that it serves, once it does.
    pub async fn http(&mut self) -> String {
        self.logs("started").await;
        let log = self.err();
        let line = log.lines().find(|line| line.contains("http") && line.contains("started")).unwrap();
        let port: String =
            line.rsplit_once("127.0.0.1:").unwrap().1.chars().take_while(char::is_ascii_digit).collect();
        format!("127.0.0.1:{port}")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks until `holds` does, for as long as [`PATIENCE`]; whether it did.
pub async fn eventually(mut holds: impl FnMut() -> bool) -> bool {
    let watch = Stopwatch::start();
    while !holds() {
        if watch.elapsed() > PATIENCE {
            return false;
        }
        // Another process is waited for: it lives in real time.
        real_pause(Duration::from_millis(5)).await;
    }
    true
}

/// One request, and the answer as it came; empty where nobody answers.
pub async fn request(address: &str, request: &[u8]) -> String {
    let answer = async {
        let mut stream = TcpStream::connect(address).await.ok()?;
        // Who does not like the request may answer before all of it was sent.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        Some(String::from_utf8_lossy(&answer).into_owned())
    };
    within(PATIENCE, answer).await.flatten().unwrap_or_default()
}

/// `GET path`.
pub async fn get(address: &str, path: &str) -> String {
    request(address, format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes()).await
}

/// `POST path` with these header lines.
pub async fn post(address: &str, path: &str, headers: &str, body: &[u8]) -> String {
    let length = body.len();
    let head =
        format!("POST {path} HTTP/1.0\r\nHost: {address}\r\n{headers}Content-Length: {length}\r\n\r\n");
    request(address, &[head.as_bytes(), body].concat()).await
}
