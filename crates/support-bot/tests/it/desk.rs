//! A town with a desk: a staff forum, its owner Mei, and the bot as administrator there.

use frontdesk_core::cli::Deployable;
use support_bot::SupportBot;
use testkit::{Fixture, Group, Person, Rights, Seat, Town};

/// What the stories play in.
pub struct Desk {
    pub town: Town,
    /// Owner of the groups, staff, and administrator of the desk.
    pub mei: Person,
    /// The staff forum.
    pub staff: Group,
}

impl Fixture for Desk {
    async fn open(town: Town) -> Self {
        let mei = town.person("Mei", "en");
        let staff = town.forum("Lotus staff", &mei);
        staff.make_bot_admin(Rights::all());
        let desk = Self { town, mei, staff };
        desk.run().await;
        desk
    }
}

impl Desk {
    /// Starts the bot for this desk.
    pub async fn run(&self) {
        self.run_in("en").await;
    }

    /// Starts the bot with staff who read this language.
    pub async fn run_in(&self, staff_language: &str) {
        let settings = support_bot::config::Desk {
            staff_group: self.staff.id(),
            admins: vec![self.mei.id().0],
            staff_language: staff_language.to_owned(),
        };
        self.town.run(SupportBot::new(settings)).await;
        self.town.idle().await;
    }

    /// Mei in the topic of a ticket.
    pub fn topic(&self, name: &str) -> Seat {
        self.mei.in_topic(&self.staff, name)
    }

    /// Somebody who has asked this in their private chat, and got a ticket.
    pub async fn asks(&self, name: &str, question: &str) -> Person {
        let person = self.town.person(name, "en");
        person.says(question);
        self.town.idle().await;
        person
    }

    /// A supergroup in which members may ask, with the bot as a plain member.
    pub async fn customer_group(&self, title: &str) -> Group {
        let group = self.town.supergroup(title, &self.mei);
        group.add_bot();
        self.mei.at(&group).says("/addgroup@lotus_support_bot");
        self.town.idle().await;
        group
    }
}

/// How a topic begins: its making, and the card.
pub fn begins_with_card(lines: &[String], number: i64, name: &str) {
    assert_eq!(lines[0], "· forum_topic_created");
    assert!(lines[1].starts_with(&format!("Lotus Support: Ticket #{number} · {name}")), "{}", lines[1]);
}
