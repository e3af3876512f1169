//! The methods of the Sheets API.

use serde_json::{Value, json};

use super::Drive;
use super::book::{Book, transposed};
use super::cell::Render;
use super::errors::Failure;
use crate::server::download::percent_decoded;

/// A request, taken apart.
pub(super) struct Call<'a> {
    /// `None`: it makes a spreadsheet.
    book: Option<String>,
    what: What,
    query: Vec<(String, String)>,
    body: &'a Value,
}

enum What {
    Create,
    Describe,
    Change,
    Get(String),
    Update(String),
    Append(String),
    Clear(String),
    BatchGet,
    BatchUpdate,
    BatchClear,
}

impl<'a> Call<'a> {
    /// `None` for a path that is none.
    pub fn read(method: &str, asked: &str, body: &'a Value) -> Option<Self> {
        let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
        let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let rest = path.strip_prefix("/v4/spreadsheets")?;
        let mut parts = rest.trim_start_matches('/').splitn(3, '/');
        let (book, values, range) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let (book, verb) = book.split_once(':').map_or((book, None), |(book, verb)| (book, Some(verb)));
        let what = match (method, verb, values, range) {
            ("POST", None, None, None) if book.is_empty() => What::Create,
            ("GET", None, None, None) => What::Describe,
            ("POST", Some("batchUpdate"), None, None) => What::Change,
            ("GET", None, Some("values:batchGet"), None) => What::BatchGet,
            ("POST", None, Some("values:batchUpdate"), None) => What::BatchUpdate,
            ("POST", None, Some("values:batchClear"), None) => What::BatchClear,
            ("GET", None, Some("values"), Some(range)) => What::Get(percent_decoded(range)),
            ("PUT", None, Some("values"), Some(range)) => What::Update(percent_decoded(range)),
            ("POST", None, Some("values"), Some(range)) => match range.rsplit_once(':')? {
                (range, "append") => What::Append(percent_decoded(range)),
                (range, "clear") => What::Clear(percent_decoded(range)),
                _ => return None,
            },
            _ => return None,
        };
        let book = (!book.is_empty()).then(|| percent_decoded(book));
        Some(Self { book, what, query, body })
    }

    /// Whether it counts as a write.
    pub fn writes(&self) -> bool {
        !matches!(self.what, What::Describe | What::Get(_) | What::BatchGet)
    }

    fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn perform(&self, drive: &mut Drive) -> Result<Value, Failure> {
        if matches!(self.what, What::Create) {
            let title = self.body["properties"]["title"].as_str().unwrap_or("Untitled spreadsheet");
            let sheets = self.body["sheets"].as_array().into_iter().flatten();
            let titles: Vec<String> =
                sheets.filter_map(|sheet| sheet["properties"]["title"].as_str().map(str::to_owned)).collect();
            return Ok(drive.make_book(title, &titles)?.to_json());
        }
        let book =
            self.book.as_ref().and_then(|id| drive.books.get_mut(id)).ok_or_else(Failure::not_found)?;
        if !book.shared {
            return Err(Failure::no_permission());
        }
        match &self.what {
            What::Create | What::Describe => Ok(book.to_json()),
            What::Change => change(book, self.body),
            What::Get(range) => self.get(book, range),
            What::BatchGet => {
                let ranges = self.query.iter().filter(|(key, _)| key == "ranges");
                let found: Result<Vec<Value>, Failure> =
                    ranges.map(|(_, range)| self.get(book, range)).collect();
                Ok(json!({"spreadsheetId": book.id, "valueRanges": found?}))
            }
            What::Update(range) => {
                let as_typed = as_typed(self.asked("valueInputOption"))?;
                update(book, range, self.body, as_typed)
            }
            What::BatchUpdate => {
                let as_typed = as_typed(self.body["valueInputOption"].as_str())?;
                let data = self.body["data"].as_array().into_iter().flatten();
                let done: Result<Vec<Value>, Failure> = data
                    .map(|one| update(book, one["range"].as_str().unwrap_or_default(), one, as_typed))
                    .collect();
                Ok(totals(&book.id, &done?))
            }
            What::Append(range) => {
                let as_typed = as_typed(self.asked("valueInputOption"))?;
                let inserts = match self.asked("insertDataOption") {
                    None | Some("OVERWRITE") => false,
                    Some("INSERT_ROWS") => true,
                    Some(other) => return Err(invalid("insert_data_option", "InsertDataOption", other)),
                };
                let values = values(range, self.body)?;
                let (sheet, area) = book.find(range)?;
                let appended = sheet.append(&area, &values, as_typed, inserts)?;
                Ok(appended.to_json(&book.id))
            }
            What::Clear(range) => {
                let (sheet, area) = book.find(range)?;
                let cleared = sheet.clear(&area);
                Ok(json!({"spreadsheetId": book.id, "clearedRange": cleared}))
            }
            What::BatchClear => {
                let ranges = self.body["ranges"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let cleared: Result<Vec<String>, Failure> =
                    ranges.map(|range| book.find(range).map(|(sheet, area)| sheet.clear(&area))).collect();
                Ok(json!({"spreadsheetId": book.id, "clearedRanges": cleared?}))
            }
        }
    }

    fn get(&self, book: &mut Book, range: &str) -> Result<Value, Failure> {
        let render = Render::named(self.asked("valueRenderOption"))?;
        let by_column = self.asked("majorDimension") == Some("COLUMNS");
        let (sheet, area) = book.find(range)?;
        Ok(sheet.read(&area, by_column, render))
    }
}

fn invalid(field: &str, kind: &str, value: &str) -> Failure {
    Failure::argument(format!(
        "Invalid value at '{field}' (type.googleapis.com/google.apps.sheets.v4.{kind}), \"{value}\""
    ))
}

fn as_typed(option: Option<&str>) -> Result<bool, Failure> {
    match option {
        Some("RAW") => Ok(false),
        Some("USER_ENTERED") => Ok(true),
        None | Some("INPUT_VALUE_OPTION_UNSPECIFIED") => {
            Err(Failure::argument("'valueInputOption' is required but not specified"))
        }
        Some(other) => Err(invalid("value_input_option", "ValueInputOption", other)),
    }
}

/// The rows of a `ValueRange`.
fn values(range: &str, body: &Value) -> Result<Vec<Vec<Value>>, Failure> {
    let plain = |range: &str| range.replace(['\'', '$'], "").to_uppercase();
    if let Some(own) = body["range"].as_str().filter(|own| plain(own) != plain(range)) {
        let message = format!("Requested range [{range}] does not match value range [{own}]");
        return Err(Failure::argument(message));
    }
    let Some(rows) = body["values"].as_array() else { return Ok(Vec::new()) };
    let row = |row: &Value| row.as_array().cloned();
    let rows: Option<Vec<Vec<Value>>> = rows.iter().map(row).collect();
    let rows = rows.ok_or_else(|| {
        Failure::argument("Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue)")
    })?;
    Ok(if body["majorDimension"] == "COLUMNS" { transposed(&rows) } else { rows })
}

fn update(book: &mut Book, range: &str, body: &Value, as_typed: bool) -> Result<Value, Failure> {
    let values = values(range, body)?;
    let (sheet, area) = book.find(range)?;
    let written = sheet.write(&area, &values, as_typed)?;
    Ok(written.to_json(&book.id))
}

fn totals(id: &str, responses: &[Value]) -> Value {
    let sum = |name: &str| responses.iter().filter_map(|response| response[name].as_u64()).sum::<u64>();
    json!({"spreadsheetId": id, "totalUpdatedRows": sum("updatedRows"), "totalUpdatedColumns": sum("updatedColumns"),
        "totalUpdatedCells": sum("updatedCells"), "totalUpdatedSheets": usize::from(!responses.is_empty()),
        "responses": responses})
}

/// `spreadsheets.batchUpdate`: sheets that come, go and are renamed.
fn change(book: &mut Book, body: &Value) -> Result<Value, Failure> {
    let mut replies = Vec::new();
    for request in body["requests"].as_array().into_iter().flatten() {
        if let Some(add) = request.get("addSheet") {
            let properties = &add["properties"];
            let size = |name: &str| {
                properties["gridProperties"][name]
                    .as_u64()
                    .and_then(|size| usize::try_from(size).ok())
                    .filter(|size| *size > 0)
            };
            let index = book.sheets.len();
            let title =
                properties["title"].as_str().map_or_else(|| format!("Sheet{}", index + 1), str::to_owned);
            let (rows, columns) = (size("rowCount"), size("columnCount"));
            let sheet = book.add_sheet(title)?;
            sheet.grow(rows.unwrap_or_default(), columns.unwrap_or_default())?;
            (sheet.row_count, sheet.column_count) =
                (rows.unwrap_or(sheet.row_count), columns.unwrap_or(sheet.column_count));
            replies.push(json!({"addSheet": {"properties": sheet.properties(index)}}));
        } else if let Some(id) = request["deleteSheet"]["sheetId"].as_i64() {
            let before = book.sheets.len();
            if before == 1 {
                let message =
                    "Invalid requests[0].deleteSheet: You can't remove all the sheets in a document.";
                return Err(Failure::argument(message));
            }
            book.sheets.retain(|sheet| sheet.id != id);
            if book.sheets.len() == before {
                return Err(Failure::argument(format!(
                    "Invalid requests[0].deleteSheet: No sheet with id: {id}"
                )));
            }
            replies.push(json!({}));
        } else if let Some(title) = request["updateSheetProperties"]["properties"]["title"].as_str() {
            let id = request["updateSheetProperties"]["properties"]["sheetId"].as_i64().unwrap_or_default();
            let sheet = book.sheets.iter_mut().find(|sheet| sheet.id == id);
            let missing = || {
                Failure::argument(format!("Invalid requests[0].updateSheetProperties: No grid with id: {id}"))
            };
            title.clone_into(&mut sheet.ok_or_else(missing)?.title);
            replies.push(json!({}));
        } else {
            let name =
                request.as_object().and_then(|object| object.keys().next()).map_or("nothing", String::as_str);
            return Err(Failure::argument(format!(
                "The sandbox's stand-in for Sheets does not play {name}."
            )));
        }
    }
    Ok(json!({"spreadsheetId": book.id, "replies": replies}))
}
