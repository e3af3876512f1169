//! Asking for updates: offsets, webhooks that are in the way, other pollers, tokens.

use std::time::Duration;

use frontdesk_core::Bot;
use frontdesk_core::db::Migrations;
use frontdesk_core::flow::{Ctx, Event};
use frontdesk_core::profile::Profile;
use frontdesk_core::telegram::Me;
use mask::SecretString;
use serde_json::{Value, json};
use testkit::{Town, story};

use crate::echo::Echo;

story!(a_bot_whose_database_knows_all_numbers_already_says_what_to_do, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("hello");
    town.idle().await;
    // As if the sandbox had been started anew beside an old database.
    town.sql(
        "insert into inbox (bot_id, update_id, lane, kind, state, received_at, done_at) \
         select bot_id, update_id + n, lane, kind, 1, received_at, received_at from inbox, \
         (select 1 as n union all select 2 union all select 3 union all select 4) as more where update_id is not null",
    )
    .await;
    for n in 0..4 {
        assert_eq!(town.logs().has("give echo-bot an empty DATA_DIR"), n > 2, "after {n}");
        nino.says("does anybody hear me?");
        town.idle().await;
    }
    assert_eq!(town.logs().text().matches("give echo-bot an empty DATA_DIR").count(), 1, "said once");
    nino.says("now?");
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"now?\") now?"]);
});

/// A call by somebody else who has the token.
async fn call(town: &Town, method: &str, body: Value) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/bot{}/{method}", town.api_url(), town.account().token);
    let request = client.post(url).header("content-type", "application/json").body(body.to_string());
    assert!(request.send().await.unwrap().status().is_success());
}

fn offset(call: &testkit::Call) -> Option<i64> {
    call.params.get("offset").and_then(Value::as_i64)
}

story!(a_starting_poller_and_one_after_a_quiet_week_send_no_offset, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("hello");
    town.idle().await;
    let polls = town.world().calls_of("getUpdates");
    assert_eq!(offset(&polls[0]), None);
    assert!(offset(polls.last().unwrap()).is_some());
    let before = polls.len();
    town.advance(Duration::from_hours(24 * 8)).await;
    let later = || town.world().calls_of("getUpdates").split_off(before);
    town.eventually("it polls without an offset", || later().iter().any(|call| offset(call).is_none())).await;
    nino.says("hello again");
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello again\") hello again"]);
});

story!(a_webhook_that_is_in_the_way_is_deleted_and_what_waits_is_kept, |town| async move {
    let nino = town.person("Nino", "en");
    town.run(Echo::default()).await;
    town.stop_bot().await;
    call(&town, "setWebhook", json!({"url": "http://127.0.0.1:9/nobody"})).await;
    nino.says("hello");
    town.restart_bot().await;
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    town.logs().assert_has("the webhook is deleted, waiting updates stay");
});

story!(a_second_poller_is_named_and_the_bot_goes_on, |town| async move {
    town.run(Echo::default()).await;
    town.idle().await;
    call(&town, "getUpdates", json!({"timeout": 0})).await;
    town.eventually("the log says so", || town.logs().has("another process polls with this token")).await;
    let nino = town.person("Nino", "en");
    nino.says("hello");
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
});

story!(a_wrong_token_ends_the_run_with_a_sentence_that_names_the_setting, |town| async move {
    let wrong = format!("{}:{}", town.account().id, "sandbox-somebody-elses");
    town.options(move |options| options.token = SecretString::from(wrong.clone()));
    town.run(Echo::default()).await;
    let error = format!("{:#}", town.failed().await);
    assert!(error.contains("TELEGRAM_BOT_TOKEN"), "{error}");
    assert!(!error.contains("somebody"), "{error}");
    town.logs().assert_never("sandbox-somebody-elses");
    town.crash_bot();
    town.expect_unhandled(1);
});

story!(a_token_that_is_revoked_while_the_bot_runs_loses_nothing, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("schedule 10");
    town.idle().await;
    let token = town.world().revoke_token(town.account().id).unwrap();
    nino.says("hello");
    town.advance_only(Duration::from_secs(10));
    town.eventually("the bot has noticed", || town.logs().has("does not accept the token")).await;
    town.stop_bot().await;
    town.options(move |options| options.token = SecretString::from(token.clone()));
    town.restart_bot().await;
    town.idle().await;
    town.advance(Duration::from_mins(1)).await;
    nino.expect("hello");
    nino.expect("schedule 10");
});

/// A bot whose face cannot be asked for.
struct Faceless;

impl Bot for Faceless {
    type Route = ();

    fn name(&self) -> &'static str {
        "faceless-bot"
    }

    fn migrations(&self) -> Migrations {
        Migrations { part: "faceless-bot", table: "_faceless_migrations", list: &[] }
    }

    fn locales(&self) -> &'static [(&'static str, &'static str)] {
        &[("en", "")]
    }

    fn allowed_updates(&self) -> &'static [&'static str] {
        &["message"]
    }

    fn profile(&self) -> Profile {
        panic!("as asked")
    }

    fn route(&self, _: Event, _: &Me) -> Option<()> {
        None
    }

    async fn handle(&self, (): (), _: &mut Ctx<'_>) -> anyhow::Result<()> {
        Ok(())
    }
}

story!(a_task_that_panics_ends_the_run_and_is_no_clean_stop, |town| async move {
    town.run(Faceless).await;
    let error = format!("{:#}", town.failed().await);
    assert!(error.contains("a task of the bot panicked"), "{error}");
    let stopped = format!("{:#}", town.try_stop().await.unwrap_err());
    assert!(stopped.contains("panicked"), "{stopped}");
    assert_eq!(town.count("select count(*) from meta where key = 'clean_stop' and value = '1'").await, 0);
});
