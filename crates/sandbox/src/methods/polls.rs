//! sendPoll and stopPoll.

use serde_json::{Value, json};

use super::{ApiError, Done, Outcome, Request};
use crate::text::utf16_len;
use crate::world::chat::ChatKind;
use crate::world::message::{Content, Kind};
use crate::world::poll::{Poll, PollChoice, Words};

/// Seconds that a poll may stay open: 5 to a little over 30 days.
const OPEN_FOR: std::ops::RangeInclusive<i64> = 5..=2_628_000;

impl Request<'_> {
    pub(super) fn send_poll(&mut self) -> Outcome {
        let chat = self.writable()?;
        let poll = self.poll()?;
        // Nothing is booked before the rest of the call is known to be right.
        self.check_message(chat)?;
        let restricted = poll.members_only || !poll.country_codes.is_empty();
        if restricted && self.place(chat)?.kind != ChatKind::Channel {
            return Err(ApiError::bad("poll voters can be restricted only in channel chats"));
        }
        let content = self.state.poll(poll);
        self.post(chat, content)
    }

    fn poll(&mut self) -> Result<Poll, ApiError> {
        let question = only_emoji(self.words("question")?);
        let choices = self.poll_choices()?;
        check(&question, &choices)?;
        let quiz = match self.params.text("type").as_deref() {
            Some("quiz") => true,
            None | Some("regular") => false,
            Some(_) => return Err(ApiError::bad("unsupported poll type specified")),
        };
        let description = self.words("description")?;
        let media = self.poll_media("media")?;
        let mut poll = Poll {
            question,
            choices,
            description,
            media,
            anonymous: !self.params.map.contains_key("is_anonymous") || self.params.flag("is_anonymous"),
            multiple: self.params.flag("allows_multiple_answers"),
            revoting: self.switch("allows_revoting", !quiz),
            members_only: self.params.flag("members_only"),
            country_codes: self.params.list("country_codes").unwrap_or_default(),
            quiz,
            closed: self.params.flag("is_closed"),
            owner: Some(self.bot.0),
            ..Poll::default()
        };
        if quiz {
            self.quiz(&mut poll)?;
        }
        self.closing(&mut poll)?;
        Ok(poll)
    }

    fn switch(&self, name: &str, default: bool) -> bool {
        if self.params.map.contains_key(name) { self.params.flag(name) } else { default }
    }

    /// A text parameter with its parse mode or entities.
    fn words(&self, name: &str) -> Result<Words, ApiError> {
        let raw = self.params.text(name).unwrap_or_default();
        let given = self.params.json(&format!("{name}_entities"));
        let mode = self.params.text(&format!("{name}_parse_mode"));
        let (text, entities) = self.formatted(&raw, given, mode.as_deref())?;
        Ok(Words { text, entities })
    }

    fn poll_choices(&mut self) -> Result<Vec<PollChoice>, ApiError> {
        let given = match self.params.json("options") {
            Some(Value::Array(given)) => given.clone(),
            Some(Value::String(text)) if !text.is_empty() => {
                return Err(ApiError::bad("can't parse options JSON object"));
            }
            None | Some(Value::String(_)) => return Err(ApiError::bad("can't parse options JSON object")),
            Some(_) => return Err(ApiError::bad("expected an Array of String as options")),
        };
        given.iter().map(|option| self.poll_choice(option)).collect()
    }

    fn poll_choice(&mut self, given: &Value) -> Result<PollChoice, ApiError> {
        let text = match given {
            Value::String(text) => text,
            Value::Object(fields) => match fields.get("text") {
                Some(Value::String(text)) => text,
                _ => return Err(ApiError::bad("can't find field \"text\"")),
            },
            _ => return Err(ApiError::bad("expected an option to be of type String")),
        };
        let entities = given.get("text_entities");
        let mode = given.get("text_parse_mode").and_then(Value::as_str);
        let (text, entities) = self.formatted(text, entities, mode)?;
        let media = match given.get("media").filter(|media| !media.is_null()) {
            None => String::new(),
            Some(media) => {
                let media = media.clone();
                self.poll_medium(&media, true).map_err(|error| failed("poll option media", &error))?
            }
        };
        Ok(PollChoice { words: only_emoji(Words { text, entities }), media, voters: 0 })
    }

    /// A `PollMedia` object from an `InputPollMedia` parameter; empty without one.
    fn poll_media(&mut self, name: &str) -> Result<String, ApiError> {
        let Some(media) = self.object(name) else { return Ok(String::new()) };
        let media = media.map_err(|()| ApiError::bad("can't parse InputPollMedia JSON object"))?;
        self.poll_medium(&media, false).map_err(|error| failed("InputPollMedia", &error))
    }

    fn poll_medium(&mut self, item: &Value, for_option: bool) -> Result<String, ApiError> {
        let kind = item["type"].as_str().ok_or_else(|| ApiError::bad("expected an Object"))?;
        let number = |name: &str| {
            item[name].as_f64().ok_or_else(|| ApiError::bad(&format!("can't find field \"{name}\"")))
        };
        let place = match kind {
            "location" | "venue" => {
                json!({"latitude": number("latitude")?, "longitude": number("longitude")?})
            }
            "link" if for_option => {
                let url = item["url"].as_str().ok_or_else(|| ApiError::bad("can't find field \"url\""))?;
                return Ok(json!({"link": {"url": url}}).to_string());
            }
            "audio" | "document" if for_option => return Err(ApiError::bad("invalid type specified")),
            _ => {
                let content = self.media_item(item, false)?;
                return Ok(format!(r#"{{"{}":{}}}"#, content.kind.field(), content.body));
            }
        };
        if kind == "location" {
            return Ok(json!({ "location": place }).to_string());
        }
        let text = |name: &str| item[name].as_str().unwrap_or_default();
        let venue = json!({"location": place, "title": text("title"), "address": text("address")});
        Ok(json!({ "venue": venue }).to_string())
    }

    fn quiz(&mut self, poll: &mut Poll) -> Result<(), ApiError> {
        let given = match self.params.json("correct_option_ids") {
            Some(Value::Array(ids)) => {
                let number = |id: &Value| {
                    id.as_i64()
                        .ok_or_else(|| ApiError::bad("correct option identifier must be of type Number"))
                };
                ids.iter().map(number).collect::<Result<Vec<_>, _>>()?
            }
            Some(Value::String(text)) if text.is_empty() => Vec::new(),
            Some(Value::String(_)) => {
                return Err(ApiError::bad("can't parse correct option identifiers JSON object"));
            }
            Some(_) => return Err(ApiError::bad("expected an Array of correct option identifiers")),
            None => self.params.int("correct_option_id").into_iter().collect(),
        };
        let wrong = || ApiError::bad("wrong quiz correct_option_id");
        if given.is_empty() {
            return Err(ApiError::bad("correct quiz option list must be non-empty"));
        }
        if !given.is_sorted_by(|one, next| one < next) {
            return Err(ApiError::bad("correct quiz option list must be increasing"));
        }
        let index = |id: &i64| {
            usize::try_from(*id).ok().filter(|index| *index < poll.choices.len()).ok_or_else(wrong)
        };
        poll.correct = given.iter().map(index).collect::<Result<Vec<_>, _>>()?;
        poll.explanation = self.words("explanation")?;
        if utf16_len(&poll.explanation.text) > 200 || poll.explanation.text.matches('\n').count() > 2 {
            return Err(ApiError::bad("POLL_EXPLANATION_INVALID"));
        }
        poll.explanation_media = self.poll_media("explanation_media")?;
        Ok(())
    }

    fn closing(&mut self, poll: &mut Poll) -> Result<(), ApiError> {
        let now = self.state.clock.seconds();
        let period = self.params.int("open_period").unwrap_or(0).clamp(0, *OPEN_FOR.end());
        let date = self.params.int("close_date").unwrap_or(0);
        if period != 0 {
            poll.open_period = period;
            poll.close_date = now.saturating_add(period);
        } else if date != 0 {
            poll.open_period = date.saturating_sub(now);
            poll.close_date = date;
        } else {
            return Ok(());
        }
        // A date is cut to whole seconds on its way here: 5 s from now may have become a little less.
        let shortest = if period == 0 { *OPEN_FOR.start() - 1 } else { *OPEN_FOR.start() };
        if !(shortest..=*OPEN_FOR.end()).contains(&poll.open_period) {
            return Err(ApiError::bad("POLL_CLOSE_DATE_INVALID"));
        }
        Ok(())
    }

    pub(super) fn stop_poll(&mut self) -> Outcome {
        let (chat, old) = self.editable_as("message with poll to stop")?;
        if old.content.kind != Kind::Poll || !old.origin.is_empty() {
            return Err(ApiError::bad("message with poll to stop not found"));
        }
        let markup = self.markup(chat)?;
        let id = old.content.body.to_string();
        if !self.state.close_poll(&id) {
            return Err(ApiError::bad("poll has already been closed"));
        }
        if let Some(message) =
            self.state.chats.get_mut(&chat).and_then(|place| place.messages.get_mut(&old.id))
        {
            message.markup = markup.inline.into();
        }
        self.state.publish(chat, old.id, "edited_message");
        let poll = self.state.polls.get(&id).map(|poll| poll.json(false));
        Ok(Done { result: poll.unwrap_or_default(), messages: vec![old.id] })
    }

    /// A poll of one's own for a copy of a message with a poll.
    pub(super) fn poll_copy(&mut self, source: &Content) -> Result<Content, ApiError> {
        let known = self.state.polls.get(&*source.body);
        // How a quiz is to be answered is known for one's own only.
        let known = known.filter(|poll| !poll.quiz || poll.owner == Some(self.bot.0));
        let mut poll = known.cloned().ok_or_else(|| ApiError::bad("message can't be copied"))?;
        poll.votes.clear();
        poll.choices.iter_mut().for_each(|choice| choice.voters = 0);
        (poll.open_period, poll.close_date) = (0, 0);
        poll.owner = Some(self.bot.0);
        Ok(self.state.poll(poll))
    }
}

fn failed(what: &str, error: &ApiError) -> ApiError {
    let text = error.description.strip_prefix("Bad Request: ").unwrap_or(&error.description);
    ApiError::bad(&format!("failed to parse {what}: {text}"))
}

/// Questions and options keep custom emoji and no other entity.
fn only_emoji(words: Words) -> Words {
    if words.entities.is_empty() {
        return words;
    }
    let mut entities: Vec<Value> = serde_json::from_str(&words.entities).unwrap_or_default();
    entities.retain(|entity| entity["type"] == "custom_emoji");
    let entities = if entities.is_empty() { String::new() } else { Value::from(entities).to_string() };
    Words { text: words.text, entities }
}

fn check(question: &Words, choices: &[PollChoice]) -> Result<(), ApiError> {
    if question.text.is_empty() {
        return Err(ApiError::bad("text must be non-empty"));
    }
    if question.text.chars().count() > 300 {
        return Err(ApiError::bad("poll question length must not exceed 300"));
    }
    if choices.is_empty() {
        return Err(ApiError::bad("poll must have at least one answer option"));
    }
    if choices.len() > 12 {
        return Err(ApiError::bad("poll can't have more than 12 options"));
    }
    if choices.iter().any(|choice| choice.words.text.is_empty()) {
        return Err(ApiError::bad("poll option must be non-empty"));
    }
    if choices.iter().any(|choice| choice.words.text.chars().count() > 100) {
        return Err(ApiError::bad("poll options length must not exceed 100"));
    }
    Ok(())
}
