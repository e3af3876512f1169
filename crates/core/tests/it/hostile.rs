//! Updates that are newer, malformed, hostile or huge.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Town, story};

use crate::echo::Echo;

story!(a_newer_telegram_breaks_nothing, |town| async move {
    town.world().set_newer(true);
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    for n in 0..40 {
        nino.says(&n.to_string());
    }
    town.idle().await;
    assert_eq!(nino.sees().len(), 80);
    let kept = town.count("select count(*) from inbox where state = 2 and raw is not null").await;
    assert!(kept >= 4, "{kept} kinds and forms of tomorrow are kept as they came");
    town.expect_not_understood(kept);
});

/// Sends each, then a good message, and returns how many were kept.
async fn survives(town: &Town, updates: Vec<Value>) -> i64 {
    town.run(Echo::default()).await;
    town.idle().await;
    for update in updates {
        town.world().send_raw_update(town.account().id, update);
    }
    let nino = town.person("Nino", "en");
    nino.says("still there?");
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"still there?\") still there?"]);
    // Parts of albums have waited for others.
    town.advance(Duration::from_secs(1)).await;
    let kept = town.count("select count(*) from inbox where state = 2").await;
    town.expect_not_understood(kept);
    kept
}

story!(what_is_no_update_at_all_is_passed_over, |town| async move {
    let kept = survives(&town, vec![json!([1]), json!("text"), json!(7), Value::Null, json!([])]).await;
    assert_eq!(kept, 0);
    town.logs().assert_has("something in an answer of getUpdates was passed over");
});

story!(forms_that_nobody_knows_are_kept, |town| async move {
    let updates = vec![
        json!({}),
        json!({"message": {}}),
        json!({"message": null}),
        json!({"message": []}),
        json!({"message": {"chat": {"id": "nobody"}}}),
        json!({"message": {"chat": {"id": 5}, "from": 7, "text": ["x"]}}),
        json!({"callback_query": {"id": {"deep": true}}}),
        json!({"my_chat_member": {"chat": {"id": 5}}}),
        json!({"message": {"message_id": 1, "media_group_id": 12}}),
        json!({"": {}}),
    ];
    let sent = i64::try_from(updates.len()).unwrap();
    assert_eq!(survives(&town, updates).await, sent);
});

story!(names_that_a_database_would_refuse_are_kept_too, |town| async move {
    let long = "x".repeat(10_000);
    let updates = vec![
        json!({"\u{0}kind": {}}),
        json!({ long.clone(): {} }),
        json!({"message": {"chat": {"id": 5}, "media_group_id": "a\u{0}b"}}),
        json!({"message": {"chat": {"id": 5}, "media_group_id": long}}),
        json!({"callback_query": {"id": "\u{0}"}}),
        json!({"callback_query": {"id": "y".repeat(10_000)}}),
        json!({"'; drop table inbox; --": {"\"": "\\"}}),
    ];
    // The two taps are answered empty, which Telegram refuses.
    assert_eq!(survives(&town, updates).await, 7);
});

story!(deep_and_huge_updates_are_kept, |town| async move {
    let mut deep = json!(1);
    for _ in 0..120 {
        deep = json!([deep]);
    }
    let updates = vec![
        json!({"message": {"chat": {"id": 5}, "deep": deep.clone()}}),
        json!({"huge": "x".repeat(1_000_000)}),
        json!({"message": {"chat": {"id": i64::MAX}}}),
        json!({"message": {"chat": {"id": 1e300}}}),
    ];
    assert_eq!(survives(&town, updates).await, 4);
});

story!(a_text_of_a_megabyte_is_handled, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    let message = json!({
        "message_id": 77, "date": 1_790_000_000, "text": format!("note {}", "x".repeat(1_000_000)),
        "chat": {"id": nino.id(), "type": "private", "first_name": "Nino"},
        "from": {"id": nino.id(), "is_bot": false, "first_name": "Nino"},
    });
    town.world().send_raw_update(town.account().id, json!({"message": message}));
    town.idle().await;
    assert_eq!(town.count("select cast(length(text) as bigint) from heard").await, 1_000_005);
});
