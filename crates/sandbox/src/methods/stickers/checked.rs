//! What a sticker must be to be taken.

use serde_json::{Value, json};

use super::super::ApiError;
use crate::probe::{self, probe};

/// How a sticker moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Static,
    Animated,
    Video,
}

const KIB: usize = 1_024;
const MOST_EMOJI: usize = 20;
const MOST_KEYWORDS: usize = 20;
const MOST_KEYWORD_LENGTH: usize = 64;

/// `None`: whatever the file is.
pub(super) fn sticker_format(word: &str) -> Result<Option<Format>, ApiError> {
    match word {
        "static" => Ok(Some(Format::Static)),
        "animated" => Ok(Some(Format::Animated)),
        "video" => Ok(Some(Format::Video)),
        "auto" => Ok(None),
        _ => Err(ApiError::bad("invalid sticker format specified")),
    }
}

/// Holds an uploaded file against the format that it is said to be in.
pub(super) fn check_file(bytes: &[u8], format: Option<Format>, as_thumbnail: bool) -> Result<(), ApiError> {
    if bytes.is_empty() {
        return Err(ApiError::bad("file must be non-empty"));
    }
    let facts = probe(bytes);
    let own = match facts.format {
        probe::Format::Tgs => Some(Format::Animated),
        probe::Format::Webm => Some(Format::Video),
        probe::Format::Png | probe::Format::Webp | probe::Format::Jpeg => Some(Format::Static),
        _ => None,
    };
    let format = format.or(own);
    let most = match (format, as_thumbnail) {
        (Some(Format::Static), false) => 512 * KIB,
        (Some(Format::Static), true) => 128 * KIB,
        (Some(Format::Animated), false) => 64 * KIB,
        (Some(Format::Video), false) => 256 * KIB,
        (Some(_), true) => 32 * KIB,
        (None, _) => return Err(ApiError::bad("STICKER_FILE_INVALID")),
    };
    if bytes.len() > most {
        return Err(ApiError::bad("file is too big"));
    }
    if own != format {
        return Err(ApiError::bad(match format {
            Some(Format::Animated) => "STICKER_TGS_NOTGS",
            Some(Format::Video) => "STICKER_VIDEO_NOWEBM",
            _ => "STICKER_PNG_NOPNG",
        }));
    }
    let longest = facts.width.max(facts.height);
    // A custom emoji has 100 pixels, as a thumbnail has.
    let fits = longest == 100 || (longest == 512 && !as_thumbnail);
    if format == Some(Format::Static) && !fits {
        return Err(ApiError::bad("STICKER_PNG_DIMENSIONS"));
    }
    Ok(())
}

/// A set's name begins with a letter, holds letters, digits and single underscores, and ends in `_by_` and the bot.
pub(super) fn check_name(name: &str, username: &str) -> Result<(), ApiError> {
    if name.is_empty() {
        return Err(ApiError::bad("sticker set name must be non-empty"));
    }
    let ending = format!("_by_{}", username.to_lowercase());
    let is_fine = name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.contains("__")
        && name.to_lowercase().strip_suffix(&ending).is_some_and(|rest| !rest.is_empty());
    if is_fine { Ok(()) } else { Err(ApiError::bad("invalid sticker set name is specified")) }
}

/// One to twenty emoji; the error is what Telegram says of them.
pub(super) fn emoji_list(list: &Value) -> Result<Vec<String>, String> {
    let list = list.as_array().ok_or("expected an Array of string")?;
    if list.is_empty() {
        return Err("emoji list must be non-empty".to_owned());
    }
    if list.len() > MOST_EMOJI {
        return Err("too many emoji specified".to_owned());
    }
    let emoji = |value: &Value| {
        let word = value.as_str().ok_or("emoji must be a string")?;
        // No emoji begins with a letter, and each is a few code points long.
        let is_emoji = (1..=12).contains(&word.chars().count())
            && word.chars().any(|letter| !letter.is_ascii() || letter == '\u{20e3}')
            && !word.chars().any(char::is_alphabetic);
        if is_emoji { Ok(word.to_owned()) } else { Err("expected a Unicode emoji".to_owned()) }
    };
    list.iter().map(emoji).collect()
}

pub(super) fn keywords(list: &Value) -> Result<Vec<String>, ApiError> {
    let Value::Array(list) = list else {
        return if list.is_null() {
            Ok(Vec::new())
        } else {
            Err(ApiError::bad("field \"keywords\" must be an Array"))
        };
    };
    let word = |value: &Value| {
        value.as_str().map(str::to_owned).ok_or_else(|| ApiError::bad("keyword must be a string"))
    };
    let words = list.iter().map(word).collect::<Result<Vec<_>, _>>()?;
    let length: usize = words.iter().map(|word| word.chars().count()).sum();
    if words.len() > MOST_KEYWORDS || length > MOST_KEYWORD_LENGTH {
        return Err(ApiError::bad("STICKER_KEYWORDS_TOO_MUCH"));
    }
    Ok(words)
}

/// `MaskPosition` as JSON; `None` when none is given.
pub(super) fn mask_position(given: &Value) -> Result<Option<String>, ApiError> {
    let wrong = |text: &str| ApiError::bad(&format!("can't parse mask position: {text}"));
    match given {
        Value::Null => return Ok(None),
        Value::Object(fields) if fields.is_empty() => return Ok(None),
        Value::Object(_) => {}
        _ => return Err(wrong("mask position must be an Object")),
    }
    let point =
        given["point"].as_str().ok_or_else(|| wrong("Can't find field \"point\""))?.trim().to_lowercase();
    if !["forehead", "eyes", "mouth", "chin"].contains(&point.as_str()) {
        return Err(wrong("wrong point specified"));
    }
    let number = |name: &str| {
        let value = &given[name];
        let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
        number.ok_or_else(|| wrong(&format!("Can't find field \"{name}\"")))
    };
    let (x, y, scale) = (number("x_shift")?, number("y_shift")?, number("scale")?);
    Ok(Some(json!({"point": point, "x_shift": x, "y_shift": y, "scale": scale}).to_string()))
}
