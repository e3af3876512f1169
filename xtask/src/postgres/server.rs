//! One cluster: made, started, stopped and removed. Dropping the value stops it, whatever happened.

use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::binaries;
use crate::install::{is_root, shell};
use crate::report::note;
use crate::workspace::Workspace;

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// `fsync` off: for tests, where the data is thrown away.
    Fast,
    /// As in production: for drills and measurements.
    Durable,
}

/// The system user that the server runs as.
struct User {
    name: String,
    ids: Option<(u32, u32)>,
}

/// A PostgreSQL that runs.
pub struct Server {
    binaries: PathBuf,
    /// Holds the data folder and the log; its name ends with our process id.
    home: PathBuf,
    port: u16,
    user: User,
}

impl Server {
    /// Makes a cluster and starts it on a free port of 127.0.0.1.
    pub fn start(workspace: &Workspace, durability: Durability) -> Result<Self> {
        let user = User::find()?;
        // Root's target folder may be out of reach for the server's user.
        let parent = if user.ids.is_some() {
            PathBuf::from("/var/tmp/frontdesk-postgres")
        } else {
            workspace.target.join("postgres")
        };
        let binaries = binaries::folder()?;
        std::fs::create_dir_all(&parent).with_context(|| format!("cannot make {}", parent.display()))?;
        remove_abandoned(&parent, &binaries, &user);
        let home = parent.join(std::process::id().to_string());
        if home.exists() {
            std::fs::remove_dir_all(&home).with_context(|| format!("cannot empty {}", home.display()))?;
        }
        std::fs::create_dir(&home).with_context(|| format!("cannot make {}", home.display()))?;
        std::fs::set_permissions(&home, PermissionsExt::from_mode(0o700))?;
        if let Some((uid, gid)) = user.ids {
            chown(&home, Some(uid), Some(gid))
                .with_context(|| format!("cannot hand {} over", home.display()))?;
        }
        let server = Self { binaries, home, port: free_port()?, user };
        server.initialise(durability)?;
        server.control("start").context("PostgreSQL does not start")?;
        Ok(server)
    }

    /// The URL of its first database; its user may create others.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// What a program needs to use the server, and to stop and start it by `pg_ctl` as the right user.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("TEST_POSTGRES_URL", self.url()),
            ("PGCTL_DATA", self.data().display().to_string()),
            ("PGCTL_BIN", self.binaries.display().to_string()),
            ("PGCTL_USER", self.user.name.clone()),
        ]
    }

    fn initialise(&self, durability: Durability) -> Result<()> {
        let mut initdb = self.user.command(&self.binaries.join("initdb"), &self.home);
        initdb.args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--pgdata",
        ]);
        shell("initdb", initdb.arg(self.data()))?;
        let data = self.data();
        // In the file, and not on the command line: so a drill can stop and start the server by `pg_ctl` alone.
        let mut settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {}\nunix_socket_directories = ''\nmax_connections = 300\n",
            self.port
        );
        if durability == Durability::Fast {
            settings.push_str("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n");
        }
        let file = data.join("postgresql.auto.conf");
        std::fs::write(&file, settings).with_context(|| format!("cannot write {}", file.display()))
    }

    fn control(&self, action: &str) -> Result<()> {
        control(&self.binaries, &self.user, &self.home, action)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.control("stop").is_ok() {
            std::fs::remove_dir_all(&self.home).ok();
        } else {
            note(&format!("PostgreSQL did not stop; its data and log are in {}", self.home.display()));
        }
    }
}

impl User {
    fn find() -> Result<Self> {
        if !is_root() {
            return Ok(Self { name: id(&["-un"])?, ids: None });
        }
        // The server refuses to run as root. The package's own user comes first.
        let name = if id(&["-u", "postgres"]).is_ok() { "postgres" } else { "nobody" };
        let number = |flag| -> Result<u32> { Ok(id(&[flag, name])?.parse()?) };
        Ok(Self { name: name.to_owned(), ids: Some((number("-u")?, number("-g")?)) })
    }

    fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env("LC_ALL", "C");
        if let Some((uid, gid)) = self.ids {
            command.uid(uid).gid(gid);
        }
        command
    }
}

fn control(binaries: &Path, user: &User, home: &Path, action: &str) -> Result<()> {
    let log = home.join("log");
    let mut command = user.command(&binaries.join("pg_ctl"), home);
    command
        .args(["--wait", "--silent", "--timeout=60", "--pgdata"])
        .arg(home.join("data"))
        .arg("--log")
        .arg(&log);
    if action == "stop" {
        command.args(["--mode", "fast"]);
    }
    // The server inherits these streams: a pipe would stay open as long as it runs. Ctrl-C is not for it.
    command.arg(action).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let status = command.status().context("cannot run pg_ctl")?;
    if !status.success() {
        let lines = std::fs::read_to_string(&log).unwrap_or_default();
        anyhow::bail!("pg_ctl {action} ended with {status}; the server's log:\n{}", lines.trim_end());
    }
    Ok(())
}

/// Stops and removes the servers of runs that were killed.
fn remove_abandoned(parent: &Path, binaries: &Path, user: &User) {
    let Ok(homes) = std::fs::read_dir(parent) else { return };
    for home in homes.flatten().map(|entry| entry.path()) {
        let owner = home.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
        if owner.is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists()) {
            if home.join("data/postmaster.pid").exists() {
                // It may be gone already; then its folder is all that is left.
                let _ = control(binaries, user, &home, "stop");
            }
            std::fs::remove_dir_all(&home).ok();
        }
    }
}

/// A port that nobody uses at this moment.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("cannot bind to 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

fn id(arguments: &[&str]) -> Result<String> {
    let output = Command::new("id").args(arguments).output().context("cannot run id")?;
    anyhow::ensure!(output.status.success(), "`id {}` failed", arguments.join(" "));
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_server_answers_while_it_is_held_and_leaves_nothing_behind() {
        let target = tempfile::tempdir().unwrap();
        let workspace = Workspace { root: target.path().to_owned(), target: target.path().to_owned() };
        let server = Server::start(&workspace, Durability::Fast).unwrap();
        let (port, home) = (server.port, server.home.clone());
        assert!(server.url().contains(&port.to_string()));
        TcpStream::connect(("127.0.0.1", port)).unwrap();
        drop(server);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "it still listens");
        assert!(!home.exists(), "{} is left", home.display());
    }
}
