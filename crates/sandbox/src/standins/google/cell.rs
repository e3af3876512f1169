//! One cell: what goes in and what comes out.

use serde_json::{Value, json};

use super::errors::Failure;

/// What a cell holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    Bool(bool),
    /// With its `=`. The stand-in computes nothing: what is shown is `#NAME?`.
    Formula(String),
}

/// How values are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Render {
    #[default]
    Formatted,
    Unformatted,
    Formula,
}

impl Render {
    pub fn named(name: Option<&str>) -> Result<Self, Failure> {
        match name {
            None | Some("FORMATTED_VALUE") => Ok(Self::Formatted),
            Some("UNFORMATTED_VALUE") => Ok(Self::Unformatted),
            Some("FORMULA") => Ok(Self::Formula),
            Some(other) => Err(Failure::argument(format!(
                "Invalid value at 'value_render_option' (type.googleapis.com/google.apps.sheets.v4.ValueRenderOption), \
                 \"{other}\""
            ))),
        }
    }
}

impl Cell {
    /// What a value makes of a cell; `None` leaves it as it was. `as_typed`: read as if a person had typed it.
    pub fn read(value: &Value, as_typed: bool, row: usize, column: usize) -> Result<Option<Self>, Failure> {
        Ok(Some(match value {
            Value::Null => return Ok(None),
            Value::Bool(on) => Self::Bool(*on),
            Value::Number(number) => Self::Number(number.as_f64().unwrap_or_default()),
            Value::String(text) if text.is_empty() => Self::Empty,
            Value::String(text) if as_typed => Self::typed(text),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(_) | Value::Object(_) => {
                let kind = if value.is_array() { "list_value" } else { "struct_value" };
                return Err(Failure::argument(format!("Invalid values[{row}][{column}]: {kind} {value}")));
            }
        }))
    }

    /// What a person's typing makes of a cell.
    fn typed(text: &str) -> Self {
        if let Some(rest) = text.strip_prefix('\'') {
            return Self::Text(rest.to_owned());
        }
        let trimmed = text.trim();
        let number =
            |text: &str| text.replace(',', "").parse::<f64>().ok().filter(|number| number.is_finite());
        let looks_numeric =
            trimmed.starts_with(|letter: char| letter.is_ascii_digit() || "-.".contains(letter));
        if trimmed.len() > 1 && trimmed.starts_with('=') {
            return Self::Formula(trimmed.to_owned());
        }
        if let Some(rest) = trimmed.strip_prefix('+').filter(|rest| !rest.is_empty()) {
            return number(rest).map_or_else(|| Self::Formula(format!("={rest}")), Self::Number);
        }
        match trimmed.to_ascii_uppercase().as_str() {
            "TRUE" => return Self::Bool(true),
            "FALSE" => return Self::Bool(false),
            _ => {}
        }
        let percent = trimmed.strip_suffix('%').and_then(number).map(|percent| percent / 100.0);
        match percent.or_else(|| number(trimmed)).filter(|_| looks_numeric) {
            Some(number) => Self::Number(number),
            None => Self::Text(text.to_owned()),
        }
    }

    /// The value as the API gives it.
    pub fn show(&self, render: Render) -> Value {
        match (self, render) {
            (Self::Empty, _) => "".into(),
            (Self::Text(text), _) => text.clone().into(),
            (Self::Number(number), Render::Formatted) => shown(*number).into(),
            (Self::Bool(on), Render::Formatted) => if *on { "TRUE" } else { "FALSE" }.into(),
            (Self::Number(number), _) => whole(*number),
            (Self::Bool(on), _) => (*on).into(),
            (Self::Formula(formula), Render::Formula) => formula.clone().into(),
            (Self::Formula(_), _) => "#NAME?".into(),
        }
    }

    /// For the page: what kind of thing it is, and its text with a formula as it is.
    pub fn look(&self) -> (&'static str, String) {
        match self {
            Self::Empty => ("empty", String::new()),
            Self::Text(text) => ("text", text.clone()),
            Self::Number(number) => ("number", shown(*number)),
            Self::Bool(on) => ("boolean", on.to_string().to_uppercase()),
            Self::Formula(formula) => ("formula", formula.clone()),
        }
    }
}

fn whole(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        #[expect(clippy::cast_possible_truncation, reason = "it was just seen to fit")]
        return json!(number as i64);
    }
    json!(number)
}

fn shown(number: f64) -> String {
    whole(number).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_text_becomes_what_a_sheet_makes_of_it_and_raw_text_stays() {
        let typed = |text: &str| Cell::read(&json!(text), true, 0, 0).unwrap().unwrap();
        assert_eq!(typed("=SUM(A1)"), Cell::Formula("=SUM(A1)".to_owned()));
        assert_eq!(typed("+995 555"), Cell::Formula("=995 555".to_owned()));
        assert_eq!(typed("'=x"), Cell::Text("=x".to_owned()));
        assert_eq!((typed("1,200.5"), typed("5%")), (Cell::Number(1_200.5), Cell::Number(0.05)));
        assert_eq!((typed("true"), typed("inf")), (Cell::Bool(true), Cell::Text("inf".to_owned())));
        let raw = Cell::read(&json!("=SUM(A1)"), false, 0, 0).unwrap().unwrap();
        assert_eq!(raw, Cell::Text("=SUM(A1)".to_owned()));
        assert!(Cell::read(&json!([1]), false, 2, 3).is_err());
        assert_eq!(Cell::Number(5.0).show(Render::Formatted), json!("5"));
        assert_eq!(Cell::Number(5.0).show(Render::Unformatted), json!(5));
    }
}
