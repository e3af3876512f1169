//! How much the sandbox takes: `cargo xtask bench sandbox`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod client;
mod http;
mod serve;
mod usage;

/// Measure the sandbox alone: how many messages a second it delivers and takes, and its memory.
///
/// Starts a sandbox as a process of its own, in which a thousand people write to a bot, and plays that bot: it polls,
/// and answers each message with sendMessage on connections that stay open. It ends with 1 when a figure is not as good
/// as it must be.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Messages that people write, each answered
    #[arg(long, default_value_t = 200_000)]
    messages: u64,
    /// Connections that send
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Print one line of JSON, last on stdout
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// The sandbox itself; the measuring process starts it
    #[command(hide = true)]
    Serve {
        /// Messages that people write
        messages: u64,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.part {
        Some(Part::Serve { messages }) => serve::serve(messages).await.map(|()| true),
        None => client::measure(arguments.messages, arguments.connections, arguments.json).await,
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nothing else is left to tell it to.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
