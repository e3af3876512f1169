use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;
use tokio::net::TcpListener;

use super::Finding;
use crate::clock::{Clock, Timestamp};
use crate::config::Common;
use crate::telegram::Client;

/// A clock that is off by more breaks TLS and reminders.
const SKEW: Duration = Duration::from_secs(30);

/// Whether files can be made in DATA_DIR, or where it will be made.
pub(super) fn data_dir(common: &Common) -> Finding {
    const ABOUT: &str = "DATA_DIR";
    let folder = &common.data_dir;
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
    let standing = absolute.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    let shown = absolute.display();
    if let Err(error) = try_to_write(standing) {
        return Finding::fail(
            ABOUT,
            format!("{} cannot be written: {error}", standing.display()),
            "give this user the right to write there, or set another DATA_DIR",
        );
    }
    if standing == absolute {
        Finding::ok(ABOUT, format!("{shown} can be written"))
    } else {
        Finding::ok(ABOUT, format!("{shown} will be made at the first start"))
    }
}

fn try_to_write(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    std::fs::OpenOptions::new().write(true).create_new(true).open(&probe)?;
    std::fs::remove_file(&probe)
}

/// Whether HTTP_ADDR is free, or served by the bot itself.
pub(super) async fn http_addr(common: &Common, running: Option<&Value>) -> Finding {
    const ABOUT: &str = "HTTP_ADDR";
    let addr = common.http_addr;
    if let Some(page) = running {
        let status = page["status"].as_str().unwrap_or("unknown");
        let problems: Vec<&str> =
            page["problems"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let what = format!("the bot runs and serves {addr}; its health is {status}");
        if problems.is_empty() {
            return Finding::ok(ABOUT, what);
        }
        return Finding::warn(ABOUT, what, problems.join("; "));
    }
    match TcpListener::bind(addr).await {
        Ok(_) => Finding::ok(ABOUT, format!("{addr} is free")),
        Err(error) => Finding::fail(
            ABOUT,
            format!("cannot listen on {addr}: {error}"),
            "stop what listens there, or set another HTTP_ADDR",
        ),
    }
}

/// This machine's clock against that of the Bot API server.
pub(super) async fn clock(client: &Client) -> Finding {
    const ABOUT: &str = "clock";
    let before = Clock::system().now();
    let Some(theirs) = client.server_date().await else {
        return Finding::warn(
            ABOUT,
            "the Bot API server does not tell its time",
            "compare the clock by hand",
        );
    };
    let after = Clock::system().now();
    let off = skew(before, after, theirs);
    if off > SKEW {
        return Finding::fail(
            ABOUT,
            format!("this machine's clock is off by {} s", off.as_secs()),
            "switch on time synchronisation (NTP)",
        );
    }
    Finding::ok(ABOUT, format!("within {} s of the Bot API server's", off.as_secs() + 1))
}

/// How far `theirs`, read at some time between the two, is from ours. Theirs counts whole seconds.
fn skew(before: Timestamp, after: Timestamp, theirs: std::time::SystemTime) -> Duration {
    let since = theirs.duration_since(UNIX_EPOCH).unwrap_or_default();
    let theirs = Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX));
    let second = Duration::from_secs(1);
    if theirs > after { theirs.since(after) } else { before.since(theirs + second) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_within_the_call_and_the_second_is_right() {
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        let theirs = UNIX_EPOCH + Duration::from_secs(100);
        assert_eq!(skew(at(99), at(102), theirs), Duration::ZERO);
        assert_eq!(skew(at(100), at(101), theirs), Duration::ZERO);
        assert_eq!(skew(at(161), at(162), theirs), Duration::from_mins(1));
        assert_eq!(skew(at(50), at(60), theirs), Duration::from_secs(40));
    }

    #[test]
    fn a_folder_that_is_none_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        assert!(try_to_write(folder.path()).is_ok());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(try_to_write(&file).is_err());
    }
}
