/// One setting, described once. Build it in a constant: `Setting::new(…).allowed(…).required()`.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub(super) env: &'static str,
    pub(super) doc: &'static str,
    pub(super) allowed: &'static str,
    pub(super) default: Preset,
    pub(super) example: Option<&'static str>,
    pub(super) secret: bool,
    pub(super) required: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Preset {
    None,
    /// Used as if it were set; `{bot}` and `{http_addr}` are filled in from [`super::BotInfo`].
    Text(&'static str),
    /// Made by the reader when nothing is set; this text only shows it.
    Shown(&'static str),
}

impl Setting {
    /// A setting by its environment name, in upper case, and a sentence that says what it is for. In the TOML
    /// file its key is the same name in lower case.
    pub const fn new(env: &'static str, doc: &'static str) -> Self {
        Self {
            env,
            doc,
            allowed: "text",
            default: Preset::None,
            example: None,
            secret: false,
            required: false,
        }
    }

    /// What is allowed, as it reads behind "allowed:".
    #[must_use]
    pub const fn allowed(mut self, allowed: &'static str) -> Self {
        self.allowed = allowed;
        self
    }

    /// The text that holds when nothing is set.
    #[must_use]
    pub const fn default(mut self, text: &'static str) -> Self {
        self.default = Preset::Text(text);
        self
    }

    /// A default that the reader works out; `text` only describes it.
    #[must_use]
    pub const fn default_shown(mut self, text: &'static str) -> Self {
        self.default = Preset::Shown(text);
        self
    }

    /// A value for the example files, where no default says enough.
    #[must_use]
    pub const fn example(mut self, text: &'static str) -> Self {
        self.example = Some(text);
        self
    }

    /// Comes from the secret sources only and is never shown.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The bot does not start without it.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Its name in the environment.
    pub const fn env(&self) -> &'static str {
        self.env
    }

    /// Its key in the TOML file.
    pub fn key(&self) -> String {
        self.env.to_ascii_lowercase()
    }

    /// True when it comes from the secret sources only.
    pub const fn is_secret(&self) -> bool {
        self.secret
    }

    /// The default with the bot's own parts filled in.
    pub(super) fn default_text(&self, bot: &super::BotInfo) -> Option<String> {
        match self.default {
            Preset::None => None,
            Preset::Text(text) | Preset::Shown(text) => {
                Some(text.replace("{bot}", bot.name).replace("{http_addr}", bot.default_http_addr))
            }
        }
    }
}
