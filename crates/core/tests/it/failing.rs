//! Handlers that fail, panic, take too long or kill the process.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use testkit::story;

use crate::echo::Echo;

const APOLOGY: &str = "Sorry, something went wrong";

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

story!(a_handler_that_fails_is_tried_with_backoff_then_buried_and_the_person_told, |town| async move {
    let echo = Echo::default();
    town.run(echo.clone()).await;
    let nino = town.person("Nino", "en");
    nino.says("fail");
    nino.says("and then this");
    town.idle().await;
    for (wait, tries) in [(1, 2), (2, 3), (4, 4), (8, 5)] {
        town.advance(Duration::from_millis(wait * 1_000 - 1)).await;
        assert_eq!(echo.tries.load(SeqCst), tries - 1, "too early");
        assert_eq!(nino.sees().len(), 2, "what follows waits");
        town.advance(Duration::from_millis(1)).await;
        assert_eq!(echo.tries.load(SeqCst), tries);
    }
    nino.expect(APOLOGY);
    nino.assert_sees_last(&["Lotus Support: (re \"and then this\") and then this"]);
    let letters = town.dead_letters().await;
    assert_eq!(
        (letters[0].what.as_str(), letters[0].reason.as_str(), letters[0].attempts),
        ("update", "failed", 5)
    );
    assert!(letters[0].error.contains("told to fail"), "{}", letters[0].error);
    assert_eq!(
        town.count("select count(*) from heard where text = 'fail'").await,
        0,
        "each attempt was undone"
    );
    town.expect_dead_letters(1);
});

story!(the_apology_is_in_the_language_of_the_person, |town| async move {
    town.run(Echo::default()).await;
    let li = town.person("Li", "zh-hans");
    li.says("fail");
    town.idle().await;
    town.sql("update inbox set attempts = 4, retry_at = 0 where state = 0").await;
    town.advance(seconds(1)).await;
    li.expect("抱歉");
    town.expect_dead_letters(1);
});

story!(a_handler_that_recovers_is_done_once, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("flaky 2");
    town.idle().await;
    town.advance(seconds(1)).await;
    town.advance(seconds(2)).await;
    nino.assert_sees(&["Nino: flaky 2", "Lotus Support: (re \"flaky 2\") flaky 2"]);
    assert_eq!(town.count("select count(*) from heard").await, 1);
});

story!(a_handler_that_panics_harms_nobody_else, |town| async move {
    let echo = Echo::default();
    town.run(echo.clone()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    nino.says("panic");
    mei.says("hello");
    town.idle().await;
    mei.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    for wait in [1, 2, 4, 8] {
        town.advance(seconds(wait)).await;
    }
    nino.expect(APOLOGY);
    assert!(town.dead_letters().await[0].error.contains("panicked"));
    town.expect_dead_letters(1);
});

story!(a_route_that_panics_harms_nobody_else, |town| async move {
    town.run(Echo::default()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    // Its number cannot be read, where it is routed.
    nino.says("flaky often");
    mei.says("hello");
    town.idle().await;
    mei.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    for wait in [1, 2, 4, 8] {
        town.advance(seconds(wait)).await;
    }
    nino.expect(APOLOGY);
    assert!(town.dead_letters().await[0].error.contains("routing the update panicked"));
    town.expect_dead_letters(1);
});

story!(a_handler_past_its_budget_is_stopped_and_counted, |town| async move {
    let echo = Echo::default();
    town.options(|options| options.budget = Duration::from_millis(250));
    town.run(echo.clone()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    nino.says("slow");
    mei.says("hello");
    town.idle().await;
    mei.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    assert_eq!(town.count("select attempts from inbox where state = 0").await, 1);
    town.sql("update inbox set attempts = 4 where state = 0").await;
    town.advance(seconds(1)).await;
    nino.expect(APOLOGY);
    assert!(town.dead_letters().await[0].error.contains("took more than its 250 ms"));
    town.expect_dead_letters(1);
});

story!(a_slow_database_is_not_the_handlers_fault, |town| async move {
    town.options(|options| options.budget = Duration::from_millis(50));
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("heavy");
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"heavy\") heavy"]);
    assert_eq!(town.count("select coalesce(max(attempts), 0) from inbox").await, 0);
});

story!(a_swallowed_statement_error_counts_as_a_failure_of_its_own_lane, |town| async move {
    let echo = Echo::default();
    town.run(echo.clone()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    nino.says("swallow");
    mei.says("hello");
    town.idle().await;
    mei.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    assert_eq!(nino.sees().len(), 1, "nothing of that handler was stored");
    for wait in [1, 2, 4, 8] {
        town.advance(seconds(wait)).await;
    }
    nino.expect(APOLOGY);
    town.expect_dead_letters(1);
});

story!(a_group_with_a_failing_update_is_undone_and_run_one_by_one, |town| async move {
    let echo = Echo::default();
    town.run(echo.clone()).await;
    town.stop_bot().await;
    let people: Vec<_> = (0..10).map(|n| town.person(&format!("Person {n}"), "en")).collect();
    for (n, person) in people.iter().enumerate() {
        person.says(if n == 5 { "fail" } else { "hello" });
    }
    town.restart_bot().await;
    town.idle().await;
    for (n, person) in people.iter().enumerate() {
        assert_eq!(person.sees().len(), if n == 5 { 1 } else { 2 });
    }
    assert_eq!(town.count("select count(*) from heard").await, 9);
    assert_eq!(
        town.count("select attempts from inbox where state = 0").await,
        1,
        "one failure is one attempt"
    );
    if town.backend() == testkit::Backend::Sqlite {
        assert_eq!(town.shared().metrics.groups_undone.get(), 1);
        assert_eq!(echo.tries.load(SeqCst), 1, "what failed in the group is not run again at once");
    }
    town.expect_unhandled(1);
});

story!(an_update_that_kills_the_process_is_found_and_holds_up_nobody, |town| async move {
    let echo = Echo::default();
    town.options(|options| options.budget = Duration::from_hours(1));
    town.run(echo.clone()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    nino.says("slow");
    for tries in 1..=6 {
        town.eventually("the update is in hand", || echo.tries.load(SeqCst) == tries).await;
        town.crash_bot();
        town.restart_bot().await;
    }
    town.idle().await;
    nino.expect(APOLOGY);
    mei.says("hello");
    town.idle().await;
    mei.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    let letters = town.dead_letters().await;
    assert_eq!((letters[0].reason.as_str(), echo.tries.load(SeqCst)), ("crashed", 6));
    town.expect_dead_letters(1);
});

story!(an_update_that_was_in_hand_at_a_crash_but_is_innocent_is_handled, |town| async move {
    let echo = Echo::default();
    town.run(echo.clone()).await;
    let nino = town.person("Nino", "en");
    nino.says("flaky 1");
    town.idle().await;
    town.crash_bot();
    town.sql("update inbox set attempts = 3, retry_at = 0 where state = 0").await;
    town.restart_bot().await;
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"flaky 1\") flaky 1"]);
});

story!(a_failure_of_a_suspect_counts_once, |town| async move {
    let echo = Echo::default();
    town.run(echo.clone()).await;
    let nino = town.person("Nino", "en");
    nino.says("fail");
    town.idle().await;
    town.crash_bot();
    town.sql("update inbox set retry_at = 0 where state = 0").await;
    town.restart_bot().await;
    town.idle().await;
    assert_eq!(town.count("select attempts from inbox where state = 0").await, 2);
    town.expect_unhandled(1);
});
