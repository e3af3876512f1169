//! A Telegram of tomorrow: fields, types, kinds of updates and of messages that this bot has never heard of.

use testkit::Backend;

use crate::desk::Desk;

const QUESTIONS: usize = 20;
const ANSWERS: usize = 5;

#[tokio::test]
async fn a_conversation_goes_on_under_a_telegram_of_tomorrow() {
    let mut desk = Desk::open(Backend::Sqlite).await;
    desk.world.set_newer(true);
    let bot = desk.run().await;
    let nino = desk.world.add_person("Nino", "en");
    let chat = desk.chat(nino);
    for number in 0..QUESTIONS {
        desk.world.say(nino, chat, &format!("question {number}")).unwrap();
    }
    desk.idle().await;
    let asked = desk.at_staff();
    for number in 0..QUESTIONS {
        assert!(asked.contains(&format!("question {number}")), "question {number} is lost: {asked:?}");
    }
    let topics = desk.world.topics(desk.staff);
    let topic = topics.iter().find(|topic| topic.name.contains("Nino")).unwrap().id;
    for number in 0..ANSWERS {
        let answer = desk.world.message(desk.mei, desk.staff).topic(topic).text(&format!("answer {number}"));
        answer.send().unwrap();
    }
    desk.idle().await;
    let seen: Vec<_> =
        desk.world.view_as(nino, chat).into_iter().filter_map(|message| message.text).collect();
    for number in 0..ANSWERS {
        assert!(seen.contains(&format!("answer {number}")), "answer {number} is lost: {seen:?}");
    }
    assert!(!bot.err().contains("panicked"), "{}", bot.err());
}
