//! The Bot API's methods.

use std::borrow::Cow;

use serde_json::{Value, json};

mod account;
mod business;
mod chats;
mod commands;
mod compose;
mod copy;
mod drafts;
mod edit;
mod forum;
mod games;
mod inline;
mod invites;
mod live;
mod markup;
mod media;
mod members;
mod names;
mod people;
mod permissions;
mod photos;
mod polls;
mod preview;
mod profile;
mod reactions;
mod send;
mod settings;
mod stickers;
mod target;
mod webhooks;

use crate::ids::{BotId, ChatId, MessageId};
use crate::server::Params;
use crate::world::files::for_bot;
use crate::world::json::Object;
use crate::world::state::State;

/// A method's success.
pub(crate) struct Done {
    /// The result as JSON.
    pub result: String,
    /// The messages that it made.
    pub messages: Vec<MessageId>,
}

impl From<String> for Done {
    fn from(result: String) -> Self {
        Self { result, messages: Vec::new() }
    }
}

impl Done {
    fn yes() -> Self {
        Self::from("true".to_owned())
    }

    /// `true`, with a sentence beside it in the answer.
    fn told(sentence: &str) -> Self {
        Self::from(format!(r#"true,"description":"{sentence}""#))
    }
}

/// A method's failure, in Telegram's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub code: u16,
    pub description: String,
    /// Seconds.
    pub retry_after: Option<i64>,
    pub migrate_to: Option<i64>,
}

impl ApiError {
    pub fn new(code: u16, description: &str) -> Self {
        Self { code, description: description.to_owned(), retry_after: None, migrate_to: None }
    }

    /// 400 with `Bad Request: ` before the text.
    pub fn bad(description: &str) -> Self {
        Self::new(400, &format!("Bad Request: {description}"))
    }

    /// 403 with `Forbidden: ` before the text.
    pub fn forbidden(description: &str) -> Self {
        Self::new(403, &format!("Forbidden: {description}"))
    }

    pub fn too_many(retry_after: i64) -> Self {
        let text = format!("Too Many Requests: retry after {retry_after}");
        Self { retry_after: Some(retry_after), ..Self::new(429, &text) }
    }

    /// Why a bot that has logged out gets nothing.
    pub fn logged_out() -> Self {
        Self::new(400, "Logged out")
    }

    /// The whole answer.
    pub fn json(&self) -> String {
        let mut answer = json!({"ok": false, "error_code": self.code, "description": self.description});
        if let Some(seconds) = self.retry_after {
            answer["parameters"] = json!({"retry_after": seconds});
        }
        if let Some(chat) = self.migrate_to {
            answer["parameters"] = json!({"migrate_to_chat_id": chat});
        }
        answer.to_string()
    }
}

type Outcome = Result<Done, ApiError>;

/// Methods that belong together, in a module of their own: `None` for a method of another family.
type Family = fn(&mut Request<'_>, &str) -> Option<Outcome>;

const FAMILIES: &[Family] = &[
    account::call,
    business::call,
    drafts::call,
    games::call,
    inline::call,
    invites::call,
    live::call,
    media::call,
    members::call,
    people::call,
    photos::call,
    settings::call,
    stickers::call,
];

/// Every method of the Bot API.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    names::METHODS.iter().copied()
}

/// The method as the Bot API spells it, whatever the case; `None` for one that does not exist.
pub(crate) fn known(method: &str) -> Option<&'static str> {
    // One by one: this runs for every call, and a hit costs less than lowering the name.
    names::METHODS.iter().find(|name| name.eq_ignore_ascii_case(method)).copied()
}

/// The chat that a call is about.
pub(crate) fn chat_of(state: &State, bot: BotId, params: &Params) -> Option<ChatId> {
    named_chat(state, bot, params, "chat_id")
}

/// The chat that the parameter `name` names, by number or public username.
fn named_chat(state: &State, bot: BotId, params: &Params, name: &str) -> Option<ChatId> {
    match params.map.get(name)? {
        Value::String(username) if username.starts_with('@') => {
            let number = *state.usernames.get(&username[1..].to_lowercase())?;
            (number < 0).then_some(ChatId::Group(number))
        }
        _ => params.int(name).map(|number| State::chat_of(bot, number)),
    }
}

/// Carries out a method. `method` is spelled as [`known`] returns it.
pub(crate) fn call(state: &mut State, bot: BotId, method: &str, params: &Params) -> Outcome {
    let now = state.clock.now();
    if !state.bots.get_mut(&bot).is_none_or(|account| account.admit(now)) {
        return Err(ApiError::logged_out());
    }
    let done = perform(&mut Request { state, bot, params }, method)?;
    Ok(match for_bot(&done.result, bot) {
        Cow::Owned(result) => Done { result, ..done },
        Cow::Borrowed(_) => done,
    })
}

fn perform(call: &mut Request<'_>, method: &str) -> Outcome {
    match method {
        "getMe" => Ok(Done::from(call.me())),
        "setWebhook" => call.set_webhook(),
        "deleteWebhook" => call.delete_webhook(),
        "getWebhookInfo" => call.webhook_info(),
        "sendMessage" => call.send_message(),
        "sendVenue" => call.send_venue(),
        "sendContact" => call.send_contact(),
        "sendDice" => call.send_dice(),
        "sendPoll" => call.send_poll(),
        "stopPoll" => call.stop_poll(),
        "sendChatAction" => call.send_chat_action(),
        "copyMessage" => call.copy_message(),
        "copyMessages" => call.many(false),
        "forwardMessage" => call.forward_message(),
        "forwardMessages" => call.many(true),
        "editMessageText" => call.edit_text(),
        "editMessageCaption" => call.edit_caption(),
        "editMessageReplyMarkup" => call.edit_markup(),
        "deleteMessage" => call.delete_message(),
        "deleteMessages" => call.delete_messages(),
        "setMessageReaction" => call.set_reaction(),
        "deleteMessageReaction" => call.delete_reaction(),
        "deleteAllMessageReactions" => call.delete_all_reactions(),
        "answerCallbackQuery" => call.answer_callback(),
        "pinChatMessage" => call.pin_message(),
        "unpinChatMessage" => call.unpin_message(),
        "unpinAllChatMessages" => call.unpin_all(None),
        _ => call_of_chats(call, method),
    }
}

/// Methods about chats, their members and topics, and the bot's profile.
fn call_of_chats(call: &mut Request<'_>, method: &str) -> Outcome {
    match method {
        "getChat" => call.get_chat(),
        "getChatMember" => call.get_member(),
        "getChatAdministrators" => call.get_administrators(),
        "getChatMemberCount" => call.get_member_count(),
        "leaveChat" => call.leave_chat(),
        "createForumTopic" => call.create_topic(),
        "editForumTopic" => call.edit_topic(),
        "closeForumTopic" => call.set_topic_closed(true),
        "reopenForumTopic" => call.set_topic_closed(false),
        "deleteForumTopic" => call.delete_topic(),
        "unpinAllForumTopicMessages" => call.unpin_topic(),
        "editGeneralForumTopic" => call.edit_general(),
        "closeGeneralForumTopic" => call.set_general_closed(true),
        "reopenGeneralForumTopic" => call.set_general_closed(false),
        "hideGeneralForumTopic" => call.set_general_hidden(true),
        "unhideGeneralForumTopic" => call.set_general_hidden(false),
        "unpinAllGeneralForumTopicMessages" => call.unpin_general(),
        "setMyCommands" => call.set_commands(),
        "getMyCommands" => call.get_commands(),
        "deleteMyCommands" => call.delete_commands(),
        "setMyName" => call.set_profile("name"),
        "getMyName" => call.get_profile("name"),
        "setMyDescription" => call.set_profile("description"),
        "getMyDescription" => call.get_profile("description"),
        "setMyShortDescription" => call.set_profile("short_description"),
        "getMyShortDescription" => call.get_profile("short_description"),
        "setChatMenuButton" => call.set_menu_button(),
        "getChatMenuButton" => call.get_menu_button(),
        _ => FAMILIES.iter().find_map(|family| family(call, method)).unwrap_or_else(|| {
            Err(ApiError::new(501, &format!("Not Implemented: the sandbox has no method {method} yet")))
        }),
    }
}

/// A call at work.
struct Request<'a> {
    state: &'a mut State,
    bot: BotId,
    params: &'a Params,
}

impl Request<'_> {
    fn me(&self) -> String {
        let account = self.state.bots.get(&self.bot);
        let json = self.state.users.get(&self.bot.0).map(|user| user.json.clone()).unwrap_or_default();
        let mut object = Object::with_capacity(512);
        object
            .fields(json.trim_start_matches('{').trim_end_matches('}'))
            .plain("can_join_groups", account.is_none_or(|account| account.can_join_groups))
            .plain("can_read_all_group_messages", account.is_some_and(|account| !account.privacy))
            .plain("supports_inline_queries", account.is_some_and(|account| account.modes.inline))
            .plain("can_connect_to_business", account.is_some_and(|account| account.modes.business))
            .plain("has_main_web_app", false)
            .plain("has_topics_enabled", false)
            .newer(self.state.settings.newer);
        object.end()
    }
}
