use sandbox::{ChatId, MessageView, Rights, Status, TopicView, World};

use crate::person::Person;
use crate::seat::line;
use crate::town::Town;

/// A group, supergroup or forum.
#[derive(Clone)]
pub struct Group {
    world: World,
    bot: sandbox::BotId,
    chat: ChatId,
}

impl Group {
    pub(crate) fn new(town: &Town, chat: ChatId) -> Self {
        Self { world: town.world().clone(), bot: town.account().id, chat }
    }

    /// The sandbox's name for it.
    pub fn chat(&self) -> ChatId {
        self.chat
    }

    /// The `chat_id` that bots use.
    pub fn id(&self) -> i64 {
        self.chat.number()
    }

    /// Adds somebody.
    ///
    /// # Panics
    /// When Telegram would not let the creator.
    pub fn add(&self, person: &Person) {
        self.set(person.id(), Status::Member);
    }

    /// Makes somebody an administrator with the usual rights.
    ///
    /// # Panics
    /// When Telegram would not let the creator.
    pub fn make_admin(&self, person: &Person) {
        self.set(person.id(), Status::Administrator(Rights::usual()));
    }

    /// Adds the bot as a plain member, under its privacy mode.
    ///
    /// # Panics
    /// When Telegram would not let the creator.
    pub fn add_bot(&self) {
        self.set(self.bot, Status::Member);
    }

    /// Makes the bot an administrator with these rights.
    ///
    /// # Panics
    /// When Telegram would not let the creator.
    pub fn make_bot_admin(&self, rights: Rights) {
        self.set(self.bot, Status::Administrator(rights));
    }

    /// Throws the bot out.
    ///
    /// # Panics
    /// When Telegram would not let `by`.
    pub fn kick_bot(&self, by: &Person) {
        self.world.kick(by.id(), self.chat, self.bot).unwrap_or_else(|why| panic!("{why}"));
    }

    fn set(&self, who: impl Into<sandbox::UserId>, status: Status) {
        self.world.add_member(self.chat, who, status).unwrap_or_else(|why| panic!("{why}"));
    }

    /// The topics, General first, without deleted ones.
    pub fn topics(&self) -> Vec<TopicView> {
        self.world.topics(self.chat).into_iter().filter(|topic| !topic.deleted).collect()
    }

    /// The names of the topics, General first.
    pub fn topic_names(&self) -> Vec<String> {
        self.topics().into_iter().map(|topic| topic.name).collect()
    }

    /// The one topic whose name holds `name`.
    ///
    /// # Panics
    /// When there is none, or more than one.
    pub fn topic(&self, name: &str) -> TopicView {
        let mut fitting: Vec<TopicView> = self.topics();
        fitting.retain(|topic| topic.name.contains(name));
        assert!(
            fitting.len() == 1,
            "one topic was to hold {name:?} in its name; the topics are {:?}",
            self.topic_names()
        );
        fitting.remove(0)
    }

    /// Everything in it, deleted messages too.
    pub fn messages(&self) -> Vec<MessageView> {
        self.world.messages(self.chat)
    }

    /// What stands in the topic whose name holds `name`, as lines.
    ///
    /// # Panics
    /// When there is no such topic, or more than one.
    pub fn lines_in(&self, name: &str) -> Vec<String> {
        let topic = self.topic(name).id;
        let messages = self.world.messages_in_topic(self.chat, topic);
        let all = self.messages();
        messages.iter().filter(|message| !message.deleted).map(|message| line(message, &all)).collect()
    }

    /// A basic group becomes a supergroup; this value goes on as the new one.
    ///
    /// # Panics
    /// When it is no basic group.
    #[must_use]
    pub fn migrates(&self) -> Self {
        let chat = self.world.migrate(self.chat).unwrap_or_else(|why| panic!("{why}"));
        Self { chat, ..self.clone() }
    }
}
