#![doc = include_str!("../README.md")]

pub mod client;
mod clock;
mod coverage;
mod faults;
mod ids;
mod journal;
mod methods;
mod newer;
mod picture;
mod probe;
pub mod schema;
mod server;
mod standins;
mod text;
pub mod town;
mod world;

pub use clock::Clock;
pub use coverage::Coverage;
pub use faults::{Fault, FaultKind};
pub use ids::{BotId, ChatId, MessageId, NoChat, PersonId, UserId};
pub use journal::{Call, JournalSize};
pub use server::{Options, Server};
pub use world::advance::{Advanced, ClockView, Stuck};
pub use world::draft::Draft;
pub use world::games::GameSpec;
pub use world::invites::Joined;
pub use world::media::{Media, OtherQuality};
pub use world::member::Status;
pub use world::participants::{ParticipantView, Told};
pub use world::rights::{Permissions, Rights};
pub use world::save::NoState;
pub use world::setup::{Bot, BotSpec, PersonSpec};
pub use world::view::{
    Author, BotView, Button, CallbackAnswer, ChatView, ClockKind, CommandList, MediaView, MemberView,
    MessageView, Overview, PersonView, ReactionView, SetFault, TopicView, VoteView,
};
pub use world::{Refused, World};
