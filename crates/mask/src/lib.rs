#![doc = include_str!("../README.md")]

mod cards;
mod known;
mod masker;
mod pairs;
mod patterns;
mod pseudonym;
mod runs;
mod secret;
mod spans;
mod writer;

pub use masker::Masker;
pub use secret::SecretString;
pub use writer::{MaskingMakeWriter, MaskingWriter};

/// What stands in place of a masked value.
pub const MASKED: &str = "[masked]";
