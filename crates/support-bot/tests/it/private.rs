//! Customers in their private chat with the bot.

use serde_json::json;
use testkit::story;

use crate::desk::{Desk, begins_with_card};

const OPENED: &str = "Lotus Support: Thank you! Your question is ticket #1. Our team answers here; write on \
                      whenever you like.";

story!(a_customer_asks_and_a_member_of_staff_answers, |desk: Desk| async move {
    let nino = desk.asks("Nino", "Is the jasmine tea back?").await;
    nino.assert_sees(&["Nino: Is the jasmine tea back?", OPENED]);
    let lines = desk.staff.lines_in("#1 Nino");
    begins_with_card(&lines, 1, "Nino");
    assert_eq!(lines[2..], ["Lotus Support: Is the jasmine tea back?"]);

    desk.topic("#1 Nino").says("It is back on Friday.");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"Is the jasmine tea back?\") It is back on Friday."]);
    desk.topic("#1 Nino").assert_sees_last(&[
        "Mei: It is back on Friday.",
        "Lotus Support: (re \"It is back on Friday.\") ✅",
    ]);

    let answer = nino.expect("It is back on Friday.").id;
    nino.replies(answer, "Wonderful, thank you");
    desk.town.idle().await;
    desk.topic("#1 Nino")
        .assert_sees_last(&["Lotus Support: (re \"It is back on Friday.\") Wonderful, thank you"]);
    assert_eq!(desk.staff.topic_names(), ["General", "#1 Nino"]);
});

story!(everything_until_closing_is_one_ticket_and_what_follows_a_new_one, |desk: Desk| async move {
    let nino = desk.asks("Nino", "first").await;
    nino.says("second");
    nino.says("third");
    desk.town.idle().await;
    assert_eq!(
        desk.staff.lines_in("#1 Nino")[2..],
        ["Lotus Support: first", "Lotus Support: second", "Lotus Support: third"]
    );
    desk.topic("#1 Nino").says("/close");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: Ticket #1 is closed. If anything is left, just ask again."]);
    nino.says("one more thing");
    desk.town.idle().await;
    assert_eq!(desk.staff.topic_names(), ["General", "#1 Nino", "#2 Nino"]);
    assert_eq!(desk.staff.lines_in("#2 Nino")[2..], ["Lotus Support: one more thing"]);
});

story!(start_and_help_open_no_ticket_and_a_strange_command_gets_help, |desk: Desk| async move {
    let nino = desk.town.person("Nino", "en");
    nino.starts();
    nino.says("/help");
    nino.says("/refund 12");
    nino.says("/help@another_bot");
    nino.says("/ask");
    desk.town.idle().await;
    let says = nino.sees();
    assert!(says[5].starts_with("Lotus Support: Hello Nino!"), "{says:?}");
    assert_eq!(says.iter().filter(|line| line.contains("/start – who we are")).count(), 2, "{says:?}");
    nino.assert_sees_last(&["Lotus Support: Just write your question here, without a command."]);
    nino.assert_never_saw("/addgroup");
    assert_eq!(desk.staff.topic_names(), ["General"]);
    nino.says("/ask Is it open?");
    desk.town.idle().await;
    assert_eq!(desk.staff.lines_in("#1 Nino")[2..], ["Lotus Support: /ask Is it open?"]);
});

story!(administrators_learn_their_own_commands, |desk: Desk| async move {
    desk.mei.starts();
    desk.town.idle().await;
    desk.mei.expect("/listgroups – the groups and their ids");
});

story!(people_read_their_language_and_others_english, |desk: Desk| async move {
    for (name, language, words) in [
        ("小龙", "zh-hans", "您的问题已登记为工单 #1"),
        ("Nino", "ka", "Your question is ticket #2"),
        ("Wang", "zh-CN", "您的问题已登记为工单 #3"),
    ] {
        let person = desk.town.person(name, language);
        person.says("?");
        desk.town.idle().await;
        person.expect(words);
    }
    desk.topic("#1 ").expect("Language: zh-hans");
});

story!(who_changes_the_language_is_answered_in_the_new_one, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    let message = json!({"message": {"message_id": 900, "date": 1_790_000_000, "text": "你好",
        "chat": {"id": nino.id().0, "type": "private", "first_name": "Nino"},
        "from": {"id": nino.id().0, "is_bot": false, "first_name": "Nino", "language_code": "zh-hans"}}});
    desk.town.world().send_raw_update(desk.town.account().id, message);
    desk.town.idle().await;
    desk.topic("#1 Nino").says("/close");
    desk.town.idle().await;
    nino.expect("工单 #1 已关闭");
});

story!(an_answer_to_an_older_message_stands_under_it_on_the_other_side, |desk: Desk| async move {
    let nino = desk.asks("Nino", "first").await;
    let first = nino.views()[0].id;
    nino.says("second");
    desk.town.idle().await;
    nino.replies(first, "about the first one");
    desk.town.idle().await;
    let topic = desk.topic("#1 Nino");
    topic.assert_sees_last(&["Lotus Support: (re \"first\") about the first one"]);
    let copy = topic.expect("first").id;
    topic.replies(topic.views()[2].id, "to the first");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"first\") to the first"]);
    topic.replies(copy, "to the last");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"about the first one\") to the last"]);
});

story!(every_kind_of_message_reaches_staff_and_customer, |desk: Desk| async move {
    use testkit::Media;
    let nino = desk.asks("Nino", "look").await;
    let topic = desk.topic("#1 Nino");
    let kinds = [
        "photo",
        "video",
        "audio",
        "voice",
        "document",
        "animation",
        "video_note",
        "sticker",
        "location",
        "venue",
        "contact",
        "dice",
        "poll",
    ];
    for kind in kinds {
        let media = Media::of_kind(kind).expect("the sandbox knows the kind");
        nino.sends(nino.message().media(media.clone()));
        desk.town.idle().await;
        assert_eq!((topic.last().kind.as_str(), topic.last().from.name.as_str()), (kind, "Lotus Support"));
        topic.sends(topic.message().media(media));
        desk.town.idle().await;
        let got = nino.last();
        assert_eq!((got.kind.as_str(), got.from.name.as_str()), (kind, "Lotus Support"));
        assert!(got.reply_to.is_some(), "{kind} stands under what it answers");
        topic.assert_sees_last(&[&format!("Lotus Support: (re \"{kind}\") ✅")]);
    }
});
