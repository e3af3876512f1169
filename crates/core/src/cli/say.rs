use std::fmt::Display;
use std::io::Write as _;

use mask::Masker;

use crate::logs;

/// What a command prints: answers on stdout, complaints on stderr, both through the masker.
#[derive(Clone, Debug)]
pub(super) struct Say {
    pub masker: Masker,
}

impl Say {
    pub fn new(masker: Masker) -> Self {
        Self { masker }
    }

    /// A line, or several, of what was asked for.
    pub fn line(&self, text: &impl Display) {
        let line = format!("{text}\n");
        // The reader of a pipe may have gone: then nobody wants the rest.
        drop(std::io::stdout().write_all(self.masker.mask(&line).as_bytes()));
    }

    /// A complaint.
    pub fn error(&self, text: &impl Display) {
        let line = format!("{text}\n");
        // A closed stderr leaves nobody to tell.
        drop(std::io::stderr().write_all(self.masker.mask(&line).as_bytes()));
    }

    /// Why a command failed.
    pub fn failure(&self, error: &anyhow::Error) {
        self.error(&format_args!("error: {}", logs::describe(error)));
    }
}
