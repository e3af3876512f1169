//! A process that follows the sandbox's clock: `TEST_CLOCK_URL`.

use std::time::Duration;

use frontdesk_core::clock::Stopwatch;
use rustix::process::Signal;
use sandbox::{BotSpec, Clock, Fault, FaultKind, Options, Stuck};
use testkit::Backend;

use crate::desk::Desk;

const START: i64 = 1_790_000_000_000_000;
const SECOND: i64 = 1_000_000;
/// How long a settling may take in real time.
const PATIENCE: i64 = 30 * SECOND;

/// A desk whose sandbox's clock stands, and whose processes follow it.
async fn desk() -> Desk {
    let options = Options { clock: Clock::manual(START), ..Options::default() };
    let bot = BotSpec::new("lotus_support_bot", "Lotus Support");
    let mut desk = Desk::open_at(Backend::Sqlite, bot, options).await;
    desk.set("TEST_CLOCK_URL", desk.server.url());
    desk
}

#[tokio::test]
async fn a_refused_message_goes_out_when_the_sandboxs_clock_says_so_and_not_before() {
    let mut desk = desk().await;
    let bot = desk.run().await;
    desk.world.advance(0, PATIENCE).await.unwrap();
    let nino = desk.world.add_person("Nino", "en");
    let chat = desk.chat(nino);
    desk.world.add_fault(Fault::new(FaultKind::TooManyRequests { retry_after: 60 }).chat(chat).count(1));
    desk.world.say(nino, chat, "Is the jasmine tea back?").unwrap();

    let watch = Stopwatch::start();
    desk.world.advance(0, PATIENCE).await.unwrap();
    assert!(desk.at_staff().iter().any(|text| text == "Is the jasmine tea back?"));
    let answers = || desk.world.messages(chat).iter().filter(|message| message.from.bot).count();
    assert_eq!(answers(), 0, "it was refused for a minute");
    desk.world.advance(60 * SECOND - 1, PATIENCE).await.unwrap();
    assert_eq!(answers(), 0);
    desk.world.advance(SECOND, PATIENCE).await.unwrap();
    assert_eq!(answers(), 1);
    assert!(watch.elapsed() < Duration::from_secs(50), "nobody was to wait for a minute");

    assert_eq!(bot.stopped(Signal::TERM).await.code, Some(0));
    assert_eq!(desk.world.clock_view().participants.len(), 0, "a bot that stops takes its leave");
    desk.world.advance(SECOND, PATIENCE).await.unwrap();
}

#[tokio::test]
async fn a_day_goes_by_in_steps_and_a_killed_bot_is_named() {
    let mut desk = desk().await;
    let bot = desk.run().await;
    let day = desk.world.advance(86_400 * SECOND, PATIENCE).await.unwrap();
    assert_eq!(day.now, START + 86_400 * SECOND);
    assert!(day.steps > 1, "housekeeping wakes more than once a day");
    assert_eq!(bot.stopped(Signal::KILL).await.code, None);
    let stuck = desk.world.advance(SECOND, PATIENCE).await.unwrap_err();
    assert_eq!(stuck, Stuck::Gone("support-bot".to_owned()));
    desk.world.advance(SECOND, PATIENCE).await.unwrap();
}
