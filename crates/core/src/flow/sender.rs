//! The sender takes the first due job of each lane, marks it as in flight, makes the call, and stores
//! what came of it. One task; the calls run beside it.

mod claim;
mod fly;
mod gates;
mod land;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use self::gates::Gates;
use super::failpoint::failpoint;
use super::outcome::Returned;
use crate::app::{App, lock};
use crate::bot::Bot;
use crate::clock::{Timestamp, real_pause};
use crate::db::Tx;
use crate::store::sent::Sent;
use crate::store::{inbox, jobs};

/// Calls in flight at once: bounds memory and connections.
const MOST_IN_FLIGHT: usize = 256;
/// From so many calls in flight on, those that land are gathered for a moment.
const BUSY: usize = 16;
const GATHER: Duration = Duration::from_millis(1);
/// How long a stop waits for calls in flight.
const STOP_WITHIN: Duration = Duration::from_secs(8);

/// A job that came back.
#[derive(Debug)]
pub(crate) struct Landed {
    pub job: jobs::Row,
    pub method: Option<String>,
    pub took_off: Timestamp,
    pub returned: Returned,
}

/// What becomes of a lane when the transaction is committed.
#[derive(Debug)]
enum Lane {
    Release(String),
    Empty(String),
    Wait(String, Timestamp),
    Hold(String),
    Fly(Box<jobs::Row>, Box<claim::Prepared>),
}

pub(crate) struct Sender<B> {
    app: Arc<App<B>>,
    gates: Gates,
    /// Lanes whose head refers to a job that has not been sent yet.
    behind: HashMap<i64, Vec<String>>,
    /// Lanes that wait for their chat to be written to again.
    parked: HashMap<i64, Vec<String>>,
    /// What jobs became that others refer to.
    remembered: HashMap<(i64, i64), Sent>,
    /// What is under way; dropped with the sender, as by a crash.
    flights: JoinSet<()>,
    flying: HashSet<i64>,
    landed: Vec<Landed>,
    /// The last commit failed, and may be stored all the same.
    doubtful: bool,
    returns: mpsc::UnboundedReceiver<Landed>,
    back: mpsc::UnboundedSender<Landed>,
    /// How long the outage lasts already, in pauses, and when the pause of now ends.
    outages: u32,
    outage_until: Timestamp,
}

/// Runs the sender until the bot stops and nothing is in flight.
pub(crate) async fn run<B: Bot>(app: Arc<App<B>>) {
    let (back, returns) = mpsc::unbounded_channel();
    let gates = Gates::new(app.shared.limits);
    let mut sender = Sender {
        app,
        gates,
        behind: HashMap::new(),
        parked: HashMap::new(),
        flights: JoinSet::new(),
        flying: HashSet::new(),
        landed: Vec::new(),
        doubtful: false,
        remembered: HashMap::new(),
        returns,
        back,
        outages: 0,
        outage_until: Timestamp(0),
    };
    sender.run().await;
}

impl<B: Bot> Sender<B> {
    async fn run(&mut self) {
        let shared = Arc::clone(&self.app.shared);
        let mut pause = Duration::from_millis(50);
        while !shared.is_stopping() {
            shared.idle.set_sending(true);
            self.wake();
            let work = !self.landed.is_empty() || self.delayed_is_due() || shared.jobs().has_ready();
            if work && (self.flying.len() < MOST_IN_FLIGHT || !self.landed.is_empty()) {
                match self.turn().await {
                    Ok(()) => pause = Duration::from_millis(50),
                    Err(error) => {
                        let error = crate::logs::describe(&anyhow::Error::new(error));
                        tracing::warn!(error, "the database did not take what was sent; it is tried again");
                        real_pause(pause).await;
                        pause = (pause * 2).min(Duration::from_secs(1));
                    }
                }
                self.collect();
                continue;
            }
            let next = self.next_wake();
            *lock(&shared.gate_opens) = self.gates.next_release();
            shared.idle.set_sending(false);
            tokio::select! {
                () = shared.jobs_wake.notified() => {}
                Some(landed) = self.returns.recv() => {
                    self.land(landed);
                    if self.flying.len() >= BUSY {
                        // More land in the next moment: one transaction for several costs little more than for one.
                        real_pause(GATHER).await;
                    }
                }
                () = shared.clock.sleep_until(next.unwrap_or(Timestamp(i64::MAX))), if next.is_some() => {}
                () = shared.stopped() => {}
            }
            self.collect();
        }
        self.finish().await;
    }

    /// Stops cleanly: what is in flight is waited for and stored, nothing new goes out.
    async fn finish(&mut self) {
        let all = async {
            while !self.flying.is_empty() || !self.landed.is_empty() {
                if self.landed.is_empty() {
                    let Some(landed) = self.returns.recv().await else { return };
                    self.land(landed);
                    self.collect();
                }
                if self.turn().await.is_err() {
                    real_pause(Duration::from_millis(100)).await;
                }
            }
        };
        if crate::clock::within(STOP_WITHIN, all).await.is_none() {
            tracing::warn!("stopped before every call was answered; those are unclear");
        }
    }

    fn land(&mut self, landed: Landed) {
        self.flying.remove(&landed.job.id);
        self.landed.push(landed);
    }

    fn collect(&mut self) {
        while let Ok(landed) = self.returns.try_recv() {
            self.land(landed);
        }
        // Only to let go of them: what they brought came through the channel.
        while self.flights.try_join_next().is_some() {}
    }

    /// Wakes lanes whose time has come, at gates, in backoff and in chats that can be written to again.
    fn wake(&mut self) {
        let shared = &self.app.shared;
        let now = shared.clock.now();
        let free = self.gates.release(now);
        let unparked = std::mem::take(&mut *lock(&shared.unparked));
        let gone = std::mem::take(&mut *lock(&shared.gone));
        let mut board = shared.jobs();
        board.wake_due(now);
        for lane in free {
            board.wake(&lane);
        }
        for chat in unparked {
            for lane in self.parked.remove(&chat).into_iter().flatten() {
                board.wake(&lane);
            }
        }
        for job in gone {
            for lane in self.behind.remove(&job).into_iter().flatten() {
                board.wake(&lane);
            }
        }
    }

    fn delayed_is_due(&self) -> bool {
        let shared = &self.app.shared;
        lock(&shared.next_due).is_some_and(|due| due <= shared.clock.now())
    }

    fn next_wake(&self) -> Option<Timestamp> {
        let shared = &self.app.shared;
        let board = shared.jobs().next_due();
        let delayed = *lock(&shared.next_due);
        [board, delayed, self.gates.next_release()].into_iter().flatten().min()
    }

    /// One transaction: what landed is stored, and the next jobs are claimed.
    async fn turn(&mut self) -> Result<(), sqlx::Error> {
        let shared = Arc::clone(&self.app.shared);
        let now = shared.clock.now();
        let stopping = shared.is_stopping();
        let due = self.take_due(now);
        let room = MOST_IN_FLIGHT.saturating_sub(self.flying.len());
        let mut lanes: Vec<String> = Vec::new();
        for landed in &self.landed {
            if !lanes.contains(&landed.job.lane) {
                lanes.push(landed.job.lane.clone());
            }
        }
        if !stopping {
            lanes.extend(shared.jobs().take(room.saturating_sub(lanes.len())));
        }
        match self.in_transaction(&lanes, now, due.is_some(), stopping).await {
            Ok((landing, nexts)) => {
                self.doubtful = false;
                self.after_landing(landing);
                self.depart(nexts);
                Ok(())
            }
            Err(error) => {
                self.doubtful = true;
                if let Some(at) = due {
                    shared.note_due(at);
                }
                let held: Vec<&str> = self.landed.iter().map(|landed| landed.job.lane.as_str()).collect();
                let mut board = shared.jobs();
                for lane in lanes.iter().filter(|lane| !held.contains(&lane.as_str())) {
                    board.release(lane);
                }
                Err(error)
            }
        }
    }

    /// The time of the next delayed job, if it has come.
    fn take_due(&self, now: Timestamp) -> Option<Timestamp> {
        let mut next = lock(&self.app.shared.next_due);
        if next.is_some_and(|due| due <= now) { next.take() } else { None }
    }

    async fn in_transaction(
        &mut self,
        lanes: &[String],
        now: Timestamp,
        due: bool,
        stopping: bool,
    ) -> Result<(land::Landing, Vec<Lane>), sqlx::Error> {
        let mut tx = self.app.shared.db.begin().await?;
        let mut landing = land::Landing::default();
        if self.doubtful {
            self.resolve_doubt(&mut tx, &mut landing).await?;
        }
        self.store_landed(&mut tx, now, &mut landing).await?;
        if due {
            let (lanes, next) = jobs::became_due(&mut tx, now).await?;
            landing.became_due.extend(lanes);
            landing.next_due = next;
        }
        let nexts = if stopping { Vec::new() } else { self.claim(&mut tx, lanes, now, &mut landing).await? };
        failpoint!("sender-before-commit");
        tx.commit().await?;
        failpoint!("sender-after-commit");
        Ok((landing, nexts))
    }

    /// After a commit that failed and may be stored all the same: what it ended has no row any more, and must
    /// not end a second time; and whom it would have woken is woken now.
    async fn resolve_doubt(&mut self, tx: &mut Tx, landing: &mut land::Landing) -> Result<(), sqlx::Error> {
        let ids: Vec<i64> = self.landed.iter().map(|landed| landed.job.id).collect();
        let standing = jobs::standing(tx, &ids).await?;
        self.landed.retain(|landed| standing.contains(&landed.job.id));
        landing.gone.extend(ids.into_iter().filter(|id| !standing.contains(id)));
        landing.events.extend(inbox::waiting_lanes(tx).await?);
        landing.became_due.extend(jobs::due_lanes(tx).await?);
        landing.next_due = jobs::next_due(tx).await?;
        // Whoever waits behind a job may wait for one that is gone.
        landing.gone.extend(self.behind.keys());
        Ok(())
    }

    /// After the commit: the board learns where each lane stands, and what was claimed takes off.
    fn depart(&mut self, nexts: Vec<Lane>) {
        let shared = Arc::clone(&self.app.shared);
        let mut board = shared.jobs();
        for next in nexts {
            match next {
                Lane::Release(lane) => board.release(&lane),
                Lane::Empty(lane) => {
                    self.gates.forget(&lane);
                    board.empty(&lane);
                }
                Lane::Wait(lane, until) => board.wait_until(&lane, until),
                Lane::Hold(lane) => board.hold(&lane),
                Lane::Fly(job, prepared) => {
                    self.gates.forget(&job.lane);
                    self.flying.insert(job.id);
                    self.fly(*job, *prepared);
                }
            }
        }
        drop(board);
        shared.metrics.in_flight.set(i64::try_from(self.flying.len()).unwrap_or(i64::MAX));
    }
}
