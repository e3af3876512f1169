//! The newest requests that a stand-in had.

use std::collections::VecDeque;
use std::io;

use serde::Serialize;

/// How many are kept.
const MOST: usize = 2_000;
/// How many bytes they have at most, as JSON. The newest is kept whatever its size.
const MOST_BYTES: usize = 32 << 20;

/// The newest requests, oldest first, and the size of each.
pub(super) struct Kept<T> {
    entries: VecDeque<(usize, T)>,
    bytes: usize,
}

impl<T: Serialize> Kept<T> {
    /// Adds the newest, and lets the oldest go where there is no room.
    pub fn push(&mut self, entry: T) {
        let mut size = Size(0);
        // Counting does not fail, and what serde cannot write has no size.
        let _ = serde_json::to_writer(&mut size, &entry);
        self.bytes += size.0;
        self.entries.push_back((size.0, entry));
        while self.entries.len() > 1 && (self.entries.len() > MOST || self.bytes > MOST_BYTES) {
            self.bytes -= self.entries.pop_front().map_or(0, |(size, _)| size);
        }
    }

    /// Oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().map(|(_, entry)| entry)
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { entries: VecDeque::new(), bytes: 0 }
    }
}

/// How much was written.
struct Size(usize);

impl io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
