use serde_json::{Value, json};

use super::*;

const STAFF: i64 = -1_002_000;
const GROUP: i64 = -1_003_000;
const ADMIN: i64 = 11;
const NINO: i64 = 7;

fn me() -> Me {
    let me = json!({"id": 99, "username": "lotus_bot", "first_name": "Lotus"});
    serde_json::from_value(me).unwrap()
}

fn event(message: &Value) -> Event {
    Event::Message(Box::new(serde_json::from_value(message.clone()).unwrap()))
}

fn routed(event: &Event) -> Option<Route> {
    let me = me();
    route(event, &Here { me: &me, staff_chat: STAFF, admins: &[ADMIN] })
}

fn private(text: &str) -> Value {
    json!({"message_id": 5, "date": 0, "text": text, "chat": {"id": NINO, "type": "private", "first_name": "Nino"},
        "from": {"id": NINO, "is_bot": false, "first_name": "Nino", "language_code": "en"}})
}

fn group(text: &str) -> Value {
    let mut message = private(text);
    message["chat"] = json!({"id": GROUP, "type": "supergroup", "title": "Tea lovers"});
    message
}

fn topic(text: &str) -> Value {
    let mut message = private(text);
    message["chat"] = json!({"id": STAFF, "type": "supergroup", "title": "Staff", "is_forum": true});
    message["message_thread_id"] = json!(40);
    message["is_topic_message"] = json!(true);
    message
}

fn by(mut message: Value, id: i64, is_bot: bool) -> Value {
    message["from"] = json!({"id": id, "is_bot": is_bot, "first_name": "Somebody"});
    message
}

fn name_of(message: &Value) -> String {
    routed(&event(message)).map_or_else(
        || "nothing".to_owned(),
        |route| format!("{route:?}").split(['(', ' ']).next().unwrap_or_default().to_owned(),
    )
}

#[test]
fn a_private_chat_has_few_commands_and_everything_else_is_for_staff() {
    for (text, route) in [
        ("/start", "Greet"),
        ("/start from-a-link", "Greet"),
        ("/help", "Help"),
        ("/HELP@Lotus_Bot", "Help"),
        ("/nonsense", "Help"),
        ("/close", "Help"),
        ("/help@other_bot", "nothing"),
        ("/ask", "EmptyAsk"),
        ("/ask is it open?", "Write"),
        ("Is it open?", "Write"),
        ("/home/nino is my folder", "Write"),
        ("// not a note here", "Write"),
        ("/listgroups", "AdminsOnly"),
    ] {
        assert_eq!(name_of(&private(text)), route, "{text}");
    }
}

#[test]
fn in_a_group_only_what_is_meant_for_the_bot_counts() {
    for (text, route) in [
        ("/ask is it open?", "Ask"),
        ("/ask@lotus_bot is it open?", "Ask"),
        ("/ask@other_bot is it open?", "nothing"),
        ("/ask", "EmptyAsk"),
        ("/asking for a friend", "nothing"),
        ("/t 12 hello", "Continue"),
        ("/ticket 12 hello", "Continue"),
        ("/help", "GroupHelp"),
        ("good morning", "nothing"),
        ("lotus_bot is a nice name", "nothing"),
        ("/addgroup", "AdminsOnly"),
        ("/close", "nothing"),
    ] {
        assert_eq!(name_of(&group(text)), route, "{text}");
    }
}

#[test]
fn a_mention_is_what_telegram_marks_as_one() {
    let marked = |text: &str, offset: usize, length: usize| {
        let mut message = group(text);
        message["entities"] = json!([{"type": "mention", "offset": offset, "length": length}]);
        message
    };
    assert_eq!(name_of(&marked("🍵 @Lotus_Bot is it open?", 3, 10)), "Ask");
    assert_eq!(name_of(&marked("@lotus_bot", 0, 10)), "EmptyAsk");
    assert_eq!(name_of(&marked("@lotus_bottle is it open?", 0, 13)), "nothing");
    assert_eq!(name_of(&group("write to @lotus_bot please")), "nothing", "not marked");
    assert_eq!(name_of(&marked("@lotus_bot", 5, 10)), "nothing", "outside of the text");
    assert_eq!(name_of(&marked("@lotus_bot", usize::MAX, usize::MAX)), "nothing");
    let mut photo = group("");
    photo.as_object_mut().unwrap().remove("text");
    photo["photo"] = json!([{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]);
    photo["caption"] = json!("@lotus_bot");
    photo["caption_entities"] = json!([{"type": "mention", "offset": 0, "length": 10}]);
    assert_eq!(name_of(&photo), "Ask", "a picture is a question");
    let mut named = group("Lotus, is it open?");
    let bot = json!({"id": 99, "is_bot": true, "first_name": "Lotus"});
    named["entities"] = json!([{"type": "text_mention", "offset": 0, "length": 5, "user": bot}]);
    assert_eq!(name_of(&named), "Ask");
}

#[test]
fn an_answer_to_the_bot_goes_on_with_a_ticket() {
    let answering = |text: &str, whom: i64| {
        let mut message = group(text);
        message["reply_to_message"] = by(group("earlier"), whom, whom == 99);
        message
    };
    assert_eq!(name_of(&answering("it works", 99)), "Reply");
    assert_eq!(name_of(&answering("it works", 8)), "nothing");
    assert_eq!(name_of(&answering("/ask something else", 99)), "Ask", "a command wins");
}

#[test]
fn a_topic_goes_to_the_customer_but_for_notes_and_commands() {
    for (text, route) in [
        ("It is back on Friday.", "StaffWrite"),
        ("// she called twice", "nothing"),
        ("/close", "Close"),
        ("/close@lotus_bot", "Close"),
        ("/done", "Close"),
        ("/close@other_bot", "nothing"),
        ("/reopen", "Reopen"),
        ("/help", "StaffHelp"),
        ("/retry", "Retry"),
        ("/cloes", "StaffUnknown"),
        ("/ask x", "StaffUnknown"),
        ("/addgroup", "AdminsOnly"),
    ] {
        assert_eq!(name_of(&topic(text)), route, "{text}");
    }
}

#[test]
fn talk_in_general_stays_there_unless_it_answers_the_bot() {
    let mut general = topic("who takes this one?");
    general.as_object_mut().unwrap().remove("is_topic_message");
    assert_eq!(name_of(&general), "nothing");
    general["reply_to_message"] = by(general.clone(), 99, true);
    assert_eq!(name_of(&general), "StaffWrite");
    general["text"] = json!("/cloes");
    assert_eq!(name_of(&general), "StaffUnknown");
}

#[test]
fn what_answers_nothing_in_a_topic_answers_the_message_that_made_it() {
    let mut message = topic("hello");
    let made = json!({"message_id": 40, "date": 0, "chat": message["chat"], "message_thread_id": 40,
        "from": {"id": 99, "is_bot": true, "first_name": "Lotus"},
        "forum_topic_created": {"name": "#1 Nino", "icon_color": 7_322_096}});
    message["reply_to_message"] = made;
    let Some(Route::StaffWrite(said)) = routed(&event(&message)) else { panic!("it goes to the customer") };
    assert_eq!((said.thread, said.reply), (Some(40), None));
}

#[test]
fn anonymous_administrators_work_in_topics_and_other_bots_do_not() {
    let mut anonymous = by(topic("hello"), 1_087_968_824, true);
    anonymous["sender_chat"] = anonymous["chat"].clone();
    assert_eq!(name_of(&anonymous), "StaffWrite");
    anonymous["sender_chat"] = json!({"id": -1_009_000, "type": "channel", "title": "Not staff"});
    assert_eq!(name_of(&anonymous), "nothing", "a channel that calls itself so");
    assert_eq!(name_of(&by(topic("hello"), 55, true)), "nothing");
    assert_eq!(name_of(&by(group("/ask x"), 55, true)), "nothing");
    assert_eq!(name_of(&by(private("x"), 55, true)), "nothing");
}

#[test]
fn channels_and_what_tells_of_the_chat_are_nobodys_question() {
    let channel = json!({"message_id": 5, "date": 0, "text": "/ask x",
        "chat": {"id": -1_009_000, "type": "channel", "title": "News"},
        "sender_chat": {"id": -1_009_000, "type": "channel", "title": "News"}});
    assert_eq!(name_of(&channel), "nothing");
    for service in [
        json!({"forum_topic_closed": {}}),
        json!({"forum_topic_created": {"name": "x", "icon_color": 1}}),
        json!({"left_chat_member": {"id": 5, "is_bot": false, "first_name": "x"}}),
        json!({"new_chat_members": [{"id": 5, "is_bot": false, "first_name": "x"}]}),
        json!({"delete_chat_photo": true}),
    ] {
        let mut message = topic("");
        message.as_object_mut().unwrap().remove("text");
        message.as_object_mut().unwrap().extend(service.as_object().unwrap().clone());
        assert_eq!(name_of(&message), "nothing", "{service}");
    }
}

#[test]
fn a_kind_of_tomorrow_is_refused_aloud_and_opens_nothing() {
    let mut message = private("");
    message.as_object_mut().unwrap().remove("text");
    message["hologram"] = json!({"depth": 3});
    assert_eq!(name_of(&message), "CannotCarry");
    message["chat"] = group("")["chat"].clone();
    assert_eq!(name_of(&message), "nothing");
}

#[test]
fn administrators_have_commands_where_they_make_sense() {
    let admin = |message: Value| name_of(&by(message, ADMIN, false));
    assert_eq!(admin(group("/addgroup")), "AddGroup");
    assert_eq!(admin(private("/addgroup")), "AddGroupElsewhere");
    assert_eq!(admin(topic("/addgroup")), "AddGroupElsewhere");
    assert_eq!(admin(group("/removegroup")), "RemoveGroup");
    assert_eq!(admin(private("/removegroup -100")), "RemoveGroup");
    assert_eq!(admin(private("/listgroups")), "ListGroups");
    let mut anonymous = by(group("/addgroup"), 1_087_968_824, true);
    anonymous["sender_chat"] = anonymous["chat"].clone();
    assert_eq!(name_of(&anonymous), "AdminsOnly", "nobody knows who that is");
}

#[test]
fn an_album_is_one_message_with_all_its_parts() {
    let part = |id: i64, caption: Option<&str>| {
        let mut message = private("");
        message.as_object_mut().unwrap().remove("text");
        message["message_id"] = json!(id);
        message["media_group_id"] = json!("1");
        message["photo"] =
            json!([{"file_id": format!("f{id}"), "file_unique_id": "u", "width": 1, "height": 1}]);
        if let Some(caption) = caption {
            message["caption"] = json!(caption);
        }
        serde_json::from_value(message).unwrap()
    };
    let album = Event::Album(vec![part(6, None), part(5, Some("both cups")), part(7, None)]);
    let Some(Route::Write(said)) = routed(&album) else { panic!("it goes to staff") };
    assert_eq!((said.message_ids.as_slice(), said.text.as_str()), ([5, 6, 7].as_slice(), "both cups"));
    let media: Vec<Value> = said.album.unwrap().iter().map(|input| input["media"].clone()).collect();
    assert_eq!(media, ["f5", "f6", "f7"]);
}
