//! Files that bots download.

use axum::body::Body;
use hyper::Response;
use hyper::header::HeaderValue;

use crate::methods::ApiError;
use crate::world::World;
use crate::world::files::WHOLE;
use crate::world::media::mime_of;

/// Answers `/file/bot<token>/<path>`; the path's slashes may be escaped.
pub(super) fn bot_file(world: &World, rest: &str) -> Response<Body> {
    let rest = percent_decoded(rest);
    let state = world.lock();
    let (token, path) = rest.split_once('/').unwrap_or((&rest, ""));
    if !state.tokens.contains_key(token) {
        return refusal(&ApiError::new(401, "Unauthorized"));
    }
    match state.files.at_path(path) {
        Some(found) if found.part == WHOLE => bytes_of(found.file.real_mime(), found.bytes().clone()),
        Some(found) => bytes_of(mime_of(path), found.bytes().clone()),
        None => refusal(&ApiError::new(404, "Not Found: file not found")),
    }
}

/// A file as it is served: one that a browser would run is to be saved instead of shown, since it would run as the page.
pub(super) fn bytes_of(mime: &str, bytes: bytes::Bytes) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    if !is_shown(mime) {
        headers.insert("content-disposition", HeaderValue::from_static("attachment"));
    }
    let mime = HeaderValue::from_str(mime);
    headers.insert("content-type", mime.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    response
}

/// Pictures, films and sound; an SVG may hold a script.
fn is_shown(mime: &str) -> bool {
    let mime = mime.to_ascii_lowercase();
    ["image/", "video/", "audio/"].iter().any(|kind| mime.starts_with(kind)) && !mime.starts_with("image/svg")
}

fn refusal(error: &ApiError) -> Response<Body> {
    let mut response = Response::new(Body::from(error.json()));
    *response.status_mut() = hyper::StatusCode::from_u16(error.code).unwrap_or(hyper::StatusCode::NOT_FOUND);
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
    response
}

/// `%2F` and its like, decoded; what is no escape stays.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = (*first == b'%').then(|| tail.get(..2)).flatten();
        let byte = escape.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn escapes_are_decoded_and_the_rest_is_left() {
        assert_eq!(percent_decoded("photos%2Ffile_1.png"), "photos/file_1.png");
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz%C3%A9"), "%zzé");
    }
}
