//! Delivery to a webhook.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use sandbox::{Fault, FaultKind};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::support::Town;

pub type Got = (Option<String>, Value);

#[derive(Clone)]
struct Hook {
    got: mpsc::UnboundedSender<Got>,
    /// How many posts fail before one succeeds.
    fail: Arc<AtomicUsize>,
    answer: Arc<str>,
}

async fn receive(State(hook): State<Hook>, headers: HeaderMap, body: String) -> (StatusCode, String) {
    let secret =
        headers.get("x-telegram-bot-api-secret-token").map(|secret| secret.to_str().unwrap().to_owned());
    hook.got.send((secret, serde_json::from_str(&body).unwrap())).unwrap();
    let fails =
        hook.fail.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
    if fails {
        (StatusCode::INTERNAL_SERVER_ERROR, String::new())
    } else {
        (StatusCode::OK, hook.answer.to_string())
    }
}

pub async fn hook(fail: usize, answer: &str) -> (String, mpsc::UnboundedReceiver<Got>) {
    let (got, receiver) = mpsc::unbounded_channel();
    let hook = Hook { got, fail: Arc::new(AtomicUsize::new(fail)), answer: answer.into() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?x=1", listener.local_addr().unwrap());
    let router = Router::new().route("/hook", post(receive)).with_state(hook);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, receiver)
}

#[tokio::test]
async fn updates_are_posted_with_the_secret_and_confirmed_by_200() {
    let town = Town::new().await;
    let (url, mut got) = hook(0, "").await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.call("setWebhook", json!({"url": url, "secret_token": "s3cret_-"})).await;
    let (secret, update) = got.recv().await.unwrap();
    assert_eq!((secret.as_deref(), update["message"]["text"].as_str()), (Some("s3cret_-"), Some("/start")));
    town.world.wait_until_delivered(town.bot.id).await;
    let info = town.call("getWebhookInfo", json!({})).await;
    assert_eq!((&info["url"], &info["pending_update_count"]), (&json!(url), &json!(0)));
    let answer = town.raw("getUpdates", json!({})).await;
    assert_eq!(answer["error_code"], 409);
    let expected = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
    assert_eq!(answer["description"], expected);
    town.call("deleteWebhook", json!({})).await;
    town.world.say(town.nino, town.chat, "polled again").unwrap();
    assert_eq!(town.updates().await[0]["message"]["text"], "polled again");
}

#[tokio::test]
async fn a_failing_webhook_is_tried_again_after_a_doubling_wait() {
    let town = Town::new().await;
    let (url, mut got) = hook(3, "").await;
    town.call("setWebhook", json!({"url": url})).await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.world.say(town.nino, town.chat, "second").unwrap();
    got.recv().await.unwrap();
    let (_, at_once) = got.recv().await.unwrap();
    assert_eq!(at_once["message"]["text"], "/start");
    for wait in [2_000_000, 4_000_000] {
        let began = town.world.clock().now();
        let again = loop {
            if let Ok((_, again)) = got.try_recv() {
                break again;
            }
            town.world.clock().advance(100_000);
            // A call over the network, so that the delivery has its turn.
            let info = town.call("getWebhookInfo", json!({})).await;
            assert_eq!(
                info["last_error_message"],
                "Wrong response from the webhook: 500 Internal Server Error"
            );
        };
        assert!(town.world.clock().now() - began >= wait, "it came back before {wait} microseconds");
        assert_eq!(again["message"]["text"], "/start", "what comes after it in its chat waits");
    }
    assert_eq!(got.recv().await.unwrap().1["message"]["text"], "second");
    town.world.wait_until_delivered(town.bot.id).await;
}

#[tokio::test]
async fn a_reply_in_the_webhooks_answer_is_carried_out() {
    let town = Town::new().await;
    let answer = json!({"method": "sendMessage", "chat_id": town.nino, "text": "at once"}).to_string();
    let (url, _got) = hook(0, &answer).await;
    town.call("setWebhook", json!({"url": url})).await;
    let waiting = town.world.clone();
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let found = waiting.wait_for_message(town.chat, |message| message.from.bot).await;
    assert_eq!(found.text.as_deref(), Some("at once"));
}

#[tokio::test]
async fn pending_updates_can_be_dropped_and_bad_secrets_are_refused() {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.call("deleteWebhook", json!({"drop_pending_updates": true})).await;
    assert_eq!(town.world.pending_updates(town.bot.id), 0);
    let error = town.fails("setWebhook", json!({"url": "http://127.0.0.1:1/", "secret_token": "a b"})).await;
    assert_eq!(error, "Bad Request: secret token contains unallowed characters");
    let error = town.fails("setWebhook", json!({"url": "nonsense"})).await;
    assert_eq!(error, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
}

#[tokio::test]
async fn a_webhook_says_what_became_of_it() {
    let town = Town::new().await;
    let set = json!({"url": "http://127.0.0.1:1/x", "ip_address": "127.0.0.1", "max_connections": 1_000});
    let says =
        async |method: &str, params: &Value| town.raw(method, params.clone()).await["description"].clone();
    assert_eq!(says("setWebhook", &set).await, "Webhook was set");
    assert_eq!(says("setWebhook", &set).await, "Webhook is already set");
    let info = town.call("getWebhookInfo", json!({})).await;
    assert_eq!((&info["max_connections"], &info["ip_address"]), (&json!(100), &json!("127.0.0.1")));
    assert_eq!(says("deleteWebhook", &json!({})).await, "Webhook was deleted");
    assert_eq!(says("deleteWebhook", &json!({})).await, "Webhook is already deleted");
    let wrong = json!({"url": "http://127.0.0.1:1/x", "ip_address": "here"});
    assert_eq!(town.fails("setWebhook", wrong).await, "Bad Request: bad webhook: IP address is invalid");
}

#[tokio::test]
async fn a_duplicate_is_delivered_to_a_webhook_once_more_and_no_oftener() {
    let town = Town::new().await;
    let (url, mut got) = hook(0, "").await;
    town.world.add_fault(Fault::new(FaultKind::Duplicate));
    town.call("setWebhook", json!({"url": url})).await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let first = got.recv().await.unwrap().1;
    assert_eq!(got.recv().await.unwrap().1, first);
    town.world.wait_until_delivered(town.bot.id).await;
    assert!(got.try_recv().is_err(), "a replay was replayed");
}

#[tokio::test]
async fn a_webhook_that_sets_itself_anew_in_its_answer_goes_on() {
    let town = Town::new().await;
    let (url, mut got) = hook(0, "").await;
    let again = json!({"method": "setWebhook", "url": url, "secret_token": "second"}).to_string();
    let (first, mut got_first) = hook(0, &again).await;
    town.call("setWebhook", json!({"url": first})).await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    assert_eq!(got_first.recv().await.unwrap().1["message"]["text"], "/start");
    town.world.wait_until_idle(town.bot.id).await;
    town.world.say(town.nino, town.chat, "to the second").unwrap();
    let (secret, update) = got.recv().await.unwrap();
    assert_eq!((secret.as_deref(), &update["message"]["text"]), (Some("second"), &json!("to the second")));
    town.world.wait_until_idle(town.bot.id).await;
    assert!(got_first.try_recv().is_err() && got.try_recv().is_err(), "an update came twice");
}

/// A webhook that takes connections and never says a word.
async fn silent() -> (String, tokio::net::TcpListener) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    (format!("http://{}/", listener.local_addr().unwrap()), listener)
}

#[tokio::test]
async fn a_webhook_that_never_answers_fails_by_real_time() {
    let town = Town::new().await;
    let (url, _listener) = silent().await;
    town.world.set_webhook_patience(20_000);
    town.call("setWebhook", json!({"url": url})).await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    while town.call("getWebhookInfo", json!({})).await["last_error_message"] != "Read timeout expired" {
        tokio::task::yield_now().await;
    }
    town.world.advance(10_000_000, 60_000_000).await.expect("it stands in nobody's way");
}

#[tokio::test]
async fn a_delivery_under_way_ends_with_its_webhook() {
    let town = Town::new().await;
    let (url, listener) = silent().await;
    town.call("setWebhook", json!({"url": url})).await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let (mut stream, _) = listener.accept().await.unwrap();
    town.call("deleteWebhook", json!({})).await;
    // To the end of the stream: the sandbox has closed it.
    let mut request = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut request).await.unwrap();
    assert_eq!(town.updates().await[0]["message"]["text"], "/start");
}

#[tokio::test]
async fn an_answer_of_more_than_a_megabyte_is_a_failure() {
    let town = Town::new().await;
    let (url, _got) = hook(0, &" ".repeat(1_100_000)).await;
    town.call("setWebhook", json!({"url": url})).await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let expected = "Wrong response from the webhook: the body is over 1 MiB";
    while town.call("getWebhookInfo", json!({})).await["last_error_message"] != expected {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn updates_that_nobody_takes_are_dropped_after_a_day() {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    let hour = 3_600_000_000;
    town.world.advance(20 * hour, hour).await.unwrap();
    town.world.say(town.nino, town.chat, "later").unwrap();
    assert_eq!(town.call("getWebhookInfo", json!({})).await["pending_update_count"], 2);
    town.world.advance(4 * hour, hour).await.unwrap();
    assert_eq!(town.call("getWebhookInfo", json!({})).await["pending_update_count"], 1);
    assert_eq!(town.call("getUpdates", json!({})).await[0]["message"]["text"], "later");
    town.world.advance(30 * hour, hour).await.unwrap();
    assert_eq!(town.call("getWebhookInfo", json!({})).await["pending_update_count"], 0);
    assert_eq!(town.call("getUpdates", json!({})).await, json!([]));
}
