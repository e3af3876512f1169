//! Calls that would be right but for one or two parameters: these get past the first checks, into the methods.

use std::cell::Cell;

use proptest::prelude::*;
use sandbox::{Rights, Status};
use serde_json::{Map, Value, json};

use crate::malformed::{Way, answered, methods, request, runner, runtime};
use crate::support::Town;

/// Calls of each method. The seed is fixed: every run makes the same calls.
const CALLS: u32 = 16;

/// After these there is less to act on.
const FATAL: [&str; 8] = [
    "logOut",
    "close",
    "leaveChat",
    "banChatMember",
    "deleteMessage",
    "deleteMessages",
    "deleteForumTopic",
    "promoteChatMember",
];

/// A town with all that a call may be about.
struct Scene {
    town: Town,
    text: i64,
    live: i64,
    poll: i64,
    media: i64,
    topic: i64,
    invite: String,
    file: String,
}

impl Scene {
    async fn new() -> Self {
        let town = Town::new().await;
        town.world.start(town.nino, town.bot.id, None).unwrap();
        town.world.promote(town.staff, town.bot.id, Rights::all()).unwrap();
        town.world.add_member(town.staff, town.nino, Status::Member).unwrap();
        let photo = town.world.message(town.nino, town.chat).photo().send().unwrap();
        let file = town.world.get_message(town.chat, photo).unwrap().media.unwrap().file_id;
        let staff = town.staff;
        let sent = async |method: &str, mut more: Value| {
            more["chat_id"] = json!(staff);
            town.call(method, more).await["message_id"].as_i64().unwrap()
        };
        let text = sent("sendMessage", json!({"text": "hi"})).await;
        let live =
            sent("sendLocation", json!({"latitude": 41.7, "longitude": 44.8, "live_period": 900})).await;
        let poll = sent("sendPoll", json!({"question": "Tea?", "options": ["Yes", "No"]})).await;
        let media = sent("sendPhoto", json!({"photo": file})).await;
        let topic = town.call("createForumTopic", json!({"chat_id": staff, "name": "Tea"})).await;
        let topic = topic["message_thread_id"].as_i64().unwrap();
        let invite = town.call("createChatInviteLink", json!({"chat_id": staff})).await;
        let invite = invite["invite_link"].as_str().unwrap().to_owned();
        Self { town, text, live, poll, media, topic, invite, file }
    }

    /// A value that the method would take.
    fn valid(&self, method: &str, name: &str, kind: &str) -> Value {
        let button = json!({"text": "Tea", "callback_data": "tea"});
        match name {
            "chat_id" | "from_chat_id" => json!(self.town.staff),
            "user_id" => json!(self.town.nino),
            "message_id" => json!(match method {
                "editMessageLiveLocation" | "stopMessageLiveLocation" => self.live,
                "stopPoll" => self.poll,
                "editMessageMedia" | "editMessageCaption" => self.media,
                _ => self.text,
            }),
            "message_ids" => json!([self.text, self.media]),
            "message_thread_id" => json!(self.topic),
            "invite_link" => json!(self.invite),
            "file_id" | "photo" | "document" => json!(self.file),
            "media" if kind.starts_with("Array") => {
                json!([{"type": "photo", "media": self.file}, {"type": "photo", "media": self.file}])
            }
            "media" => json!({"type": "photo", "media": self.file}),
            "live_period" => json!(900),
            "latitude" | "longitude" | "horizontal_accuracy" => json!(41.5),
            "options" => json!(["Yes", "No"]),
            "commands" => json!([{"command": "ask", "description": "Ask"}]),
            "permissions" => json!({"can_send_messages": true}),
            "reaction" => json!([{"type": "emoji", "emoji": "👍"}]),
            "reply_markup" => json!({"inline_keyboard": [[button]]}),
            "reply_parameters" => json!({"message_id": self.text}),
            "parse_mode" => json!("HTML"),
            "action" => json!("typing"),
            "phone_number" => json!("+9955"),
            "until_date" | "expire_date" | "close_date" => json!(1_790_000_900),
            _ if name.ends_with("entities") => json!([{"type": "bold", "offset": 0, "length": 2}]),
            _ if kind.starts_with("Integer") => json!(1),
            _ if kind == "Float" => json!(1.5),
            _ if kind == "Boolean" => json!(true),
            _ if kind.starts_with("Array") => json!([]),
            _ if kind == "String" => json!("Tea"),
            _ => json!({}),
        }
    }
}

/// Optional parameters that lead elsewhere when they are right.
fn leads_away(name: &str) -> bool {
    [
        "business",
        "inline_message",
        "direct_messages",
        "suggested",
        "effect",
        "ephemeral",
        "receiver",
        "message_thread",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// What stands where something right should stand.
fn spoiled() -> impl Strategy<Value = Value> {
    let deep = (0..90)
        .fold(json!(1), |inner, depth| if depth % 2 == 0 { json!([inner]) } else { json!({"a": inner}) });
    prop::sample::select(vec![
        json!(i64::MIN),
        json!(i64::MAX),
        json!(i64::MIN + 1),
        json!(i64::MAX / 1_000_000),
        json!(i64::from(i32::MAX)),
        json!(i64::from(i32::MIN)),
        json!(u64::MAX),
        json!(-1),
        json!(0),
        json!(1e300),
        json!(""),
        json!("x".repeat(50_000)),
        json!("\u{0}\u{1}\u{7f}\u{202e}"),
        json!("LONE-SURROGATE"),
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!([null, 7, "x", [], {}]),
        json!([{"type": "bold", "offset": i64::MAX, "length": i64::MAX}]),
        json!({"message_id": i64::MIN, "chat_id": i64::MIN, "quote_position": i64::MAX}),
        json!({"type": "photo", "media": "attach://nothing", "width": i64::MAX}),
        json!({"inline_keyboard": [[{"text": "", "callback_data": 7}], 7]}),
        deep,
    ])
}

#[test]
fn calls_that_are_nearly_right_are_answered_too() {
    let runtime = runtime();
    let (reached, calls, mut failures) = (Cell::new(0_u32), Cell::new(0_u32), Vec::new());
    let mut scene = runtime.block_on(Scene::new());
    for (method, parameters) in methods() {
        let count = parameters.len();
        let way = prop::sample::select(vec![Way::Json, Way::Json, Way::Json, Way::Form, Way::Parts]);
        let given = prop::collection::vec(prop::bool::weighted(0.3), count);
        let wrong = prop::collection::vec((any::<prop::sample::Index>(), spoiled()), 1..3);
        let outcome = runner(CALLS).run(&(way, given, wrong), |(way, given, wrong)| {
            let mut call = Map::new();
            for (parameter, given) in parameters.iter().zip(given) {
                if parameter.required
                    || parameter.name == "chat_id"
                    || parameter.name == "message_id"
                    || (given && !leads_away(&parameter.name))
                {
                    call.insert(
                        parameter.name.clone(),
                        scene.valid(&method, &parameter.name, &parameter.kind),
                    );
                }
            }
            for (index, value) in wrong.into_iter().filter(|_| count > 0) {
                call.insert(parameters[index.index(count)].name.clone(), value);
            }
            if method == "getUpdates" {
                call.insert("timeout".to_owned(), json!(0));
            }
            let answer = runtime.block_on(answered(request(&scene.town, &method, way, &call)))?;
            calls.set(calls.get() + 1);
            if answer["description"] != "Bad Request: chat not found" && answer["error_code"] != 501 {
                reached.set(reached.get() + 1);
            }
            prop_assert_eq!(scene.town.world.violations(), Vec::<String>::new());
            Ok(())
        });
        failures.extend(outcome.err().map(|failure| format!("{method}: {failure}")));
        if FATAL.contains(&method.as_str()) {
            scene = runtime.block_on(Scene::new());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let (reached, calls) = (reached.get(), calls.get());
    assert!(calls > 2_000 && reached * 4 > calls, "{reached} of {calls}");
}
