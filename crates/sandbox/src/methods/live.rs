//! Locations, live ones above all.

use serde_json::{Value, json};

use super::{ApiError, Outcome, Request};
use crate::ids::{ChatId, MessageId};
use crate::world::message::{Content, Kind, Message};
use crate::world::state::State;
use crate::world::timers::Due;

/// A live location lasts so many seconds, or for ever.
const LIVE_FOR: std::ops::RangeInclusive<i64> = 60..=86_400;
const FOR_EVER: i64 = 0x7FFF_FFFF;

pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "sendLocation" => request.send_location(),
        "editMessageLiveLocation" => request.edit_location(),
        "stopMessageLiveLocation" => request.stop_location(),
        _ => return None,
    })
}

impl Request<'_> {
    fn send_location(&mut self) -> Outcome {
        let chat = self.writable()?;
        let mut place = self.location()?;
        let period = self.params.int("live_period").unwrap_or(0);
        if period != 0 {
            fits(period)?;
            place["live_period"] = period.into();
            self.direction(&mut place)?;
        }
        let done = self.post(chat, Content::new(Kind::Location, place.to_string()))?;
        if let Some(id) = done.messages.first().filter(|_| period != 0 && period != FOR_EVER) {
            let end = self.state.clock.seconds().saturating_add(period);
            self.state.at_second(end, Due::EndLocation(chat, *id));
        }
        Ok(done)
    }

    /// Latitude, longitude and accuracy.
    pub(super) fn location(&self) -> Result<Value, ApiError> {
        let read = |name: &str, most: f64| {
            let value = self.params.float(name).ok_or_else(|| ApiError::bad(&format!("{name} is empty")))?;
            if value.abs() <= most {
                Ok(value)
            } else {
                Err(ApiError::bad("wrong latitude or longitude specified"))
            }
        };
        let mut place = json!({"latitude": read("latitude", 90.0)?, "longitude": read("longitude", 180.0)?});
        if let Some(accuracy) = self.params.float("horizontal_accuracy").filter(|accuracy| *accuracy > 0.0) {
            place["horizontal_accuracy"] = accuracy.min(1_500.0).into();
        }
        Ok(place)
    }

    /// Where its sender heads, and how near somebody has to come for an alert.
    fn direction(&self, place: &mut Value) -> Result<(), ApiError> {
        for (name, most, wrong) in [
            ("heading", 360, "wrong live location heading specified"),
            ("proximity_alert_radius", 100_000, "wrong live location proximity alert radius specified"),
        ] {
            let value = self.params.int(name).unwrap_or(0);
            if !(0..=most).contains(&value) {
                return Err(ApiError::bad(wrong));
            }
            if value > 0 {
                place[name] = value.into();
            }
        }
        Ok(())
    }

    fn edit_location(&mut self) -> Outcome {
        let mut place = self.location()?;
        let (chat, old) = self.live()?;
        let before: Value = serde_json::from_str(&old.content.body).unwrap_or_default();
        let period = self.params.int("live_period").filter(|period| *period != 0);
        period.map_or(Ok(()), fits)?;
        place["live_period"] = period.map_or_else(|| before["live_period"].clone(), Value::from);
        self.direction(&mut place)?;
        let content = Content { body: place.to_string().into(), ..old.content.clone() };
        let done = self.replace(chat, &old, content, true)?;
        if let Some(period) = period.filter(|period| *period != FOR_EVER) {
            let end = old.date.saturating_add(period);
            self.state.at_second(end, Due::EndLocation(chat, old.id));
        }
        Ok(done)
    }

    fn stop_location(&mut self) -> Outcome {
        let (chat, old) = self.live()?;
        let content = Content { body: ended(&old.content.body).into(), ..old.content.clone() };
        self.replace(chat, &old, content, true)
    }

    fn live(&mut self) -> Result<(ChatId, Message), ApiError> {
        let (chat, old) = self.editable_as("message to edit")?;
        if old.content.kind != Kind::Location || !old.content.body.contains("live_period") {
            return Err(ApiError::bad("message can't be edited"));
        }
        Ok((chat, old))
    }
}

/// Whether a location may be live so long.
fn fits(period: i64) -> Result<(), ApiError> {
    if LIVE_FOR.contains(&period) || period == FOR_EVER {
        return Ok(());
    }
    Err(ApiError::bad("wrong live location period specified"))
}

/// A location without what only live ones have.
fn ended(body: &str) -> String {
    let mut place: Value = serde_json::from_str(body).unwrap_or_default();
    if let Some(fields) = place.as_object_mut() {
        fields.retain(|name, _| matches!(name.as_str(), "latitude" | "longitude" | "horizontal_accuracy"));
    }
    place.to_string()
}

impl State {
    /// A live location is over, unless it was prolonged since.
    pub fn end_location(&mut self, chat: ChatId, id: MessageId) {
        let now = self.clock.seconds();
        let message = self.chats.get_mut(&chat).and_then(|place| place.messages.get_mut(&id));
        let Some(message) = message.filter(|message| message.content.kind == Kind::Location) else { return };
        let place: Value = serde_json::from_str(&message.content.body).unwrap_or_default();
        let Some(period) = place["live_period"].as_i64() else { return };
        if message.date.saturating_add(period) <= now {
            message.content.body = ended(&message.content.body).into();
            self.show(chat, id, "edited");
        }
    }
}
