//! People and bots as users.

use super::json::quoted;

/// A person or a bot.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct User {
    pub id: i64,
    pub is_bot: bool,
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub language: Option<String>,
    pub deactivated: bool,
    /// What they say of themselves.
    pub bio: Option<String>,
    /// Number of the channel in their profile.
    pub personal_chat: Option<i64>,
    /// Custom emoji beside the name, and when it goes (seconds since 1970 UTC; 0: never).
    pub emoji_status: Option<(String, i64)>,
    /// The bots that may set it.
    pub emoji_bots: Vec<i64>,
    /// The `User` object in JSON: it stands in every message, so it is built once.
    pub json: String,
}

impl User {
    pub fn new(id: i64, is_bot: bool, first_name: &str) -> Self {
        let mut user = Self {
            id,
            is_bot,
            first_name: first_name.to_owned(),
            last_name: None,
            username: None,
            language: None,
            deactivated: false,
            bio: None,
            personal_chat: None,
            emoji_status: None,
            emoji_bots: Vec::new(),
            json: String::new(),
        };
        user.rebuild();
        user
    }

    /// First and last name.
    pub fn name(&self) -> String {
        if self.deactivated {
            return "Deleted Account".to_owned();
        }
        match &self.last_name {
            Some(last) => format!("{} {last}", self.first_name),
            None => self.first_name.clone(),
        }
    }

    /// Writes the JSON again; call it after every change.
    pub fn rebuild(&mut self) {
        use std::fmt::Write as _;
        let mut json = format!(r#"{{"id":{},"is_bot":{}"#, self.id, self.is_bot);
        let fields = [
            ("first_name", Some(&self.first_name)),
            ("last_name", self.last_name.as_ref()),
            ("username", self.username.as_ref()),
            ("language_code", self.language.as_ref()),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                // Writing to a String cannot fail.
                let _ = write!(json, r#","{name}":{}"#, quoted(value));
            }
        }
        json.push('}');
        self.json = json;
    }
}
