//! The sandbox over real HTTP. Every answer and update is held against the Bot API schema.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail the test")]

mod support;

mod albums;
mod binary;
mod business;
mod channels;
mod clock;
mod control;
mod everything;
mod faults;
mod files;
mod flood;
mod forums;
mod google;
mod groups;
mod inline;
mod invites;
mod limits;
mod malformed;
mod media;
mod numbers;
mod openai;
mod openapi;
mod page;
mod people;
mod polls;
mod record;
mod replies;
mod rights;
mod save;
mod spoiled;
mod stickers;
mod talk;
mod upload;
mod webhooks;
mod wire;
