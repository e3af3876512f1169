//! Processes that follow this clock: an advance waits until each has done what was due.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use utoipa::ToSchema;

use super::state::State;
use super::{Refused, World};
use crate::clock::Clock;
use crate::ids::BotId;

/// A participant that neither follows nor speaks for so long is gone (microseconds of real time).
const GONE_AFTER: i64 = 5_000_000;
/// The longest that a participant follows at a time (microseconds of real time).
const LONGEST: i64 = 60_000_000;

/// A process that follows the clock.
#[derive(Debug)]
pub(crate) struct Participant {
    name: String,
    bot: Option<BotId>,
    /// Counts what makes an older report worth nothing: the clock moved, the bot was handed something.
    turn: u64,
    /// The turn in which it last said that it is idle.
    reported: Option<u64>,
    due: Option<i64>,
    /// Long polls of it that are open.
    following: usize,
    heard_at: i64,
    /// Its connection broke.
    is_gone: bool,
    wake: Arc<Notify>,
}

/// All of them, by number.
#[derive(Debug, Default)]
pub(crate) struct Participants {
    list: BTreeMap<u64, Participant>,
    last: u64,
}

/// What a participant is told.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Told {
    /// Its number.
    pub id: u64,
    /// Microseconds since 1970 UTC.
    pub now: i64,
    /// To be named in the next report; a report of an older turn counts for nothing.
    pub turn: u64,
    /// Whether the clock stands; a clock that runs goes on from `now` by itself.
    pub stands: bool,
}

/// A participant as others see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ParticipantView {
    /// Its number.
    pub id: u64,
    /// What it calls itself.
    pub name: String,
    /// The bot that it is.
    pub bot: Option<BotId>,
    /// Whether it has done everything that was due.
    pub idle: bool,
    /// When it has something to do next (microseconds since 1970 UTC).
    pub due: Option<i64>,
    /// Whether its connection broke.
    pub gone: bool,
}

impl Participants {
    /// Something happened that makes reports so far worth nothing, of one bot's process or of all.
    pub fn stir(&mut self, bot: Option<BotId>) {
        let all = self.list.values_mut();
        for participant in all.filter(|participant| bot.is_none() || participant.bot == bot) {
            participant.turn += 1;
            participant.wake.notify_waiters();
        }
    }

    /// The first time at which one has something to do.
    pub fn earliest(&self) -> Option<i64> {
        self.list.values().filter_map(|participant| participant.due).min()
    }

    /// One that has something to do at this time.
    pub fn due_at(&self, due: i64) -> Option<&str> {
        self.list.values().find(|participant| participant.due == Some(due)).map(|one| one.name.as_str())
    }

    /// Takes away one that is gone, and names it.
    pub fn take_gone(&mut self, real_now: i64) -> Option<String> {
        let is_gone = |one: &Participant| {
            one.is_gone || (one.following == 0 && real_now.saturating_sub(one.heard_at) > GONE_AFTER)
        };
        let id = *self.list.iter().find(|(_, participant)| is_gone(participant))?.0;
        self.list.remove(&id).map(|participant| participant.name)
    }

    /// The names and bots of those that have not said that they are idle.
    pub fn busy(&self) -> impl Iterator<Item = &str> {
        let all = self.list.values();
        all.filter(|one| one.reported != Some(one.turn)).map(|one| one.name.as_str())
    }

    /// The names and bots of all.
    pub fn bots(&self) -> impl Iterator<Item = (&str, BotId)> {
        self.list.values().filter_map(|one| Some((one.name.as_str(), one.bot?)))
    }

    pub fn views(&self) -> Vec<ParticipantView> {
        let view = |(id, one): (&u64, &Participant)| ParticipantView {
            id: *id,
            name: one.name.clone(),
            bot: one.bot,
            idle: one.reported == Some(one.turn),
            due: one.due,
            gone: one.is_gone,
        };
        self.list.iter().map(view).collect()
    }
}

impl State {
    fn told(&self, id: u64) -> Result<Told, Refused> {
        let turn = self.participants.list.get(&id).map(|participant| participant.turn);
        let turn = turn.ok_or_else(|| Refused(format!("there is no participant {id}: register again")))?;
        Ok(Told { id, now: self.clock.now(), turn, stands: self.clock.is_manual() })
    }
}

impl World {
    /// A process begins to follow the clock. One of the same name that is gone makes room for it.
    pub fn register_participant(&self, name: &str, bot: Option<BotId>) -> Told {
        let mut state = self.lock();
        let heard_at = self.clock().real_now();
        let participants = &mut state.participants;
        participants.list.retain(|_, old| old.name != name || !old.is_gone);
        participants.last += 1;
        let id = participants.last;
        let participant = Participant {
            name: name.to_owned(),
            bot,
            turn: 1,
            reported: None,
            due: None,
            following: 0,
            heard_at,
            is_gone: false,
            wake: Arc::default(),
        };
        participants.list.insert(id, participant);
        Told { id, now: state.clock.now(), turn: 1, stands: state.clock.is_manual() }
    }

    /// A participant says that it has done everything of a turn, and when it has something to do next.
    pub fn report_idle(&self, id: u64, turn: u64, due: Option<i64>) -> Result<Told, Refused> {
        let mut state = self.lock();
        let heard_at = self.clock().real_now();
        if let Some(participant) = state.participants.list.get_mut(&id) {
            participant.heard_at = heard_at;
            participant.is_gone = false;
            if participant.turn == turn {
                participant.reported = Some(turn);
                participant.due = due;
            }
        }
        self.clock().stir();
        state.told(id)
    }

    /// A participant goes of its own will.
    pub fn remove_participant(&self, id: u64) -> Result<(), Refused> {
        let mut state = self.lock();
        let told = state.told(id);
        state.participants.list.remove(&id);
        self.clock().stir();
        told.map(drop)
    }

    /// Waits until a participant's turn is another than `turn`, at most `timeout` (microseconds of real time). Dropped
    /// before that, the participant counts as gone.
    pub async fn follow(&self, id: u64, turn: u64, timeout: i64) -> Result<Told, Refused> {
        let following = Following::begin(self, id)?;
        let over = Clock::sleep_really(timeout.clamp(0, LONGEST));
        tokio::select! {
            told = following.next(turn) => told,
            () = over => following.end(),
        }
    }
}

/// A long poll of a participant.
struct Following {
    world: World,
    id: u64,
    wake: Arc<Notify>,
    has_ended: std::sync::atomic::AtomicBool,
}

impl Following {
    fn begin(world: &World, id: u64) -> Result<Self, Refused> {
        let mut state = world.lock();
        state.told(id)?;
        let participant = state.participants.list.get_mut(&id);
        let wake = participant.map_or_else(Arc::default, |participant| {
            participant.following += 1;
            // Another connection than the one that broke.
            participant.is_gone = false;
            Arc::clone(&participant.wake)
        });
        drop(state);
        Ok(Self { world: world.clone(), id, wake, has_ended: false.into() })
    }

    async fn next(&self, turn: u64) -> Result<Told, Refused> {
        loop {
            let mut woken = std::pin::pin!(self.wake.notified());
            woken.as_mut().enable();
            let told = self.world.lock().told(self.id);
            match told {
                Ok(told) if told.turn == turn => woken.await,
                _ => return self.end(),
            }
        }
    }

    fn end(&self) -> Result<Told, Refused> {
        self.has_ended.store(true, std::sync::atomic::Ordering::Relaxed);
        self.world.lock().told(self.id)
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let has_ended = self.has_ended.load(std::sync::atomic::Ordering::Relaxed);
        let heard_at = self.world.clock().real_now();
        if let Some(participant) = self.world.lock().participants.list.get_mut(&self.id) {
            participant.following -= 1;
            participant.heard_at = heard_at;
            participant.is_gone |= !has_ended;
        }
        self.world.clock().stir();
    }
}
