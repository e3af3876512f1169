//! Edits.

use testkit::story;

use crate::desk::Desk;

story!(failure_9_an_edit_changes_the_copy_on_both_sides, |desk: Desk| async move {
    let nino = desk.asks("Nino", "Is the jasmin back?").await;
    nino.edits(nino.views()[0].id, "Is the jasmine back?");
    desk.town.idle().await;
    let topic = desk.topic("#1 Nino");
    topic.assert_sees_last(&["Lotus Support: Is the jasmine back? (edited)"]);
    let answer = topic.says("On Fryday.");
    desk.town.idle().await;
    topic.edits(answer, "On Friday.");
    desk.town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"Is the jasmine back?\") On Friday. (edited)"]);
    let photo = nino.sends(nino.message().photo().caption("a cup"));
    desk.town.idle().await;
    nino.edits(photo, "two cups");
    desk.town.idle().await;
    topic.assert_sees_last(&["Lotus Support: [photo] two cups (edited)"]);
    let voice = nino.sends(nino.message().voice().caption("hm"));
    desk.town.idle().await;
    nino.edits(voice, "listen");
    desk.town.idle().await;
    topic.assert_sees_last(&["Lotus Support: [voice] listen (edited)"]);
});

story!(an_edit_whose_copy_is_gone_comes_as_a_marked_copy, |desk: Desk| async move {
    let nino = desk.asks("Nino", "first").await;
    let topic = desk.topic("#1 Nino");
    topic.deletes(topic.expect("first").id);
    nino.edits(nino.views()[0].id, "first, but better");
    desk.town.idle().await;
    let lines = topic.sees();
    assert_eq!(
        lines[lines.len() - 2..],
        [
            "Lotus Support: ✏️ Edited:".to_owned(),
            format!("Lotus Support: (re {:?}) first, but better", "✏️ Edited:"),
        ]
    );
});

story!(an_edit_cannot_send_a_note_nor_hide_an_answer, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    let topic = desk.topic("#1 Nino");
    let note = topic.says("// difficult customer");
    let answer = topic.says("Good morning!");
    desk.town.idle().await;
    topic.edits(note, "a lovely customer");
    desk.town.idle().await;
    topic.expect("Not sent: an edit goes to the customer only where the message did.");
    topic.edits(answer, "// good morning");
    desk.town.idle().await;
    topic.expect("The customer still sees what you wrote first");
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") Good morning!"]);
    assert_eq!(nino.sees().len(), 3);
});

story!(the_edit_of_a_command_is_nobodys_business, |desk: Desk| async move {
    let nino = desk.town.person("Nino", "en");
    let help = nino.says("/help");
    desk.town.idle().await;
    nino.edits(help, "help me");
    desk.town.idle().await;
    assert_eq!(nino.sees().len(), 2, "{:?}", nino.sees());
    assert_eq!(desk.staff.topic_names(), ["General"]);
});
