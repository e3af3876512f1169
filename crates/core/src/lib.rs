#![doc = include_str!("../README.md")]

pub mod aliases;
pub mod app;
mod bot;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod flow;
pub mod http;
pub mod logs;
pub mod metrics;
pub mod profile;
pub mod secrets;
pub mod store;
pub mod telegram;
pub mod texts;

pub use bot::Bot;
