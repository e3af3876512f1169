//! Being called by Telegram.

use std::net::TcpListener;
use std::time::Duration;

use frontdesk_core::app::Updates;
use mask::SecretString;
use serde_json::{Value, json};
use testkit::{Person, Town, story};

use crate::echo::Echo;
use crate::outage::Outage;

const SECRET: &str = "a-secret-of-this-test";

/// A bot with a webhook at an address that Telegram can reach.
async fn run(town: &Town) -> String {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/telegram/hook");
    let hook = url.clone();
    town.options(move |options| {
        options.http_addr = ([127, 0, 0, 1], port).into();
        options.updates = Updates::Webhook { url: hook.clone(), secret: SecretString::from(SECRET) };
    });
    town.run(Echo::default()).await;
    let set = || town.world().calls_of("setWebhook").iter().any(|call| call.ok == Some(true));
    town.eventually("the webhook is set", set).await;
    url
}

async fn post(url: &str, secret: Option<&str>, body: impl Into<reqwest::Body>) -> u16 {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.post(url).body(body);
    if let Some(secret) = secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    request.send().await.unwrap().status().as_u16()
}

fn message(update_id: i64, person: &Person, text: &str) -> String {
    let message = json!({
        "message_id": update_id.rem_euclid(1_000) + 1, "date": 1_790_000_000, "text": text,
        "chat": {"id": person.id(), "type": "private", "first_name": person.name()},
        "from": {"id": person.id(), "is_bot": false, "first_name": person.name()},
    });
    json!({"update_id": update_id, "message": message}).to_string()
}

story!(updates_come_by_webhook_in_order, |town| async move {
    run(&town).await;
    let nino = town.person("Nino", "en");
    for n in 0..30 {
        nino.says(&format!("note {n}"));
    }
    nino.says("done?");
    town.idle().await;
    nino.expect("done?");
    assert_eq!(town.count("select count(*) from heard").await, 31);
    assert_eq!(town.world().calls_of("getUpdates").len(), 0);
});

story!(a_call_with_a_wrong_secret_method_body_or_size_is_refused, |town| async move {
    let url = run(&town).await;
    let nino = town.person("Nino", "en");
    let good = message(5_000, &nino, "note well");
    assert_eq!(post(&url, None, good.clone()).await, 401);
    assert_eq!(post(&url, Some("wrong"), good.clone()).await, 401);
    assert_eq!(post(&url, Some(""), good.clone()).await, 401);
    for body in ["", "{", "[]", "{\"message\":{}}", "\u{feff}{}", "{\"update_id\":\"x\"}"] {
        assert_eq!(post(&url, Some(SECRET), body).await, 400, "{body:?}");
    }
    assert_eq!(post(&url, Some(SECRET), vec![0xff, 0xfe]).await, 400);
    assert_eq!(post(&url, Some(SECRET), "x".repeat(1024 * 1024 + 1)).await, 413);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(client.get(&url).send().await.unwrap().status().as_u16(), 405);
    assert_eq!(client.put(&url).send().await.unwrap().status().as_u16(), 405);
    assert_eq!(town.count("select count(*) from inbox where kind <> 'event'").await, 0);
    assert_eq!(post(&url, Some(SECRET), good).await, 200);
    town.idle().await;
    assert_eq!(town.count("select count(*) from heard").await, 1);
    town.logs().assert_never(SECRET);
});

story!(half_a_character_in_a_text_is_kept, |town| async move {
    let url = run(&town).await;
    let body = r#"{"update_id":7,"message":{"chat":{"id":5},"text":"\ud800"}}"#;
    assert_eq!(post(&url, Some(SECRET), body).await, 200);
    town.idle().await;
    town.expect_not_understood(1);
});

story!(while_the_database_is_away_telegram_is_told_to_come_again, |town| async move {
    let url = run(&town).await;
    let nino = town.person("Nino", "en");
    town.idle().await;
    let outage = Outage::begin(&town).await;
    assert_eq!(post(&url, Some(SECRET), message(5_000, &nino, "note lost?")).await, 503);
    nino.says("hello");
    town.eventually("Telegram has tried", || town.logs().text().matches("could not be stored").count() > 1)
        .await;
    assert_eq!(town.world().pending_updates(town.account().id), 1);
    outage.end().await;
    let again = async {
        // Telegram comes again after a while.
        while town.world().pending_updates(town.account().id) > 0 {
            town.advance_only(Duration::from_secs(2));
            tokio::task::yield_now().await;
        }
    };
    again.await;
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    assert_eq!(town.count("select count(*) from heard").await, 1);
});

story!(an_update_that_comes_twice_is_handled_once_and_an_old_number_may_begin_anew, |town| async move {
    let url = run(&town).await;
    let nino = town.person("Nino", "en");
    let send = async |id: i64, text: &str| post(&url, Some(SECRET), message(id, &nino, text)).await;
    assert_eq!(send(900, "note first").await, 200);
    assert_eq!(send(900, "note first").await, 200);
    town.idle().await;
    assert_eq!(town.count("select count(*) from heard").await, 1);
    // A quiet week later Telegram counts from anywhere.
    town.advance(Duration::from_hours(24 * 7)).await;
    town.eventually_count("select count(*) from inbox where kind = 'message'", 0).await;
    assert_eq!(send(3, "note lower").await, 200);
    assert_eq!(send(900, "note same number").await, 200);
    town.idle().await;
    assert_eq!(town.count("select count(*) from heard").await, 3);
});

story!(numbers_of_any_size_and_sign_are_taken, |town| async move {
    let url = run(&town).await;
    let nino = town.person("Nino", "en");
    for id in [0, -5, i64::MAX, i64::MIN] {
        assert_eq!(post(&url, Some(SECRET), message(id, &nino, "note")).await, 200, "{id}");
    }
    let _: Value = json!(null);
    town.idle().await;
    assert_eq!(town.count("select count(*) from heard").await, 4);
});

story!(an_update_that_was_buried_and_comes_again_is_not_handled_again, |town| async move {
    let url = run(&town).await;
    let nino = town.person("Nino", "en");
    assert_eq!(post(&url, Some(SECRET), message(900, &nino, "fail")).await, 200);
    town.idle().await;
    town.sql("update inbox set attempts = 4, retry_at = 0 where state = 0").await;
    town.advance(Duration::from_secs(1)).await;
    assert_eq!(town.dead_letters().await.len(), 1);
    // A process that dies before its next poll has confirmed nothing: Telegram sends it once more.
    assert_eq!(post(&url, Some(SECRET), message(900, &nino, "fail")).await, 200);
    town.idle().await;
    assert_eq!(town.count("select count(*) from inbox where state = 0").await, 0);
    assert_eq!(town.count("select count(*) from inbox where raw is not null").await, 0);
    town.expect_dead_letters(1);
});

story!(a_client_that_never_sends_its_body_holds_up_no_stop, |town| async move {
    use std::io::Write as _;
    let url = run(&town).await;
    let address = url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let mut slow = std::net::TcpStream::connect(&address).unwrap();
    let head = format!(
        "POST /telegram/hook HTTP/1.1\r\nhost: {address}\r\ncontent-length: 100\r\n\
         x-telegram-bot-api-secret-token: {SECRET}\r\n\r\n{{"
    );
    slow.write_all(head.as_bytes()).unwrap();
    // Somebody else is served meanwhile, so the request has been taken.
    let nino = town.person("Nino", "en");
    assert_eq!(post(&url, Some(SECRET), message(5_000, &nino, "note well")).await, 200);
    town.idle().await;
    town.try_stop().await.unwrap();
    town.restart_bot().await;
    town.logs().assert_never("did not stop cleanly");
});

story!(who_does_not_know_the_secret_is_refused_before_the_body_is_read, |town| async move {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let url = run(&town).await;
    let address = url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let mut client = tokio::net::TcpStream::connect(&address).await.unwrap();
    let head = format!("POST /telegram/hook HTTP/1.1\r\nhost: {address}\r\ncontent-length: 1000000\r\n\r\n");
    client.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    client.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 401");
});
