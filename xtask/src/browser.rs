//! Chromium and its driver: found or installed, and started on a free port.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::clock::Deadline;
use crate::postgres::free_port;
use crate::supervisor::{Event, Interrupted, Output, Supervisor};
use crate::{http, install};

/// Finds chromium and chromedriver, and installs Debian's packages if they are missing.
pub fn install() -> Result<()> {
    if found().is_none() {
        install::packages(&["chromium", "chromium-driver"], "the browser story")?;
    }
    if found().is_none() {
        bail!("chromium and chromedriver are installed but not on the PATH");
    }
    Ok(())
}

fn found() -> Option<(PathBuf, PathBuf)> {
    Some((binary()?, install::find("chromedriver")?))
}

/// The browser itself.
pub fn binary() -> Option<PathBuf> {
    install::find("chromium").or_else(|| install::find("chromium-browser"))
}

/// The arguments of a browser that runs without a screen, speaks to nobody but us, and keeps nothing.
pub fn arguments(profile: &std::path::Path) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--window-size=1280,800",
    ]
    .map(str::to_owned)
    .into();
    if install::is_root() {
        // Chromium's own sandbox does not work for root.
        arguments.push("--no-sandbox".to_owned());
    }
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments
}

/// Starts chromedriver and waits until it answers. Returns its address.
pub fn start_driver(supervisor: &mut Supervisor, output: Output) -> Result<String> {
    let port = free_port()?;
    let mut command = Command::new("chromedriver");
    command.arg(format!("--port={port}"));
    supervisor.start("chromedriver", command, output)?;
    let address = format!("127.0.0.1:{port}");
    let deadline = Deadline::after(Duration::from_secs(30));
    while http::status(&address, "/status") != Some(200) {
        match supervisor.next(Duration::from_millis(50)) {
            Some(Event::Signal) => return Err(Interrupted.into()),
            Some(Event::Exited { who, .. }) => return Err(supervisor.died(who)),
            _ => {}
        }
        if deadline.passed() {
            bail!("chromedriver did not answer on {address} within 30 s");
        }
    }
    Ok(format!("http://{address}"))
}
