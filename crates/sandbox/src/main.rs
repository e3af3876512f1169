//! The `sandbox` program: a local Telegram on one address.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use sandbox::town::Town;
use sandbox::{Clock, JournalSize, Options, Server};
use serde_json::{Value, json};

/// A local Telegram: a Bot API server, and a page where you play the people.
///
/// Start a bot with TELEGRAM_API_URL set to the address below and a token that is printed at start, then open the
/// address in a browser. Everything is kept in memory and gone when the program ends. It ends with 0 on Ctrl-C and
/// SIGTERM, with 1 when it cannot start, with 2 when its options make no sense.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, env = "SANDBOX_ADDR", default_value = "127.0.0.1:8081", value_name = "HOST:PORT")]
    addr: String,

    /// What is there at the start
    #[arg(long, value_enum, default_value_t = Opening::Demo)]
    town: Opening,

    /// Every method but getUpdates takes so long to answer
    #[arg(long, default_value_t = 0, value_name = "MILLISECONDS", value_parser = clap::value_parser!(i64).range(0..=600_000))]
    latency_ms: i64,

    /// Whose time it is
    #[arg(long, value_enum, default_value_t = Time::Real)]
    clock: Time,

    /// How many calls the journal keeps; 0 keeps none
    #[arg(long, default_value_t = 20_000, value_name = "CALLS")]
    journal: usize,

    /// Keep every call in the journal, however many
    #[arg(long, conflicts_with = "journal")]
    journal_all: bool,

    /// Print one line of JSON with URL, tokens and ids when ready, instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Opening {
    /// The shop Lotus Tea with its bot, its staff and three customers
    Demo,
    /// Nobody and nothing: add them by the control API
    Empty,
}

#[derive(Clone, Copy, ValueEnum)]
enum Time {
    /// The system's
    Real,
    /// It stands until POST /api/clock/advance
    Manual,
}

/// When a manual clock begins: 2026-11-20 12:00 UTC.
const BEGINNING: i64 = 1_795_176_000_000_000;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing else is left to tell it to.
            let _ = writeln!(std::io::stderr(), "sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let mut interrupted = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    let server = Server::start(Options {
        addr: arguments.addr,
        clock: match arguments.clock {
            Time::Real => Clock::real(),
            Time::Manual => Clock::manual(BEGINNING),
        },
        journal: match (arguments.journal_all, arguments.journal) {
            (true, _) => JournalSize::Unbounded,
            (false, 0) => JournalSize::Off,
            (false, calls) => JournalSize::Newest(calls),
        },
        latency: arguments.latency_ms * 1_000,
        ..Options::default()
    })
    .await?;
    let town = match arguments.town {
        Opening::Demo => Some(Town::build(&server.world())?),
        Opening::Empty => None,
    };
    announce(&server, town.as_ref(), arguments.json)?;
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    Ok(())
}

fn announce(server: &Server, town: Option<&Town>, as_json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    if as_json {
        let mut line = town.map_or_else(|| json!({}), Town::summary);
        line["url"] = server.url().into();
        line["bots"] = town.map_or_else(
            || Value::from(Vec::<Value>::new()),
            |town| json!([{"id": town.bot.id, "token": town.bot.token, "username": town.bot.username}]),
        );
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "The local Telegram is at {}", server.url())?;
        if let Some(town) = town {
            writeln!(out, "  @{}   TELEGRAM_BOT_TOKEN={}", town.bot.username, town.bot.token)?;
            writeln!(out, "  Lotus staff, a forum      STAFF_GROUP_ID={}", town.staff.number())?;
            writeln!(out, "  Mei Chen, its owner       ADMIN_USER_ID={}", town.owner)?;
        }
    }
    out.flush()
}
