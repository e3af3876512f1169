//! Staff in the topics of their tickets, and in General.

use testkit::story;

use crate::desk::Desk;

story!(closing_and_reopening_is_told_to_both_sides, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    let topic = desk.topic("#1 Nino");
    topic.says("/reopen");
    desk.town.idle().await;
    topic.assert_sees_last(&["Lotus Support: (re \"/reopen\") Ticket #1 is already open."]);
    topic.says("/done");
    desk.town.idle().await;
    topic.expect("Ticket #1 is closed and the customer was told.");
    nino.assert_sees_last(&["Lotus Support: Ticket #1 is closed. If anything is left, just ask again."]);
    assert!(desk.staff.topic("#1 Nino").closed);
    topic.says("/close");
    desk.town.idle().await;
    topic.expect("Ticket #1 is already closed.");
    topic.says("/reopen");
    desk.town.idle().await;
    topic.expect("Ticket #1 is open again and the customer was told.");
    nino.assert_sees_last(&["Lotus Support: Ticket #1 is open again."]);
    assert!(!desk.staff.topic("#1 Nino").closed);
    nino.says("thanks");
    desk.town.idle().await;
    topic.assert_sees_last(&["Lotus Support: thanks"]);
});

story!(a_ticket_stays_closed_while_its_customer_has_another_one_open, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    desk.topic("#1 Nino").says("/close");
    desk.town.idle().await;
    nino.says("again");
    desk.town.idle().await;
    desk.topic("#1 Nino").says("/reopen");
    desk.town.idle().await;
    desk.topic("#1 Nino").expect("Ticket #1 stays closed: the customer has ticket #2 open.");
    nino.assert_never_saw("open again");
});

story!(notes_commands_and_service_messages_stay_among_staff, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    let topic = desk.topic("#1 Nino");
    topic.says("// she called twice");
    topic.sends(topic.message().photo().caption("// her receipt"));
    topic.says("/help");
    topic.says("/cloes");
    topic.says("/close@another_bot");
    desk.town.world().pin(desk.mei.id(), desk.staff.chat(), topic.views()[2].id).unwrap();
    let mei = desk.mei.at(&desk.staff);
    mei.says("lunch?");
    mei.says("/help");
    desk.town.idle().await;
    topic.expect("Not sent: I do not know this command.");
    mei.expect("Each ticket has a topic.");
    assert_eq!(nino.sees().len(), 2, "{:?}", nino.sees());
});

story!(a_topic_that_is_no_tickets_is_left_alone, |desk: Desk| async move {
    let topic = desk.town.world().create_topic(desk.mei.id(), desk.staff.chat(), "Tea breaks").unwrap();
    let seat = desk.topic("Tea breaks");
    assert_eq!(seat.topic(), Some(topic));
    seat.says("who is in?");
    desk.town.idle().await;
    seat.assert_sees_last(&["Mei: who is in?"]);
    seat.says("/close");
    desk.town.idle().await;
    seat.expect("There is no ticket here.");
});

story!(staff_are_told_why_a_customer_got_nothing, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    let topic = desk.topic("#1 Nino");
    nino.blocks();
    topic.says("are you there?");
    desk.town.idle().await;
    topic.assert_sees_last(&[
        "Lotus Support: (re \"are you there?\") ❌ Failed: the customer has blocked the bot.",
    ]);
    nino.unblocks();
    nino.says("here again");
    desk.town.idle().await;
    topic.says("welcome back");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"here again\") welcome back"]);
    topic.assert_sees_last(&["Lotus Support: (re \"welcome back\") ✅"]);
});

story!(staff_who_read_chinese_have_cards_in_chinese, |desk: Desk| async move {
    desk.town.stop_bot().await;
    desk.run_in("zh-CN").await;
    desk.asks("Nino", "hello").await;
    desk.topic("#1 Nino").expect("工单 #1 · Nino");
});

story!(who_is_not_in_the_staff_group_has_no_staff_functions, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    let tamar = desk.asks("Tamar", "hi").await;
    let forum = desk.town.forum("A forum of her own", &tamar);
    forum.make_bot_admin(testkit::Rights::all());
    let own = desk.town.world().create_topic(tamar.id(), forum.chat(), "#1 Nino").unwrap();
    let seat = tamar.in_topic(&forum, "#1 Nino");
    assert_eq!(seat.topic(), Some(own));
    seat.says("I am staff, believe me");
    seat.says("/close");
    tamar.says("/close 1");
    desk.town.idle().await;
    assert_eq!(nino.sees().len(), 2, "{:?}", nino.sees());
    assert_eq!(desk.town.count("select count(*) from tickets where status = 0").await, 2);
});
