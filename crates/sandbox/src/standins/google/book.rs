//! A spreadsheet and its sheets.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::cell::{Cell, Render};
use super::errors::Failure;
use super::range::{self, Area};

/// The size of a new sheet.
const ROWS: usize = 1_000;
const COLUMNS: usize = 26;
/// A spreadsheet holds so many cells.
const MOST_CELLS: usize = 10_000_000;

/// A spreadsheet.
#[derive(Debug)]
pub(super) struct Book {
    pub id: String,
    pub title: String,
    /// Whether the service account may see it.
    pub shared: bool,
    pub sheets: Vec<Sheet>,
    next_sheet: i64,
}

/// One sheet of it.
#[derive(Debug)]
pub(super) struct Sheet {
    pub id: i64,
    pub title: String,
    pub row_count: usize,
    pub column_count: usize,
    /// As far as something stands in them.
    pub rows: Vec<Vec<Cell>>,
}

/// A spreadsheet as its page shows it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SpreadsheetView {
    /// Its id, as in its URL.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whether the service account may see it.
    pub shared: bool,
    /// Its sheets.
    pub sheets: Vec<SheetView>,
}

/// One sheet as the page shows it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SheetView {
    /// Its number.
    pub id: i64,
    /// Its title.
    pub title: String,
    /// The cells by row: kind (`text`, `number`, `boolean`, `formula`, `empty`) and text.
    pub rows: Vec<Vec<(String, String)>>,
}

impl Book {
    pub fn new(id: String, title: String) -> Self {
        Self { id, title, shared: true, sheets: Vec::new(), next_sheet: 0 }
    }

    pub fn add_sheet(&mut self, title: String) -> Result<&mut Sheet, Failure> {
        if title.is_empty() || self.sheets.iter().any(|sheet| sheet.title == title) {
            return Err(Failure::argument(format!(
                "Invalid requests[0].addSheet: A sheet with the name \"{title}\" already exists. Please enter another \
                 name."
            )));
        }
        let id = self.next_sheet;
        self.next_sheet += 1;
        let at = self.sheets.len();
        self.sheets.push(Sheet { id, title, row_count: ROWS, column_count: COLUMNS, rows: Vec::new() });
        Ok(&mut self.sheets[at])
    }

    /// The sheet and the cells that a range names; without a name the first sheet.
    pub fn find(&mut self, range: &str) -> Result<(&mut Sheet, Area), Failure> {
        let (name, area) = range::parse(range, |name| self.sheets.iter().any(|sheet| sheet.title == name))?;
        let mut sheets = self.sheets.iter_mut();
        let sheet = match name {
            Some(name) => sheets.find(|sheet| sheet.title == name),
            None => sheets.next(),
        };
        let sheet = sheet.ok_or_else(|| Failure::argument(format!("Unable to parse range: {range}")))?;
        if area.row >= sheet.row_count || area.column >= sheet.column_count {
            return Err(sheet.beyond(range));
        }
        Ok((sheet, area))
    }

    pub fn to_json(&self) -> Value {
        let sheets: Vec<Value> = self
            .sheets
            .iter()
            .enumerate()
            .map(|(index, sheet)| json!({"properties": sheet.properties(index)}))
            .collect();
        json!({
            "spreadsheetId": self.id,
            "properties": {"title": self.title, "locale": "en_US", "autoRecalc": "ON_CHANGE", "timeZone": "Etc/GMT"},
            "sheets": sheets,
            "spreadsheetUrl": format!("https://docs.google.com/spreadsheets/d/{}/edit", self.id),
        })
    }

    pub fn view(&self) -> SpreadsheetView {
        let cell = |cell: &Cell| (cell.look().0.to_owned(), cell.look().1);
        let sheets = self.sheets.iter().map(|sheet| SheetView {
            id: sheet.id,
            title: sheet.title.clone(),
            rows: sheet.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        });
        SpreadsheetView {
            id: self.id.clone(),
            title: self.title.clone(),
            shared: self.shared,
            sheets: sheets.collect(),
        }
    }
}

/// What a write came to.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub range: String,
    pub rows: usize,
    pub columns: usize,
    pub cells: usize,
}

impl Written {
    pub fn to_json(&self, id: &str) -> Value {
        json!({"spreadsheetId": id, "updatedRange": self.range, "updatedRows": self.rows,
            "updatedColumns": self.columns, "updatedCells": self.cells})
    }
}

impl Sheet {
    pub fn properties(&self, index: usize) -> Value {
        json!({"sheetId": self.id, "title": self.title, "index": index, "sheetType": "GRID",
            "gridProperties": {"rowCount": self.row_count, "columnCount": self.column_count}})
    }

    fn beyond(&self, range: &str) -> Failure {
        Failure::argument(format!(
            "Range ({range}) exceeds grid limits. Max rows: {}, max columns: {}",
            self.row_count, self.column_count
        ))
    }

    /// How far an area reaches in this sheet: rows and columns.
    fn extent(&self, area: &Area) -> (usize, usize) {
        let rows = area.row_end.unwrap_or(self.row_count).min(self.row_count);
        let columns = area.column_end.unwrap_or(self.column_count).min(self.column_count);
        (rows.saturating_sub(area.row), columns.saturating_sub(area.column))
    }

    /// A `ValueRange`.
    pub fn read(&self, area: &Area, by_column: bool, render: Render) -> Value {
        let (height, width) = self.extent(area);
        let rows = self.rows.iter().skip(area.row).take(height);
        let cells = rows.map(|row| {
            let row: Vec<Value> =
                row.iter().skip(area.column).take(width).map(|cell| cell.show(render)).collect();
            trimmed(row, |value| value == "")
        });
        let mut values = trimmed(cells.collect(), Vec::is_empty);
        if by_column {
            values = transposed(&values);
        }
        let range = range::written(&self.title, area.row, area.column, height, width);
        let mut answer =
            json!({"range": range, "majorDimension": if by_column { "COLUMNS" } else { "ROWS" }});
        if !values.is_empty() {
            answer["values"] = json!(values);
        }
        answer
    }

    /// Puts values into the cells from the area's corner on.
    pub fn write(&mut self, area: &Area, values: &[Vec<Value>], as_typed: bool) -> Result<Written, Failure> {
        let width = values.iter().map(Vec::len).max().unwrap_or_default();
        // One cell alone names the corner, and no end.
        let is_corner = area.row_end == Some(area.row + 1) && area.column_end == Some(area.column + 1);
        let area = &if is_corner { Area { row_end: None, column_end: None, ..*area } } else { *area };
        let (height, room) = (values.len(), self.extent(area));
        let here = range::written(&self.title, area.row, area.column, room.0, room.1);
        if area.row_end.is_some() && height > room.0 && area.row + height <= self.row_count {
            let row = area.row + room.0 + 1;
            return Err(Failure::argument(format!(
                "Requested writing within range [{here}], but tried writing to row [{row}]"
            )));
        }
        if area.column_end.is_some() && width > room.1 && area.column + width <= self.column_count {
            let column = range::letters(area.column + room.1);
            return Err(Failure::argument(format!(
                "Requested writing within range [{here}], but tried writing to column [{column}]"
            )));
        }
        if area.row + height > self.row_count || area.column + width > self.column_count {
            return Err(self.beyond(&range::written(&self.title, area.row, area.column, height, width)));
        }
        self.put(area.row, area.column, values, as_typed)
    }

    /// Writes wherever it is told to; nothing is written when a value is none.
    pub fn put(
        &mut self,
        top: usize,
        left: usize,
        values: &[Vec<Value>],
        as_typed: bool,
    ) -> Result<Written, Failure> {
        let mut cells = Vec::new();
        for (row, line) in values.iter().enumerate() {
            for (column, value) in line.iter().enumerate() {
                if let Some(cell) = Cell::read(value, as_typed, row, column)? {
                    cells.push((top + row, left + column, cell));
                }
            }
        }
        let width = values.iter().map(Vec::len).max().unwrap_or_default();
        let written = Written {
            range: range::written(&self.title, top, left, values.len(), width),
            rows: values.len(),
            columns: width,
            cells: cells.len(),
        };
        for (row, column, cell) in cells {
            *self.cell(row, column) = cell;
        }
        Ok(written)
    }

    fn cell(&mut self, row: usize, column: usize) -> &mut Cell {
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        let line = &mut self.rows[row];
        if line.len() <= column {
            line.resize_with(column + 1, Cell::default);
        }
        &mut line[column]
    }

    /// Empties the cells; returns the range as it is in this sheet.
    pub fn clear(&mut self, area: &Area) -> String {
        let (height, width) = self.extent(area);
        for row in self.rows.iter_mut().skip(area.row).take(height) {
            for cell in row.iter_mut().skip(area.column).take(width) {
                *cell = Cell::Empty;
            }
        }
        range::written(&self.title, area.row, area.column, height, width)
    }

    /// Makes room for rows below; fails where a spreadsheet is full.
    pub fn grow(&mut self, rows: usize, columns: usize) -> Result<(), Failure> {
        let (rows, columns) = (self.row_count.max(rows), self.column_count.max(columns));
        if rows.saturating_mul(columns) > MOST_CELLS {
            let message = format!(
                "This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells."
            );
            return Err(Failure::argument(message));
        }
        (self.row_count, self.column_count) = (rows, columns);
        Ok(())
    }
}

fn trimmed<T>(mut list: Vec<T>, is_nothing: impl Fn(&T) -> bool) -> Vec<T> {
    while list.last().is_some_and(&is_nothing) {
        list.pop();
    }
    list
}

/// Rows of columns from columns of rows, and back.
pub(super) fn transposed(values: &[Vec<Value>]) -> Vec<Vec<Value>> {
    let width = values.iter().map(Vec::len).max().unwrap_or_default();
    let column =
        |at: usize| values.iter().map(|row| row.get(at).cloned().unwrap_or_else(|| "".into())).collect();
    (0..width).map(|at| trimmed(column(at), |value: &Value| value == "")).collect()
}
