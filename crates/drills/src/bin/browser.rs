//! Plays the demo in Chromium, or walks through the whole page. Exit 0: every step was seen; 1: a sentence says which
//! was not; 2: misused.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use drills::browser::{Stage, play, walk};

/// Play a customer and a member of staff on the sandbox's page, in Chromium; or with --axe, walk through all of the page.
///
/// CHROMIUM names the browser's binary and CHROMIUM_ARGUMENTS its arguments, one a line. `cargo xtask e2e` starts all
/// that this needs.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address of the sandbox's page; the bot is running, or with --axe nothing is
    #[arg(long)]
    url: String,
    /// Address of chromedriver
    #[arg(long, default_value = "http://127.0.0.1:9515")]
    chromedriver: String,
    /// Folder for the screenshots
    #[arg(long, default_value = "target/e2e")]
    screenshots: PathBuf,
    /// axe-core's axe.min.js: walk through the page and hold each of its states against it
    #[arg(long, value_name = "FILE")]
    axe: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments { url, chromedriver, screenshots, axe } = Arguments::parse();
    let stage = Stage { url, chromedriver, screenshots };
    let played = match &axe {
        None => play(&stage).await,
        Some(axe) => walk(&stage, axe).await,
    };
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing else is left to tell it to.
            let _ = writeln!(std::io::stderr(), "browser: {error:#}");
            ExitCode::FAILURE
        }
    }
}
