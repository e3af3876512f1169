//! People who write, whatever happens to the bot.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sandbox::{Bot, ChatId, PersonId, World};

use crate::clock::pause;
use crate::town::{Town, answer, question};

/// Customers and staff, writing until they are told to stop.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<(Vec<usize>, Vec<usize>)>,
}

struct People {
    world: World,
    bot: Bot,
    staff: ChatId,
    agent: PersonId,
    customers: Vec<PersonId>,
}

impl Load {
    /// Starts them: a message every `every`, one in four of them an answer by staff.
    pub fn start(town: &Town, every: Duration, seed: u64) -> Self {
        let people = People {
            world: town.world.clone(),
            bot: town.bot.clone(),
            staff: town.staff,
            agent: town.agent,
            customers: town.customers.clone(),
        };
        let stop = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(write(people, Arc::clone(&stop), every, seed));
        Self { stop, task }
    }

    /// They stop. Returns how many questions and answers each customer's conversation has.
    pub async fn stop(self) -> anyhow::Result<(Vec<usize>, Vec<usize>)> {
        self.stop.store(true, Ordering::Relaxed);
        Ok(self.task.await?)
    }
}

async fn write(
    people: People,
    stop: Arc<AtomicBool>,
    every: Duration,
    seed: u64,
) -> (Vec<usize>, Vec<usize>) {
    let mut rng = StdRng::seed_from_u64(seed);
    let count = people.customers.len();
    let (mut asked, mut answered) = (vec![0; count], vec![0; count]);
    let mut topics: Vec<Option<i64>> = vec![None; count];
    while !stop.load(Ordering::Relaxed) {
        let who = rng.random_range(0..count);
        if rng.random_range(0..4) == 0 {
            if topics[who].is_none() {
                topics[who] = people.topic_of(who);
            }
            if let Some(topic) = topics[who] {
                let text = answer(who, answered[who]);
                let draft = people.world.message(people.agent, people.staff).topic(topic).text(&text);
                if draft.send().is_ok() {
                    answered[who] += 1;
                }
            }
        } else {
            let chat = ChatId::private(people.customers[who], people.bot.id);
            if people.world.say(people.customers[who], chat, &question(who, asked[who])).is_ok() {
                asked[who] += 1;
            }
        }
        pause(every).await;
    }
    (asked, answered)
}

impl People {
    /// The topic in which a customer's first message stands, found by a copy that arrived there.
    fn topic_of(&self, who: usize) -> Option<i64> {
        let name = format!("Customer {who}");
        let topics = self.world.topics(self.staff);
        topics.into_iter().find(|topic| topic.name.ends_with(&name)).map(|topic| topic.id)
    }
}
