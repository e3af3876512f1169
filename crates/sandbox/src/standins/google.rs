//! Google's token endpoint and the values API of Sheets.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::Router;
use axum::routing::{any, get, post};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

mod act;
mod append;
mod book;
mod cell;
#[expect(unused_qualifications, reason = "utoipa's macro writes them")]
pub(crate) mod control;
mod errors;
mod keys;
mod range;
mod rsa;
mod sheets;
mod token;
mod trouble;

pub use book::{SheetView, SpreadsheetView};
pub use trouble::{GoogleFault, GoogleFaultKind, Quota};

use super::Shared;
use super::kept::Kept;

/// A handle on the stand-in; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Google(Arc<Inner>);

#[derive(Default)]
struct Inner {
    drive: Mutex<Drive>,
    /// Made when it is first asked for: it takes a moment.
    account: OnceLock<keys::Account>,
}

/// What it holds.
#[derive(Default)]
pub(crate) struct Drive {
    books: BTreeMap<String, book::Book>,
    tokens: HashMap<String, token::Granted>,
    trouble: trouble::Trouble,
    requests: Kept<SheetsCall>,
    last: u64,
    /// Of tokens and spreadsheets.
    numbers: u64,
}

/// One call of the Sheets API.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SheetsCall {
    /// Its number, from 1.
    pub seq: u64,
    /// Microseconds since 1970 UTC, by the world's clock.
    pub at: i64,
    /// The HTTP method.
    pub method: String,
    /// The path with the query, from `/v4` on.
    pub path: String,
    /// The body.
    pub body: Value,
    /// The HTTP status; 0 when it was never answered.
    pub status: u16,
    /// Whether it was carried out, answered or not.
    pub done: bool,
}

impl Google {
    fn lock(&self) -> MutexGuard<'_, Drive> {
        self.0.drive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The service account, the same in every run.
    fn account(&self) -> &keys::Account {
        self.0.account.get_or_init(keys::Account::make)
    }
}

impl Drive {
    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn record(&mut self, mut call: SheetsCall) -> u64 {
        self.last += 1;
        call.seq = self.last;
        self.requests.push(call);
        self.last
    }
}

/// What Google's clients call.
pub(super) fn service() -> Router<Shared> {
    Router::new()
        .route("/google/service-account.json", get(token::service_account))
        .route("/google/token", post(token::grant))
        .route("/google/v4/spreadsheets", any(sheets::call))
        .route("/google/v4/{*rest}", any(sheets::call))
}
