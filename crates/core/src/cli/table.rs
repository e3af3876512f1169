/// Columns under their heads, as wide as they have to be; the last one is left ragged.
pub(super) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = heads.iter().map(|head| head.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    std::iter::once(&heads).chain(rows).map(line).collect::<Vec<_>>().join("\n")
}

/// One line of at most so many characters.
pub(super) fn short(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["7".to_owned(), "call".to_owned()], vec!["12".to_owned(), "reminder".to_owned()]];
        assert_eq!(table(&["ID", "KIND"], &rows), "ID  KIND\n7   call\n12  reminder");
    }

    #[test]
    fn a_long_text_is_cut_by_characters() {
        assert_eq!(short("您好 您好", 4), "您好 …");
        assert_eq!(short("two\nlines", 20), "two lines");
    }
}
