//! `POST /api/act`.
//!
//! A new act is a struct in the module of its family with `perform`, one variant of [`Act`], and one arm of its
//! `perform`. What it gives back is a field of [`Done`].

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

mod business;
mod chats;
mod group;
mod inline;
mod known;
mod make;
mod members;
mod people;
mod respond;
mod topic;
mod write;

pub use business::{BusinessConnect, BusinessDisconnect};
pub use chats::{CreateChannel, Discussion, InChat, SetPermissions, SetTitle, SetUsername, SlowMode};
pub use group::{AddMember, GivenStatus, Here, Promote};
pub use inline::{ChooseResult, ConfigureBot, CreateGame, InlineQuery, SendPrepared};
pub use make::{CreateBot, CreatePerson, Founding, Latency, Privacy, RawUpdate, Switch, Who};
pub use members::{About, Anonymous, CreateInvite, Join, Restrict, SetTag};
pub use people::{AllowEmojiStatus, EndBoost, HideGeneral, Profile, SendAs};
pub use respond::{At, React, Start, Tap, Vote, WithBot};
pub use topic::{CreateTopic, InTopic, Migrate, RenameTopic};
pub use write::{Edit, Forward, GivenFile, GivenQuality, Say, SendFile, SetPhoto, Writing};

use super::wire::{Answer, Body, Failure, WriteErrors};
use crate::ids::{BotId, ChatId, MessageId, PersonId};
use crate::world::World;

/// One thing to do.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// A person writes.
    Say(Say),
    /// A person sends a file of their own.
    SendFile(SendFile),
    /// A person sets their profile photo or a group's, or takes it away.
    SetPhoto(SetPhoto),
    /// A person changes the text or caption of a message of theirs.
    Edit(Edit),
    /// A person deletes a message of theirs, or as administrator anybody's.
    Delete(At),
    /// A person forwards a message to another chat of theirs.
    Forward(Forward),
    /// A person presses a button.
    Tap(Tap),
    /// A person reacts with an emoji.
    React(React),
    /// A person votes in a poll.
    Vote(Vote),
    /// A person pins a message.
    Pin(At),
    /// A person takes a pin away.
    Unpin(At),
    /// A person presses Start in a bot's chat.
    Start(Start),
    /// A person blocks a bot.
    Block(WithBot),
    /// A person takes a bot back.
    Unblock(WithBot),
    /// A person comes into a group by themselves, or by an invite link.
    Join(Join),
    /// A person asks to be let into a chat.
    RequestJoin(Here),
    /// An administrator lets somebody in who asked.
    Approve(About),
    /// An administrator does not let somebody in who asked.
    Decline(About),
    /// An administrator makes an invite link.
    CreateInvite(CreateInvite),
    /// A person leaves a group.
    Leave(Here),
    /// An administrator bans a person or a bot.
    Kick(About),
    /// An administrator lets who was banned come again.
    Unban(About),
    /// An administrator leaves a member these permissions only.
    Restrict(Restrict),
    /// What every member of a group may do.
    SetPermissions(SetPermissions),
    /// Members write once in so many seconds.
    SlowMode(SlowMode),
    /// Who comes to a public group waits for an administrator.
    JoinByRequest(InChat),
    /// An administrator appears as the group, or as themselves.
    Anonymous(Anonymous),
    /// The title of an administrator, or the tag of a member.
    SetTag(SetTag),
    /// Somebody is added to a group.
    AddMember(AddMember),
    /// A member becomes an administrator.
    Promote(Promote),
    /// An administrator becomes a plain member.
    Demote(AddMember),
    /// A person opens a topic.
    CreateTopic(CreateTopic),
    /// A person renames a topic.
    RenameTopic(RenameTopic),
    /// A person closes a topic.
    CloseTopic(InTopic),
    /// A person opens a closed topic again.
    ReopenTopic(InTopic),
    /// A person deletes a topic with its messages.
    DeleteTopic(InTopic),
    /// A basic group becomes a supergroup.
    Migrate(Migrate),
    /// An administrator hides General, or shows it.
    HideGeneral(HideGeneral),
    /// A person boosts a chat.
    Boost(Here),
    /// A boost ends early.
    EndBoost(EndBoost),
    /// A person writes in a group in the name of a channel of theirs, or as themselves.
    SendAs(SendAs),
    /// What a person shows of themselves.
    Profile(Profile),
    /// A person lets a bot set their emoji status.
    AllowEmojiStatus(AllowEmojiStatus),
    /// A person comes into the world.
    CreatePerson(CreatePerson),
    /// A bot comes into the world.
    CreateBot(CreateBot),
    /// A basic group is founded.
    CreateGroup(Founding),
    /// A supergroup without topics is founded.
    CreateSupergroup(Founding),
    /// A supergroup with topics is founded.
    CreateForum(Founding),
    /// A channel is founded.
    CreateChannel(CreateChannel),
    /// A supergroup or channel gets a public username, or loses it.
    SetUsername(SetUsername),
    /// A person gives a group or channel another title.
    SetTitle(SetTitle),
    /// A channel's posts show who wrote them, or no longer.
    Signatures(InChat),
    /// A supergroup becomes the discussion group of a channel.
    Discussion(Discussion),
    /// A person's account is deleted: bots get 403 when they write to it.
    Deactivate(Who),
    /// BotFather's /setprivacy. It counts for a group once the bot is added there again.
    Privacy(Privacy),
    /// A person connects a bot to their business account, or changes its rights.
    BusinessConnect(BusinessConnect),
    /// A person takes the bot off their business account.
    BusinessDisconnect(BusinessDisconnect),
    /// BotFather's switches of a bot.
    ConfigureBot(ConfigureBot),
    /// BotFather's /newgame.
    CreateGame(CreateGame),
    /// A person types `@bot text` in a chat.
    InlineQuery(InlineQuery),
    /// A person chooses a result of an inline query.
    ChooseResult(ChooseResult),
    /// A person sends a message that a bot prepared for them.
    SendPrepared(SendPrepared),
    /// Queues any JSON as an update: hostile, unknown, malformed.
    RawUpdate(RawUpdate),
    /// Every method but getUpdates takes so long.
    Latency(Latency),
    /// Plays a later Telegram: unknown fields in every object, and an unknown kind of update now and then.
    Newer(Switch),
    /// Telegram's limits on what bots send.
    FloodControl(Switch),
}

/// What an act gave; what does not apply is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(example = json!({"message": 5, "messages": [5]}))]
pub struct Done {
    /// The message that it made, of an album the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// All messages that it made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<MessageId>,
    /// The callback query's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback: Option<String>,
    /// The business connection's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// The inline query's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The new topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<MessageId>,
    /// The new chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat: Option<ChatId>,
    /// The new person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The new bot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot: Option<BotId>,
    /// The new bot's token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The invite link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The boost's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boost: Option<String>,
    /// The person waits for an administrator.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub waiting: bool,
    /// The number that confirms the update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update: Option<i64>,
}

impl Done {
    fn nothing() -> Self {
        Self::default()
    }

    fn messages(messages: Vec<MessageId>) -> Self {
        Self { message: messages.first().copied(), messages, ..Self::default() }
    }

    fn chat(chat: ChatId) -> Self {
        Self { chat: Some(chat), ..Self::default() }
    }
}

impl From<()> for Done {
    fn from((): ()) -> Self {
        Self::nothing()
    }
}

/// Does something as a person, or changes the world.
#[utoipa::path(post, path = "/api/act", tag = "People", request_body = Act,
    responses((status = 200, description = "Done", body = Done), WriteErrors))]
pub(super) async fn act(State(world): State<World>, body: Body<Act>) -> Answer<Done> {
    body.names("act")?;
    known::check(&world.lock(), &body.json)?;
    body.value.perform(&world).map(axum::Json)
}

impl Act {
    fn perform(self, world: &World) -> Result<Done, Failure> {
        match self {
            Self::Say(act) => act.perform(world),
            Self::SendFile(act) => act.perform(world),
            Self::SetPhoto(act) => act.perform(world),
            Self::Edit(act) => act.perform(world),
            Self::Delete(at) => at.delete(world),
            Self::Forward(act) => act.perform(world),
            Self::Tap(act) => act.perform(world),
            Self::React(act) => act.perform(world),
            Self::Vote(act) => act.perform(world),
            Self::Pin(at) => at.pin(world),
            Self::Unpin(at) => at.unpin(world),
            Self::Start(act) => act.perform(world),
            Self::Block(with) => Ok(with.block(world)),
            Self::Unblock(with) => Ok(with.unblock(world)),
            Self::Join(act) => act.perform(world),
            Self::RequestJoin(here) => here.request_join(world),
            Self::Approve(about) => about.approve(world),
            Self::Decline(about) => about.decline(world),
            Self::CreateInvite(act) => act.perform(world),
            Self::Leave(here) => here.leave(world),
            Self::Kick(about) => about.kick(world),
            Self::Unban(about) => about.unban(world),
            Self::Restrict(act) => act.perform(world),
            Self::SetPermissions(act) => act.perform(world),
            Self::SlowMode(act) => act.perform(world),
            Self::JoinByRequest(switch) => switch.join_by_request(world),
            Self::Anonymous(act) => act.perform(world),
            Self::SetTag(act) => act.perform(world),
            Self::AddMember(act) => act.perform(world),
            Self::Promote(act) => act.perform(world),
            Self::Demote(act) => act.demote(world),
            Self::CreateTopic(act) => act.perform(world),
            Self::RenameTopic(act) => act.perform(world),
            Self::CloseTopic(topic) => topic.close(world),
            Self::ReopenTopic(topic) => topic.reopen(world),
            Self::DeleteTopic(topic) => topic.delete(world),
            Self::Migrate(act) => act.perform(world),
            Self::HideGeneral(act) => act.perform(world),
            Self::Boost(here) => here.boost(world),
            Self::EndBoost(act) => act.perform(world),
            Self::SendAs(act) => act.perform(world),
            Self::Profile(act) => act.perform(world),
            Self::AllowEmojiStatus(act) => Ok(act.perform(world)),
            Self::CreatePerson(act) => act.perform(world),
            Self::CreateBot(act) => act.perform(world),
            Self::CreateGroup(founding) => Ok(founding.group(world)),
            Self::CreateSupergroup(founding) => Ok(founding.supergroup(world)),
            Self::CreateForum(founding) => Ok(founding.forum(world)),
            Self::CreateChannel(act) => act.perform(world),
            Self::SetUsername(act) => act.perform(world),
            Self::SetTitle(act) => act.perform(world),
            Self::Signatures(switch) => switch.signatures(world),
            Self::Discussion(act) => act.perform(world),
            Self::Deactivate(who) => Ok(who.deactivate(world)),
            Self::Privacy(act) => Ok(act.perform(world)),
            Self::BusinessConnect(act) => act.perform(world),
            Self::BusinessDisconnect(act) => act.perform(world),
            Self::ConfigureBot(act) => Ok(act.perform(world)),
            Self::CreateGame(act) => act.perform(world),
            Self::InlineQuery(act) => act.perform(world),
            Self::ChooseResult(act) => act.perform(world),
            Self::SendPrepared(act) => act.perform(world),
            Self::RawUpdate(act) => Ok(act.perform(world)),
            Self::Latency(act) => Ok(act.perform(world)),
            Self::Newer(switch) => Ok(switch.newer(world)),
            Self::FloodControl(switch) => Ok(switch.flood_control(world)),
        }
    }
}
