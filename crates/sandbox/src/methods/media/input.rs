//! Files in a request: uploads, `file_id`s, URLs.

use serde_json::Value;

use super::super::{ApiError, Done, Outcome, Request};
use crate::server::{Params, Upload};
use crate::world::files::{Found, file_path, type_name};
use crate::world::json::Object;
use crate::world::media::{Incoming, Wish};
use crate::world::message::Kind;

/// What `getFile` serves at most.
const DOWNLOADABLE: usize = 20 * 1_024 * 1_024;
/// What a bot may upload at most.
const UPLOADABLE: usize = 50 * 1_024 * 1_024;
const MOST_PHOTO: usize = 10 * 1_024 * 1_024;
const MOST_VIDEO_NOTE: usize = 12 * 1_024 * 1_024;

/// Where a file's particulars stand: in the call, or in an `InputMedia` of it.
#[derive(Clone, Copy)]
pub(in super::super) enum Fields<'a> {
    Call(&'a Params),
    Item(&'a Value),
}

impl<'a> Fields<'a> {
    /// Empty counts as absent.
    pub fn text(self, name: &str) -> Option<String> {
        match self {
            Self::Call(params) => params.text(name),
            Self::Item(item) => item[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned),
        }
    }

    pub fn flag(self, name: &str) -> bool {
        match self {
            Self::Call(params) => params.flag(name),
            Self::Item(item) => item[name] == true,
        }
    }

    /// A number between 0 and `most`.
    pub fn size(self, name: &str, most: u32) -> u32 {
        let value = match self {
            Self::Call(params) => params.int(name),
            Self::Item(item) => item[name].as_i64().or_else(|| item[name].as_str()?.parse().ok()),
        };
        u32::try_from(value.unwrap_or(0).clamp(0, i64::from(most))).unwrap_or(0)
    }

    pub fn list(self, name: &str) -> Option<&'a Value> {
        match self {
            Self::Call(params) => params.json(name),
            Self::Item(item) => Some(&item[name]).filter(|list| list.is_array()),
        }
    }
}

/// A file as a request names it.
pub(in super::super) enum Input {
    Upload(Upload),
    /// A `file_id`, or a URL.
    Remote(String),
}

impl Request<'_> {
    /// What `given` names, or what was uploaded as `field`.
    pub(in super::super) fn input(&self, given: &str, field: &str) -> Option<Input> {
        if given.is_empty() || given.starts_with("attach://") {
            return self.upload(given, field).cloned().map(Input::Upload);
        }
        Some(Input::Remote(given.to_owned()))
    }

    /// The upload that `given` attaches, or that came as `field`.
    pub(in super::super) fn upload(&self, given: &str, field: &str) -> Option<&Upload> {
        self.params.files.get(given.strip_prefix("attach://").unwrap_or(field))
    }

    /// A parameter that holds an object, which may come as text; the inner error: it is no JSON.
    pub(in super::super) fn object(&self, name: &str) -> Option<Result<Value, ()>> {
        match self.params.json(name)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(serde_json::from_str(text).map_err(|_| ())),
            value => Some(Ok(value.clone())),
        }
    }

    /// Puts the file into the store, or finds it there.
    pub(in super::super) fn file_of(&mut self, input: Input, wish: &Wish) -> Result<u32, ApiError> {
        match input {
            Input::Upload(upload) => self.receive(upload, wish),
            Input::Remote(url) if url.contains('.') || url.contains("://") => {
                // Where a URL may be followed, it was followed before the world was locked.
                let fetched = self.params.files.get(&url).cloned();
                let fetched = fetched.ok_or_else(|| not_fetched(&url))?;
                let received = self.receive(fetched, &Wish { detect: false, ..wish.clone() });
                received.map_err(|error| match error.description.strip_prefix("Bad Request: ") {
                    Some("IMAGE_PROCESS_FAILED") => wrong("Wrong type of the web page content"),
                    _ => error,
                })
            }
            Input::Remote(id) => self.known(&id, wish.kind),
        }
    }

    fn known(&mut self, id: &str, kind: Kind) -> Result<u32, ApiError> {
        if let Some(number) = self.state.public_file(id) {
            return Ok(number);
        }
        let found = self.state.files.find(self.bot, id).ok_or_else(|| unknown(id))?;
        let is_photo = kind == Kind::Photo;
        let fits = !found.is_thumbnail() && found.type_name() != "ChatPhoto";
        // A film can be sent where a document is wanted and stays a film; a photo is another thing.
        if fits && is_photo == (found.file.kind == Kind::Photo) {
            return Ok(found.number);
        }
        let text = format!("can't use file of type {} as {}", found.type_name(), type_name(kind));
        Err(ApiError::bad(&text))
    }

    fn receive(&mut self, upload: Upload, wish: &Wish) -> Result<u32, ApiError> {
        let size = upload.bytes.len();
        if size == 0 {
            return Err(ApiError::bad("file must be non-empty"));
        }
        if size > UPLOADABLE {
            return Err(ApiError::new(413, "Request Entity Too Large"));
        }
        let limits =
            [(Kind::Photo, MOST_PHOTO, "a photo"), (Kind::VideoNote, MOST_VIDEO_NOTE, "a video note")];
        for (kind, most, what) in limits {
            if wish.kind == kind && size > most {
                let text = format!(
                    "file of size {size} bytes is too big for {what}; the maximum size is {most} bytes"
                );
                return Err(ApiError::bad(&text));
            }
        }
        let Upload { name, bytes, prepared, .. } = upload;
        let incoming = Incoming { name, mime: None, bytes, prepared };
        self.state.receive(incoming, wish).map_err(|unfit| ApiError::bad(unfit.text()))
    }

    pub(super) fn get_file(&mut self) -> Outcome {
        let id = self.params.text("file_id").ok_or_else(|| ApiError::bad("file_id not specified"))?;
        let found = self.state.files.find(self.bot, &id).ok_or_else(|| match unknown(&id) {
            error if error.description.ends_with("specified") => {
                ApiError::bad("wrong file_id or the file is temporarily unavailable")
            }
            _ => ApiError::bad("invalid file_id"),
        })?;
        if found.bytes().len() > DOWNLOADABLE {
            return Err(ApiError::bad("file is too big"));
        }
        Ok(Done::from(file_json(&id, &found)))
    }
}

fn file_json(id: &str, found: &Found<'_>) -> String {
    let mut object = Object::new();
    object
        .text("file_id", id)
        .text("file_unique_id", &found.unique_id())
        .plain("file_size", found.bytes().len())
        .text("file_path", &file_path(found));
    object.end()
}

/// An error of the server in the words that its own server gives it.
pub(in super::super) fn wrong(text: &str) -> ApiError {
    let mut words = text.chars();
    let first = words.next().map(|first| first.to_ascii_lowercase());
    ApiError::bad(&first.into_iter().chain(words).collect::<String>())
}

/// A `file_id` of another bot is well made and names nothing; other words are no `file_id`.
fn unknown(id: &str) -> ApiError {
    let is_ours = id.strip_prefix("sandbox-").is_some_and(|rest| rest.split('-').count() == 4);
    if is_ours {
        return wrong("Wrong file identifier/HTTP URL specified");
    }
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let reason = if !id.bytes().all(is_letter) {
        "Wrong character in the string"
    } else if id.len() % 4 == 1 {
        "Wrong string length"
    } else {
        "can't unserialize it. Wrong last symbol"
    };
    wrong(&format!("Wrong remote file identifier specified: {reason}"))
}

fn not_fetched(url: &str) -> ApiError {
    let with_scheme = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    match url::Url::parse(&with_scheme) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => wrong("Failed to get HTTP URL content"),
        Ok(_) => wrong("Invalid file HTTP URL specified: Unsupported URL protocol"),
        Err(_) => wrong("Invalid file HTTP URL specified: Wrong HTTP URL"),
    }
}
