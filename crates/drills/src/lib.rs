#![doc = include_str!("../README.md")]

pub mod bench;
pub mod browser;
pub mod clock;
pub mod database;
pub mod echo;
pub mod faults;
pub mod process;
pub mod progress;
pub mod town;
