//! The bot's face: commands, descriptions and menu button, set at start, by language, only where they
//! differ from what Telegram has.

mod apply;
mod wish;

pub(crate) use apply::apply;

/// What of a bot people see before they write to it. Texts are keys of the bot's locales.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The command lists, each with the chats that see it.
    pub commands: Vec<CommandList>,
    /// The key of the text on an empty chat (512 characters at most).
    pub description: Option<&'static str>,
    /// The key of the text on the profile page (120 characters at most).
    pub short_description: Option<&'static str>,
}

/// One list of commands.
#[derive(Clone, Debug)]
pub struct CommandList {
    /// Who sees it.
    pub scope: Scope,
    /// Command without slash, and the key of its description.
    pub commands: Vec<(&'static str, &'static str)>,
}

/// Who sees a list of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everyone for whom no narrower list stands.
    Default,
    /// Private chats.
    PrivateChats,
    /// Groups.
    Groups,
    /// One chat, by id.
    Chat(i64),
}
