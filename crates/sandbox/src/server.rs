//! The HTTP server: the Bot API, the control API and the page on one address.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) mod body;
mod call;
mod connection;
pub(crate) mod control;
pub(crate) mod download;
mod fetch;
mod guard;
mod page;
mod params;
mod updates;
pub(crate) mod webhook;

pub(crate) use params::{Params, Upload};

use crate::clock::Clock;
use crate::journal::{Journal, JournalSize};
use crate::schema::{Checker, Validator};
use crate::world::World;
use crate::world::state::State;

/// How a sandbox is to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one. Loopback by default.
    pub addr: String,
    /// Real by default.
    pub clock: Clock,
    /// The newest 20,000 calls by default.
    pub journal: JournalSize,
    /// Every method but getUpdates takes so long: microseconds of real time, 0 by default.
    pub latency: i64,
    /// Of the generator behind dice and chances.
    pub seed: u64,
    /// Checks every answer and update against the Bot API schema. Slow: for tests.
    pub validator: Option<Validator>,
    /// Where it leaves what was checked and called when it ends: the folder that `SANDBOX_COVERAGE` names by default.
    pub coverage: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            addr: "127.0.0.1:0".to_owned(),
            clock: Clock::real(),
            journal: JournalSize::Newest(20_000),
            latency: 0,
            seed: 1,
            validator: None,
            coverage: std::env::var_os("SANDBOX_COVERAGE").map(PathBuf::from),
        }
    }
}

/// A running sandbox; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    world: World,
    addr: SocketAddr,
    task: JoinHandle<()>,
    timers: JoinHandle<()>,
    coverage: Option<PathBuf>,
}

impl Server {
    /// Listens and serves on the current tokio runtime. Fails when the address is in use or malformed.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(&options.addr).await.with_context(|| {
            format!(
                "cannot listen on {}: choose another address with --addr (port 0 takes a free one)",
                options.addr
            )
        })?;
        let addr = listener.local_addr().context("the listening socket has no address")?;
        let checker = options.validator.map(Checker::new);
        let state = State::new(options.clock, options.seed, Journal::new(options.journal), checker);
        let world = World::new(state);
        world.set_latency(options.latency);
        world.remember_opening();
        let task = tokio::spawn(connection::accept(listener, world.clone()));
        let timers = tokio::spawn(world.clone().run_timers());
        Ok(Self { world, addr, task, timers, coverage: options.coverage })
    }

    /// `http://127.0.0.1:<port>`, without a slash at the end: what a bot takes as the API's URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The world behind it.
    pub fn world(&self) -> World {
        self.world.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
        self.timers.abort();
        if let Some(folder) = &self.coverage
            && let Err(error) = self.world.coverage().leave_in(folder)
        {
            tracing::warn!("{error:#}");
        }
    }
}
