//! Plays the demo in Chromium. Exit 0: every step was seen; 1: a sentence says which was not; 2: misused.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use drills::browser::{Stage, play};

/// Play a customer and a member of staff on the sandbox's page, in Chromium.
///
/// CHROMIUM names the browser's binary and CHROMIUM_ARGUMENTS its arguments, one a line. `cargo xtask e2e` starts all
/// that this needs.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address of the sandbox's page; the bot is running
    #[arg(long)]
    url: String,
    /// Address of chromedriver
    #[arg(long, default_value = "http://127.0.0.1:9515")]
    chromedriver: String,
    /// Folder for the screenshots
    #[arg(long, default_value = "target/e2e")]
    screenshots: PathBuf,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments { url, chromedriver, screenshots } = Arguments::parse();
    let stage = Stage { url, chromedriver, screenshots };
    match play(&stage).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing else is left to tell it to.
            let _ = writeln!(std::io::stderr(), "browser: {error:#}");
            ExitCode::FAILURE
        }
    }
}
