//! The bot's own pages.

use frontdesk_core::app::Updates;
use frontdesk_core::clock::within;
use mask::SecretString;
use serde_json::Value;
use std::time::Duration;
use testkit::{Town, story};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::echo::Echo;

/// Code and body of one of the bot's pages.
async fn page(town: &Town, path: &str) -> (u16, String) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("http://{}{path}", town.http_addr())).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn json(town: &Town, path: &str) -> (u16, Value) {
    let (code, body) = page(town, path).await;
    (code, serde_json::from_str(&body).unwrap())
}

story!(health_says_how_the_bot_is, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("hello");
    town.idle().await;
    town.advance(Duration::from_secs(7)).await;
    let (code, health) = json(&town, "/health").await;
    assert_eq!((code, health["status"].as_str()), (200, Some("ok")), "{health}");
    assert_eq!(
        (health["bot"].as_str(), health["environment"].as_str()),
        (Some("echo-bot"), Some("development"))
    );
    assert_eq!((health["uptime_s"].as_u64(), health["updates_waiting"].as_i64()), (Some(7), Some(0)));
    assert_eq!(health["database"]["ok"], true);
    assert_eq!(
        (&health["database"]["schema"]["echo-bot"], &health["dead_letters"]),
        (&Value::from(1), &Value::from(0))
    );
    assert_eq!(health["telegram"]["username"], "lotus_support_bot");
    assert!(health["last_contact_with_telegram_age_s"].as_u64().is_some_and(|age| age <= 7), "{health}");

    assert_eq!(page(&town, "/health/live").await.0, 200);
    assert_eq!(json(&town, "/health/ready").await.0, 200);
    let (code, bot) = json(&town, "/health/bot").await;
    assert_eq!(
        (code, bot["username"].as_str(), bot["updates"].as_str()),
        (200, Some("lotus_support_bot"), Some("polling"))
    );
});

story!(what_waits_and_what_died_is_told, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("fail");
    nino.says("later 600");
    town.idle().await;
    town.advance(Duration::from_millis(500)).await;
    let (_, health) = json(&town, "/health").await;
    assert_eq!(health["updates_waiting"], 2, "{health}");
    town.sql("update inbox set attempts = 4, retry_at = 0 where state = 0").await;
    town.advance(Duration::from_secs(1)).await;
    let (code, health) = json(&town, "/health").await;
    assert_eq!(
        (code, health["status"].as_str(), &health["dead_letters"]),
        (200, Some("degraded"), &Value::from(1))
    );
    assert!(health["problems"][0].as_str().unwrap().contains("dead-letters list"), "{health}");
    assert_eq!(health["jobs"]["reminder"]["waiting"], 1, "{health}");
    town.expect_dead_letters(1);
});

story!(no_page_shows_a_person_or_what_they_wrote, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino-the-canary", "en");
    nino.says("the canary sings");
    nino.says("fail");
    town.idle().await;
    let mut all = String::new();
    for path in ["/health", "/health/bot", "/health/ready", "/metrics"] {
        all.push_str(&page(&town, path).await.1);
    }
    assert!(all.contains("frontdesk_updates_total"), "{all}");
    for private in [nino.id().to_string(), "canary".to_owned(), town.account().token.clone()] {
        assert!(!all.contains(&private), "a page holds {private}");
    }
    town.sql("delete from inbox where state = 0").await;
});

story!(metrics_count_updates_calls_and_what_waits, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("hello");
    town.idle().await;
    let (code, metrics) = page(&town, "/metrics").await;
    assert_eq!(code, 200);
    let labels = r#"bot="echo-bot",environment="development""#;
    for line in [
        format!(r#"frontdesk_updates_total{{{labels},kind="message",outcome="done"}} 1"#),
        format!(r#"frontdesk_calls_total{{{labels},kind="sendMessage",outcome="done"}} 1"#),
        format!("frontdesk_dead_letters{{{labels}}} 0"),
        format!("frontdesk_database_up{{{labels}}} 1"),
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} is not in\n{metrics}");
    }
    assert!(metrics.ends_with("# EOF\n"));
});

story!(an_unknown_page_and_a_wrong_method_are_answered_plainly, |town| async move {
    town.run(Echo::default()).await;
    assert_eq!(page(&town, "/admin").await.0, 404);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.post(format!("http://{}/health", town.http_addr())).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 405);
});

story!(a_webhook_may_not_take_the_path_of_a_page, |town| async move {
    town.options(|options| {
        let url = "http://127.0.0.1:1/metrics".to_owned();
        options.updates = Updates::Webhook { url, secret: SecretString::from("a-secret-of-this-test") };
    });
    let error = town.try_run(Echo::default()).await.unwrap_err();
    assert!(error.to_string().contains("WEBHOOK_URL: /metrics is a page of the bot's own"), "{error}");
    town.options(|options| options.updates = Updates::Polling);
    town.run(Echo::default()).await;
    town.idle().await;
});

story!(many_jobs_are_not_counted_at_each_call, |town| async move {
    town.run(Echo::default()).await;
    town.idle().await;
    let waiting = async || json(&town, "/health").await.1["jobs"]["work"]["waiting"].as_i64();
    assert_eq!(waiting().await, None);
    town.sql(
        "insert into jobs (id, lane, kind, payload, priority, due, delayed, policy, created_at) \
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 10000) \
         select 1000000 + i, 'later', 'work', '{}', 0, 9000000000000000, 1, 0, 0 from n",
    )
    .await;
    assert_eq!(waiting().await, Some(10_000), "few are counted anew each time");
    town.sql("delete from jobs where lane = 'later'").await;
    assert_eq!(waiting().await, Some(10_000));
    town.advance(Duration::from_secs(5)).await;
    assert_eq!(waiting().await, None);
});

#[tokio::test]
async fn a_client_that_does_not_end_its_request_is_cut_off() {
    testkit::tell(testkit::Backend::Sqlite, |town: Town| async move {
        town.run(Echo::default()).await;
        let mut slow = tokio::net::TcpStream::connect(town.http_addr()).await.unwrap();
        slow.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n").await.unwrap();
        let mut rest = Vec::new();
        let ended = within(Duration::from_secs(15), slow.read_to_end(&mut rest)).await;
        assert!(ended.is_some(), "it was to be cut off within five seconds");
        assert_eq!(page(&town, "/health/live").await.0, 200);
    })
    .await;
}
