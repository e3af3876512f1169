//! The small town that the program opens with.

use serde_json::{Value, json};

use crate::{Bot, BotSpec, ChatId, Media, PersonId, PersonSpec, Refused, Rights, Status, World};

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
        staff_history(world, staff, owner, agent)?;
        let cafe = world.add_supergroup("Lotus & Riverside Café", nino);
        world.add_member(cafe, colleague, Status::Member)?;
        cafe_history(world, cafe, nino, colleague)?;
        // The bot comes last: what was said before, it never hears.
        world.add_member(staff, bot.id, Status::Administrator(Rights::usual()))?;
        world.add_member(cafe, bot.id, Status::Administrator(Rights::usual()))?;
        Ok(Self { bot, staff, cafe, owner, agent, customers: [nino, li, ana] })
    }

    /// What a script needs to start the bot, as `--json` prints it.
    pub fn summary(&self) -> Value {
        json!({"staff_group_id": self.staff.number(), "cafe_group_id": self.cafe.number(),
            "admin_user_id": self.owner, "agent_user_id": self.agent, "customer_ids": self.customers})
    }
}

/// Two topics of the staff's own; those of customers come with the bot.
fn staff_history(world: &World, staff: ChatId, mei: PersonId, sam: PersonId) -> Result<(), Refused> {
    let welcome =
        world.say(mei, staff, "Welcome! Every customer who writes to the shop gets a topic here.")?;
    world.pin(mei, staff, welcome)?;
    let deliveries = world.create_topic(mei, staff, "Deliveries")?;
    let van = world
        .message(mei, staff)
        .topic(deliveries)
        .text("The van comes on Friday at 9. Who is in early?")
        .send()?;
    let reply = world.message(sam, staff).topic(deliveries).reply_to(van);
    let early = reply.text("I am. Do we need the second shelf for the Oolong?").send()?;
    world.react(mei, staff, early, Some("👍"))?;
    let tasting = world.create_topic(mei, staff, "Spring tasting")?;
    world.message(mei, staff).topic(tasting).photo().text("The table from last year").send()?;
    let teas = ["Jasmine", "Oolong", "Lotus"].map(str::to_owned).to_vec();
    let poll = Media::Poll("Which tea opens the tasting?".to_owned(), teas);
    let poll = world.message(sam, staff).topic(tasting).media(poll).send()?;
    world.vote(mei, staff, poll, &[2])
}

fn cafe_history(world: &World, cafe: ChatId, nino: PersonId, tom: PersonId) -> Result<(), Refused> {
    let asked =
        world.say(nino, cafe, "Good morning! The shop's bot is joining us, so that we can order here.")?;
    world.message(tom, cafe).reply_to(asked).text("Good. We are low on Oolong again 🍵").send()?;
    Ok(())
}
