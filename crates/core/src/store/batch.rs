//! Statements over many rows at once, without a new text for every number of rows: each text is
//! prepared once and kept, so there may be only a few of them.

use std::fmt::Write;

/// The most rows that one statement carries.
pub const MOST: usize = 64;

/// Cuts `rows` into runs of 64, 32, 16 … 1: seven texts serve every number.
pub fn runs<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        if rows.is_empty() {
            return None;
        }
        let largest = 1 << rows.len().ilog2();
        let (run, rest) = rows.split_at(largest.min(MOST));
        rows = rest;
        Some(run)
    })
}

/// Cuts `rows` into runs of 64 at most and fills each up to a power of two by its last row again: one statement
/// where [`runs`] makes several, for statements to which a repeated row makes no difference (`in (…)`,
/// `on conflict do nothing`).
pub fn padded<T>(rows: &[T]) -> impl Iterator<Item = Vec<&T>> {
    rows.chunks(MOST).map(|run| {
        let last = run.last().into_iter().cycle();
        run.iter().chain(last).take(run.len().next_power_of_two()).collect()
    })
}

/// `($1, $2), ($3, $4)` for `rows` rows of `columns` columns.
pub fn values(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(text, "{comma}${}", row * columns + column + 1);
        }
        text.push(')');
    }
    text
}

/// `$1, $2, $3`: the inside of an `in (…)` of `count` values, the first of them `$from`.
pub fn list(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_rows_is_cut_into_powers_of_two() {
        let rows: Vec<usize> = (0..203).collect();
        let cut: Vec<usize> = runs(&rows).map(<[_]>::len).collect();
        assert_eq!(cut, [64, 64, 64, 8, 2, 1]);
        assert_eq!(runs(&rows).flatten().copied().collect::<Vec<_>>(), rows);
    }

    #[test]
    fn a_padded_run_repeats_its_last_row_only() {
        let rows: Vec<usize> = (0..70).collect();
        let filled: Vec<Vec<&usize>> = padded(&rows).collect();
        assert_eq!(filled.iter().map(Vec::len).collect::<Vec<_>>(), [64, 8]);
        assert_eq!(filled[1], [&64, &65, &66, &67, &68, &69, &69, &69]);
        assert_eq!(padded(&rows[..0]).count(), 0);
    }

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(values(2, 2), "($1, $2), ($3, $4)");
        assert_eq!(list(3, 2), "$3, $4");
    }
}
