//! A sandbox where many people write to a bot, as fast as it reads.

use std::io::{Read as _, Write as _};

use sandbox::{BotSpec, ChatId, Clock, Options, PersonId, Server};
use serde_json::json;

const PEOPLE: usize = 1_000;
/// So many updates wait at most: more than a poll takes, and few enough that they are no load of their own.
const WAITING: usize = 400;

/// Serves until stdin ends.
pub async fn serve(messages: u64) -> anyhow::Result<()> {
    let server = Server::start(Options::default()).await?;
    let world = server.world();
    let bot = world.add_bot(BotSpec::new("bench_bot", "Bench"));
    let people: Vec<PersonId> =
        (0..PEOPLE).map(|number| world.add_person(&format!("Customer {number}"), "en")).collect();
    writeln!(std::io::stdout(), "{}", json!({"url": server.url(), "token": bot.token}))?;
    let writing = async {
        let mut written = 0_u64;
        let mut people = people.iter().copied().cycle();
        while written < messages {
            if world.pending_updates(bot.id) >= WAITING {
                Clock::sleep_really(500).await;
                continue;
            }
            for person in people.by_ref().take(WAITING / 2) {
                if written < messages {
                    let text = format!("Is the jasmine tea back? This is question {written}.");
                    world.say(person, ChatId::private(person, bot.id), &text)?;
                    written += 1;
                }
            }
        }
        std::future::pending::<anyhow::Result<()>>().await
    };
    let end = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0]));
    tokio::select! {
        failed = writing => failed,
        ended = end => {
            ended??;
            Ok(())
        }
    }
}
