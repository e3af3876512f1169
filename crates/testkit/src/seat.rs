use std::fmt::Write as _;

use sandbox::{ChatId, Draft, MessageId, MessageView, PersonId, World};

/// A person in a chat, or in a topic of a forum: what they do and see there.
#[derive(Clone)]
pub struct Seat {
    world: World,
    person: PersonId,
    chat: ChatId,
    topic: Option<MessageId>,
}

impl Seat {
    pub(crate) fn new(world: World, person: PersonId, chat: ChatId, topic: Option<MessageId>) -> Self {
        Self { world, person, chat, topic }
    }

    /// The whole sandbox.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Who.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// Where.
    pub fn chat(&self) -> ChatId {
        self.chat
    }

    /// The topic, in a forum.
    pub fn topic(&self) -> Option<MessageId> {
        self.topic
    }

    /// Writes a text.
    ///
    /// # Panics
    /// When Telegram would not let them.
    pub fn says(&self, text: &str) -> MessageId {
        self.sends(self.message().text(text))
    }

    /// Writes a text as an answer to a message.
    ///
    /// # Panics
    /// When Telegram would not let them.
    pub fn replies(&self, to: MessageId, text: &str) -> MessageId {
        self.sends(self.message().reply_to(to).text(text))
    }

    /// Begins a message with more than text, to be given to [`Seat::sends`] or [`Seat::sends_all`]:
    /// `nino.sends(nino.message().photo().caption("this one"))`.
    pub fn message(&self) -> Draft {
        let draft = self.world.message(self.person, self.chat);
        match self.topic {
            Some(topic) => draft.topic(topic),
            None => draft,
        }
    }

    /// Sends a draft; returns the id of the message, of an album's first.
    ///
    /// # Panics
    /// When Telegram would not let them.
    pub fn sends(&self, draft: Draft) -> MessageId {
        draft.send().unwrap_or_else(|why| panic!("{} cannot send this: {why}", self.person))
    }

    /// Sends a draft; returns the ids of all its messages.
    ///
    /// # Panics
    /// When Telegram would not let them.
    pub fn sends_all(&self, draft: Draft) -> Vec<MessageId> {
        draft.send_all().unwrap_or_else(|why| panic!("{} cannot send this: {why}", self.person))
    }

    /// Changes a text or caption of theirs.
    ///
    /// # Panics
    /// When Telegram would not let them.
    pub fn edits(&self, message: MessageId, text: &str) {
        self.world.edit(self.person, self.chat, message, text).unwrap_or_else(|why| panic!("{why}"));
    }

    /// Deletes a message.
    ///
    /// # Panics
    /// When Telegram would not let them.
    pub fn deletes(&self, message: MessageId) {
        self.world.delete(self.person, self.chat, message).unwrap_or_else(|why| panic!("{why}"));
    }

    /// Reacts with an emoji, or takes the reaction back.
    ///
    /// # Panics
    /// When Telegram would not let them.
    pub fn reacts(&self, message: MessageId, emoji: Option<&str>) {
        self.world.react(self.person, self.chat, message, emoji).unwrap_or_else(|why| panic!("{why}"));
    }

    /// Taps the newest button with this label; returns the callback query's id.
    ///
    /// # Panics
    /// When no message that they see has such a button.
    pub fn taps(&self, label: &str) -> String {
        let messages = self.views();
        let has =
            |message: &&MessageView| message.buttons.iter().flatten().any(|button| button.text == label);
        let message = messages.iter().rev().find(has);
        let id =
            message.unwrap_or_else(|| panic!("nobody sees a button {label:?}; there is\n{}", self.text())).id;
        self.taps_on(id, label)
    }

    /// Taps the button with this label under a message; returns the callback query's id.
    ///
    /// # Panics
    /// When the message has no such button.
    pub fn taps_on(&self, message: MessageId, label: &str) -> String {
        self.world.tap(self.person, self.chat, message, label).unwrap_or_else(|why| panic!("{why}"))
    }

    /// What they see here, oldest first.
    pub fn views(&self) -> Vec<MessageView> {
        let mut messages = self.world.view_as(self.person, self.chat);
        if let Some(topic) = self.topic {
            messages.retain(|message| message.topic.unwrap_or(1) == topic);
        }
        messages
    }

    /// What they see here, as lines; see [`line()`].
    pub fn sees(&self) -> Vec<String> {
        let all = self.world.view_as(self.person, self.chat);
        self.views().iter().map(|message| line(message, &all)).collect()
    }

    /// The newest message.
    ///
    /// # Panics
    /// When there is none.
    pub fn last(&self) -> MessageView {
        self.views().pop().unwrap_or_else(|| panic!("{} sees nothing in {}", self.person, self.chat))
    }

    /// The newest message that holds these words.
    ///
    /// # Panics
    /// When they see none.
    pub fn expect(&self, words: &str) -> MessageView {
        let holds = |message: &MessageView| message.text.as_deref().is_some_and(|text| text.contains(words));
        let found = self.views().into_iter().rev().find(holds);
        found.unwrap_or_else(|| panic!("{} was to see {words:?}, and sees\n{}", self.person, self.text()))
    }

    /// Asserts that no message holds these words.
    ///
    /// # Panics
    /// When one does.
    pub fn assert_never_saw(&self, words: &str) {
        let text = self.text();
        assert!(!text.contains(words), "{} was never to see {words:?}, and sees\n{text}", self.person);
    }

    /// Asserts what they see, line by line.
    ///
    /// # Panics
    /// When it is something else.
    #[track_caller]
    pub fn assert_sees(&self, lines: &[&str]) {
        assert!(
            self.sees() == lines,
            "{} was to see\n{}\nand sees\n{}",
            self.person,
            lines.join("\n"),
            self.text()
        );
    }

    /// Asserts the newest lines that they see.
    ///
    /// # Panics
    /// When they are others.
    #[track_caller]
    pub fn assert_sees_last(&self, lines: &[&str]) {
        let all = self.sees();
        let last = &all[all.len().saturating_sub(lines.len())..];
        assert!(
            last == lines,
            "{} was to see last\n{}\nand sees\n{}",
            self.person,
            lines.join("\n"),
            self.text()
        );
    }

    fn text(&self) -> String {
        self.sees().join("\n")
    }
}

/// A message on a line: `Lotus Support: (re "Is it back?") [photo] It is. [Close][Site] (edited)`.
/// `all` is the chat, to name what is answered. A service message reads `· forum_topic_closed`.
pub fn line(message: &MessageView, all: &[MessageView]) -> String {
    let text = message.text.clone().unwrap_or_default();
    let is_service =
        message.kind.contains('_') && message.kind != "video_note" || message.kind == "new_chat_members";
    if is_service {
        return format!("· {}", message.kind);
    }
    let mut line = format!("{}:", message.from.name);
    if let Some(reply) = message.reply_to {
        let parent = all.iter().find(|other| other.id == reply);
        let words = parent.map_or("?", |parent| parent.text.as_deref().unwrap_or(&parent.kind));
        let start: String = words.chars().take(24).collect();
        let _ = write!(line, " (re {start:?})");
    }
    if let Some(from) = &message.forwarded_from {
        let _ = write!(line, " (from {from})");
    }
    if message.kind != "text" {
        let _ = write!(line, " [{}]", message.kind);
    }
    if !text.is_empty() {
        line.push(' ');
        line.push_str(&text);
    }
    for row in message.buttons.iter().filter(|row| !row.is_empty()) {
        line.push(' ');
        for button in row {
            let _ = write!(line, "[{}]", button.text);
        }
    }
    if message.edited {
        line.push_str(" (edited)");
    }
    line
}
