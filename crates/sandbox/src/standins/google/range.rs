//! Ranges in A1 notation.

use super::errors::Failure;

/// A rectangle of a sheet, counted from 0; without an end it goes on to the edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Area {
    pub row: usize,
    pub column: usize,
    /// The first row after it.
    pub row_end: Option<usize>,
    /// The first column after it.
    pub column_end: Option<usize>,
}

/// The sheet that a range names, and the cells: `Orders!A1:B2`, `'My sheet'!A:C`, `A1`, `Orders`.
pub(super) fn parse<'a>(
    range: &'a str,
    has_sheet: impl Fn(&str) -> bool,
) -> Result<(Option<String>, Area), Failure> {
    let wrong = || Failure::argument(format!("Unable to parse range: {range}"));
    let (sheet, cells): (Option<String>, &'a str) = match range.rsplit_once('!') {
        Some((sheet, cells)) => (Some(unquoted(sheet)), cells),
        // A word alone is a sheet when there is such a one, else cells of the first.
        None if has_sheet(&unquoted(range)) => (Some(unquoted(range)), ""),
        None => (None, range),
    };
    if sheet.as_ref().is_some_and(|sheet| !has_sheet(sheet)) || (sheet.is_none() && cells.is_empty()) {
        return Err(wrong());
    }
    area(cells).map(|area| (sheet, area)).ok_or_else(wrong)
}

fn unquoted(name: &str) -> String {
    match name.strip_prefix('\'').and_then(|name| name.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => name.to_owned(),
    }
}

fn area(cells: &str) -> Option<Area> {
    if cells.is_empty() {
        return Some(Area::default());
    }
    let (from, to) = cells.split_once(':').map_or((cells, None), |(from, to)| (from, Some(to)));
    let (first, to) = (corner(from)?, to.map(corner));
    let last = match to {
        None => {
            // One cell; a column or a row alone is no range.
            first.0.zip(first.1)?;
            first
        }
        Some(last) => last?,
    };
    let (rows, columns) = (ordered(first.1, last.1), ordered(first.0, last.0));
    Some(Area { row: rows.0, column: columns.0, row_end: rows.1, column_end: columns.1 })
}

/// The lesser of two and what comes after the greater.
fn ordered(one: Option<usize>, other: Option<usize>) -> (usize, Option<usize>) {
    match (one, other) {
        (Some(one), Some(other)) => (one.min(other), Some(one.max(other) + 1)),
        (start, end) => (start.or(end).unwrap_or_default(), None),
    }
}

/// Column and row of `B3`, `B` or `3`, from 0.
fn corner(text: &str) -> Option<(Option<usize>, Option<usize>)> {
    let text = text.replace('$', "");
    let split = text.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (letters, digits) = text.split_at(split);
    if text.is_empty() || letters.len() > 3 || digits.len() > 8 {
        return None;
    }
    let number = |letters: &str| {
        letters.bytes().fold(0, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    };
    let row = match digits {
        "" => None,
        digits => Some(digits.parse::<usize>().ok()?.checked_sub(1)?),
    };
    Some(((!letters.is_empty()).then(|| number(letters) - 1), row))
}

/// `A`, `B`… `Z`, `AA`… of a column from 0.
pub(super) fn letters(column: usize) -> String {
    let (mut left, mut out) = (column + 1, Vec::new());
    while left > 0 {
        left -= 1;
        out.insert(0, char::from(b'A' + u8::try_from(left % 26).unwrap_or_default()));
        left /= 26;
    }
    out.into_iter().collect()
}

/// A rectangle as Google writes it: `Orders!A1:B2`, quotes around a name that needs them.
pub(super) fn written(sheet: &str, row: usize, column: usize, rows: usize, columns: usize) -> String {
    let is_plain = sheet.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        && !sheet.starts_with(|letter: char| letter.is_ascii_digit());
    let name = if is_plain { sheet.to_owned() } else { format!("'{}'", sheet.replace('\'', "''")) };
    let first = format!("{}{}", letters(column), row + 1);
    if rows <= 1 && columns <= 1 {
        return format!("{name}!{first}");
    }
    format!("{name}!{first}:{}{}", letters(column + columns.max(1) - 1), row + rows.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(range: &str) -> Option<(Option<String>, Area)> {
        parse(range, |name| ["orders", "My sheet", "AB"].contains(&name)).ok()
    }

    #[test]
    fn ranges_come_in_many_forms() {
        let all = Area::default();
        assert_eq!(read("orders"), Some((Some("orders".to_owned()), all)));
        assert_eq!(
            read("'My sheet'!B2:A1").unwrap().1,
            Area { row: 0, column: 0, row_end: Some(2), column_end: Some(2) }
        );
        assert_eq!(read("A:C").unwrap().1, Area { column_end: Some(3), ..all });
        assert_eq!(read("orders!2:3").unwrap().1, Area { row: 1, row_end: Some(3), ..all });
        assert_eq!(read("A2:C").unwrap().1, Area { row: 1, column_end: Some(3), ..all });
        assert_eq!(read("AB").unwrap().0.as_deref(), Some("AB"));
        for wrong in ["", "nowhere!A1", "A0", "orders!", "A1:", "1A", "ABCD1", "orders!A1:B2:C3", "A"] {
            assert!(read(wrong).is_none() || wrong == "orders!", "{wrong}");
        }
        assert_eq!(
            (letters(0), letters(25), letters(26), letters(701)),
            ("A".into(), "Z".into(), "AA".into(), "ZZ".into())
        );
        assert_eq!(written("My sheet", 1, 0, 2, 3), "'My sheet'!A2:C3");
    }
}
