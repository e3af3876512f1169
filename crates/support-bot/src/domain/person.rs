/// The account under which administrators write when they stay anonymous.
pub const ANONYMOUS_ADMIN: i64 = 1_087_968_824;
/// So many UTF-16 units the name of a forum topic may have.
const TOPIC_NAME: usize = 128;
/// So many UTF-16 units of a name are shown: two Telegram names and a space.
const NAME: usize = 130;

/// Who wrote, as their own account tells it: names are theirs to choose, so they are cleaned and cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Telegram's id.
    pub id: i64,
    /// First and last name. Never empty.
    pub name: String,
    /// Without `@`.
    pub username: Option<String>,
    /// The language of their Telegram, such as `en` or `zh-hans`.
    pub language: Option<String>,
}

impl Person {
    /// A person with names as Telegram gives them.
    pub fn new(id: i64, name: &str, username: Option<&str>, language: Option<&str>) -> Self {
        let name = cut(&clean(name), NAME).to_owned();
        Self {
            id,
            name: if name.is_empty() { format!("id{id}") } else { name },
            username: username.map(|name| cut(&clean(name), 64).to_owned()).filter(|name| !name.is_empty()),
            language: language.map(|tag| cut(&clean(tag), 35).to_owned()).filter(|tag| !tag.is_empty()),
        }
    }
}

/// The name of a ticket's topic: `#12 Nino`.
pub fn topic_name(number: i64, name: &str) -> String {
    cut(&format!("#{number} {name}"), TOPIC_NAME).trim_end().to_owned()
}

/// A text without what could break a line, turn its direction or upset a database; runs of white space
/// become one space.
pub fn clean(text: &str) -> String {
    let kept = text.chars().map(|character| if character.is_whitespace() { ' ' } else { character });
    let kept: String = kept.filter(|character| !is_hidden(*character)).collect();
    kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Control characters, and those that turn the direction of what follows.
fn is_hidden(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The beginning of a text that has at most `units` UTF-16 units: what Telegram counts in.
pub fn cut(text: &str, units: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices() {
        used += character.len_utf16();
        if used > units {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> String {
        Person::new(7, name, None, None).name
    }

    #[test]
    fn markup_emoji_and_other_scripts_stay_as_they_are() {
        for name in ["<b>*Nino*</b> _x_ `y`", "👩🏽‍🚀 Nino", "נינו ברידזה", "李小龙"] {
            assert_eq!(named(name), name);
        }
    }

    #[test]
    fn a_name_cannot_break_lines_or_turn_the_text_around() {
        assert_eq!(named("Nino\n\nStaff:\u{202e} evil\u{0}"), "Nino Staff: evil");
        assert_eq!(named(" \u{200b}\u{2067}\t "), "\u{200b}");
        assert_eq!(named("\u{0}"), "id7");
    }

    #[test]
    fn a_topic_name_fits_and_no_character_is_cut_in_two() {
        let long = topic_name(12, &"🍵".repeat(100));
        assert_eq!(long.encode_utf16().count(), 128);
        assert_eq!(topic_name(12, "Nino"), "#12 Nino");
        assert_eq!(topic_name(1, &"🍵".repeat(100)).encode_utf16().count(), 127);
    }

    #[test]
    fn a_hostile_name_is_cut() {
        assert_eq!(named(&"x".repeat(100_000)).len(), NAME);
    }
}
