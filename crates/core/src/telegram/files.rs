use std::path::PathBuf;

use reqwest::multipart::{Form, Part};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_util::io::ReaderStream;

/// A file that goes with a call. A job's row holds its path, never its bytes.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct FilePart {
    /// The form field: the method's own (`document`), or the name behind `attach://`.
    pub field: String,
    /// Where it lies.
    pub path: PathBuf,
    /// The name that people see.
    pub name: String,
}

/// The multipart form of a call, and the files' size in bytes. Values that are no strings go as JSON,
/// as the Bot API wants them.
pub(super) async fn form(body: &Value, files: &[FilePart]) -> Result<(Form, u64), String> {
    let mut form = Form::new();
    if let Value::Object(fields) = body {
        for (name, value) in fields {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            form = form.text(name.clone(), text);
        }
    }
    let mut total = 0;
    for file in files {
        let cannot = |error: std::io::Error| format!("cannot read {}: {error}", file.path.display());
        let handle = tokio::fs::File::open(&file.path).await.map_err(cannot)?;
        let size = handle.metadata().await.map_err(cannot)?.len();
        total += size;
        let stream = reqwest::Body::wrap_stream(ReaderStream::new(handle));
        form = form
            .part(file.field.clone(), Part::stream_with_length(stream, size).file_name(file.name.clone()));
    }
    Ok((form, total))
}
