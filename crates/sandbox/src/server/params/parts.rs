//! Parameters and files in a multipart form.

use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart};
use hyper::Request;
use serde_json::Value;

use super::{MOST_BYTES, Params, Upload};
use crate::methods::ApiError;

/// So many files come with one call at most.
const MOST_FILES: usize = 50;
/// A boundary is so long at most, as its RFC says.
const BOUNDARY: usize = 70;

/// Reads the parts. `taken`: bytes of parameters that were read already.
pub(super) async fn read(
    params: &mut Params,
    kind: &str,
    mut taken: usize,
    mut request: Request<axum::body::Body>,
) -> Result<(), ApiError> {
    check_boundary(kind)?;
    // Its length was looked at already.
    DefaultBodyLimit::disable().apply(&mut request);
    let parts = Multipart::from_request(request, &()).await;
    let mut parts = parts.map_err(|_| ApiError::bad("boundary not found"))?;
    let broken = |_: MultipartError| ApiError::bad("can't parse form data headers");
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        if name.is_empty() {
            return Err(ApiError::bad("field name in multipart/form-data not found"));
        }
        if let Some(file) = part.file_name().map(str::to_owned) {
            if params.files.len() == MOST_FILES {
                return Err(ApiError::new(413, "Request Entity Too Large: too many files attached"));
            }
            let bytes = part.bytes().await.map_err(broken)?;
            params.map.insert(name.clone(), Value::String(format!("attach://{name}")));
            params.files.insert(name, Upload { name: file, bytes, prepared: None });
        } else {
            let value = part.text().await.map_err(broken)?;
            taken = taken.saturating_add(value.len());
            if taken > MOST_BYTES {
                let text = "Request Entity Too Large: too many parameters in form data";
                return Err(ApiError::new(413, text));
            }
            params.field(name, value);
        }
    }
    Ok(())
}

fn check_boundary(kind: &str) -> Result<(), ApiError> {
    let at = kind.to_ascii_lowercase().find("boundary");
    let rest = at.and_then(|at| kind.get(at..)).ok_or_else(|| ApiError::bad("boundary not found"))?;
    let (_, value) = rest.split_once('=').ok_or_else(|| ApiError::bad("boundary value not found"))?;
    let value = value.split(';').next().unwrap_or_default();
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let boundary = quoted.unwrap_or(value);
    if boundary.is_empty() || boundary.len() > BOUNDARY {
        return Err(ApiError::bad("boundary too big or empty"));
    }
    Ok(())
}
