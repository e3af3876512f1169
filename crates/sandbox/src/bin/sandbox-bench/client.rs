//! The trivial bot, and what it finds.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use sandbox::Clock;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::http::Connection;
use crate::usage;

/// Messages delivered to the bot, and as many taken from it, each second.
const LEAST: f64 = 8_000.0;
/// MB, with every message of the run in memory.
const MOST_MB: f64 = 300.0;

#[derive(Deserialize)]
struct Ready {
    url: String,
    token: String,
}

#[derive(Deserialize)]
struct Polled {
    result: Vec<Update>,
}

#[derive(Deserialize)]
struct Update {
    update_id: i64,
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    message_id: i64,
    chat: Chat,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
}

/// Rates a second, CPU in microseconds, memory in MB.
#[derive(Debug, Serialize)]
struct Figures {
    messages: u64,
    seconds: f64,
    /// Each was delivered to the bot and answered by it.
    per_second: f64,
    sandbox_cpu_a_message: f64,
    client_cpu_a_message: f64,
    /// What two cores would do that had nothing else to do.
    per_second_by_cpu: f64,
    sandbox_peak_mb: f64,
    ok: bool,
}

/// Ends when dropped.
struct Sandbox(Child);

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the sandbox, plays the bot, and prints the figures; whether they are as they must be.
pub async fn measure(messages: u64, connections: usize, json: bool) -> anyhow::Result<bool> {
    let mut sandbox = Sandbox(
        Command::new(std::env::current_exe()?)
            .args(["serve", &messages.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the sandbox cannot start")?,
    );
    let mut line = String::new();
    BufReader::new(sandbox.0.stdout.take().context("no output")?).read_line(&mut line)?;
    let ready: Ready = serde_json::from_str(&line).context("the sandbox did not start")?;
    let address = ready.url.strip_prefix("http://").unwrap_or(&ready.url);
    let (own, other) = (std::process::id(), sandbox.0.id());
    let before = (usage::cpu(other)?, usage::cpu(own)?);
    let clock = Clock::real();
    play(address, &ready.token, messages, connections).await?;
    let seconds = float(clock.real_now()) / 1e6;
    let count = float(i64::try_from(messages)?);
    let sandbox_cpu = (usage::cpu(other)? - before.0) * 1e6 / count;
    let client_cpu = (usage::cpu(own)? - before.1) * 1e6 / count;
    let mut figures = Figures {
        messages,
        seconds,
        per_second: count / seconds,
        sandbox_cpu_a_message: sandbox_cpu,
        client_cpu_a_message: client_cpu,
        per_second_by_cpu: 2e6 / (sandbox_cpu + client_cpu),
        sandbox_peak_mb: usage::peak_mb(other)?,
        ok: false,
    };
    figures.ok = figures.per_second >= LEAST && figures.sandbox_peak_mb < MOST_MB;
    writeln!(std::io::stderr(), "{}", serde_json::to_string_pretty(&figures)?)?;
    if !figures.ok {
        writeln!(
            std::io::stderr(),
            "at least {LEAST} messages a second and less than {MOST_MB} MB are to be reached"
        )?;
    }
    if json {
        let failed = u8::from(!figures.ok);
        let line = serde_json::json!({"passed": 1 - failed, "failed": failed, "figures": figures});
        writeln!(std::io::stdout(), "{line}")?;
    }
    Ok(figures.ok)
}

#[expect(clippy::cast_precision_loss, reason = "microseconds and messages of a run of seconds")]
fn float(number: i64) -> f64 {
    number as f64
}

async fn play(address: &str, token: &str, messages: u64, connections: usize) -> anyhow::Result<()> {
    let mut tasks = JoinSet::new();
    let mut lines = Vec::new();
    for _ in 0..connections.max(1) {
        let mut connection = Connection::open(address, token).await?;
        let (line, mut asked) = mpsc::unbounded_channel::<(i64, i64)>();
        lines.push(line);
        tasks.spawn(async move {
            while let Some((chat, message)) = asked.recv().await {
                let body = format!(
                    r#"{{"chat_id":{chat},"text":"Yes, since this morning. Shall we keep some for you? ({message})"}}"#
                );
                connection.call("sendMessage", &body).await?;
            }
            anyhow::Ok(())
        });
    }
    let mut poll = Connection::open(address, token).await?;
    let (mut received, mut offset) = (0_u64, 0);
    while received < messages {
        let body = format!(r#"{{"timeout":50,"limit":100,"offset":{offset}}}"#);
        let answer = poll.call("getUpdates", &body).await?;
        let polled: Polled = serde_json::from_slice(&answer).context("an answer to getUpdates")?;
        for update in polled.result {
            offset = update.update_id + 1;
            let index = usize::try_from(received)? % lines.len();
            lines[index].send((update.message.chat.id, update.message.message_id))?;
            received += 1;
        }
    }
    drop(lines);
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}
