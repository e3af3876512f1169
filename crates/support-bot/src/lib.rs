#![doc = include_str!("../README.md")]

mod bot;
/// The settings.
pub mod config;
mod doctor;
pub mod domain;
mod handlers;
mod relay;
pub mod routes;
/// What somebody said, read from a message.
pub mod said;
mod say;
mod store;

pub use bot::SupportBot;
