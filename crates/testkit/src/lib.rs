#![doc = include_str!("../README.md")]

mod backend;
mod logs;
mod person;
mod place;
mod report;
mod seat;
mod shared;
mod story;
mod town;
mod wait;

pub use backend::{Backend, TestDatabase};
pub use logs::Logs;
pub use person::Person;
pub use place::Group;
pub use sandbox::{
    Call, CallbackAnswer, ChatId, Draft, Fault, FaultKind, Media, MessageId, MessageView, PersonId, Rights,
    Status, TopicView, World,
};
pub use seat::{Seat, line};
pub use story::{Fixture, tell};
pub use town::{Town, TownSpec};
