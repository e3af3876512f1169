//! What bots may know of and do for people and chats: boosts, emoji status, personal channels, verification.

use super::{ApiError, Done, Outcome, Request};
use crate::ids::ChatId;

/// The methods about people.
pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "getUserChatBoosts" => request.user_boosts(),
        "setUserEmojiStatus" => request.set_emoji_status(),
        "getUserPersonalChatMessages" => request.personal_messages(),
        "verifyUser" | "removeUserVerification" => request.verify_user(),
        "verifyChat" | "removeChatVerification" => request.verify_chat(),
        _ => return None,
    })
}

impl Request<'_> {
    fn user_boosts(&mut self) -> Outcome {
        let chat = self.chat()?;
        let user = self.known_user()?;
        let place = self.place(chat)?;
        if !place.status(self.bot.0).is_admin() {
            return Err(ApiError::bad("CHAT_ADMIN_REQUIRED"));
        }
        let boosts = place.boosts.iter().filter(|boost| boost.person == user);
        let boosts: Vec<String> = boosts.map(|boost| self.state.boost_json(boost)).collect();
        Ok(Done::from(format!(r#"{{"boosts":[{}]}}"#, boosts.join(","))))
    }

    fn set_emoji_status(&mut self) -> Outcome {
        let id = self.user()?;
        let emoji = self.params.text("emoji_status_custom_emoji_id").filter(|emoji| emoji != "0");
        let ends = self.params.int("emoji_status_expiration_date").unwrap_or(0);
        let bot = self.bot.0;
        let user = self.state.users.get(&id).filter(|user| user.emoji_bots.contains(&bot));
        if user.is_none() {
            return Err(ApiError::bad("USER_PERMISSION_DENIED"));
        }
        if emoji.as_deref().is_some_and(|emoji| self.state.public_emoji(emoji).is_none()) {
            return Err(ApiError::bad("DOCUMENT_INVALID"));
        }
        if let Some(user) = self.state.users.get_mut(&id) {
            user.emoji_status = emoji.map(|emoji| (emoji, ends));
        }
        self.state.show_person(id);
        Ok(Done::yes())
    }

    fn personal_messages(&mut self) -> Outcome {
        let user = self.user()?;
        let limit = self.params.int("limit").unwrap_or(0);
        if !(1..=20).contains(&limit) {
            return Err(ApiError::bad("limit must be positive and at most 20"));
        }
        let channel = self.state.users.get(&user).and_then(|user| user.personal_chat);
        let place = channel.and_then(|number| self.state.chats.get(&ChatId::Group(number)));
        let messages: Vec<String> = place
            .into_iter()
            .flat_map(|place| place.messages.values().rev().map(move |message| (place, message)))
            .filter(|(_, message)| !message.deleted && !message.content.kind.is_service())
            .take(usize::try_from(limit).unwrap_or_default())
            .map(|(place, message)| self.state.message_json(place, message))
            .collect();
        Ok(Done::from(format!("[{}]", messages.join(","))))
    }

    /// Only organisations that Telegram chose verify others, and no bot here is one's.
    fn verify_user(&mut self) -> Outcome {
        self.user()?;
        Err(ApiError::bad("BOT_VERIFIER_FORBIDDEN"))
    }

    fn verify_chat(&mut self) -> Outcome {
        self.chat_to_read()?;
        Err(ApiError::bad("BOT_VERIFIER_FORBIDDEN"))
    }
}
