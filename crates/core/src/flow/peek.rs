//! What of an update must be known before it is stored: its number, its kind and its lane. Everything
//! else stays as it came, so that nothing newer than this version can break the receiving.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::event::EVENT;
use crate::store::inbox::NewRow;

/// Why something that was received is no update.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnUpdate {
    /// It is no JSON object, or its `update_id` is no number.
    #[error("it has no readable update_id")]
    NoId,
}

/// The longest lane, kind or album, in characters. Telegram's own stay below 40.
const LONGEST_NAME: usize = 128;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Body {
    id: Option<Id>,
    chat: Option<Chat>,
    from: Option<From>,
    user: Option<From>,
    message: Option<Inner>,
    message_thread_id: Option<i64>,
    is_topic_message: Option<bool>,
    media_group_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(i64),
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
}

#[derive(Deserialize)]
struct From {
    id: i64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Inner {
    chat: Option<Chat>,
}

/// Reads one update into the row that is to be stored. A kind or form that is not known goes to a lane
/// of its kind, raw.
pub fn peek(update: &RawValue) -> Result<NewRow, NotAnUpdate> {
    // Owned names: one with an escape in it cannot be borrowed.
    let fields: BTreeMap<String, &RawValue> =
        serde_json::from_str(update.get()).map_err(|_| NotAnUpdate::NoId)?;
    let update_id =
        fields.get("update_id").and_then(|id| id.get().parse::<i64>().ok()).ok_or(NotAnUpdate::NoId)?;
    // Telegram sends one kind an update. Were there ever more, the known one would be the one meant.
    let mut rest = fields.iter().filter(|(name, _)| name.as_str() != "update_id");
    let (kind, raw) = rest
        .clone()
        .find(|(name, _)| KINDS.contains(&name.as_str()))
        .or_else(|| rest.next())
        .map_or(("empty", "null"), |(kind, raw)| (named(kind), raw.get()));
    let body: Body = serde_json::from_str(raw).unwrap_or_default();
    let chat_id =
        body.chat.as_ref().or(body.message.as_ref().and_then(|m| m.chat.as_ref())).map(|chat| chat.id);
    Ok(NewRow {
        update_id: Some(update_id),
        lane: tame(&lane(kind, &body, chat_id)),
        chat_id,
        kind: tame(kind),
        album: body.media_group_id.as_deref().map(tame),
        raw: raw.to_owned(),
    })
}

/// The kind as it may stand in logs. What is not formed like Telegram's names could be anybody's words, and
/// what is named like core's own events must not pass for one.
fn named(kind: &str) -> &str {
    let formed = kind.len() <= 40 && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if formed && kind != EVENT { kind } else { "unknown" }
}

/// What an index of any database takes: PostgreSQL has no NUL in a text and no long text in an index, and a
/// hostile update must not hold up the others.
fn tame(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}

/// The lane of a chat, or of one topic of a forum.
pub fn chat_lane(chat_id: i64, topic: Option<i64>) -> String {
    topic.map_or_else(|| chat_id.to_string(), |topic| format!("{chat_id}/{topic}"))
}

fn lane(kind: &str, body: &Body, chat_id: Option<i64>) -> String {
    // Queries must be answered in seconds, whatever else waits in their chat.
    if let ("callback_query" | "pre_checkout_query" | "shipping_query" | "inline_query", Some(id)) =
        (kind, &body.id)
    {
        return match id {
            Id::Text(id) => format!("q{id}"),
            Id::Number(id) => format!("q{id}"),
        };
    }
    match (chat_id, body.from.as_ref().or(body.user.as_ref())) {
        (Some(chat), _) => {
            chat_lane(chat, body.message_thread_id.filter(|_| body.is_topic_message == Some(true)))
        }
        (None, Some(from)) => from.id.to_string(),
        (None, None) => format!("k{kind}"),
    }
}

/// The kinds that this version understands.
pub const KINDS: &[&str] = &[
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn peeked(json: &str) -> Result<NewRow, NotAnUpdate> {
        peek(&RawValue::from_string(json.to_owned()).unwrap())
    }

    #[test]
    fn a_message_in_a_topic_has_a_lane_of_its_own() {
        let row = peeked(
            r#"{"update_id":7,"message":{"chat":{"id":-100},"message_thread_id":5,"is_topic_message":true}}"#,
        )
        .unwrap();
        assert_eq!((row.update_id, row.lane.as_str(), row.chat_id), (Some(7), "-100/5", Some(-100)));
        let reply =
            peeked(r#"{"update_id":8,"message":{"chat":{"id":-100},"message_thread_id":5}}"#).unwrap();
        assert_eq!(reply.lane, "-100", "a thread of replies is no topic");
    }

    #[test]
    fn a_callback_query_waits_for_nothing_else() {
        let row = peeked(
            r#"{"update_id":1,"callback_query":{"id":"99","from":{"id":5},"message":{"chat":{"id":5}}}}"#,
        )
        .unwrap();
        assert_eq!((row.lane.as_str(), row.chat_id), ("q99", Some(5)));
    }

    #[test]
    fn what_no_index_takes_is_tamed() {
        let odd = peeked(r#"{"update_id":1,"callback_query":{"id":"\u0000bad"}}"#).unwrap();
        assert_eq!(odd.lane, "qbad");
        let long = format!(r#"{{"update_id":2,"callback_query":{{"id":"{}"}}}}"#, "x".repeat(5_000));
        assert_eq!(peeked(&long).unwrap().lane.len(), LONGEST_NAME);
        let album = r#"{"update_id":3,"message":{"chat":{"id":4},"media_group_id":"a\u0000b"}}"#;
        assert_eq!(peeked(album).unwrap().album.as_deref(), Some("ab"));
    }

    #[test]
    fn a_kind_that_is_none_of_telegrams_names_is_not_repeated() {
        for update in [
            r#"{"update_id":5,"my own words":{}}"#,
            r#"{"update_id":5,"Event":{}}"#,
            r#"{"update_id":5,"event":{"event":"started"}}"#,
        ] {
            let row = peeked(update).unwrap();
            assert_eq!((row.kind.as_str(), row.lane.as_str()), ("unknown", "kunknown"), "{update}");
        }
    }

    #[test]
    fn kinds_and_forms_of_tomorrow_are_kept_raw() {
        let row = peeked(r#"{"holograms":{"depth":3},"update_id":2}"#).unwrap();
        assert_eq!(
            (row.kind.as_str(), row.lane.as_str(), row.raw.as_str()),
            ("holograms", "kholograms", r#"{"depth":3}"#)
        );
        let odd = peeked(r#"{"update_id":3,"message":{"chat":"nobody"}}"#).unwrap();
        assert_eq!(odd.lane, "kmessage");
        assert_eq!(peeked(r#"{"update_id":4}"#).unwrap().kind, "empty");
        let bare = peeked(r#"{"message":{}}"#);
        assert_eq!(bare.unwrap_err(), NotAnUpdate::NoId);
        assert_eq!(peeked("[1]").unwrap_err(), NotAnUpdate::NoId);
        assert_eq!(peeked(r#"{"update_id":"x"}"#).unwrap_err(), NotAnUpdate::NoId);
    }
}
