//! The world is written down and read again.

use sandbox::{BotId, Clock, Options, Server};
use serde_json::{Value, json};

use crate::support::{START, Town};

/// A world with something of everything.
async fn busy() -> Town {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.updates().await;
    let keyboard = json!({"inline_keyboard": [[{"text": "Close", "callback_data": "close:5"}]]});
    let sent = town
        .call("sendMessage", json!({"chat_id": town.nino, "text": "Ask", "reply_markup": keyboard}))
        .await;
    town.world.tap(town.nino, town.chat, sent["message_id"].as_i64().unwrap(), "Close").unwrap();
    let photo = town.world.message(town.nino, town.chat).photo().caption("this one").send().unwrap();
    town.world.react(town.nino, town.chat, photo, Some("👍")).unwrap();
    let topic = town.call("createForumTopic", json!({"chat_id": town.staff.number(), "name": "Nino"})).await;
    let poll = json!({"chat_id": town.staff.number(), "message_thread_id": topic["message_thread_id"],
        "question": "Which?", "options": ["Jasmine", "Oolong"]});
    town.call("sendPoll", poll).await;
    town.call("setMyCommands", json!({"commands": [{"command": "start", "description": "Begin"}]})).await;
    town.call("setMyDescription", json!({"description": "Ask the shop", "language_code": "en"})).await;
    town.call("setChatMenuButton", json!({"menu_button": {"type": "commands"}})).await;
    town.world.add_fault(sandbox::Fault::new(sandbox::FaultKind::Cut).method("getFile").count(3));
    town
}

#[tokio::test]
async fn a_saved_world_that_was_loaded_is_saved_as_the_same_document() {
    let town = busy().await;
    let saved = town.world.save();
    let other = Town::new().await;
    other.world.load(&saved).unwrap();
    assert_eq!(other.world.save(), saved);
    assert_eq!(other.world.messages(town.chat), town.world.messages(town.chat));
    assert_eq!(other.world.topics(town.staff), town.world.topics(town.staff));
}

#[tokio::test]
async fn a_bot_goes_on_in_a_loaded_world() {
    let town = busy().await;
    let pending = town.world.pending_updates(town.bot.id);
    let other = Town::new().await;
    other.world.load(&town.world.save()).unwrap();
    assert_eq!(other.bot.token, town.bot.token);
    let updates = other.updates().await;
    assert_eq!(updates.len(), pending);
    let query = updates.iter().find_map(|update| update["callback_query"]["id"].as_str()).unwrap();
    other.call("answerCallbackQuery", json!({"callback_query_id": query, "text": "Closed"})).await;
    let photo = updates.iter().find_map(|update| update["message"]["photo"][0]["file_id"].as_str()).unwrap();
    // The fault that was set for getFile was loaded too.
    assert_eq!(other.world.save().matches("\"method\":\"getFile\"").count(), 1);
    other.world.remove_faults(None);
    let file = other.call("getFile", json!({"file_id": photo})).await;
    assert!(file["file_path"].is_string());
    let next = other.world.say(town.nino, town.chat, "And now?").unwrap();
    assert!(town.world.messages(town.chat).iter().all(|message| message.id < next), "an id came twice");
    let described = other.call("getMyDescription", json!({"language_code": "en"})).await;
    assert_eq!(described["description"], "Ask the shop");
}

#[tokio::test]
async fn a_reset_ends_polls_and_brings_the_opening_back_with_its_ids() {
    let town = Town::new().await;
    town.world.remember_opening();
    let opening = town.world.save();
    let poll = town.raw("getUpdates", json!({"timeout": 50}));
    let reset = async {
        while town.world.journal().iter().all(|call| call.ok.is_some()) {
            tokio::task::yield_now().await;
        }
        town.world.add_person("Ana", "es");
        let client = sandbox::client::Client::new(&town.server.url());
        client.reset().await.unwrap();
        assert_eq!(client.save().await.unwrap(), opening);
        client.load(opening.clone().into()).await.unwrap();
        assert!(client.journal_text(0, 10).await.unwrap().lines().count() <= 10);
    };
    let (answer, ()) = tokio::join!(poll, reset);
    assert_eq!(answer, json!({"ok": true, "result": []}));
    assert_eq!(town.world.save(), opening);
    let first = town.world.add_person("Ana", "es");
    town.world.reset().unwrap();
    assert_eq!(town.world.add_person("Ana", "es"), first);
    town.call("getMe", json!({})).await;
}

#[tokio::test]
async fn a_reset_ends_a_withheld_call_without_touching_the_new_world() {
    let town = Town::new().await;
    town.world.remember_opening();
    town.world.add_fault(sandbox::Fault::new(sandbox::FaultKind::Withhold).count(1));
    let call = town.raw("getMe", json!({}));
    let reset = async {
        while town.world.in_flight(town.bot.id) == 0 || town.world.calls_of("getMe").is_empty() {
            tokio::task::yield_now().await;
        }
        town.world.reset().unwrap();
    };
    let (answer, ()) = tokio::join!(call, reset);
    assert_eq!(answer["ok"], true);
    assert_eq!(town.world.in_flight(town.bot.id), 0);
    town.world.wait_until_idle(town.bot.id).await;
}

#[tokio::test]
async fn a_text_that_is_no_saved_state_says_why() {
    let town = Town::new().await;
    let load = async |document: String| {
        let url = format!("{}/api/load", town.server.url());
        let answer = town.client.post(url).body(document).send().await.unwrap();
        let status = answer.status().as_u16();
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        (status, answer["error"].as_str().unwrap_or_default().to_owned())
    };
    let saved = town.world.save();
    for (document, says) in [
        ("{".to_owned(), "no JSON"),
        ("{}".to_owned(), "no field sandbox_state"),
        (saved.replacen("\"sandbox_state\":1", "\"sandbox_state\":7", 1), "version 7"),
        ("{\"sandbox_state\":1}".to_owned(), "missing field"),
    ] {
        let (status, error) = load(document).await;
        assert!(status == 400 && error.contains(says), "{status} {error}");
    }
    assert_eq!(town.world.save(), saved, "what cannot be loaded changes nothing");
    assert_eq!(load(saved).await.0, 200);
}

#[tokio::test]
async fn a_manual_clock_goes_to_the_time_that_was_saved() {
    let first = Server::start(Options { clock: Clock::manual(START), ..Options::default() }).await.unwrap();
    let second = Server::start(Options { clock: Clock::manual(5), ..Options::default() }).await.unwrap();
    second.world().load(&first.world().save()).unwrap();
    assert_eq!(second.world().clock().now(), START);
    assert_eq!(second.world().pending_updates(BotId(1)), 0);
}

#[tokio::test]
async fn chance_goes_on_after_a_load_where_it_was() {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let link = async |town: &Town| {
        let made = town.call("createChatInviteLink", json!({"chat_id": town.staff.number()})).await;
        made["invite_link"].as_str().unwrap().to_owned()
    };
    let dice = async |town: &Town| {
        let mut values = Vec::new();
        for _ in 0..12 {
            let sent = town.call("sendDice", json!({"chat_id": town.nino, "emoji": "🎰"})).await;
            values.push(sent["dice"]["value"].as_i64().unwrap());
        }
        values
    };
    let before = (link(&town).await, dice(&town).await);
    let saved = town.world.save();
    let after = (link(&town).await, dice(&town).await);
    assert!(before.0 != after.0 && before.1 != after.1, "{before:?} {after:?}");
    let other = Town::new().await;
    other.world.load(&saved).unwrap();
    // Nothing comes twice, and what comes is what would have come.
    assert_eq!((link(&other).await, dice(&other).await), after);
    town.world.remember_opening();
    town.world.reset().unwrap();
    let new = link(&town).await;
    assert!(new != before.0 && new != after.0, "a link of the opening was given again");
}

#[tokio::test]
async fn a_reset_brings_back_whether_the_clock_ran() {
    let town = Town::with(Options { clock: Clock::real(), ..Options::default() }).await;
    let began = town.world.clock().now();
    town.world.freeze();
    town.world.advance(3_600_000_000, 60_000_000).await.unwrap();
    town.world.reset().unwrap();
    assert_eq!(town.world.clock_view().clock, "real");
    assert!(town.world.clock().now() < began + 3_000_000_000, "it is ahead of the system's time");
    let town = Town::new().await;
    town.world.thaw();
    town.world.reset().unwrap();
    assert_eq!((town.world.clock_view().clock.as_str(), town.world.clock().now()), ("manual", START));
}

#[tokio::test]
async fn what_can_no_longer_be_answered_is_not_saved() {
    let town = busy().await;
    let saved = |part: &str| {
        let document: Value = serde_json::from_str(&town.world.save()).unwrap();
        document["state"].pointer(part).unwrap().clone()
    };
    let ask = saved("/callbacks").as_object().unwrap().keys().next().unwrap().clone();
    let message = town.world.messages(town.chat)[1].id;
    town.world.advance(899_999_999, 60_000_000).await.unwrap();
    town.world.tap(town.nino, town.chat, message, "Close").unwrap();
    assert_eq!(saved("/callbacks").as_object().unwrap().len(), 2);
    town.world.advance(1, 60_000_000).await.unwrap();
    town.world.tap(town.nino, town.chat, message, "Close").unwrap();
    let left = saved("/callbacks");
    assert!(left.as_object().unwrap().len() == 2 && left[&ask].is_null(), "{left}");
    let too_old = town.fails("answerCallbackQuery", json!({"callback_query_id": ask})).await;
    assert!(too_old.contains("query is too old"), "{too_old}");

    for press in 0..=1_000 {
        let id = town.world.tap(town.nino, town.chat, message, "Close").unwrap();
        town.call("answerCallbackQuery", json!({"callback_query_id": id, "text": press.to_string()})).await;
    }
    let answers = town.world.callback_answers(town.nino);
    assert_eq!((answers.len(), answers[0].text.as_deref()), (1_000, Some("1")));
}
