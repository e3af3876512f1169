//! The small town that the program opens with.

use serde_json::{Value, json};

use crate::{Bot, BotSpec, ChatId, PersonId, PersonSpec, Refused, Rights, Status, World};

/// Who and what is in the demo town.
#[derive(Clone, Debug)]
pub struct Town {
    /// The shop's bot.
    pub bot: Bot,
    /// "Lotus staff", a forum where the bot is an administrator.
    pub staff: ChatId,
    /// "Lotus & Riverside Café", a customer's group where the bot is an administrator.
    pub cafe: ChatId,
    /// Mei Chen, who owns the shop (zh).
    pub owner: PersonId,
    /// Sam Okafor, who works there (en).
    pub agent: PersonId,
    /// Nino Beridze (en), Li Wei (zh-hans), Ana García (es).
    pub customers: [PersonId; 3],
}

impl Town {
    /// Builds it in an empty world: the ids are the same every time.
    pub fn build(world: &World) -> Result<Self, Refused> {
        let person = |first: &str, last: &str, username: &str, language: &str| {
            world.add_person_as(PersonSpec {
                first_name: first.to_owned(),
                last_name: Some(last.to_owned()),
                username: (!username.is_empty()).then(|| username.to_owned()),
                language: Some(language.to_owned()),
            })
        };
        let bot = world.add_bot(BotSpec::new("lotus_support_bot", "Lotus Support"));
        let owner = person("Mei", "Chen", "mei_chen", "zh");
        let agent = person("Sam", "Okafor", "sam_okafor", "en");
        let nino = person("Nino", "Beridze", "nino_b", "en");
        let li = person("Li", "Wei", "", "zh-hans");
        let ana = person("Ana", "García", "ana_garcia", "es");
        let colleague = person("Tom", "Hall", "", "en");
        let staff = world.add_forum("Lotus staff", owner);
        world.add_member(staff, agent, Status::Administrator(Rights::usual()))?;
        world.add_member(staff, bot.id, Status::Administrator(Rights::usual()))?;
        let cafe = world.add_supergroup("Lotus & Riverside Café", nino);
        world.add_member(cafe, colleague, Status::Member)?;
        world.add_member(cafe, bot.id, Status::Administrator(Rights::usual()))?;
        Ok(Self { bot, staff, cafe, owner, agent, customers: [nino, li, ana] })
    }

    /// What a script needs to start the bot, as `--json` prints it.
    pub fn summary(&self) -> Value {
        json!({"staff_group_id": self.staff.number(), "cafe_group_id": self.cafe.number(),
            "admin_user_id": self.owner, "agent_user_id": self.agent, "customer_ids": self.customers})
    }
}
