use std::ops::Deref;

use sandbox::{CallbackAnswer, ChatId, PersonId};

use crate::place::Group;
use crate::seat::Seat;
use crate::town::Town;

/// Somebody, sitting in their private chat with the bot: everything of [`Seat`] can be done there.
#[derive(Clone)]
pub struct Person {
    seat: Seat,
    name: String,
}

impl Person {
    pub(crate) fn new(town: &Town, id: PersonId, name: &str) -> Self {
        let chat = ChatId::private(id, town.account().id);
        Self { seat: Seat::new(town.world().clone(), id, chat, None), name: name.to_owned() }
    }

    /// The first name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As bots see it.
    pub fn id(&self) -> PersonId {
        self.seat.person()
    }

    /// The same person in a group.
    pub fn at(&self, group: &Group) -> Seat {
        Seat::new(self.world().clone(), self.id(), group.chat(), None)
    }

    /// The same person in the topic of a forum whose name holds `name`.
    ///
    /// # Panics
    /// When there is no such topic, or more than one.
    pub fn in_topic(&self, group: &Group, name: &str) -> Seat {
        let topic = group.topic(name).id;
        Seat::new(self.world().clone(), self.id(), group.chat(), Some(topic))
    }

    /// Presses Start.
    ///
    /// # Panics
    /// When Telegram would not let them.
    pub fn starts(&self) {
        self.starts_with(None);
    }

    /// Opens a deep link with this payload.
    ///
    /// # Panics
    /// When Telegram would not let them.
    pub fn starts_with(&self, payload: Option<&str>) {
        let started = self.world().start(self.id(), self.bot(), payload);
        started.unwrap_or_else(|why| panic!("{} cannot start the bot: {why}", self.name));
    }

    /// Blocks the bot.
    pub fn blocks(&self) {
        self.world().block(self.id(), self.bot());
    }

    /// Takes the bot back.
    pub fn unblocks(&self) {
        self.world().unblock(self.id(), self.bot());
    }

    /// The notices and dialogues that taps on buttons have brought.
    pub fn notices(&self) -> Vec<CallbackAnswer> {
        self.world().callback_answers(self.id())
    }

    fn bot(&self) -> sandbox::BotId {
        match self.seat.chat() {
            ChatId::Private { bot, .. } => bot,
            ChatId::Group(_) => unreachable!("a person sits in a private chat"),
        }
    }
}

impl Deref for Person {
    type Target = Seat;

    fn deref(&self) -> &Seat {
        &self.seat
    }
}
