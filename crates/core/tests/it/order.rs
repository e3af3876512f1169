//! Order inside a lane, and what arrives together.

use testkit::story;

use crate::echo::Echo;

story!(a_message_is_echoed_as_an_answer, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("Is the jasmine tea back?");
    town.idle().await;
    nino.assert_sees(&[
        "Nino: Is the jasmine tea back?",
        "Lotus Support: (re \"Is the jasmine tea back?\") Is the jasmine tea back?",
    ]);
});

story!(a_hundred_messages_each_of_twenty_people_are_handled_and_answered_in_order, |town| async move {
    town.run(Echo::default()).await;
    let people: Vec<_> = (0..20).map(|n| town.person(&format!("Person {n}"), "en")).collect();
    for n in 0..100 {
        for person in &people {
            person.says(&n.to_string());
        }
    }
    town.idle().await;
    let expected: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    for person in &people {
        let answers: Vec<String> =
            person.views().into_iter().filter(|view| view.from.bot).filter_map(|view| view.text).collect();
        assert_eq!(answers, expected);
    }
    assert_eq!(town.count("select count(*) from heard").await, 2000);
    let breaks = "select count(*) from heard a join heard b on a.chat = b.chat and a.id < b.id and a.message > b.message";
    assert_eq!(town.count(breaks).await, 0);
});
