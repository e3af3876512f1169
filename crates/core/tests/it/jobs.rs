//! What happens later, and work of the bot's own kinds.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use testkit::{Town, story};

use crate::echo::Echo;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

story!(a_message_for_later_goes_when_it_is_due, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("schedule 60");
    nino.says("hello");
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    town.advance(Duration::from_millis(59_999)).await;
    assert_eq!(nino.sees().len(), 3);
    town.advance(Duration::from_millis(1)).await;
    nino.assert_sees_last(&["Lotus Support: schedule 60"]);
});

story!(what_became_due_while_the_bot_was_down_is_done_at_its_start, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("schedule 60");
    nino.says("later 60");
    town.idle().await;
    town.crash_bot();
    town.advance_only(seconds(3_600));
    town.restart_bot().await;
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: schedule 60"]);
    assert_eq!(reminders(&town).await, 1);
});

story!(a_reminder_comes_once_over_a_restart, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("later 60");
    town.idle().await;
    town.restart_bot().await;
    town.advance(seconds(59)).await;
    assert_eq!(reminders(&town).await, 0);
    town.advance(seconds(1)).await;
    assert_eq!(reminders(&town).await, 1);
    town.restart_bot().await;
    town.advance(seconds(3_600)).await;
    assert_eq!(reminders(&town).await, 1);
});

async fn reminders(town: &Town) -> i64 {
    town.count("select count(*) from heard where text like 'reminder: done%'").await
}

/// How the job ended, as the handler heard it.
async fn ended(town: &Town, how: &str) -> i64 {
    town.count(&format!("select count(*) from heard where text like 'work: {how}%'")).await
}

story!(a_result_comes_back_as_an_event, |town| async move {
    town.run(Echo::default()).await;
    town.person("Nino", "en").says("work well");
    town.idle().await;
    assert_eq!(ended(&town, "done 0").await, 1);
});

story!(a_job_that_fails_for_now_is_run_again_after_a_backoff, |town| async move {
    town.run(Echo::default()).await;
    town.person("Nino", "en").says("work temporarily-not");
    town.idle().await;
    assert_eq!(ended(&town, "").await, 0);
    town.advance(seconds(1)).await;
    assert_eq!(ended(&town, "done 1").await, 1);
});

story!(a_job_that_will_never_succeed_ends_at_once, |town| async move {
    town.run(Echo::default()).await;
    town.person("Nino", "en").says("work never");
    town.idle().await;
    assert_eq!(ended(&town, "failed 0 as asked").await, 1);
});

story!(a_job_that_panics_is_tried_five_times_and_then_waits_for_a_person, |town| async move {
    let echo = Echo::default();
    town.run(echo.clone()).await;
    let nino = town.person("Nino", "en");
    nino.says("work panic");
    for wait in [1, 2, 4, 8, 16] {
        town.advance(seconds(wait)).await;
    }
    assert_eq!(echo.runs.load(SeqCst), 5);
    assert_eq!(ended(&town, "failed 0 the job panicked").await, 1);
    nino.says("hello");
    town.idle().await;
    nino.expect("hello");
    town.expect_dead_letters(1);
});

story!(a_service_that_is_away_counts_no_attempt, |town| async move {
    town.run(Echo::default()).await;
    town.person("Nino", "en").says("work outage");
    town.idle().await;
    for _ in 0..7 {
        assert_eq!(ended(&town, "").await, 0);
        town.advance(seconds(5)).await;
    }
    assert_eq!(ended(&town, "done 7").await, 1);
});

story!(a_job_whose_end_stays_unclear_waits_for_a_person, |town| async move {
    town.run(Echo::default()).await;
    town.person("Nino", "en").says("work unclear");
    for wait in [1, 2, 4, 8, 16] {
        town.advance(seconds(wait)).await;
    }
    assert_eq!(ended(&town, "unknown").await, 1);
    assert_eq!(town.dead_letters().await[0].reason, "unknown");
    town.expect_dead_letters(1);
});

story!(a_job_that_never_ends_is_stopped_and_holds_its_lane_no_longer, |town| async move {
    town.run(Echo::default()).await;
    town.person("Nino", "en").says("work hang");
    town.idle().await;
    assert_eq!(ended(&town, "").await, 0);
    assert_eq!(town.count("select attempts from jobs where kind = 'work' and state = 0").await, 1);
    town.advance(seconds(1)).await;
    assert_eq!(ended(&town, "done 1").await, 1);
});
