//! `values.append`: finds the table, and writes below it.

use serde_json::{Value, json};

use super::book::{Sheet, Written};
use super::cell::Cell;
use super::errors::Failure;
use super::range::{self, Area};

/// What an append came to.
pub(super) struct Appended {
    /// The table that was found; `None`: there was none.
    pub table: Option<String>,
    pub written: Written,
}

impl Appended {
    pub fn to_json(&self, id: &str) -> Value {
        let mut answer = json!({"spreadsheetId": id, "updates": self.written.to_json(id)});
        if let Some(table) = &self.table {
            answer["tableRange"] = table.clone().into();
        }
        answer
    }
}

impl Sheet {
    /// Appends below the table in the area. `inserts`: rows below it move down instead of being written over.
    pub fn append(
        &mut self,
        area: &Area,
        values: &[Vec<Value>],
        as_typed: bool,
        inserts: bool,
    ) -> Result<Appended, Failure> {
        let table = self.table(area);
        let (row, column) =
            table.as_ref().map_or((area.row, area.column), |table| (table.bottom, table.left));
        let width = values.iter().map(Vec::len).max().unwrap_or_default();
        self.grow(row + values.len(), column + width)?;
        // Looked at first: an append that fails moves nothing.
        for (at, line) in values.iter().enumerate() {
            for (column, value) in line.iter().enumerate() {
                Cell::read(value, as_typed, at, column)?;
            }
        }
        if inserts && table.is_some() && row < self.rows.len() {
            self.grow(self.row_count + values.len(), 0)?;
            self.rows.splice(row..row, values.iter().map(|_| Vec::new()));
        }
        let written = self.put(row, column, values, as_typed)?;
        let table = table.map(|table| {
            let (height, width) = (table.bottom - table.top, table.right - table.left);
            range::written(&self.title, table.top, table.left, height, width)
        });
        Ok(Appended { table, written })
    }

    /// The last block of rows with something in them that the area touches.
    fn table(&self, area: &Area) -> Option<Table> {
        let filled =
            |row: usize| self.rows.get(row).is_some_and(|row| row.iter().any(|cell| *cell != Cell::Empty));
        // From a cell on: its block. From a whole sheet or columns: the last one.
        let top = if area.row_end.is_some() && filled(area.row) {
            area.row
        } else {
            let end = area.row_end.unwrap_or(usize::MAX).min(self.rows.len());
            (area.row..end).rev().find(|row| filled(*row))?
        };
        let first = (0..=top).rev().take_while(|row| filled(*row)).last()?;
        let bottom = (top..self.rows.len()).find(|row| !filled(*row)).unwrap_or(self.rows.len());
        let rows = self.rows.get(first..bottom)?;
        let used = |row: &Vec<Cell>| row.iter().position(|cell| *cell != Cell::Empty);
        let last = |row: &Vec<Cell>| row.iter().rposition(|cell| *cell != Cell::Empty);
        Some(Table {
            top: first,
            bottom,
            left: rows.iter().filter_map(used).min().unwrap_or_default(),
            right: rows.iter().filter_map(last).max().unwrap_or_default() + 1,
        })
    }
}

struct Table {
    top: usize,
    bottom: usize,
    left: usize,
    right: usize,
}
