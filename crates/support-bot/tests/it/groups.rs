//! Customers in groups.

use testkit::{Rights, Status, story};

use crate::desk::{Desk, begins_with_card};

story!(a_question_in_a_group_is_answered_under_it, |desk: Desk| async move {
    let group = desk.customer_group("Tea lovers").await;
    let nino = desk.town.person("Nino", "en");
    group.add(&nino);
    nino.at(&group).says("/ask@lotus_support_bot Is it back?");
    desk.town.idle().await;
    let seat = nino.at(&group);
    seat.expect("Your question is ticket #1.");
    let lines = desk.staff.lines_in("#1 Nino");
    begins_with_card(&lines, 1, "Nino");
    assert!(lines[1].contains("Group: Tea lovers"), "{lines:?}");
    assert_eq!(lines[2..], ["Lotus Support: /ask@lotus_support_bot Is it back?"]);

    desk.topic("#1 Nino").says("On Friday.");
    desk.town.idle().await;
    seat.assert_sees_last(&["Lotus Support: (re \"/ask@lotus_support_bot I\") On Friday."]);
    seat.replies(seat.last().id, "In the morning?");
    desk.town.idle().await;
    desk.topic("#1 Nino").assert_sees_last(&["Lotus Support: (re \"On Friday.\") In the morning?"]);
    desk.topic("#1 Nino").says("From nine.");
    desk.town.idle().await;
    seat.assert_sees_last(&["Lotus Support: (re \"In the morning?\") From nine."]);
    seat.says("/t@lotus_support_bot 1 thank you");
    desk.town.idle().await;
    desk.topic("#1 Nino").assert_sees_last(&["Lotus Support: /t@lotus_support_bot 1 thank you"]);
});

story!(a_mention_asks_in_text_and_caption_where_the_bot_can_see_it, |desk: Desk| async move {
    let group = desk.customer_group("Tea lovers").await;
    desk.mei.at(&group).expect("Telegram does not show me mentions in this group.");
    group.make_bot_admin(Rights::usual());
    let nino = desk.town.person("Nino", "en");
    group.add(&nino);
    let seat = nino.at(&group);
    seat.says("@lotus_support_bot is it back?");
    seat.sends(seat.message().photo().caption("what is this, @lotus_support_bot"));
    seat.says("lotus_support_bot is not marked");
    seat.says("@lotus_support_bottle is another");
    seat.says("good morning");
    seat.says("@lotus_support_bot");
    desk.town.idle().await;
    assert_eq!(desk.staff.topic_names(), ["General", "#1 Nino", "#2 Nino"]);
    seat.assert_sees_last(&[
        "Lotus Support: (re \"@lotus_support_bot\") To ask, write /ask and your question in one message, for example: \
         /ask When do you open?",
    ]);
});

story!(adding_a_group_says_nothing_of_mentions_where_the_bot_sees_them, |desk: Desk| async move {
    let group = desk.town.supergroup("Tea lovers", &desk.mei);
    group.make_bot_admin(Rights::usual());
    desk.mei.at(&group).says("/addgroup");
    desk.town.idle().await;
    let seat = desk.mei.at(&group);
    seat.assert_sees_last(&[
        "Lotus Support: (re \"/addgroup\") Members of this group can now ask with /ask or by mentioning me.",
    ]);
    seat.says("/addgroup");
    desk.town.idle().await;
    seat.assert_sees_last(&[
        "Lotus Support: (re \"/addgroup\") Members of this group can already ask with /ask or by mentioning me.",
    ]);
});

story!(a_group_the_bot_joined_before_it_ran_is_asked_about, |desk: Desk| async move {
    desk.town.stop_bot().await;
    let group = desk.town.supergroup("Tea lovers", &desk.mei);
    group.add_bot();
    desk.town.restart_bot().await;
    desk.town.idle().await;
    desk.town.sql("delete from chats").await;
    desk.mei.at(&group).says("/addgroup@lotus_support_bot");
    desk.town.idle().await;
    desk.mei.at(&group).expect("can now ask with /ask");
    desk.mei.at(&group).expect("Telegram does not show me mentions in this group.");
});

story!(only_administrators_of_the_desk_change_the_list, |desk: Desk| async move {
    let group = desk.customer_group("Tea lovers").await;
    let nino = desk.town.person("Nino", "en");
    let other = desk.town.supergroup("Coffee lovers", &nino);
    other.add_bot();
    nino.at(&other).says("/addgroup@lotus_support_bot");
    nino.says("/listgroups");
    nino.says(&format!("/removegroup {}", group.id()));
    desk.town.idle().await;
    nino.at(&other).expect("Only this desk's administrators can do that.");
    assert_eq!(nino.sees().iter().filter(|line| line.contains("Only this desk")).count(), 2);

    desk.mei.says("/listgroups");
    desk.mei.says("/addgroup");
    desk.mei.says("/removegroup");
    desk.mei.says("/removegroup -5");
    desk.mei.says(&format!("/removegroup {}", group.id()));
    desk.mei.says("/listgroups");
    desk.town.idle().await;
    desk.mei.expect(&format!("Tea lovers – {}", group.id()));
    desk.mei.expect("Write /addgroup in the group whose members may ask.");
    desk.mei.expect("Write /removegroup in the group, or /removegroup and its id.");
    desk.mei.expect("That group was not on the list.");
    desk.mei.expect("Members of that group can no longer ask.");
    desk.mei
        .assert_sees_last(&["Lotus Support: No group is on the list. Write /addgroup in a group to add it."]);

    let tamar = desk.town.person("Tamar", "en");
    group.add(&tamar);
    tamar.at(&group).says("/ask@lotus_support_bot still there?");
    desk.town.idle().await;
    tamar.at(&group).expect("Sorry, our team does not answer in this group.");
    assert_eq!(desk.staff.topic_names(), ["General"]);
});

story!(a_group_that_is_not_on_the_list_hears_one_sentence_to_who_asks, |desk: Desk| async move {
    let nino = desk.town.person("Nino", "en");
    let group = desk.town.supergroup("Somewhere", &nino);
    group.make_bot_admin(Rights::usual());
    let seat = nino.at(&group);
    seat.says("@lotus_support_bot hello");
    seat.says("/help");
    seat.says("/t 1 hello");
    desk.town.idle().await;
    assert!(!seat.sees().iter().any(|line| line.starts_with("Lotus Support")), "{:?}", seat.sees());
    seat.says("/ask is it open?");
    desk.town.idle().await;
    seat.assert_sees_last(&[
        "Lotus Support: (re \"/ask is it open?\") Sorry, our team does not answer in this group. Please write to me in \
         a private chat.",
    ]);
});

story!(each_wrong_way_to_continue_has_its_own_answer, |desk: Desk| async move {
    let group = desk.customer_group("Tea lovers").await;
    let other = desk.customer_group("Coffee lovers").await;
    let nino = desk.town.person("Nino", "en");
    group.add(&nino);
    other.add(&nino);
    let (seat, elsewhere) = (nino.at(&group), nino.at(&other));
    seat.says("/ask@lotus_support_bot one");
    desk.town.idle().await;
    for (rest, answer) in [
        ("", "To add to a ticket, write /t, its number and your text"),
        (" 1", "To add to a ticket, write /t, its number and your text"),
        (" one hello", "After /t comes the number of the ticket"),
        (" 99 hello", "There is no ticket #99."),
    ] {
        seat.says(&format!("/ticket@lotus_support_bot{rest}"));
        desk.town.idle().await;
        assert!(seat.last().text.is_some_and(|text| text.starts_with(answer)), "{rest:?}: {:?}", seat.sees());
    }
    elsewhere.says("/t@lotus_support_bot 1 hello");
    desk.town.idle().await;
    elsewhere.expect("Ticket #1 was not asked in this group.");
    seat.sends(seat.message().photo().caption("/t@lotus_support_bot 1"));
    desk.town.idle().await;
    assert_eq!(desk.topic("#1 Nino").last().kind, "photo", "a picture needs no text");
    desk.topic("#1 Nino").says("/close");
    desk.town.idle().await;
    seat.assert_sees_last(&[
        "Lotus Support: (re \"/t@lotus_support_bot 1\") Ticket #1 is closed. If anything is left, write /ask and your \
         question.",
    ]);
    seat.says("/t@lotus_support_bot 1 hello");
    desk.town.idle().await;
    seat.assert_sees_last(&[
        "Lotus Support: (re \"/t@lotus_support_bot 1 h\") Ticket #1 is closed. To ask again, write /ask and your \
         question.",
    ]);
});

story!(a_customers_forum_is_answered_in_the_topic_of_the_question, |desk: Desk| async move {
    let forum = desk.town.forum("Tea forum", &desk.mei);
    forum.make_bot_admin(Rights::usual());
    desk.mei.at(&forum).says("/addgroup");
    desk.town.idle().await;
    let nino = desk.town.person("Nino", "en");
    forum.add(&nino);
    desk.town.world().create_topic(desk.mei.id(), forum.chat(), "Green tea").unwrap();
    let seat = nino.in_topic(&forum, "Green tea");
    seat.says("/ask is it back?");
    desk.town.idle().await;
    seat.expect("Your question is ticket #1.");
    desk.topic("#1 Nino").says("On Friday.");
    desk.town.idle().await;
    seat.assert_sees_last(&["Lotus Support: (re \"/ask is it back?\") On Friday."]);
    desk.topic("#1 Nino").says("/close");
    desk.town.idle().await;
    seat.expect("Ticket #1 is closed.");
});

story!(what_the_bot_says_of_a_ticket_in_a_group_can_be_answered, |desk: Desk| async move {
    let group = desk.customer_group("Tea lovers").await;
    let nino = desk.town.person("Nino", "en");
    group.add(&nino);
    let seat = nino.at(&group);
    seat.says("/ask@lotus_support_bot is it back?");
    desk.town.idle().await;
    // That staff cannot be reached.
    let world = desk.town.world().clone();
    world.add_member(desk.staff.chat(), desk.town.account().id, Status::Restricted).unwrap();
    seat.says("/t@lotus_support_bot 1 and how much?");
    desk.town.idle().await;
    desk.staff.make_bot_admin(Rights::all());
    desk.town.idle().await;
    seat.replies(seat.expect("Our team cannot be reached at the moment.").id, "in other words");
    desk.town.idle().await;
    let topic = desk.topic("#1 Nino");
    topic.assert_sees_last(&["Lotus Support: in other words"]);
    // That a copy could not be edited.
    let answer = topic.says("On Fryday.");
    desk.town.idle().await;
    world.delete(desk.mei.id(), group.chat(), seat.last().id).unwrap();
    topic.edits(answer, "On Friday.");
    desk.town.idle().await;
    seat.replies(seat.expect("✏️ Edited:").id, "so not on Thursday");
    desk.town.idle().await;
    topic.assert_sees_last(&["Lotus Support: so not on Thursday"]);
    // A refusal names its ticket.
    topic.says("/close");
    desk.town.idle().await;
    seat.says("/t@lotus_support_bot 1 hello?");
    desk.town.idle().await;
    seat.replies(seat.expect("Ticket #1 is closed. To ask again").id, "hello?");
    desk.town.idle().await;
    seat.assert_sees_last(&[
        "Lotus Support: (re \"hello?\") Ticket #1 is closed. To ask again, write /ask and your question.",
    ]);
});
