//! The conversation, part by part. Each part acts as a person and waits until that person sees what the bot should do.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::clock::Deadline;
use crate::e2e::base64;
use crate::e2e::telegram::Telegram;
use crate::supervisor::{Event, Interrupted, Supervisor};

/// A PNG of one grey pixel, in Base64.
const PIXEL: &str = concat!(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNo",
    "AAAAggCBd81ytgAAAABJRU5ErkJggg=="
);
/// How long a person waits for the bot to come up.
const START: Duration = Duration::from_secs(30);
/// How long a person waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who plays: a bot, a person who writes to it, and a forum of that person's where the bot is an administrator.
pub struct Cast {
    bot: i64,
    /// The bot's token.
    pub token: String,
    person: i64,
    private: String,
    forum: String,
}

/// A conversation under way.
pub struct Story<'a> {
    /// Where it takes place.
    pub telegram: &'a Telegram,
    /// Tells when a process dies.
    pub supervisor: &'a mut Supervisor,
    /// Who plays.
    pub cast: &'a Cast,
    /// Whether the bot has not answered yet, and may still be starting.
    pub is_new: bool,
}

/// What a part is about, and how it is played.
pub type Part<'a> = (&'static str, fn(&mut Story<'a>) -> Result<()>);

impl Cast {
    /// Makes them. `name` tells them from those of other conversations.
    pub fn make(telegram: &Telegram, name: &str) -> Result<Self> {
        let word = name.replace('-', "_").to_lowercase();
        let (bot, token) = telegram.bot(&format!("{word}_bot"), name)?;
        let person = telegram.person("Nino", "Beridze", &format!("nino_{word}"))?;
        let forum = telegram.chat("forum", &format!("Forum of {name}"), person)?;
        telegram
            .act(&json!({ "act": "add_member", "chat": forum, "who": bot, "status": "administrator" }))?;
        Ok(Self { bot, token, person, private: format!("{person}_{bot}"), forum })
    }
}

impl<'a> Story<'a> {
    /// The parts in their order.
    pub const PARTS: [Part<'a>; 7] = [
        ("/start is answered with buttons", Self::start),
        ("a tapped button is answered and its message edited", Self::button),
        ("a photo goes up and comes back", Self::photo),
        ("a document goes up and comes back, byte by byte", Self::document),
        ("an album goes up", Self::album_up),
        ("an album comes down", Self::album_down),
        ("a forum topic is opened and answered in", Self::topic),
    ];

    fn start(&mut self) -> Result<()> {
        self.act(json!({ "act": "start", "bot": self.cast.bot }))?;
        let welcome = self.bot_says(&self.cast.private, "Welcome, Nino.")?;
        let row = &welcome["buttons"][0];
        ensure!(row[0]["text"] == "Tea" && row[1]["text"] == "Coffee", "the buttons are {row}");
        Ok(())
    }

    fn button(&mut self) -> Result<()> {
        let welcome = self.bot_says(&self.cast.private, "Welcome, Nino.")?;
        self.act(
            json!({ "act": "tap", "chat": self.cast.private, "message": welcome["id"], "label": "Tea" }),
        )?;
        let edited = self.sees(&self.cast.private, "the edited message", |messages| {
            messages.iter().find(|message| message["text"] == "You chose tea.").cloned()
        })?;
        ensure!(edited["id"] == welcome["id"] && edited["edited"] == true, "not the same message: {edited}");
        ensure!(edited["buttons"][0].is_null(), "the buttons are still there: {edited}");
        let calls = self.telegram.get("/api/journal?limit=1000&after=0")?;
        let told = calls["calls"].as_array().into_iter().flatten().any(|call| {
            call["bot"] == self.cast.bot
                && call["method"] == "answerCallbackQuery"
                && call["params"]["text"] == "One tea"
                && call["ok"] == true
        });
        ensure!(told, "the person who tapped was told nothing");
        Ok(())
    }

    fn photo(&mut self) -> Result<()> {
        let sent = self.send_file("photo", "cup.png", "image/png", PIXEL, "")?;
        let back = self.answer_to(&self.cast.private, sent)?;
        ensure!(back["kind"] == "photo", "a {} came back", back["kind"]);
        let size = self.media_of(sent)?.len();
        ensure!(back["text"] == format!("{size} bytes"), "of {size} bytes came {}", back["text"]);
        Ok(())
    }

    fn document(&mut self) -> Result<()> {
        let bytes: Vec<u8> = (0..100_000_u32).flat_map(|number| (number * 7919).to_le_bytes()).collect();
        let sent = self.send_file("document", "list.txt", "text/plain", &base64::encode(&bytes), "")?;
        let back = self.answer_to(&self.cast.private, sent)?;
        ensure!(
            back["kind"] == "document" && back["media"]["name"] == "copy.txt",
            "what came back is {back}"
        );
        let id = back["id"].as_i64().context("the answer has no id")?;
        ensure!(self.media_of(id)? == bytes, "other bytes came back than went up");
        Ok(())
    }

    fn album_up(&mut self) -> Result<()> {
        let made = self.act(
            json!({ "act": "say", "chat": self.cast.private, "media": "photo", "album": 2, "text": "look" }),
        )?;
        for id in made["messages"].as_array().context("no album was sent")? {
            let back = self.answer_to(&self.cast.private, id.as_i64().unwrap_or_default())?;
            ensure!(back["text"] == "One of an album", "the answer is {}", back["text"]);
        }
        Ok(())
    }

    fn album_down(&mut self) -> Result<()> {
        self.send_file("photo", "cup.png", "image/png", PIXEL, "album")?;
        let album = self.sees(&self.cast.private, "three photos of one album", |messages| {
            let of = |word: &str| {
                messages.iter().find(|message| message["text"] == word && message["from"]["bot"] == true)
            };
            Some([of("one")?.clone(), of("two")?.clone(), of("three")?.clone()])
        })?;
        let group = &album[0]["media_group"];
        ensure!(group.is_string(), "the first photo is in no album: {}", album[0]);
        ensure!(
            album.iter().all(|photo| photo["media_group"] == *group && photo["kind"] == "photo"),
            "{album:?}"
        );
        Ok(())
    }

    fn topic(&mut self) -> Result<()> {
        let forum = &self.cast.forum;
        self.act(json!({ "act": "say", "chat": forum, "text": "/topic Repairs" }))?;
        let opened = self.bot_says(forum, "Repairs is open.")?;
        let topic = opened["topic"].as_i64().context("the bot wrote into no topic")?;
        ensure!(topic > 1, "the bot wrote into General");
        let asked = self.act(json!({ "act": "say", "chat": forum, "topic": topic, "text": "Is it done?",
            "reply_to": opened["id"] }))?;
        let asked = asked["message"].as_i64().context("the question was not sent")?;
        let answer = self.answer_to(forum, asked)?;
        ensure!(answer["text"] == "Heard: Is it done?", "the answer is {}", answer["text"]);
        ensure!(answer["topic"] == topic, "the answer stands in another topic: {answer}");
        let state = self.telegram.get("/api/state")?;
        let chats = state["chats"].as_array().into_iter().flatten();
        let topics = chats
            .filter(|chat| chat["chat"] == *forum)
            .filter_map(|chat| chat["topics"].as_array())
            .flatten();
        let named = topics.into_iter().any(|one| one["id"] == topic && one["name"] == "Repairs");
        ensure!(named, "no topic of that name is in the forum");
        Ok(())
    }

    /// Acts as the person.
    fn act(&self, mut act: Value) -> Result<Value> {
        act["as"] = self.cast.person.into();
        self.telegram.act(&act)
    }

    fn send_file(&self, media: &str, name: &str, mime: &str, base64: &str, caption: &str) -> Result<i64> {
        let mut act = json!({ "act": "send_file", "chat": self.cast.private, "media": media, "name": name,
            "mime": mime, "base64": base64 });
        if !caption.is_empty() {
            act["caption"] = caption.into();
        }
        self.act(act)?["message"].as_i64().context("the file was not sent")
    }

    /// The file of a message, as a person would save it.
    fn media_of(&mut self, id: i64) -> Result<Vec<u8>> {
        let message = self.sees(&self.cast.private, "the message", |messages| {
            messages.iter().find(|message| message["id"] == id).cloned()
        })?;
        self.telegram.bytes(message["media"]["url"].as_str().context("the message has no file")?)
    }

    /// Waits for a message of the bot's with this text.
    fn bot_says(&mut self, chat: &str, text: &str) -> Result<Value> {
        self.sees(chat, &format!("“{text}”"), |messages| {
            let mut of_bot = messages.iter().rev().filter(|message| message["from"]["bot"] == true);
            of_bot.find(|message| message["text"] == text).cloned()
        })
    }

    /// Waits for the bot's reply to a message.
    fn answer_to(&mut self, chat: &str, id: i64) -> Result<Value> {
        self.sees(chat, "an answer", |messages| {
            messages
                .iter()
                .find(|message| message["reply_to"] == id && message["from"]["bot"] == true)
                .cloned()
        })
    }

    /// Waits until the person sees something among the messages of a chat.
    fn sees<T>(&mut self, chat: &str, what: &str, find: impl Fn(&[Value]) -> Option<T>) -> Result<T> {
        let deadline = Deadline::after(if self.is_new { START } else { PATIENCE });
        loop {
            let messages = self.telegram.messages(chat, self.cast.person, "limit=200")?;
            if let Some(found) = find(&messages) {
                self.is_new = false;
                return Ok(found);
            }
            if deadline.passed() {
                let last: Vec<&Value> =
                    messages.iter().rev().take(3).map(|message| &message["text"]).collect();
                bail!("{what} did not come; the last messages, newest first, are {last:?}");
            }
            match self.supervisor.next(Duration::from_millis(20)) {
                Some(Event::Signal) => return Err(Interrupted.into()),
                Some(Event::Exited { who, .. }) => return Err(self.supervisor.died(who)),
                _ => {}
            }
        }
    }
}
