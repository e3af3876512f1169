use serde_json::{Map, Value, json};

use super::{CommandList, Profile, Scope};
use crate::aliases::Aliases;
use crate::texts::Texts;

/// What Telegram takes, in UTF-16 units (<https://core.telegram.org/bots/api#setmycommands> and its neighbours).
const COMMAND: usize = 256;
const DESCRIPTION: usize = 512;
const SHORT_DESCRIPTION: usize = 120;

/// One part of the profile in one language: how to ask for it, how to set it.
#[derive(Debug, PartialEq)]
pub(super) struct Wish {
    /// The method that reads it.
    pub get: &'static str,
    /// The method that sets it.
    pub set: &'static str,
    /// Which one: scope and language.
    pub which: Map<String, Value>,
    /// The parameter that `set` wants.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
}

impl Wish {
    /// Whether the result of `get` holds it already.
    pub fn is_met_by(&self, found: &Value) -> bool {
        // The descriptions come in an object, under the name that they are set by.
        let found = if self.value.is_string() { &found[self.name] } else { found };
        holds(found, &self.value)
    }

    /// The one person in whose private chat it is seen.
    pub fn person(&self) -> Option<i64> {
        self.which.get("scope")?.get("chat_id")?.as_i64().filter(|id| *id > 0)
    }

    /// The body of `set`.
    pub fn body(&self) -> Value {
        let mut body = self.which.clone();
        body.insert(self.name.to_owned(), self.value.clone());
        Value::Object(body)
    }
}

/// All parts in all languages.
pub(super) fn wishes(profile: &Profile, texts: &Texts, aliases: &Aliases) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for (place, (language, code)) in languages(texts).into_iter().enumerate() {
        let which = |scope: Option<Scope>| {
            let mut which = Map::new();
            if let Some(scope) = scope {
                which.insert("scope".to_owned(), scope_of(scope, aliases));
            }
            // The default language serves everybody for whom there is no other.
            if place > 0 {
                which.insert("language_code".to_owned(), json!(code));
            }
            which
        };
        for list in &profile.commands {
            wishes.push(Wish {
                get: "getMyCommands",
                set: "setMyCommands",
                which: which(Some(list.scope)),
                name: "commands",
                value: commands(list, texts, language),
            });
        }
        let mut text = |get, set, name, key: Option<&str>, most| {
            let Some(key) = key else { return };
            let value = json!(within(texts, language, key, most));
            wishes.push(Wish { get, set, which: which(None), name, value });
        };
        text("getMyDescription", "setMyDescription", "description", profile.description, DESCRIPTION);
        let short = profile.short_description;
        text("getMyShortDescription", "setMyShortDescription", "short_description", short, SHORT_DESCRIPTION);
    }
    if !profile.commands.is_empty() {
        wishes.push(Wish {
            get: "getChatMenuButton",
            set: "setChatMenuButton",
            which: Map::new(),
            name: "menu_button",
            value: json!({"type": "commands"}),
        });
    }
    wishes
}

/// Each language with the two letters that Telegram knows it by, default first; one tag for each code.
fn languages(texts: &Texts) -> Vec<(&str, &str)> {
    let mut languages: Vec<(&str, &str)> = Vec::new();
    for tag in texts.languages() {
        let code = tag.split('-').next().unwrap_or(tag);
        if !languages.iter().any(|(_, known)| *known == code) {
            languages.push((tag, code));
        }
    }
    languages
}

fn commands(list: &CommandList, texts: &Texts, language: &str) -> Value {
    let command = |(command, key): &(&str, &str)| json!({"command": command, "description": within(texts, language, key, COMMAND)});
    list.commands.iter().map(command).collect()
}

fn scope_of(scope: Scope, aliases: &Aliases) -> Value {
    match scope {
        Scope::Default => json!({"type": "default"}),
        Scope::PrivateChats => json!({"type": "all_private_chats"}),
        Scope::Groups => json!({"type": "all_group_chats"}),
        Scope::Chat(id) => json!({"type": "chat", "chat_id": aliases.today(id)}),
    }
}

/// A text that is too long is cut: better a short one than none.
fn within(texts: &Texts, language: &str, key: &str, most: usize) -> String {
    let text = texts.plain(Some(language), key);
    if text.encode_utf16().count() <= most {
        return text;
    }
    tracing::warn!(
        language,
        "the text {key} is longer than the {most} units that Telegram takes, and is cut"
    );
    let mut room = most - 1;
    let fits = |letter: &char| {
        let left = room.checked_sub(letter.len_utf16());
        room = left.unwrap_or_default();
        left.is_some()
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// Whether `found` has everything that is wanted; what a newer Bot API adds does not count.
fn holds(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            wanted.iter().all(|(key, wanted)| found.get(key).is_some_and(|found| holds(found, wanted)))
        }
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| holds(found, wanted))
        }
        _ => found == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCALES: &[(&str, &str)] = &[
        ("en", "ask = Ask a question\nabout = We answer.\n"),
        ("zh-CN", "ask = 提问\nabout = 我们回答。\n"),
        ("zh-TW", "ask = 提問\nabout = 我們回答。\n"),
    ];

    fn all() -> Vec<Wish> {
        let profile = Profile {
            commands: vec![CommandList { scope: Scope::Chat(-5), commands: vec![("ask", "ask")] }],
            description: Some("about"),
            short_description: None,
        };
        let aliases = Aliases::default();
        aliases.learn(-5, -1005);
        wishes(&profile, &Texts::new(LOCALES).unwrap(), &aliases)
    }

    #[test]
    fn the_default_language_has_no_code_and_each_other_its_two_letters_once() {
        let codes: Vec<_> = all()
            .iter()
            .filter(|wish| wish.set == "setMyDescription")
            .map(|wish| wish.which.get("language_code").cloned())
            .collect();
        assert_eq!(codes, [None, Some(json!("zh"))]);
    }

    #[test]
    fn a_list_for_a_group_goes_to_the_supergroup_that_it_became() {
        let body = all()[0].body();
        assert_eq!(body["scope"], json!({"type": "chat", "chat_id": -1005}));
        assert_eq!(body["commands"], json!([{"command": "ask", "description": "Ask a question"}]));
    }

    #[test]
    fn what_is_there_is_not_wanted_and_what_differs_is() {
        let all = all();
        let commands = json!([{"command": "ask", "description": "Ask a question", "newer": 1}]);
        assert!(all[0].is_met_by(&commands));
        assert!(!all[0].is_met_by(&json!([])));
        assert!(all[1].is_met_by(&json!({"description": "We answer."})));
        assert!(!all[1].is_met_by(&json!({"description": ""})));
        let menu = all.last().unwrap();
        assert!(menu.is_met_by(&json!({"type": "commands"})) && !menu.is_met_by(&json!({"type": "default"})));
    }

    #[test]
    fn a_text_over_the_limit_is_cut() {
        let long = format!("long = {}🙂", "字".repeat(254)) + "more";
        let locales: &'static [(&str, &str)] =
            Box::leak(Box::new([("en", &*Box::leak(long.into_boxed_str()))]));
        let cut = within(&Texts::new(locales).unwrap(), "en", "long", COMMAND);
        // The face takes two units, and one is left beside the dots.
        assert_eq!((cut.encode_utf16().count(), cut.ends_with("字…")), (255, true));
    }

    #[test]
    fn an_empty_profile_wants_nothing() {
        assert_eq!(wishes(&Profile::default(), &Texts::new(LOCALES).unwrap(), &Aliases::default()), []);
    }
}
