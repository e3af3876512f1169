//! Albums stay albums.

use std::time::Duration;

use testkit::{MessageView, story};

use crate::desk::Desk;

fn album(messages: &[MessageView]) -> Vec<&MessageView> {
    let group = messages.iter().rev().find_map(|message| message.media_group.clone());
    messages.iter().filter(|message| message.media_group.is_some() && message.media_group == group).collect()
}

story!(failure_9_an_album_is_an_album_on_both_sides, |desk: Desk| async move {
    let nino = desk.asks("Nino", "look").await;
    nino.sends_all(nino.message().photo().caption("four of them").album(4));
    desk.town.idle().await;
    desk.town.advance(Duration::from_secs(1)).await;
    let topic = desk.topic("#1 Nino");
    let views = topic.views();
    let copies = album(&views);
    assert_eq!(copies.len(), 4);
    assert_eq!(copies[0].text.as_deref(), Some("four of them"));

    topic.sends_all(topic.message().photo().caption("and ours").album(3));
    desk.town.idle().await;
    desk.town.advance(Duration::from_secs(1)).await;
    let seen = nino.views();
    let answers = album(&seen);
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0].text.as_deref(), Some("and ours"));
    assert!(answers[0].reply_to.is_some(), "threaded under the question");
    topic.assert_sees_last(&["Lotus Support: (re \"and ours\") ✅"]);

    // Each part can be answered.
    let second = copies[1].id;
    topic.replies(second, "what is this one?");
    desk.town.idle().await;
    let asked = nino.last().reply_to.unwrap();
    let originals: Vec<_> = album(&seen[..6]).iter().map(|message| message.id).collect();
    assert_eq!(asked, originals[1]);
    nino.replies(answers[2].id, "I like the third");
    desk.town.idle().await;
    let liked = topic.last().reply_to.unwrap();
    let ours = topic.views();
    let third = ours.iter().filter(|view| view.from.name == "Mei" && view.kind == "photo").nth(2).unwrap();
    assert_eq!(liked, third.id);
});

story!(an_album_opens_one_ticket, |desk: Desk| async move {
    let nino = desk.town.person("Nino", "en");
    nino.sends_all(nino.message().photo().caption("which is better?").album(5));
    desk.town.idle().await;
    desk.town.advance(Duration::from_secs(1)).await;
    assert_eq!(desk.staff.topic_names(), ["General", "#1 Nino"]);
    assert_eq!(album(&desk.topic("#1 Nino").views()).len(), 5);
});
