//! The town of a drill: a shop with a staff forum and many customers, who write texts that tell who wrote
//! them and as which of their messages.

use std::collections::HashMap;

use anyhow::Result;
use sandbox::{
    Author, Bot, BotSpec, ChatId, JournalSize, MessageId, PersonId, Rights, Server, Status, World,
};

/// A running sandbox with its people.
#[derive(Debug)]
pub struct Town {
    server: Server,
    /// What stands in it.
    pub world: World,
    /// The bot under test.
    pub bot: Bot,
    /// The staff forum.
    pub staff: ChatId,
    /// Who answers.
    pub agent: PersonId,
    /// Who asks.
    pub customers: Vec<PersonId>,
}

impl Town {
    /// A town with so many customers, whose Telegram takes `latency` microseconds for a call.
    pub async fn build(customers: usize, latency: i64, journal: JournalSize) -> Result<Self> {
        let options = sandbox::Options { latency, journal, ..sandbox::Options::default() };
        let server = Server::start(options).await?;
        let world = server.world();
        let bot = world.add_bot(BotSpec::new("drill_bot", "Drill"));
        let agent = world.add_person("Mei", "en");
        let staff = world.add_forum("Staff", agent);
        world.add_member(staff, bot.id, Status::Administrator(Rights::all()))?;
        let customers = (0..customers).map(|n| world.add_person(&format!("Customer {n}"), "en")).collect();
        Ok(Self { server, world, bot, staff, agent, customers })
    }

    /// The Bot API server.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// What a bot needs to run here.
    pub fn env(&self, database: &str, folder: &std::path::Path) -> Vec<(String, String)> {
        [
            ("TELEGRAM_BOT_TOKEN", self.bot.token.clone()),
            ("TELEGRAM_API_URL", self.url()),
            ("DATABASE_URL", database.to_owned()),
            ("DATA_DIR", folder.display().to_string()),
            ("STAFF_GROUP_ID", self.staff.number().to_string()),
            ("ADMIN_USER_ID", self.agent.0.to_string()),
            ("TELEGRAM_LIMITS", "off".to_owned()),
            ("LOG_FORMAT", "json".to_owned()),
            ("ENVIRONMENT", "development".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// Takes out what only support-bot understands.
    pub fn leave_to_support(env: &mut Vec<(String, String)>) {
        env.retain(|(name, _)| !["STAFF_GROUP_ID", "ADMIN_USER_ID"].contains(&name.as_str()));
    }

    /// A customer's private chat with the bot.
    pub fn chat(&self, customer: usize) -> ChatId {
        ChatId::private(self.customers[customer], self.bot.id)
    }

    /// Customer number `customer` writes their message number `n`.
    pub fn ask(&self, customer: usize, n: usize) -> Result<MessageId> {
        Ok(self.world.say(self.customers[customer], self.chat(customer), &question(customer, n))?)
    }
}

/// The text of a customer's n-th message.
pub fn question(customer: usize, n: usize) -> String {
    format!("m{customer}-{n}")
}

/// The text of the n-th answer to a customer.
pub fn answer(customer: usize, n: usize) -> String {
    format!("s{customer}-{n}")
}

/// Whose and which message a text is, if it is one of ours: `m3-7` → (3, 7).
pub fn read(kind: char, text: &str) -> Option<(usize, usize)> {
    let (who, n) = text.strip_prefix(kind)?.split_once('-')?;
    Some((who.parse().ok()?, n.parse().ok()?))
}

/// What has arrived, in the order of arrival.
#[derive(Debug, Default)]
pub struct Arrived {
    /// Per customer and place (a topic, or the customer's chat): the numbers of their messages.
    pub by_place: HashMap<(usize, i64), Vec<usize>>,
}

impl Arrived {
    /// The questions that stand in the staff forum, sent by the bot.
    pub fn at_staff(town: &Town) -> Self {
        let mut arrived = Self::default();
        for message in town.world.messages(town.staff) {
            if !is_bot(&message.from) || message.deleted {
                continue;
            }
            if let Some((who, n)) = message.text.as_deref().and_then(|text| read('m', text)) {
                arrived.by_place.entry((who, message.topic.unwrap_or(0))).or_default().push(n);
            }
        }
        arrived
    }

    /// The answers that stand in the customers' chats.
    pub fn at_customers(town: &Town) -> Self {
        Self::in_private_chats(town, 's')
    }

    /// The questions that an echo bot said back.
    pub fn echoed(town: &Town) -> Self {
        Self::in_private_chats(town, 'm')
    }

    fn in_private_chats(town: &Town, kind: char) -> Self {
        let mut arrived = Self::default();
        for customer in 0..town.customers.len() {
            for message in town.world.messages(town.chat(customer)) {
                if !is_bot(&message.from) {
                    continue;
                }
                if let Some((who, n)) = message.text.as_deref().and_then(|text| read(kind, text)) {
                    arrived.by_place.entry((who, i64::try_from(customer).unwrap_or(0))).or_default().push(n);
                }
            }
        }
        arrived
    }
}

fn is_bot(author: &Author) -> bool {
    author.bot
}
