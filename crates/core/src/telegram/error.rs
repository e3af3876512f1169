use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;

/// How a call to the Bot API ended, if not well. The class decides what becomes of the job; no text of
/// it ever holds the token, since no URL is kept.
#[derive(Debug, Error)]
pub enum CallError {
    /// Telegram understood and said no (400, 403, 404 …): the same call will be refused again.
    #[error("{0}")]
    Refused(Refusal),
    /// 429: no call to this chat before that time has passed.
    #[error("too many requests, Telegram asks to wait {} s", .0.as_secs())]
    RetryAfter(Duration),
    /// The group is a supergroup now, under this id, for ever.
    #[error("the group became a supergroup")]
    Migrated(i64),
    /// 401, or 404 for everything: the token is wrong or was revoked.
    #[error("Telegram does not accept the token; check TELEGRAM_BOT_TOKEN, or make a new one at @BotFather")]
    Unauthorized,
    /// The call did not reach Telegram or was not taken (no connection, 5xx): try again later.
    #[error("Telegram is out of reach: {0}")]
    Outage(String),
    /// The call went out and no answer came back: it may have been done or not.
    #[error("no answer from Telegram: {0}")]
    Unclear(String),
}

/// A refusal in Telegram's words. Shown without what those repeat of the call.
#[derive(Clone, Debug, Error)]
#[error("{code} {}", self.shown())]
pub struct Refusal {
    /// The HTTP-like code of the answer.
    pub code: u16,
    /// Telegram's sentence, such as `Bad Request: message thread not found`.
    pub description: String,
}

impl Refusal {
    /// The description for logs and operators, without what it may repeat of a call.
    pub fn shown(&self) -> String {
        shown(&self.description)
    }

    /// Whether the bot may not write to this chat now: blocked, kicked, deactivated, not a member.
    pub fn is_parking(&self) -> bool {
        self.code == 403
            && !self.has("rights")
            && (self.has("bot was blocked")
                || self.has("bot was kicked")
                || self.has("deactivated")
                || self.has("not a member")
                || self.has("can't initiate")
                || self.has("bot can't send messages to bots"))
    }

    /// Whether the message already reads as asked.
    pub fn is_not_modified(&self) -> bool {
        self.has("message is not modified")
    }

    /// Whether the topic is gone.
    pub fn is_topic_gone(&self) -> bool {
        self.has("message thread not found") || self.has("topic_deleted") || self.has("topic_id_invalid")
    }

    /// Whether the topic is closed and the bot may not write into it.
    pub fn is_topic_closed(&self) -> bool {
        self.has("topic_closed")
    }

    /// Whether Telegram shows this chat to the bot no way: somebody who never wrote to it, a group that it never
    /// was in.
    pub fn is_chat_unknown(&self) -> bool {
        self.has("chat not found")
    }

    fn has(&self, words: &str) -> bool {
        self.description.to_ascii_lowercase().contains(words)
    }
}

/// The longest description that is shown, in characters. Telegram's own stay below.
const LONGEST: usize = 200;
/// Shorter numbers are codes, places in a text and waits; longer ones may be people's ids.
const SHORTEST_ID: usize = 5;

/// Telegram's sentence without what it repeats of the call: words in quotes (`Unsupported start tag "…"`) are
/// somebody's text, long numbers somebody's id.
fn shown(description: &str) -> String {
    let mut text = description.to_owned();
    for quote in ['"', '\u{201c}', '\u{ab}', '`', '\''] {
        withhold_quoted(&mut text, quote);
    }
    let text: String = text.chars().filter(|character| !character.is_control()).take(LONGEST).collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|character: char| character.is_ascii_digit()) {
        let digits =
            rest[at..].find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len() - at);
        out.push_str(&rest[..at]);
        if digits < SHORTEST_ID {
            out.push_str(&rest[at..at + digits]);
            rest = &rest[at + digits..];
        } else {
            out.push('…');
            // With all that hangs on it: a token goes on behind its number.
            let end = rest[at..].find(char::is_whitespace).unwrap_or(rest.len() - at);
            rest = &rest[at + end..];
        }
    }
    out.push_str(rest);
    out
}

/// From the first opening quote to the last closing one: what is quoted may itself hold quotes.
fn withhold_quoted(text: &mut String, quote: char) {
    let closing = match quote {
        '\u{201c}' => '\u{201d}',
        '\u{ab}' => '\u{bb}',
        same => same,
    };
    // The apostrophe of `can't` opens nothing.
    let opens = |at: usize| quote != '\'' || !text[..at].ends_with(char::is_alphanumeric);
    let Some(from) = text.match_indices(quote).map(|(at, _)| at).find(|at| opens(*at)) else { return };
    let from = from + quote.len_utf8();
    // One that is never closed was cut off.
    let to = text.rfind(closing).filter(|to| *to >= from).unwrap_or(text.len());
    text.replace_range(from..to, "…");
}

#[derive(Deserialize)]
pub(super) struct Answer<'a> {
    pub ok: bool,
    #[serde(borrow)]
    pub result: Option<&'a serde_json::value::RawValue>,
    #[serde(default)]
    pub error_code: u16,
    #[serde(default)]
    pub description: String,
    pub parameters: Option<Parameters>,
}

#[derive(Deserialize)]
pub(super) struct Parameters {
    pub retry_after: Option<u64>,
    pub migrate_to_chat_id: Option<i64>,
}

/// Sorts an answer that is not ok. `status` is HTTP's, for answers that carry no code of their own.
pub(super) fn classify(status: u16, answer: Option<Answer<'_>>) -> CallError {
    let Some(answer) = answer else {
        return match status {
            // Too large for whatever stands between us and Telegram: the same call would hold up the whole bot.
            413 | 414 | 431 => CallError::Refused(Refusal {
                code: status,
                description: format!("HTTP {status} without a Bot API answer"),
            }),
            // Anything else that is not Telegram's own word (a proxy's sign-in page, its 200, 403 or 404) refuses
            // nothing: what was to be said waits until Telegram answers.
            _ => CallError::Outage(format!("HTTP {status} without a Bot API answer")),
        };
    };
    let code = if answer.error_code == 0 { status } else { answer.error_code };
    let parameters = answer.parameters.unwrap_or(Parameters { retry_after: None, migrate_to_chat_id: None });
    if let Some(to) = parameters.migrate_to_chat_id {
        return CallError::Migrated(to);
    }
    if let Some(seconds) = parameters.retry_after {
        return CallError::RetryAfter(sane(Duration::from_secs(seconds)));
    }
    match code {
        401 => CallError::Unauthorized,
        // Telegram answers a malformed token with a bare "Not Found".
        404 if answer.description == "Not Found" => CallError::Unauthorized,
        429 => CallError::RetryAfter(Duration::from_secs(1)),
        500.. => CallError::Outage(format!("{code} {}", shown(&answer.description))),
        _ => CallError::Refused(Refusal { code, description: answer.description }),
    }
}

/// Nobody waits longer on one answer's word: after an hour it is asked again.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

fn sane(wait: Duration) -> Duration {
    if wait > LONGEST_WAIT {
        tracing::warn!(
            asked_s = wait.as_secs(),
            waited_s = LONGEST_WAIT.as_secs(),
            "Telegram asks to wait for very long; it is tried again before that"
        );
    }
    wait.min(LONGEST_WAIT)
}

/// Sorts an error of the HTTP client. Its URL, which holds the token, is dropped.
pub(super) fn from_reqwest(error: reqwest::Error) -> CallError {
    let (connect, timeout) = (error.is_connect(), error.is_timeout());
    let text = chain(&error.without_url());
    if connect {
        CallError::Outage(text)
    } else if timeout {
        CallError::Unclear("the time for the call was over".to_owned())
    } else {
        CallError::Unclear(text)
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(status: u16, body: &str) -> CallError {
        classify(status, serde_json::from_str(body).ok())
    }

    #[test]
    fn parameters_decide_before_the_text_does() {
        let flood = sorted(
            429,
            r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}"#,
        );
        assert!(matches!(flood, CallError::RetryAfter(wait) if wait == Duration::from_secs(7)));
        let moved = sorted(
            400,
            r#"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001}}"#,
        );
        assert!(matches!(moved, CallError::Migrated(-1001)));
    }

    #[test]
    fn a_wait_of_days_is_cut_to_an_hour() {
        let days = r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":604800}}"#;
        assert!(matches!(sorted(429, days), CallError::RetryAfter(wait) if wait == Duration::from_hours(1)));
    }

    #[test]
    fn a_blocked_bot_parks_the_chat_and_missing_rights_do_not() {
        let refusal = |description: &str| Refusal { code: 403, description: description.to_owned() };
        assert!(refusal("Forbidden: bot was blocked by the user").is_parking());
        assert!(refusal("Forbidden: bot was kicked from the group chat").is_parking());
        assert!(refusal("Forbidden: user is deactivated").is_parking());
        assert!(!refusal("Bad Request: not enough rights to create a topic").is_parking());
    }

    #[test]
    fn what_a_description_repeats_of_the_call_is_not_shown() {
        let told = |text: &str| Refusal { code: 400, description: text.to_owned() }.to_string();
        assert_eq!(
            told(
                "Bad Request: can't parse entities: unsupported start tag \"my \"own\" words\" at byte offset 5"
            ),
            "400 Bad Request: can't parse entities: unsupported start tag \"…\" at byte offset 5"
        );
        assert_eq!(
            told("inline keyboard button URL 'http://x y' is invalid"),
            "400 inline keyboard button URL '…' is invalid"
        );
        assert_eq!(told("user 2000003 not found, and \"cut off here"), "400 user … not found, and \"…");
        assert_eq!(
            told("bot can't initiate conversation with a user who isn't there"),
            "400 bot can't initiate conversation with a user who isn't there"
        );
        assert_eq!(told("at /bot1000001:secret/getMe of 12 tries"), "400 at /bot… of 12 tries");
        assert!(told(&"x".repeat(5_000)).len() < 300);
        let outage = sorted(500, r#"{"ok":false,"error_code":500,"description":"cannot store \"words\""}"#);
        assert!(!outage.to_string().contains("words"), "{outage}");
    }

    #[test]
    fn a_proxy_page_instead_of_an_answer_is_an_outage() {
        for status in [200, 302, 400, 401, 403, 404, 407, 408, 429, 502] {
            assert!(matches!(sorted(status, "<html>a page</html>"), CallError::Outage(_)), "{status}");
        }
        let large = sorted(413, "<html>Request Entity Too Large</html>");
        assert!(matches!(large, CallError::Refused(_)), "it would hold up everything else for ever");
    }
}
