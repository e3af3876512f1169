//! A bot as a process of its own: started, stopped, killed, measured.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, kill_process};

use crate::clock::{Moment, pause};

/// How to start the bot.
#[derive(Clone, Debug)]
pub struct BotProcess {
    binary: PathBuf,
    env: Vec<(String, String)>,
    http: u16,
    log: PathBuf,
}

impl BotProcess {
    /// `binary run` with `env`, its health on a free port, its log appended to `log`.
    pub fn new(binary: PathBuf, env: Vec<(String, String)>, log: PathBuf) -> Result<Self> {
        anyhow::ensure!(
            binary.exists(),
            "{} is not built: run `cargo build --release -p support-bot -p drills`",
            binary.display()
        );
        let listener = TcpListener::bind("127.0.0.1:0").context("no free port on 127.0.0.1")?;
        let http = listener.local_addr().context("no free port")?.port();
        Ok(Self { binary, env, http, log })
    }

    /// With one more variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Starts it. Nothing of this process's own environment reaches it.
    pub fn start(&self) -> Result<Bot> {
        let log = std::fs::File::options().create(true).append(true).open(&self.log);
        let log = log.with_context(|| format!("cannot write {}", self.log.display()))?;
        let child = Command::new(&self.binary)
            .arg("run")
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .env("HTTP_ADDR", format!("127.0.0.1:{}", self.http))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {}", self.binary.display()))?;
        Ok(Bot { child, http: self.http, log: self.log.clone(), started: Moment::now() })
    }
}

/// A bot that runs. Killed when dropped.
#[derive(Debug)]
pub struct Bot {
    child: Child,
    http: u16,
    log: PathBuf,
    /// When it was started.
    pub started: Moment,
}

/// What the kernel counted of a process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// User and system time.
    pub cpu: Duration,
    /// Resident memory now, bytes.
    pub resident: u64,
    /// The most it ever was, bytes.
    pub peak: u64,
}

impl Bot {
    /// SIGKILL, and waits until it is gone.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill().context("the bot could not be killed")?;
        self.child.wait().context("the bot could not be waited for")?;
        Ok(())
    }

    /// Whether it has ended by itself.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// SIGTERM; it must end with 0 within ten seconds.
    pub async fn terminate(&mut self) -> Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("no process id")?;
        kill_process(pid, Signal::TERM).context("the bot could not be told to stop")?;
        let asked = Moment::now();
        while asked.elapsed() < Duration::from_secs(10) {
            if let Some(status) = self.child.try_wait()? {
                anyhow::ensure!(
                    status.success(),
                    "after SIGTERM the bot ended with {status}; its log is {}",
                    self.log.display()
                );
                return Ok(());
            }
            pause(Duration::from_millis(5)).await;
        }
        anyhow::bail!("the bot did not end within 10 s of SIGTERM; its log is {}", self.log.display())
    }

    /// What `/health` says; `None` while it does not answer.
    pub async fn health(&self, http: &reqwest::Client) -> Option<serde_json::Value> {
        let url = format!("http://127.0.0.1:{}/health", self.http);
        let answer = http.get(url).timeout(Duration::from_secs(3)).send().await.ok()?;
        serde_json::from_slice(&answer.bytes().await.ok()?).ok()
    }

    /// Whether it says that nothing waits: no update unhandled, no job due.
    pub async fn is_calm(&self, http: &reqwest::Client) -> bool {
        let Some(health) = self.health(http).await else { return false };
        let jobs = health["jobs"].as_object();
        health["updates_waiting"] == 0
            && jobs.is_some_and(|kinds| kinds.values().all(|kind| kind["due"] == 0))
    }

    /// What the kernel counted so far.
    pub fn usage(&self) -> Result<Usage> {
        usage(self.child.id())
    }

    /// The last lines of its log, for a report.
    pub fn tail(&self) -> String {
        tail(&self.log)
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

fn usage(pid: u32) -> Result<Usage> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).context("/proc is needed to measure")?;
    // After the name in brackets: state is field 3, utime and stime are fields 14 and 15, in hundredths.
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let field =
        |n: usize| after.split_whitespace().nth(n - 3).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.trim_end_matches("kB").trim().parse::<u64>().ok()).unwrap_or(0) * 1024
    };
    Ok(Usage {
        cpu: Duration::from_millis((field(14) + field(15)) * 10),
        resident: kib("VmRSS:"),
        peak: kib("VmHWM:"),
    })
}
