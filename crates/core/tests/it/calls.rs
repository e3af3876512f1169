//! What Telegram answers, or does not.

use std::time::Duration;

use testkit::{ChatId, Fault, FaultKind, story};

use crate::echo::Echo;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

story!(a_429_holds_that_chat_alone_and_counts_no_attempt, |town| async move {
    town.run(Echo::default()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    let flood = Fault::new(FaultKind::TooManyRequests { retry_after: 7 }).method("sendMessage");
    town.fault(flood.chat(ChatId::private(nino.id(), town.account().id)).count(1));
    nino.says("one");
    nino.says("two");
    mei.says("hello");
    town.idle().await;
    mei.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    town.advance(Duration::from_millis(6_999)).await;
    assert_eq!(nino.sees().len(), 2, "not before Telegram allows it");
    assert_eq!(town.count("select coalesce(max(attempts), 0) from jobs").await, 0);
    town.advance(Duration::from_millis(1)).await;
    nino.assert_sees_last(&["Lotus Support: (re \"one\") one", "Lotus Support: (re \"two\") two"]);
});

story!(a_429_without_a_chat_holds_its_own_lane_alone, |town| async move {
    town.run(Echo::default()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    nino.says("button");
    town.idle().await;
    let flood = Fault::new(FaultKind::TooManyRequests { retry_after: 30 }).method("answerCallbackQuery");
    town.fault(flood.count(1));
    nino.taps("loud");
    mei.says("hello");
    town.idle().await;
    mei.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    town.advance(seconds(30)).await;
    assert_eq!(nino.notices().len(), 1);
});

story!(a_429_of_a_call_that_counts_against_no_chat_waits_all_the_same, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    let flood = Fault::new(FaultKind::TooManyRequests { retry_after: 7 }).method("sendChatAction");
    town.fault(flood.count(1));
    nino.says("typing");
    town.idle().await;
    town.advance(Duration::from_millis(6_999)).await;
    assert_eq!(town.world().calls_of("sendChatAction").len(), 1, "not before Telegram allows it");
    town.advance(Duration::from_millis(1)).await;
    assert_eq!(town.world().calls_of("sendChatAction").len(), 2);
});

story!(an_outage_of_hours_counts_no_attempt, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    let id = town.fault(Fault::new(FaultKind::ServerError { code: 502 }).method("sendMessage"));
    nino.says("one");
    nino.says("two");
    town.idle().await;
    for _ in 0..40 {
        town.advance(seconds(600)).await;
    }
    assert_eq!(nino.sees().len(), 2);
    assert_eq!(town.count("select coalesce(max(attempts), 0) from jobs").await, 0);
    assert!(town.world().calls_of("sendMessage").len() > 10, "it was tried again and again");
    town.world().remove_faults(Some(id));
    town.advance(seconds(30)).await;
    town.advance(seconds(30)).await;
    nino.assert_sees_last(&["Lotus Support: (re \"one\") one", "Lotus Support: (re \"two\") two"]);
});

story!(calls_that_fail_together_have_met_one_outage, |town| async move {
    town.run(Echo::default()).await;
    let people: Vec<_> = (0..20).map(|n| town.person(&format!("Person {n}"), "en")).collect();
    town.fault(Fault::new(FaultKind::ServerError { code: 500 }).method("sendMessage").count(20));
    for person in &people {
        person.says("hello");
    }
    town.idle().await;
    // Those that failed while the first pause began have a second, longer one at most.
    town.advance(Duration::from_millis(500)).await;
    town.advance(seconds(1)).await;
    assert!(people.iter().all(|person| person.sees().len() == 2));
});

story!(a_lost_reply_is_sent_again_after_a_backoff, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    town.fault(Fault::new(FaultKind::LostReply).method("sendMessage").count(1));
    nino.says("hello");
    nino.says("and this");
    town.idle().await;
    assert_eq!(nino.sees().len(), 3, "it was sent, its answer lost; the next waits");
    town.advance(seconds(1)).await;
    let hello = "Lotus Support: (re \"hello\") hello";
    nino.assert_sees_last(&[hello, hello, "Lotus Support: (re \"and this\") and this"]);
});

story!(a_message_whose_answers_are_all_lost_is_sent_five_times_at_most, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    town.fault(Fault::new(FaultKind::LostReply).method("sendMessage"));
    nino.says("hello");
    for wait in [1, 2, 4, 8, 16, 32] {
        town.advance(seconds(wait)).await;
    }
    assert_eq!(town.world().calls_of("sendMessage").len(), 5);
    let letters = town.dead_letters().await;
    assert_eq!((letters[0].what.as_str(), letters[0].reason.as_str()), ("job", "unknown"));
    town.expect_dead_letters(1);
});

story!(what_costs_money_is_not_repeated_when_its_answer_is_lost, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    town.fault(Fault::new(FaultKind::LostReply).method("sendMessage").count(1));
    nino.says("pay");
    town.advance(seconds(60)).await;
    nino.assert_sees(&["Nino: pay", "Lotus Support: paid"]);
    assert_eq!(town.dead_letters().await[0].reason, "unknown");
    assert_eq!(town.count("select count(*) from heard where text = 'pay: unknown'").await, 1);
    town.expect_dead_letters(1);
});

story!(a_refusal_ends_the_job_and_not_the_lane, |town| async move {
    town.run(Echo::default()).await;
    let mei = town.person("Mei", "en");
    mei.says("tell 9999999");
    mei.says("hello");
    town.idle().await;
    mei.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
    assert_eq!(town.count("select count(*) from heard where text like 'tell: failed 400%'").await, 1);
});

story!(a_tap_that_no_handler_answers_is_answered_empty, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("button");
    town.idle().await;
    nino.taps("quiet");
    town.idle().await;
    nino.taps("loud");
    town.idle().await;
    let texts: Vec<_> = nino.notices().into_iter().map(|notice| notice.text).collect();
    assert_eq!(texts, [None, Some("heard".to_owned())]);
});

story!(a_tap_whose_handler_fails_is_answered_empty_after_5_seconds, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("button");
    town.idle().await;
    nino.taps("fail");
    town.idle().await;
    town.advance(Duration::from_millis(4_999)).await;
    assert_eq!(nino.notices().len(), 0);
    town.advance(Duration::from_millis(1)).await;
    assert_eq!(nino.notices().len(), 1);
    town.advance(seconds(2)).await;
    town.advance(seconds(4)).await;
    town.advance(seconds(8)).await;
    assert_eq!(town.dead_letters().await.len(), 1);
    town.expect_dead_letters(1);
});

story!(an_answer_whose_time_is_over_ends_quietly, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("button");
    town.idle().await;
    nino.taps("fail");
    town.idle().await;
    town.stop_bot().await;
    town.advance_only(seconds(120));
    town.restart_bot().await;
    town.idle().await;
    assert_eq!(town.world().calls_of("answerCallbackQuery").len(), 0);
    assert_eq!(town.count("select count(*) from jobs").await, 0);
    town.expect_unhandled(1);
});

story!(telegrams_limits_are_kept_when_they_are_on, |town| async move {
    town.options(|options| options.limits = frontdesk_core::telegram::limits::Limits::Telegram);
    town.run(Echo::default()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    for n in 0..10 {
        nino.says(&n.to_string());
    }
    town.idle().await;
    let answered = |person: &testkit::Person| person.views().iter().filter(|view| view.from.bot).count();
    assert_eq!(answered(&nino), 3, "the burst");
    mei.says("hello");
    town.idle().await;
    assert_eq!(answered(&mei), 1, "another chat has a limit of its own");
    town.advance(seconds(1)).await;
    assert_eq!(answered(&nino), 4);
    for _ in 0..6 {
        town.advance(seconds(1)).await;
    }
    assert_eq!(answered(&nino), 10);
});
