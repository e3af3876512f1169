//! Groups that became supergroups: settings and tables may hold the old id.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Groups that became supergroups: old id → new id, for ever. Settings and tables may keep the old one.
#[derive(Debug, Default)]
pub struct Aliases(RwLock<HashMap<i64, i64>>);

impl Aliases {
    /// The id that a chat has today.
    pub fn today(&self, chat_id: i64) -> i64 {
        let map = self.0.read().unwrap_or_else(PoisonError::into_inner);
        map.get(&chat_id).copied().unwrap_or(chat_id)
    }

    pub(crate) fn learn(&self, from: i64, to: i64) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(from, to);
    }
}
