use std::error::Error;

use crate::db::DbError;

/// The chain of an error, joined with `: `, without what others put into its texts: values that serde quotes,
/// URLs that reqwest names, rows that a database repeats.
pub fn describe(error: &anyhow::Error) -> String {
    describe_error(error.as_ref())
}

/// As [`describe`], for any error.
pub fn describe_error(error: &(dyn Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let part = one(error);
        // Wrappers often repeat their source's text.
        if !part.text.is_empty() && !parts.last().is_some_and(|last| last.ends_with(&part.text)) {
            parts.push(part.text);
        }
        next = if part.last { None } else { error.source() };
    }
    parts.join(": ")
}

struct Part {
    text: String,
    /// The sources would repeat what was left out.
    last: bool,
}

fn one(error: &(dyn Error + 'static)) -> Part {
    if let Some(json) = error.downcast_ref::<serde_json::Error>() {
        Part { text: json_text(json), last: true }
    } else if let Some(http) = error.downcast_ref::<reqwest::Error>() {
        Part { text: http_text(http), last: http.is_decode() }
    } else if let Some(sql) = error.downcast_ref::<sqlx::Error>() {
        sql_part(sql)
    } else {
        // A database error tells its source in its own text.
        Part { text: error.to_string(), last: error.is::<DbError>() }
    }
}

fn json_text(error: &serde_json::Error) -> String {
    let category = match error.classify() {
        serde_json::error::Category::Io => "input or output failed",
        serde_json::error::Category::Syntax => "not JSON",
        serde_json::error::Category::Data => "not the JSON that is expected",
        serde_json::error::Category::Eof => "the JSON ends early",
    };
    format!("{category} (line {}, column {})", error.line(), error.column())
}

fn http_text(error: &reqwest::Error) -> String {
    let what = if error.is_timeout() {
        "the HTTP request timed out"
    } else if error.is_connect() {
        "cannot connect"
    } else if error.is_decode() {
        "the HTTP response cannot be decoded"
    } else if error.is_body() {
        "the HTTP body failed"
    } else if error.is_redirect() {
        "too many HTTP redirects"
    } else if error.is_builder() {
        "the HTTP request cannot be built"
    } else {
        "the HTTP request failed"
    };
    error.status().map_or_else(|| what.to_owned(), |status| format!("{what} (status {status})"))
}

fn sql_part(error: &sqlx::Error) -> Part {
    let text = match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            // Class 22, data exceptions: the message quotes the value itself. What functions and triggers raise
            // (P0, 38, 39; 1811 in SQLite) holds what their author put into it. Details of other classes quote
            // rows; the message does not.
            if ["22", "P0", "38", "39"].iter().any(|class| code.starts_with(class)) || code == "1811" {
                format!("database error {code} (the message quotes data and is withheld)")
            } else {
                format!("database error {code}: {}", database.message())
            }
        }
        // Their sources quote stored values.
        sqlx::Error::ColumnDecode { index, .. } => format!("cannot decode column {index}"),
        sqlx::Error::Decode(_) => "cannot decode a value from the database".to_owned(),
        sqlx::Error::Encode(_) => "cannot encode a value for the database".to_owned(),
        // Their texts quote the URL or parts of it.
        sqlx::Error::Configuration(_) => "the database URL is refused".to_owned(),
        other => return Part { text: other.to_string(), last: false },
    };
    Part { text, last: true }
}
