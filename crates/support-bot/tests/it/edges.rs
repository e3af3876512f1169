//! Names, lengths, and updates that nobody expects.

use sandbox::PersonSpec;
use serde_json::{Value, json};
use testkit::{Rights, story};

use crate::desk::Desk;

story!(names_with_markup_emoji_and_other_scripts_break_nothing, |desk: Desk| async move {
    for (number, name) in
        [(1, "<b>*Nino*</b> [x](y) _z_ `q`"), (2, "👩🏽‍🚀🍵"), (3, "נינו ברידזה"), (4, "&amp; <script>")]
    {
        let person = desk.town.person(name, "en");
        person.says("hello");
        desk.town.idle().await;
        let card = desk.topic(&format!("#{number} ")).views()[1].text.clone().unwrap();
        assert!(card.starts_with(&format!("Ticket #{number} · {name}\n")), "{card}");
        assert_eq!(desk.staff.topic(&format!("#{number} ")).name, format!("#{number} {name}"));
        person.expect(&format!("ticket #{number}"));
    }
});

story!(a_very_long_name_is_cut_to_fit_a_topic, |desk: Desk| async move {
    let spec = PersonSpec {
        first_name: "N".repeat(64),
        last_name: Some("🍵".repeat(32)),
        username: Some("nino_b".to_owned()),
        language: Some("en".to_owned()),
    };
    let nino = desk.town.person_as(spec);
    nino.says("hello");
    desk.town.idle().await;
    let name = desk.staff.topic("#1 ").name;
    assert!(name.encode_utf16().count() <= 128 && name.starts_with("#1 NNN"), "{name}");
    desk.topic("#1 ").expect("Username: @nino_b");
    nino.expect("ticket #1");
});

story!(texts_and_captions_at_their_limit_keep_every_mark, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    let topic = desk.topic("#1 Nino");
    let text = format!("{}🍵", "x".repeat(4094));
    nino.sends(nino.message().text(&text).entity("bold", 4090, 6));
    desk.town.idle().await;
    let copy = topic.last();
    assert_eq!(copy.text.as_deref(), Some(text.as_str()));
    assert_eq!(json!(copy.entities), json!([{"type": "bold", "offset": 4090, "length": 6}]));
    let caption = "🍵".repeat(512);
    topic.sends(topic.message().photo().caption(&caption).entity("italic", 1022, 2));
    desk.town.idle().await;
    let got = nino.last();
    assert_eq!(got.text.as_deref(), Some(caption.as_str()));
    assert_eq!(json!(got.entities), json!([{"type": "italic", "offset": 1022, "length": 2}]));
});

fn raw(desk: &Desk, kind: &str, message: &Value) {
    desk.town.world().send_raw_update(desk.town.account().id, json!({ kind: message }));
}

story!(anonymous_administrators_answer_and_other_bots_do_not, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    let topic = desk.topic("#1 Nino");
    let chat = json!({"id": desk.staff.id(), "type": "supergroup", "title": "Lotus staff", "is_forum": true});
    let written = topic.says("// the text that the anonymous one is said to have written");
    desk.town.idle().await;
    let mut message = json!({"message_id": written, "date": 1_790_000_000, "text": "hello from nobody",
        "chat": chat, "message_thread_id": topic.topic(), "is_topic_message": true, "sender_chat": chat,
        "from": {"id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}});
    raw(&desk, "message", &message);
    desk.town.idle().await;
    assert_eq!(nino.sees().len(), 3, "it reached her: {:?}", nino.sees());
    message.as_object_mut().unwrap().remove("sender_chat");
    message["from"] =
        json!({"id": 777_001, "is_bot": true, "first_name": "Weather", "username": "weather_bot"});
    raw(&desk, "message", &message);
    desk.town.idle().await;
    assert_eq!(nino.sees().len(), 3, "another bot is not staff");
});

story!(help_of_administrators_is_there_where_a_group_is_to_be_added, |desk: Desk| async move {
    let mei = desk.mei.clone();
    let group = desk.town.supergroup("New customers", &mei);
    group.make_bot_admin(Rights::usual());
    let (admin, nino) = (mei.at(&group), desk.town.person("Nino", "en"));
    group.add(&nino);
    nino.at(&group).says("/help");
    desk.town.idle().await;
    assert_eq!(desk.town.world().calls_of("sendMessage").len(), 0, "not ours to talk in");
    nino.at(&group).says("/addgroup");
    desk.town.idle().await;
    admin.assert_sees_last(&[
        "Lotus Support: (re \"/addgroup\") Only this desk's administrators can do that.",
    ]);
    admin.says("/help");
    desk.town.idle().await;
    admin.expect("/addgroup in a group");
    admin.says("/addgroup");
    desk.town.idle().await;
    admin.says("/help");
    desk.town.idle().await;
    admin.expect("add to your question");
    let anonymous = json!({"message_id": 900, "date": 1_790_000_000, "text": "/listgroups",
        "chat": {"id": group.id(), "type": "supergroup", "title": "New customers"},
        "sender_chat": {"id": group.id(), "type": "supergroup", "title": "New customers"},
        "from": {"id": 1_087_968_824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}});
    raw(&desk, "message", &anonymous);
    desk.town.idle().await;
    admin.expect("An anonymous administrator has to show who they are first.");
});

story!(channel_posts_and_hostile_updates_open_nothing_and_break_nothing, |desk: Desk| async move {
    let channel = json!({"id": -1_009_000_i64, "type": "channel", "title": "News"});
    raw(
        &desk,
        "channel_post",
        &json!({"message_id": 1, "date": 1, "text": "/ask x", "chat": channel,
        "sender_chat": channel}),
    );
    let nino = json!({"id": 2_000_900, "type": "private", "first_name": "Nino"});
    let mut from = json!({"id": 2_000_900, "is_bot": false, "first_name": "Ni\u{0}no\u{202e}\nStaff"});
    raw(
        &desk,
        "message",
        &json!({"message_id": 1, "date": 1, "text": "\u{0}\u{202e}'; drop table tickets; --",
        "chat": nino, "from": from, "entities": [{"type": "mention", "offset": 4_000_000_000_u64, "length": 9}]}),
    );
    from["id"] = json!(2_000_901);
    from["first_name"] = json!("x".repeat(100_000));
    from["language_code"] = json!("\u{0}".repeat(5000));
    let chat = json!({"id": 2_000_901, "type": "private"});
    raw(
        &desk,
        "message",
        &json!({"message_id": 1, "date": 1, "text": "y".repeat(200_000), "chat": chat, "from": from}),
    );
    raw(
        &desk,
        "message",
        &json!({"message_id": 2, "date": 1, "hologram": {"depth": 3},
        "chat": chat, "from": {"id": 2_000_901, "is_bot": false, "first_name": "x"}}),
    );
    raw(&desk, "message", &json!("no message at all"));
    raw(&desk, "message", &json!({"message_id": "three", "chat": {"id": {}}}));
    raw(&desk, "holograms", &json!({"depth": 3}));
    desk.town.idle().await;
    assert_eq!(desk.town.count("select count(*) from tickets").await, 2);
    desk.town.expect_not_understood(3);
    desk.asks("Tamar", "still there?").await.expect("ticket #3");
});

story!(what_cannot_be_copied_is_told_to_both_sides, |desk: Desk| async move {
    let nino = desk.asks("Nino", "hello").await;
    let topic = desk.topic("#1 Nino");
    let chat = json!({"id": nino.id().0, "type": "private", "first_name": "Nino"});
    let from = json!({"id": nino.id().0, "is_bot": false, "first_name": "Nino", "language_code": "en"});
    // A message that Telegram does not find any more when it is copied.
    raw(
        &desk,
        "message",
        &json!({"message_id": 4000, "date": 1, "text": "gone", "chat": chat, "from": from}),
    );
    desk.town.idle().await;
    topic.assert_sees_last(&[
        "Lotus Support: The customer sent a message here that could not be copied: it was deleted, or Telegram lets \
         nobody copy its kind.",
    ]);
    raw(
        &desk,
        "message",
        &json!({"message_id": 4001, "date": 1, "hologram": {"depth": 3}, "chat": chat, "from": from}),
    );
    desk.town.idle().await;
    nino.expect("This kind of message cannot be passed on.");
});
