/// What a text is, as far as commands go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parsed<'a> {
    /// No command.
    Text,
    /// A command for another bot: `/close@otherbot`.
    ForAnother,
    /// A command for this bot, or for no bot by name.
    Command(Command<'a>),
}

/// A command: `/ask@bot is it open?`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// Without slash and bot, in lower case.
    pub name: String,
    /// What follows, without white space around it.
    pub rest: &'a str,
}

/// Reads the command at the beginning of a text. A command ends at white space, so `/asking` is not `/ask`,
/// and `/home/nino` is a text. `username` is the bot's, without `@`; names know no case.
pub fn parse<'a>(text: &'a str, username: &str) -> Parsed<'a> {
    let Some(after) = text.strip_prefix('/') else { return Parsed::Text };
    let end = after.find(char::is_whitespace).unwrap_or(after.len());
    let (word, rest) = after.split_at(end);
    let (name, bot) = match word.split_once('@') {
        Some((name, bot)) => (name, Some(bot)),
        None => (word, None),
    };
    let is_word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if !is_word(name) || name.len() > 64 || bot.is_some_and(|bot| !is_word(bot)) {
        return Parsed::Text;
    }
    if bot.is_some_and(|bot| !bot.eq_ignore_ascii_case(username)) {
        return Parsed::ForAnother;
    }
    Parsed::Command(Command { name: name.to_ascii_lowercase(), rest: rest.trim() })
}

/// Whether a staff message is a note for staff only.
pub fn is_internal(text: &str) -> bool {
    text.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command<'a>(name: &str, rest: &'a str) -> Parsed<'a> {
        Parsed::Command(Command { name: name.to_owned(), rest })
    }

    #[test]
    fn a_command_may_name_this_bot_and_no_other() {
        assert_eq!(parse("/close", "lotus_bot"), command("close", ""));
        assert_eq!(parse("/close@Lotus_Bot", "lotus_bot"), command("close", ""));
        assert_eq!(parse("/close@other_bot", "lotus_bot"), Parsed::ForAnother);
    }

    #[test]
    fn asking_is_not_ask() {
        assert_eq!(parse("/asking for a friend", "b"), command("asking", "for a friend"));
        assert_eq!(parse("/ask\nwhere is it?", "b"), command("ask", "where is it?"));
        assert_eq!(parse("/ASK   ", "b"), command("ask", ""));
    }

    #[test]
    fn a_slash_alone_makes_no_command() {
        for text in
            ["", "/", "/ ask", "//ask", "/home/nino", "/ask@", "/ask@b@c", "/你好", "ask /ask", " /ask"]
        {
            assert_eq!(parse(text, "b"), Parsed::Text, "{text}");
        }
        assert_eq!(parse(&format!("/{}", "x".repeat(65)), "b"), Parsed::Text);
    }

    #[test]
    fn two_slashes_keep_a_note_inside() {
        assert!(is_internal("// she called twice"));
        assert!(!is_internal("/close"));
        assert!(!is_internal("see http://example.com"));
    }
}
