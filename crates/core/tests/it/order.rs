//! Order inside a lane, and what arrives together.

use testkit::{Backend, Fault, FaultKind, story};

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

story!(five_thousand_messages_of_one_person_hold_up_nobody_else, |town| async move {
    town.run(Echo::default()).await;
    town.stop_bot().await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    // As many on PostgreSQL take too long for a test.
    let many = if town.backend() == Backend::Sqlite { 5_000 } else { 1_000 };
    for n in 0..many {
        nino.says(&format!("note {n}"));
    }
    mei.says("hello");
    town.restart_bot().await;
    town.eventually("the other person is answered", || mei.sees().len() == 2).await;
    town.idle().await;
    assert_eq!(town.count("select count(*) from heard where text like 'note %'").await, many);
    let breaks = "select count(*) from heard a join heard b on b.id = a.id + 1 and a.chat = b.chat where a.message > b.message";
    assert_eq!(town.count(breaks).await, 0);
});

story!(an_edit_does_not_overtake_the_message_that_it_edits, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("edit");
    town.idle().await;
    nino.assert_sees(&["Nino: edit", "Lotus Support: after (edited)"]);
});

story!(updates_that_come_shuffled_across_chats_keep_the_order_of_each, |town| async move {
    town.fault(Fault::new(FaultKind::Reorder));
    town.run(Echo::default()).await;
    town.stop_bot().await;
    let people: Vec<_> = (0..5).map(|n| town.person(&format!("Person {n}"), "en")).collect();
    for n in 0..10 {
        for person in &people {
            person.says(&format!("note {n}"));
        }
    }
    town.restart_bot().await;
    town.idle().await;
    assert_eq!(town.count("select count(*) from heard").await, 50);
    let breaks = "select count(*) from heard a join heard b on a.chat = b.chat and a.id < b.id and a.message > b.message";
    assert_eq!(town.count(breaks).await, 0);
});
