//! The `sandbox` program: a local Telegram on one address.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use sandbox::schema::Validator;
use sandbox::town::Town;
use sandbox::{Bot, Clock, JournalSize, Options, Server};
use serde_json::json;

mod keep;

/// A local Telegram: a Bot API server, and a page where you play the people.
///
/// Start a bot with TELEGRAM_API_URL set to the address below and a token that is printed at start, then open the
/// address in a browser. There are no passwords: who reaches the address may do anything. Everything is kept in memory, and gone when the program ends unless --save names a file. It
/// ends with 0 on Ctrl-C and SIGTERM, with 1 when it cannot start, with 2 when its options make no sense.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one. There are no passwords: beyond loopback anybody may do anything
    #[arg(long, env = "SANDBOX_ADDR", default_value = "127.0.0.1:8081", value_name = "HOST:PORT")]
    addr: String,

    /// What is there at the start
    #[arg(long, value_enum, default_value_t = Opening::Demo)]
    town: Opening,

    /// Begin with the world in this file instead of a town: --save or GET /api/save wrote it
    #[arg(long, value_name = "FILE", conflicts_with = "town")]
    load: Option<PathBuf>,

    /// Write the world to this file at the end, and while it changes every 10 seconds
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,

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

    /// Hold every answer and update against this schema of the Bot API; GET /api/violations tells what was wrong
    #[arg(long, env = "TELEGRAM_SCHEMA", value_name = "FILE")]
    schema: Option<PathBuf>,

    /// At the end, leave there as a file what was checked and which methods were called
    #[arg(long, env = "SANDBOX_COVERAGE", value_name = "FOLDER")]
    coverage: Option<PathBuf>,

    /// Refuse what bots send faster than Telegram's limits: 30 a second, one a second to a person, 20 a minute to a group
    #[arg(long)]
    flood_control: bool,

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
        latency: arguments.latency_ms.saturating_mul(1_000),
        validator: arguments.schema.map(Validator::load).transpose()?,
        coverage: arguments.coverage,
        ..Options::default()
    })
    .await?;
    if !server.addr().ip().is_loopback() {
        // There is no other way to tell it without troubling who reads the standard output.
        let _ = writeln!(
            std::io::stderr(),
            "sandbox: warning: {} is not on loopback, and there are no passwords: whoever reaches it reads every token \
             and acts as anybody",
            server.addr()
        );
    }
    let world = server.world();
    let town = match (&arguments.load, arguments.town) {
        (Some(file), _) => {
            keep::load(&world, file)?;
            None
        }
        (None, Opening::Demo) => Some(Town::build(&world)?),
        (None, Opening::Empty) => None,
    };
    if arguments.flood_control {
        world.set_flood_control(true);
    }
    world.remember_opening();
    let mut keeper = keep::Keeper::new(world, arguments.save);
    // A file that cannot be written is told before anybody relies on it.
    keeper.write()?;
    announce(&server, town.as_ref(), arguments.json)?;
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
        never = keeper.run() => match never {},
    }
    keeper.write()
}

fn announce(server: &Server, town: Option<&Town>, as_json: bool) -> std::io::Result<()> {
    let bots = server.world().bots();
    let mut out = std::io::stdout().lock();
    if as_json {
        let mut line = town.map_or_else(|| json!({}), Town::summary);
        line["url"] = server.url().into();
        let bot = |bot: &Bot| json!({"id": bot.id, "token": bot.token, "username": bot.username});
        line["bots"] = bots.iter().map(bot).collect();
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "The local Telegram is at {}", server.url())?;
        for bot in bots {
            writeln!(out, "  @{}   TELEGRAM_BOT_TOKEN={}", bot.username, bot.token)?;
        }
        if let Some(town) = town {
            writeln!(out, "  Lotus staff, a forum      STAFF_GROUP_ID={}", town.staff.number())?;
            writeln!(out, "  Mei Chen, its owner       ADMIN_USER_ID={}", town.owner)?;
        }
    }
    out.flush()
}
