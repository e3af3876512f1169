//! What the control API arranges for Sheets.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::book::Book;
use super::errors;
use super::{Drive, Google, GoogleFault, GoogleFaultKind, Quota, SheetsCall, SpreadsheetView, keys};
use crate::server::control::wire::{Answer, Asked, Body, Failure, Natural, Nothing, ReadErrors, WriteErrors};
use crate::standins::Shared;

pub(crate) fn paths() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(overview))
        .routes(routes!(create))
        .routes(routes!(sheet))
        .routes(routes!(share))
        .routes(routes!(quota))
        .routes(routes!(add_fault, remove_faults))
        .routes(routes!(requests))
}

impl Drive {
    /// Makes a spreadsheet with these sheets, with one when there are none.
    pub(super) fn make_book(&mut self, title: &str, sheets: &[String]) -> Result<&mut Book, errors::Failure> {
        let id = format!("sandbox-spreadsheet-{}", self.number());
        let mut book = Book::new(id.clone(), title.to_owned());
        for sheet in sheets {
            book.add_sheet(sheet.clone())?;
        }
        if sheets.is_empty() {
            book.add_sheet("Sheet1".to_owned())?;
        }
        Ok(self.books.entry(id).or_insert(book))
    }
}

/// What the stand-in for Google holds.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GoogleView {
    /// Whom the service account is for; its file is `/google/service-account.json`.
    pub client_email: String,
    /// Ids and titles of the spreadsheets.
    pub spreadsheets: Vec<(String, String)>,
    /// How many requests a minute has.
    pub quota: Quota,
    /// The faults that are set.
    pub faults: Vec<GoogleFault>,
    /// The number of the newest request.
    pub last: u64,
}

/// Account, spreadsheets, quota and faults of the stand-in for Google; the root of its API is `/google/`.
#[utoipa::path(get, path = "/api/google", operation_id = "google", tag = "Stand-ins",
    responses((status = 200, description = "What it holds", body = GoogleView)))]
async fn overview(State(google): State<Google>) -> Json<GoogleView> {
    let drive = google.lock();
    Json(GoogleView {
        client_email: keys::EMAIL.to_owned(),
        spreadsheets: drive.books.values().map(|book| (book.id.clone(), book.title.clone())).collect(),
        quota: drive.trouble.quota,
        faults: drive.trouble.faults.clone(),
        last: drive.last,
    })
}

/// A spreadsheet to be made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreateSpreadsheet {
    /// Its title.
    pub title: String,
    /// The names of its sheets, each once; one called `Sheet1` when left out.
    #[serde(default)]
    pub sheets: Vec<String>,
}

/// A spreadsheet that was made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SpreadsheetId {
    /// What clients open it by; its page is `/google/sheets/<id>`.
    pub id: String,
}

/// Makes a spreadsheet that the service account may write.
#[utoipa::path(post, path = "/api/google/sheets", operation_id = "create_spreadsheet", tag = "Stand-ins", request_body = CreateSpreadsheet,
    responses((status = 200, description = "It is there", body = SpreadsheetId), WriteErrors))]
async fn create(State(google): State<Google>, body: Body<CreateSpreadsheet>) -> Answer<SpreadsheetId> {
    let CreateSpreadsheet { title, sheets } = body.value;
    let mut drive = google.lock();
    let book = drive.make_book(&title, &sheets);
    let book = book.map_err(|_| Failure::refused("every sheet needs a name of its own"))?;
    Ok(Json(SpreadsheetId { id: book.id.clone() }))
}

/// A spreadsheet with all its cells.
#[utoipa::path(get, path = "/api/google/sheets/{id}", operation_id = "spreadsheet", tag = "Stand-ins", params(("id" = String, Path)),
    responses((status = 200, description = "The spreadsheet", body = SpreadsheetView), ReadErrors))]
async fn sheet(
    State(google): State<Google>,
    Asked(Path(id)): Asked<Path<String>>,
) -> Answer<SpreadsheetView> {
    let drive = google.lock();
    let book = drive.books.get(&id);
    book.map(|book| Json(book.view()))
        .ok_or_else(|| Failure::missing(format!("there is no spreadsheet {id}")))
}

/// Whether the service account may see it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Share {
    /// Off: every request for it is answered by 403.
    pub on: bool,
}

/// Shares a spreadsheet with the service account, or takes that back.
#[utoipa::path(post, path = "/api/google/sheets/{id}/share", operation_id = "share_spreadsheet", tag = "Stand-ins", params(("id" = String, Path)),
    request_body = Share, responses((status = 200, description = "It is so", body = Nothing), WriteErrors))]
async fn share(
    State(google): State<Google>,
    Asked(Path(id)): Asked<Path<String>>,
    body: Body<Share>,
) -> Answer<Nothing> {
    let mut drive = google.lock();
    let book =
        drive.books.get_mut(&id).ok_or_else(|| Failure::missing(format!("there is no spreadsheet {id}")))?;
    book.shared = body.value.on;
    Ok(Json(Nothing {}))
}

/// Sets how many requests a minute has, and begins the minute anew.
#[utoipa::path(post, path = "/api/google/quota", operation_id = "set_google_quota", tag = "Stand-ins", request_body = Quota,
    responses((status = 200, description = "It holds", body = Nothing), WriteErrors))]
async fn quota(State(google): State<Google>, body: Body<Quota>) -> Answer<Nothing> {
    google.lock().trouble.set_quota(body.value);
    Ok(Json(Nothing {}))
}

/// Lets requests of the Sheets API go wrong.
#[utoipa::path(post, path = "/api/google/faults", operation_id = "add_google_fault", tag = "Stand-ins", request_body = GoogleFault,
    responses((status = 200, description = "It is set", body = Nothing), WriteErrors))]
async fn add_fault(State(google): State<Google>, body: Body<GoogleFault>) -> Answer<Nothing> {
    body.names("kind")?;
    let fault = body.value;
    if fault.times == Some(0) {
        return Err(Failure::bad("times is to be at least 1"));
    }
    if matches!(fault.kind, GoogleFaultKind::ServerError { status } if !(500..=599).contains(&status)) {
        return Err(Failure::bad("status is to be 500 to 599"));
    }
    google.lock().trouble.faults.push(fault);
    Ok(Json(Nothing {}))
}

/// Takes all faults of the Sheets API away.
#[utoipa::path(delete, path = "/api/google/faults", operation_id = "remove_google_faults", tag = "Stand-ins",
    responses((status = 200, description = "They are gone", body = Nothing)))]
async fn remove_faults(State(google): State<Google>) -> Json<Nothing> {
    google.lock().trouble.faults.clear();
    Json(Nothing {})
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// Only with a greater number.
    #[serde(default)]
    after: Natural,
    /// At most so many; 100 when left out.
    limit: Option<Natural>,
}

/// Calls of the Sheets API.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SheetsCalls {
    /// Oldest first.
    pub requests: Vec<SheetsCall>,
    /// The number of the newest that there was.
    pub last: u64,
}

/// What was asked of the Sheets API.
#[utoipa::path(get, path = "/api/google/requests", operation_id = "google_requests", tag = "Stand-ins", params(Page),
    responses((status = 200, description = "Oldest first", body = SheetsCalls), ReadErrors))]
async fn requests(State(google): State<Google>, Asked(Query(page)): Asked<Query<Page>>) -> Json<SheetsCalls> {
    let drive = google.lock();
    let newer = drive.requests.iter().filter(|call| call.seq > page.after.number());
    let requests = newer.take(page.limit.map_or(100, Natural::size)).cloned().collect();
    Json(SheetsCalls { requests, last: drive.last })
}
