//! `POST /api/act`.

use axum::extract::State;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::send::{Saying, Sending};
use super::{Answer, Failure, Json, parse};
use crate::ids::{BotId, ChatId, MessageId, PersonId, UserId};
use crate::world::World;
use crate::world::member::{Rights, Status};
use crate::world::setup::{BotSpec, PersonSpec};

/// One thing to do.
#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
enum Act {
    Say(Saying),
    SendFile(Sending),
    Edit {
        #[serde(flatten)]
        at: At,
        text: String,
    },
    Delete(At),
    Forward {
        #[serde(flatten)]
        at: At,
        to: ChatId,
        topic: Option<MessageId>,
    },
    Tap {
        #[serde(flatten)]
        at: At,
        label: String,
    },
    React {
        #[serde(flatten)]
        at: At,
        emoji: Option<String>,
    },
    Vote {
        #[serde(flatten)]
        at: At,
        options: Vec<usize>,
    },
    Pin(At),
    Unpin(At),
    Start {
        #[serde(rename = "as")]
        person: PersonId,
        bot: BotId,
        payload: Option<String>,
    },
    Block {
        #[serde(rename = "as")]
        person: PersonId,
        bot: BotId,
    },
    Unblock {
        #[serde(rename = "as")]
        person: PersonId,
        bot: BotId,
    },
    Join(Here),
    Leave(Here),
    Kick {
        #[serde(flatten)]
        here: Here,
        who: i64,
    },
    AddMember {
        #[serde(rename = "as")]
        person: Option<PersonId>,
        chat: ChatId,
        who: i64,
        status: Option<String>,
    },
    Promote {
        #[serde(rename = "as")]
        person: Option<PersonId>,
        chat: ChatId,
        who: i64,
        rights: Option<Rights>,
    },
    Demote {
        #[serde(rename = "as")]
        person: Option<PersonId>,
        chat: ChatId,
        who: i64,
    },
    CreateTopic {
        #[serde(flatten)]
        here: Here,
        name: String,
    },
    RenameTopic {
        #[serde(flatten)]
        here: Here,
        topic: MessageId,
        name: String,
    },
    CloseTopic {
        #[serde(flatten)]
        here: Here,
        topic: MessageId,
    },
    ReopenTopic {
        #[serde(flatten)]
        here: Here,
        topic: MessageId,
    },
    DeleteTopic {
        #[serde(flatten)]
        here: Here,
        topic: MessageId,
    },
    Migrate {
        chat: ChatId,
    },
    CreatePerson {
        first_name: String,
        last_name: Option<String>,
        username: Option<String>,
        language: Option<String>,
    },
    CreateBot {
        username: String,
        name: Option<String>,
        token: Option<String>,
        privacy: Option<bool>,
    },
    CreateGroup(Founding),
    CreateSupergroup(Founding),
    CreateForum(Founding),
    Deactivate {
        who: PersonId,
    },
    Privacy {
        bot: BotId,
        on: bool,
    },
    RawUpdate {
        bot: BotId,
        update: Value,
    },
    Latency {
        ms: i64,
    },
    Newer {
        on: bool,
    },
}

/// A person at a message.
#[derive(Deserialize)]
struct At {
    #[serde(rename = "as")]
    person: PersonId,
    chat: ChatId,
    message: MessageId,
}

/// A person in a chat.
#[derive(Deserialize)]
struct Here {
    #[serde(rename = "as")]
    person: PersonId,
    chat: ChatId,
}

#[derive(Deserialize)]
struct Founding {
    #[serde(rename = "as")]
    person: PersonId,
    title: String,
}

pub(super) async fn act(State(world): State<World>, body: Bytes) -> Answer {
    let act: Act = parse(&body)?;
    perform(&world, act).map(Json)
}

fn perform(world: &World, act: Act) -> Result<Value, Failure> {
    match act {
        Act::Say(saying) => return saying.perform(world),
        Act::SendFile(sending) => return sending.perform(world),
        Act::Edit { at, text } => world.edit(at.person, at.chat, at.message, &text)?,
        Act::Delete(at) => world.delete(at.person, at.chat, at.message)?,
        Act::Forward { at, to, topic } => {
            let id = world.forward(at.person, at.chat, at.message, to, topic)?;
            return Ok(json!({"message": id, "messages": [id]}));
        }
        Act::Tap { at, label } => {
            return Ok(json!({"callback": world.tap(at.person, at.chat, at.message, &label)?}));
        }
        Act::React { at, emoji } => world.react(at.person, at.chat, at.message, emoji.as_deref())?,
        Act::Vote { at, options } => world.vote(at.person, at.chat, at.message, &options)?,
        Act::Pin(at) => world.pin(at.person, at.chat, at.message)?,
        Act::Unpin(at) => world.unpin(at.person, at.chat, at.message)?,
        Act::Start { person, bot, payload } => {
            let id = world.start(person, bot, payload.as_deref())?;
            return Ok(json!({"message": id, "messages": [id]}));
        }
        Act::Block { person, bot } => world.block(person, bot),
        Act::Unblock { person, bot } => world.unblock(person, bot),
        other => return perform_in_group(world, other),
    }
    Ok(json!({}))
}

fn perform_in_group(world: &World, act: Act) -> Result<Value, Failure> {
    match act {
        Act::Join(here) => world.join(here.person, here.chat)?,
        Act::Leave(here) => world.leave(here.person, here.chat)?,
        Act::Kick { here, who } => world.kick(here.person, here.chat, UserId(who))?,
        Act::AddMember { person, chat, who, status } => {
            let status = match status.as_deref() {
                None | Some("member") => Status::Member,
                Some("administrator") => Status::Administrator(Rights::usual()),
                Some("restricted") => Status::Restricted,
                Some(other) => {
                    return Err(Failure::bad(format!(
                        "{other:?} is no status: member, administrator or restricted"
                    )));
                }
            };
            world.add_member_by(person, chat, UserId(who), status)?;
        }
        Act::Promote { person, chat, who, rights } => {
            let status = Status::Administrator(rights.unwrap_or_else(Rights::usual));
            world.add_member_by(person, chat, UserId(who), status)?;
        }
        Act::Demote { person, chat, who } => {
            world.add_member_by(person, chat, UserId(who), Status::Member)?;
        }
        Act::CreateTopic { here, name } => {
            return Ok(json!({"topic": world.create_topic(here.person, here.chat, &name)?}));
        }
        Act::RenameTopic { here, topic, name } => world.rename_topic(here.person, here.chat, topic, &name)?,
        Act::CloseTopic { here, topic } => world.close_topic(here.person, here.chat, topic)?,
        Act::ReopenTopic { here, topic } => world.reopen_topic(here.person, here.chat, topic)?,
        Act::DeleteTopic { here, topic } => world.delete_topic(here.person, here.chat, topic)?,
        Act::Migrate { chat } => return Ok(json!({"chat": world.migrate(chat)?})),
        other => return perform_on_world(world, other),
    }
    Ok(json!({}))
}

fn perform_on_world(world: &World, act: Act) -> Result<Value, Failure> {
    match act {
        Act::CreatePerson { first_name, last_name, username, language } => {
            let person = world.add_person_as(PersonSpec { first_name, last_name, username, language });
            return Ok(json!({ "person": person }));
        }
        Act::CreateBot { username, name, token, privacy } => {
            let name = name.unwrap_or_else(|| username.clone());
            let bot = world.add_bot(BotSpec { username, name, token, privacy: privacy.unwrap_or(true) });
            return Ok(json!({"bot": bot.id, "token": bot.token}));
        }
        Act::CreateGroup(founding) => {
            return Ok(json!({"chat": world.add_group(&founding.title, founding.person)}));
        }
        Act::CreateSupergroup(founding) => {
            return Ok(json!({"chat": world.add_supergroup(&founding.title, founding.person)}));
        }
        Act::CreateForum(founding) => {
            return Ok(json!({"chat": world.add_forum(&founding.title, founding.person)}));
        }
        Act::Deactivate { who } => world.deactivate(who),
        Act::Privacy { bot, on } => world.set_privacy(bot, on),
        Act::RawUpdate { bot, update } => return Ok(json!({"update": world.send_raw_update(bot, update)})),
        Act::Latency { ms } => world.set_latency(ms.saturating_mul(1_000)),
        Act::Newer { on } => world.set_newer(on),
        _ => return Err(Failure::bad("this act is not carried out here")),
    }
    Ok(json!({}))
}
