//! What each event means to the desk. Pure; reads like a table of contents.

use frontdesk_core::flow::{Event, JobResult};
use frontdesk_core::telegram::Me;
use teloxide::types::Message;

use crate::domain::command::{Command, Parsed, is_internal, parse};
use crate::domain::tag::Tag;
use crate::said::{Edited, Said, Sort, mentions, sort, without_mentions};

/// What routing needs to know of the desk.
#[derive(Clone, Copy, Debug)]
pub struct Here<'a> {
    /// The bot.
    pub me: &'a Me,
    /// The staff group's id of today.
    pub staff_chat: i64,
    /// Who may change settings.
    pub admins: &'a [i64],
}

/// Everything that the bot does.
#[derive(Debug, PartialEq)]
pub enum Route {
    /// /start in a private chat.
    Greet(Said),
    /// /help, and a command that nobody knows, in a private chat.
    Help(Said),
    /// /help in a customer group.
    GroupHelp(Said),
    /// A customer writes in their private chat.
    Write(Said),
    /// /ask in a group, or a mention of the bot.
    Ask(Said),
    /// /ask without a question.
    EmptyAsk(Said),
    /// /t, with what follows it.
    Continue(Said, String),
    /// An answer to a message of the bot in a group; true: it mentions the bot too.
    Reply(Said, bool),
    /// A kind of message that cannot be passed on.
    CannotCarry(Said),
    /// A customer edited a message.
    CustomerEdit(Edited),

    /// /addgroup in a group.
    AddGroup(Said),
    /// /removegroup, with the id that follows it.
    RemoveGroup(Said, String),
    /// /listgroups.
    ListGroups(Said),
    /// /addgroup where there is no group to add.
    AddGroupElsewhere(Said),
    /// A command of administrators, by somebody else.
    AdminsOnly(Said),

    /// A staff member writes in a topic, or answers a message in General.
    StaffWrite(Said),
    /// /close or /done.
    Close(Said),
    /// /reopen.
    Reopen(Said),
    /// /help in the staff group.
    StaffHelp(Said),
    /// A command in a topic that nobody knows: no customer gets it.
    StaffUnknown(Said),
    /// Staff edited a message.
    StaffEdit(Edited),
    /// /retry, or the bot's place in the staff group changed: what could not be brought is tried again.
    Retry(Option<Said>),

    /// A group became a supergroup.
    Moved {
        /// Its old id.
        from: i64,
        /// Its id for ever.
        to: i64,
    },
    /// A job that was asked for has ended.
    Ended(Tag, JobResult),
}

/// What an event means. `None`: nothing.
pub fn route(event: &Event, here: &Here<'_>) -> Option<Route> {
    match event {
        Event::Message(message) => said(std::slice::from_ref(&**message), here),
        Event::Album(parts) => said(parts, here),
        Event::EditedMessage(message) => edited(message, here),
        Event::MyChatMember(change) if change.chat.id.0 == here.staff_chat => {
            change.new_chat_member.is_present().then_some(Route::Retry(None))
        }
        Event::Job(result) => Some(Route::Ended(Tag::from_text(&result.tag)?, result.clone())),
        _ => None,
    }
}

fn said(parts: &[Message], here: &Here<'_>) -> Option<Route> {
    let first = parts.first()?;
    if let Some(to) = first.migrate_to_chat_id() {
        return Some(Route::Moved { from: first.chat.id.0, to: to.0 });
    }
    let sort = sort(first);
    if sort == Sort::Service || first.chat.is_channel() {
        return None;
    }
    let said = Said::of(parts, here.me.id)?;
    if said.chat_id == here.staff_chat {
        return if sort == Sort::Unknown { in_topic(said, Route::CannotCarry) } else { staff(said, here) };
    }
    match sort {
        Sort::Content if first.chat.is_private() => private(said, here),
        Sort::Content => group(said, parts, here),
        Sort::Unknown if first.chat.is_private() => Some(Route::CannotCarry(said)),
        _ => None,
    }
}

fn private(said: Said, here: &Here<'_>) -> Option<Route> {
    // What stands under a picture is a caption, not a command.
    if said.has_media {
        return Some(Route::Write(said));
    }
    let text = said.text.clone();
    let Command { name, rest } = match parse(&text, &here.me.username) {
        Parsed::Text => return Some(Route::Write(said)),
        Parsed::ForAnother => return None,
        Parsed::Command(command) => command,
    };
    Some(match name.as_str() {
        "start" => Route::Greet(said),
        "ask" if rest.is_empty() => Route::EmptyAsk(said),
        "ask" => Route::Write(said),
        name => match admin(name, rest, &said, here) {
            Some(route) => route,
            None => Route::Help(said),
        },
    })
}

fn group(said: Said, parts: &[Message], here: &Here<'_>) -> Option<Route> {
    let text = said.text.clone();
    let is_mentioned = mentions(parts, here.me.id, &here.me.username);
    let Command { name, rest } = match parse(&text, &here.me.username) {
        Parsed::Command(command) => command,
        Parsed::ForAnother => return None,
        Parsed::Text if said.reply.is_some_and(|reply| reply.is_ours) => {
            return Some(Route::Reply(said, is_mentioned));
        }
        Parsed::Text if !is_mentioned => return None,
        Parsed::Text => {
            let question = without_mentions(&text, &here.me.username);
            let is_empty = question.is_empty() && !said.has_media;
            return Some(if is_empty { Route::EmptyAsk(said) } else { Route::Ask(said) });
        }
    };
    match name.as_str() {
        "ask" if rest.is_empty() && !said.has_media => Some(Route::EmptyAsk(said)),
        "ask" => Some(Route::Ask(said)),
        "t" | "ticket" => Some(Route::Continue(said, rest.to_owned())),
        "help" | "start" => Some(Route::GroupHelp(said)),
        name => admin(name, rest, &said, here),
    }
}

fn staff(said: Said, here: &Here<'_>) -> Option<Route> {
    let text = said.text.clone();
    let Command { name, rest } = match parse(&text, &here.me.username) {
        Parsed::Command(command) => command,
        Parsed::ForAnother => return None,
        Parsed::Text if is_internal(&text) => return None,
        Parsed::Text => return in_topic(said, Route::StaffWrite),
    };
    match name.as_str() {
        "close" | "done" => Some(Route::Close(said)),
        "reopen" => Some(Route::Reopen(said)),
        "help" | "start" => Some(Route::StaffHelp(said)),
        "retry" => Some(Route::Retry(Some(said))),
        name => match admin(name, rest, &said, here) {
            Some(route) => Some(route),
            None => in_topic(said, Route::StaffUnknown),
        },
    }
}

/// In General only an answer to the bot is meant for a customer; the rest is talk among staff.
fn in_topic(said: Said, route: fn(Said) -> Route) -> Option<Route> {
    let is_meant = said.thread.is_some() || said.reply.is_some_and(|reply| reply.is_ours);
    is_meant.then(|| route(said))
}

/// The commands of administrators. `None`: it is none of them.
fn admin(name: &str, rest: &str, said: &Said, here: &Here<'_>) -> Option<Route> {
    if !matches!(name, "addgroup" | "removegroup" | "listgroups") {
        return None;
    }
    let said = said.clone();
    if !here.admins.contains(&said.from.id) {
        return Some(Route::AdminsOnly(said));
    }
    Some(match name {
        "addgroup" if said.chat_id == here.staff_chat || said.chat_id > 0 => Route::AddGroupElsewhere(said),
        "addgroup" => Route::AddGroup(said),
        "removegroup" => Route::RemoveGroup(said, rest.to_owned()),
        _ => Route::ListGroups(said),
    })
}

fn edited(message: &Message, here: &Here<'_>) -> Option<Route> {
    if sort(message) != Sort::Content || message.chat.is_channel() {
        return None;
    }
    let edited = Edited::of(message, here.me.id)?;
    Some(if edited.said.chat_id == here.staff_chat {
        Route::StaffEdit(edited)
    } else {
        Route::CustomerEdit(edited)
    })
}

#[cfg(test)]
mod tests;
