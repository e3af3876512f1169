//! Where the original fails, by the numbers of its list. 4 is the secret fetcher, which this bot does not have.

use std::collections::BTreeSet;
use std::time::Duration;

use testkit::{Fault, FaultKind, story};

use crate::desk::Desk;

story!(failure_1_a_burst_gives_every_ticket_a_number_of_its_own, |desk: Desk| async move {
    let people: Vec<_> = (0..100).map(|n| desk.town.person(&format!("Person {n}"), "en")).collect();
    for person in &people {
        person.says("hello");
    }
    desk.town.idle().await;
    let names = desk.staff.topic_names();
    let numbers: BTreeSet<i64> =
        names.iter().filter_map(|name| name.strip_prefix('#')?.split(' ').next()?.parse().ok()).collect();
    assert_eq!(numbers, (1..=100).collect(), "{names:?}");
});

story!(failure_2_what_one_person_writes_arrives_in_order, |desk: Desk| async move {
    let nino = desk.town.person("Nino", "en");
    for n in 0..60 {
        nino.says(&format!("message {n}"));
    }
    desk.town.idle().await;
    let wanted: Vec<String> = (0..60).map(|n| format!("Lotus Support: message {n}")).collect();
    assert_eq!(desk.staff.lines_in("#1 Nino")[2..], wanted);
});

story!(failure_3_a_crash_in_a_burst_loses_nothing, |desk: Desk| async move {
    let nino = desk.town.person("Nino", "en");
    for n in 0..40 {
        nino.says(&format!("message {n}"));
    }
    let world = desk.town.world().clone();
    desk.town.eventually("some are delivered", || world.calls_of("copyMessage").len() > 5).await;
    desk.town.crash_bot();
    desk.town.restart_bot().await;
    desk.town.idle().await;
    let mut lines = desk.staff.lines_in("#1 Nino").split_off(2);
    let sent = lines.len();
    lines.dedup();
    assert!(sent - lines.len() <= 1, "at most the one in flight is repeated");
    let wanted: Vec<String> = (0..40).map(|n| format!("Lotus Support: message {n}")).collect();
    assert_eq!(lines, wanted);
});

story!(failure_3_refusals_for_too_many_requests_lose_nothing, |desk: Desk| async move {
    let fault = Fault::new(FaultKind::TooManyRequests { retry_after: 1 }).method("copyMessage").chance(0.3);
    let fault = desk.town.fault(fault);
    let nino = desk.town.person("Nino", "en");
    for n in 0..20 {
        nino.says(&format!("message {n}"));
    }
    for _ in 0..60 {
        desk.town.advance(Duration::from_secs(1)).await;
    }
    desk.town.world().remove_faults(Some(fault));
    desk.town.advance(Duration::from_secs(2)).await;
    let wanted: Vec<String> = (0..20).map(|n| format!("Lotus Support: message {n}")).collect();
    assert_eq!(desk.staff.lines_in("#1 Nino")[2..], wanted);
});

story!(failure_5_every_message_of_a_ticket_can_be_answered, |desk: Desk| async move {
    let group = desk.customer_group("Tea lovers").await;
    let nino = desk.town.person("Nino", "en");
    group.add(&nino);
    let seat = nino.at(&group);
    seat.says("/ask@lotus_support_bot one");
    desk.town.idle().await;
    let topic = desk.topic("#1 Nino");
    topic.says("older answer");
    desk.town.idle().await;
    topic.says("newer answer");
    desk.town.idle().await;
    // The customer: the first notice, an older answer, the newest one.
    for words in ["Your question is ticket #1", "older answer", "newer answer"] {
        let text = format!("about {words:?}");
        seat.replies(seat.expect(words).id, &text);
        desk.town.idle().await;
        assert_eq!(topic.last().text.as_deref(), Some(text.as_str()));
    }
    // Staff: the card, a copy, a continuation, an answer of their own, a tick.
    let messages = topic.views();
    for message in messages.iter().filter(|message| !message.kind.starts_with("forum")) {
        let text = format!("on {}", message.id);
        topic.replies(message.id, &text);
        desk.town.idle().await;
        assert_eq!(seat.last().text.as_deref(), Some(text.as_str()));
        assert!(seat.last().reply_to.is_some());
    }
    assert!(messages.len() > 8);
});

story!(failure_6_close_with_the_bots_name_closes_and_is_not_sent, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    desk.topic("#1 Nino").says("/close@lotus_support_bot");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: Ticket #1 is closed. If anything is left, just ask again."]);
    nino.assert_never_saw("/close");
});

story!(failure_7_nobody_writes_on_a_closed_ticket_and_the_customer_is_told, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    nino.expect("Your question is ticket #1");
    let topic = desk.topic("#1 Nino");
    topic.says("/close");
    desk.town.idle().await;
    topic.says("one more thing");
    desk.town.idle().await;
    topic.expect("Not sent: the ticket is closed. /reopen opens it again.");
    nino.assert_never_saw("one more thing");
    nino.expect("Ticket #1 is closed.");
    topic.says("/reopen");
    desk.town.idle().await;
    nino.expect("Ticket #1 is open again.");
});

story!(failure_8_markup_in_a_text_arrives_as_it_was_written, |desk: Desk| async move {
    let nino = desk.asks("Nino", "*not bold_ [x](y) <b>z</b> \\ `q").await;
    let topic = desk.topic("#1 Nino");
    topic.assert_sees_last(&["Lotus Support: *not bold_ [x](y) <b>z</b> \\ `q"]);
    topic.sends(topic.message().text("truly bold").entity("bold", 6, 4));
    desk.town.idle().await;
    assert_eq!(nino.last().entities[0]["type"], "bold");
});

story!(failure_9_a_group_that_became_a_supergroup_goes_on, |desk: Desk| async move {
    let group = desk.town.group("Tea lovers", &desk.mei);
    group.make_bot_admin(testkit::Rights::usual());
    desk.mei.at(&group).says("/addgroup");
    let nino = desk.town.person("Nino", "en");
    group.add(&nino);
    desk.town.idle().await;
    nino.at(&group).says("/ask is it back?");
    desk.town.idle().await;
    let group = group.migrates();
    desk.topic("#1 Nino").says("On Friday.");
    desk.town.idle().await;
    let seat = nino.at(&group);
    seat.assert_sees_last(&["Lotus Support: On Friday."]);
    seat.replies(seat.last().id, "thank you");
    desk.town.idle().await;
    desk.topic("#1 Nino").assert_sees_last(&["Lotus Support: (re \"On Friday.\") thank you"]);
    seat.says("/t 1 and one more");
    seat.says("/ask something else");
    desk.town.idle().await;
    desk.topic("#1 Nino").assert_sees_last(&["Lotus Support: /t 1 and one more"]);
    seat.expect("ticket #2");
});

story!(failure_9_a_staff_group_that_became_a_supergroup_goes_on, |desk: Desk| async move {
    desk.town.stop_bot().await;
    let basic = desk.town.group("Small staff", &desk.mei);
    basic.make_bot_admin(testkit::Rights::usual());
    let desk = Desk { staff: basic, ..desk };
    desk.run().await;
    let nino = desk.asks("Nino", "first").await;
    let staff = desk.staff.migrates();
    nino.says("second");
    desk.town.idle().await;
    let mei = desk.mei.at(&staff);
    mei.replies(mei.expect("second").id, "got both");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"second\") got both"]);
    desk.asks("Tamar", "hello").await.expect("ticket #2");
    mei.expect("hello");
    // The setting keeps the old id.
    desk.town.restart_bot().await;
    desk.asks("Levan", "hi").await.expect("ticket #3");
    mei.expect("hi");
});

story!(failure_10_only_who_asked_may_go_on, |desk: Desk| async move {
    let group = desk.customer_group("Tea lovers").await;
    let (nino, tamar) = (desk.town.person("Nino", "en"), desk.town.person("Tamar", "en"));
    group.add(&nino);
    group.add(&tamar);
    nino.at(&group).says("/ask@lotus_support_bot is it back?");
    desk.town.idle().await;
    let seat = tamar.at(&group);
    seat.says("/t@lotus_support_bot 1 me too");
    desk.town.idle().await;
    seat.expect("Only the person who asked can add to ticket #1.");
    seat.replies(seat.expect("Your question is ticket #1").id, "and me");
    desk.town.idle().await;
    let refused = seat.sees().iter().filter(|line| line.contains("Only the person who asked")).count();
    assert_eq!(refused, 2);
    assert_eq!(desk.staff.lines_in("#1 Nino").len(), 3, "staff got none of it");
});

story!(failure_11_asking_is_not_ask_and_an_empty_question_is_none, |desk: Desk| async move {
    let group = desk.customer_group("Tea lovers").await;
    let nino = desk.town.person("Nino", "en");
    group.add(&nino);
    let seat = nino.at(&group);
    seat.says("/asking@lotus_support_bot for a friend");
    seat.says("/ask@lotus_support_bot");
    seat.says("/ask@lotus_support_bot   ");
    desk.town.idle().await;
    let told =
        seat.sees().iter().filter(|line| line.contains("To ask, write /ask and your question")).count();
    assert_eq!(told, 2, "{:?}", seat.sees());
    assert_eq!(desk.staff.topic_names(), ["General"]);
});

story!(failure_12_the_bot_asks_once_who_it_is, |desk: Desk| async move {
    let nino = desk.town.person("Nino", "en");
    for n in 0..10 {
        nino.says(&format!("message {n}"));
    }
    desk.town.idle().await;
    assert_eq!(desk.town.world().calls_of("getMe").len(), 1);
});
