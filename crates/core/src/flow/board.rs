//! Which lanes have work, which are being worked on, and which wait for a time. The work itself stays
//! in the tables: a lane here is a name and a few bytes, however much waits in it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::clock::Timestamp;

/// The lanes of the inbox, or of the jobs.
#[derive(Debug, Default)]
pub struct Board {
    lanes: HashMap<String, Lane>,
    ready: BTreeSet<(i16, u64, String)>,
    timers: BTreeMap<(Timestamp, u64), String>,
    counter: u64,
    running: usize,
}

#[derive(Debug)]
struct Lane {
    priority: i16,
    state: State,
}

#[derive(Debug)]
enum State {
    /// In `ready` under this number.
    Ready(u64),
    /// Somebody works on it; `again`: something came meanwhile.
    Running { again: bool },
    /// In `timers` under this key: its head may not be taken before.
    Until(Timestamp, u64),
    /// Stands elsewhere (at a gate, behind another job) until [`Board::wake`].
    Held,
}

impl Board {
    /// Something came in for `lane`. A lower `priority` is more urgent.
    pub fn notify(&mut self, lane: &str, priority: i16) {
        match self.lanes.get_mut(lane) {
            None => {
                let number = self.next();
                self.ready.insert((priority, number, lane.to_owned()));
                self.lanes.insert(lane.to_owned(), Lane { priority, state: State::Ready(number) });
            }
            Some(known) => match &mut known.state {
                State::Running { again } => {
                    *again = true;
                    known.priority = known.priority.min(priority);
                }
                State::Ready(number) if priority < known.priority => {
                    let number = *number;
                    self.ready.remove(&(known.priority, number, lane.to_owned()));
                    self.ready.insert((priority, number, lane.to_owned()));
                    known.priority = priority;
                }
                // Its head waits for a time or a gate; what came stands behind it.
                _ => known.priority = known.priority.min(priority),
            },
        }
    }

    /// Takes up to `most` lanes to work on: the most urgent first, then the one that waited longest.
    pub fn take(&mut self, most: usize) -> Vec<String> {
        let mut taken = Vec::with_capacity(most.min(self.ready.len()));
        while taken.len() < most {
            let Some((_, _, lane)) = self.ready.pop_first() else { break };
            if let Some(known) = self.lanes.get_mut(&lane) {
                known.state = State::Running { again: false };
            }
            self.running += 1;
            taken.push(lane);
        }
        taken
    }

    /// The work on `lane` ended and there may be more in it.
    pub fn release(&mut self, lane: &str) {
        if self.stop_running(lane) {
            self.make_ready(lane);
        }
    }

    /// `lane` was found empty: it is forgotten, unless something came meanwhile.
    pub fn empty(&mut self, lane: &str) {
        let again = matches!(self.lanes.get(lane), Some(Lane { state: State::Running { again: true }, .. }));
        if self.stop_running(lane) {
            if again {
                self.make_ready(lane);
            } else {
                self.lanes.remove(lane);
            }
        }
    }

    /// The head of `lane` may not be taken before `until`.
    pub fn wait_until(&mut self, lane: &str, until: Timestamp) {
        if self.stop_running(lane) {
            let number = self.next();
            self.timers.insert((until, number), lane.to_owned());
            self.set(lane, State::Until(until, number));
        }
    }

    /// The head of `lane` waits for something that will call [`Board::wake`].
    pub fn hold(&mut self, lane: &str) {
        if self.stop_running(lane) {
            self.set(lane, State::Held);
        }
    }

    /// What `lane` waited for has come. Does nothing to a lane that does not wait.
    pub fn wake(&mut self, lane: &str) {
        match self.lanes.get(lane).map(|known| &known.state) {
            Some(State::Until(until, number)) => {
                self.timers.remove(&(*until, *number));
                self.make_ready(lane);
            }
            Some(State::Held) => self.make_ready(lane),
            _ => {}
        }
    }

    /// Wakes the lanes whose time has come.
    pub fn wake_due(&mut self, now: Timestamp) {
        while let Some(entry) = self.timers.first_entry() {
            if entry.key().0 > now {
                break;
            }
            let lane = entry.remove();
            self.make_ready(&lane);
        }
    }

    /// When the next waiting lane may go on.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.timers.first_key_value().map(|(key, _)| key.0)
    }

    /// Whether a lane is ready to be taken.
    pub fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Whether nothing is ready and nothing runs; lanes that wait for a time do not count.
    pub fn is_idle(&self) -> bool {
        self.ready.is_empty() && self.running == 0
    }

    /// How urgent a lane is.
    pub fn priority(&self, lane: &str) -> i16 {
        self.lanes.get(lane).map_or(0, |known| known.priority)
    }

    fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    fn stop_running(&mut self, lane: &str) -> bool {
        let running = matches!(self.lanes.get(lane), Some(Lane { state: State::Running { .. }, .. }));
        if running {
            self.running -= 1;
        }
        running
    }

    fn set(&mut self, lane: &str, state: State) {
        if let Some(known) = self.lanes.get_mut(lane) {
            known.state = state;
        }
    }

    fn make_ready(&mut self, lane: &str) {
        let number = self.next();
        if let Some(known) = self.lanes.get_mut(lane) {
            known.state = State::Ready(number);
            self.ready.insert((known.priority, number, lane.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_worked_on_by_one_at_a_time_and_forgotten_when_empty() {
        let mut board = Board::default();
        board.notify("a", 0);
        board.notify("a", 0);
        assert_eq!(board.take(9), ["a"]);
        board.notify("a", 0);
        assert_eq!(board.take(9), Vec::<String>::new());
        board.empty("a");
        assert_eq!(board.take(9), ["a"], "what came meanwhile is not forgotten");
        board.empty("a");
        assert!(board.is_idle() && board.lanes.is_empty());
    }

    #[test]
    fn a_waiting_lane_is_not_taken_early_and_delays_no_other() {
        let mut board = Board::default();
        board.notify("slow", 0);
        board.take(1);
        board.wait_until("slow", Timestamp(100));
        board.notify("slow", 0);
        board.notify("quick", 0);
        assert_eq!(board.take(9), ["quick"]);
        board.wake_due(Timestamp(99));
        assert!(!board.has_ready());
        board.wake_due(Timestamp(100));
        assert_eq!(board.take(9), ["slow"]);
    }

    #[test]
    fn the_urgent_lane_goes_first_and_equals_take_turns() {
        let mut board = Board::default();
        board.notify("broadcast", 9);
        board.notify("a", 0);
        board.notify("b", 0);
        assert_eq!(board.take(1), ["a"]);
        board.release("a");
        assert_eq!(board.take(3), ["b", "a", "broadcast"]);
    }
}
