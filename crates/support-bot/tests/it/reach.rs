//! Staff who cannot be reached in the usual way: nothing is lost.

use std::time::Duration;

use testkit::{Fault, FaultKind, MessageId, Person, Rights, Seat, Status, story};

use crate::desk::Desk;

fn without_topics() -> Rights {
    Rights { can_manage_topics: false, ..Rights::all() }
}

story!(without_the_right_to_topics_tickets_live_in_general, |desk: Desk| async move {
    desk.staff.make_bot_admin(without_topics());
    let nino = desk.asks("Nino", "first").await;
    nino.says("second");
    desk.town.idle().await;
    let mei = desk.mei.at(&desk.staff);
    mei.expect("I may not manage topics.");
    let lines = mei.sees();
    let tail: Vec<&str> = lines[lines.len() - 2..].iter().map(String::as_str).collect();
    assert_eq!(
        tail,
        [
            "Lotus Support: (re \"Ticket #1 · Nino\\nLanguag\") first",
            "Lotus Support: (re \"Ticket #1 · Nino\\nLanguag\") second",
        ]
    );
    // Every message of the ticket can be answered: a copy, the card, the tick.
    mei.replies(mei.expect("first").id, "to the first");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"first\") to the first"]);
    mei.assert_sees_last(&["Lotus Support: (re \"to the first\") ✅"]);
    mei.replies(mei.last().id, "and the second");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"second\") and the second"]);
    mei.says("what a day");
    desk.town.idle().await;
    nino.assert_never_saw("what a day");
    mei.replies(mei.expect("Ticket #1").id, "/close@lotus_support_bot");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: Ticket #1 is closed. If anything is left, just ask again."]);

    let tamar = desk.asks("Tamar", "me too").await;
    tamar.expect("ticket #2");
    let told = mei.sees().iter().filter(|line| line.contains("I may not manage topics.")).count();
    assert_eq!(told, 1, "staff are told once");

    desk.staff.make_bot_admin(Rights::all());
    let levan = desk.asks("Levan", "and me").await;
    levan.expect("ticket #3");
    assert_eq!(desk.staff.lines_in("#3 Levan")[2..], ["Lotus Support: and me"]);
});

story!(in_general_what_the_bot_says_of_a_ticket_can_be_answered_too, |desk: Desk| async move {
    desk.staff.make_bot_admin(without_topics());
    let nino = desk.asks("Nino", "hello").await;
    let mei = desk.mei.at(&desk.staff);
    mei.replies(mei.expect("hello").id, "/close");
    desk.town.idle().await;
    mei.replies(mei.expect("Ticket #1 is closed and the customer was told.").id, "one more thing");
    desk.town.idle().await;
    mei.replies(mei.expect("Not sent: the ticket is closed. /reopen opens it again.").id, "/reopen");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: Ticket #1 is open again."]);
    mei.replies(mei.expect("Ticket #1 is open again and the customer was told.").id, "here we are");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") here we are"]);
    nino.assert_never_saw("one more thing");
});

story!(a_staff_group_without_topics_works_by_replies, |desk: Desk| async move {
    desk.town.stop_bot().await;
    let plain = desk.town.supergroup("Plain staff", &desk.mei);
    plain.make_bot_admin(Rights::all());
    let desk = Desk { staff: plain, ..desk };
    desk.run().await;
    let nino = desk.asks("Nino", "hello").await;
    let mei = desk.mei.at(&desk.staff);
    mei.expect("this group has no topics.");
    mei.replies(mei.expect("hello").id, "good morning");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") good morning"]);
    mei.says("/close");
    desk.town.idle().await;
    mei.expect("There is no ticket here.");
});

story!(a_topic_that_staff_deleted_is_made_again, |desk: Desk| async move {
    let nino = desk.asks("Nino", "first").await;
    let topic = desk.topic("#1 Nino").topic().unwrap();
    desk.town.world().delete_topic(desk.mei.id(), desk.staff.chat(), topic).unwrap();
    nino.says("second");
    nino.says("third");
    desk.town.idle().await;
    let lines = desk.staff.lines_in("#1 Nino");
    assert_eq!(lines[2..], ["Lotus Support: second", "Lotus Support: third"]);
    desk.topic("#1 Nino").says("here we are");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"third\") here we are"]);
});

story!(while_the_bot_is_not_in_the_staff_group_messages_wait_for_it, |desk: Desk| async move {
    let nino = desk.asks("Nino", "first").await;
    desk.staff.kick_bot(&desk.mei);
    desk.town.idle().await;
    nino.says("second");
    let tamar = desk.town.person("Tamar", "en");
    tamar.says("me too");
    desk.town.eventually("she has her number", || tamar.sees().len() == 2).await;
    desk.staff.make_bot_admin(Rights::all());
    desk.town.idle().await;
    assert_eq!(desk.staff.lines_in("#1 Nino")[2..], ["Lotus Support: first", "Lotus Support: second"]);
    assert_eq!(desk.staff.lines_in("#2 Tamar")[2..], ["Lotus Support: me too"]);
});

story!(what_staff_could_not_get_is_kept_until_they_can, |desk: Desk| async move {
    let world = desk.town.world().clone();
    let restrict =
        || world.add_member(desk.staff.chat(), desk.town.account().id, Status::Restricted).unwrap();
    restrict();
    let nino = desk.asks("Nino", "first").await;
    nino.says("second");
    desk.town.idle().await;
    let kept =
        nino.sees().iter().filter(|line| line.contains("Our team cannot be reached at the moment.")).count();
    assert_eq!(kept, 2, "{:?}", nino.sees());
    assert_eq!(desk.staff.topic_names(), ["General"]);
    // It is brought as soon as the bot's place in the group is right.
    desk.staff.make_bot_admin(Rights::all());
    desk.town.idle().await;
    assert_eq!(desk.staff.lines_in("#1 Nino")[2..], ["Lotus Support: first", "Lotus Support: second"]);

    // A ticket that has its topic keeps it, and staff can ask for another attempt.
    restrict();
    nino.says("third");
    desk.town.idle().await;
    let mei = desk.mei.at(&desk.staff);
    desk.staff.make_bot_admin(Rights::all());
    desk.town.idle().await;
    desk.topic("#1 Nino").assert_sees_last(&["Lotus Support: third"]);
    mei.says("/retry");
    desk.town.idle().await;
    mei.expect("Nothing is waiting to be delivered.");
});

story!(a_ticket_of_a_group_taken_off_the_list_goes_on, |desk: Desk| async move {
    let group = desk.customer_group("Tea lovers").await;
    let nino = desk.town.person("Nino", "en");
    group.add(&nino);
    let seat = nino.at(&group);
    seat.says("/ask@lotus_support_bot is it back?");
    desk.town.idle().await;
    desk.mei.at(&group).says("/removegroup@lotus_support_bot");
    desk.town.idle().await;
    seat.replies(seat.expect("ticket #1").id, "still waiting");
    seat.says("/t@lotus_support_bot 1 and waiting");
    seat.says("/t@lotus_support_bot 2 not mine");
    desk.town.idle().await;
    let lines = desk.staff.lines_in("#1 Nino");
    assert_eq!(
        lines[3..],
        ["Lotus Support: still waiting", "Lotus Support: /t@lotus_support_bot 1 and waiting"]
    );
    seat.assert_sees_last(&["Nino: /t@lotus_support_bot 2 not mine"]);
});

story!(both_topics_that_a_lost_answer_made_reach_the_customer, |desk: Desk| async move {
    let (nino, first, second) = asks_and_gets_two_topics(&desk).await;
    let mei = desk.mei.at(&desk.staff);
    write(&desk, second, "good morning");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") good morning"]);
    // Nothing of the first topic is on the map but its name, which stays that of its making.
    desk.town.world().rename_topic(desk.mei.id(), desk.staff.chat(), first, "mine").unwrap();
    let asked = write(&desk, first, "which tea?");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") which tea?"]);
    assert_eq!(desk.staff.lines_in("mine").last().unwrap(), "Lotus Support: (re \"which tea?\") ✅");
    // The customer's answer comes to the topic that is on the map, and staff's own words can be answered in this one.
    nino.replies(nino.expect("which tea?").id, "the green one");
    desk.town.idle().await;
    assert_eq!(
        desk.staff.lines_in("#1 Nino").last().unwrap(),
        "Lotus Support: (re \"which tea?\") the green one"
    );
    let reply = |to, text: &str| {
        let draft = desk.town.world().message(desk.mei.id(), desk.staff.chat()).topic(first);
        draft.reply_to(to).text(text).send().unwrap();
    };
    reply(asked, "or a black one?");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"which tea?\") or a black one?"]);
    reply(mei.last().id, "take your time");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"the green one\") take your time"]);
});

story!(a_ticket_is_closed_and_opened_again_in_either_topic, |desk: Desk| async move {
    let (nino, first, _) = asks_and_gets_two_topics(&desk).await;
    let closed = || desk.staff.topics()[1..].iter().map(|topic| topic.closed).collect::<Vec<_>>();
    let last = |topic| {
        let all = desk.town.world().messages_in_topic(desk.staff.chat(), topic);
        all.iter().rev().find_map(|message| message.text.clone()).unwrap_or_default()
    };
    write(&desk, first, "/close");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: Ticket #1 is closed. If anything is left, just ask again."]);
    assert_eq!(closed(), [true, true]);
    assert!(last(first).contains("#1"), "{}", last(first));
    write(&desk, first, "one more thing");
    desk.town.idle().await;
    nino.assert_never_saw("one more thing");
    assert!(last(first).contains("/reopen"), "{}", last(first));
    write(&desk, first, "/reopen");
    desk.town.idle().await;
    assert_eq!(closed(), [false, false]);
    write(&desk, first, "one more thing");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") one more thing"]);
});

story!(a_topic_of_a_ticket_that_nobody_knows_says_so, |desk: Desk| async move {
    let (nino, first, second) = asks_and_gets_two_topics(&desk).await;
    // As after a return to an older backup: the topic's number is no ticket's.
    desk.town.sql("update tickets set number = 7").await;
    write(&desk, first, "into the void");
    write(&desk, first, "/close");
    write(&desk, second, "good morning");
    desk.town.idle().await;
    let mei = desk.mei.at(&desk.staff);
    mei.expect("Not sent: I know no ticket that lives in this topic.");
    mei.expect("There is no ticket here.");
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") good morning"]);
    nino.assert_never_saw("into the void");
});

/// Nino asks, and the answer to the making of the topic is lost: two have its name, and the second is on the map.
async fn asks_and_gets_two_topics(desk: &Desk) -> (Person, MessageId, MessageId) {
    desk.town.fault(Fault::new(FaultKind::LostReply).method("createForumTopic").count(1));
    let nino = desk.asks("Nino", "hello").await;
    desk.town.advance(Duration::from_secs(2)).await;
    assert_eq!(desk.staff.topic_names(), ["General", "#1 Nino", "#1 Nino"]);
    (nino, desk.staff.topics()[1].id, desk.staff.topics()[2].id)
}

fn write(desk: &Desk, topic: MessageId, text: &str) -> MessageId {
    desk.town.world().message(desk.mei.id(), desk.staff.chat()).topic(topic).text(text).send().unwrap()
}

story!(an_answer_to_a_notice_that_was_sent_twice_finds_its_ticket, |desk: Desk| async move {
    let group = desk.customer_group("Tea lovers").await;
    let nino = desk.town.person("Nino", "en");
    group.add(&nino);
    desk.town.fault(Fault::new(FaultKind::LostReply).method("sendMessage").chat(group.chat()).count(1));
    let seat = nino.at(&group);
    seat.says("/ask@lotus_support_bot is it back?");
    desk.town.idle().await;
    desk.town.advance(Duration::from_secs(2)).await;
    let notices = |seat: &Seat| -> Vec<_> {
        let is_notice =
            |view: &testkit::MessageView| view.text.as_deref().is_some_and(|text| text.contains("ticket #1"));
        seat.views().into_iter().filter(is_notice).map(|view| view.id).collect()
    };
    let twice = notices(&seat);
    assert_eq!(twice.len(), 2);
    for notice in twice {
        seat.replies(notice, &format!("about {notice}"));
        desk.town.idle().await;
        desk.topic("#1 Nino").expect(&format!("about {notice}"));
    }
});

story!(closing_and_writing_at_once_loses_nothing, |desk: Desk| async move {
    let nino = desk.asks("Nino", "message 0").await;
    for n in 1..=12 {
        let open = desk.staff.topic_names().pop().unwrap();
        desk.topic(&open).says("/close");
        nino.says(&format!("message {n}"));
        nino.says(&format!("and {n}"));
        desk.town.idle().await;
        if desk.town.count("select count(*) from tickets where status = 0").await == 0 {
            nino.says("open another");
            desk.town.idle().await;
        }
    }
    let all: Vec<String> = desk.staff.messages().into_iter().filter_map(|message| message.text).collect();
    for n in 1..=12 {
        for text in [format!("message {n}"), format!("and {n}")] {
            assert_eq!(all.iter().filter(|other| **other == text).count(), 1, "{text}");
        }
    }
});
