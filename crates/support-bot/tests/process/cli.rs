//! What the command line says and answers: to a person at a terminal, and to a script.

mod database;
mod doctor;
mod help;
mod operate;
mod settings;
mod token;

use crate::process::Ended;

/// Asserts that it failed by a sentence for people: on stderr, with code 1, without the insides of the program.
#[track_caller]
pub fn fails(ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    for words in words {
        assert!(ended.err.contains(words), "{words:?} was to be said:\n{}", ended.err);
    }
    for inside in ["panicked", "stack backtrace", ".rs:", "Error {", "Err("] {
        assert!(!ended.err.contains(inside), "{inside:?} is no word for people:\n{}", ended.err);
    }
}
