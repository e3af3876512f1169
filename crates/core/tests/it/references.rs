//! Messages and topics that do not exist yet.

use std::time::Duration;

use testkit::{Fault, FaultKind, Rights, story};

use crate::echo::Echo;

story!(what_goes_into_a_topic_follows_its_making, |town| async move {
    town.run(Echo::default()).await;
    let mei = town.person("Mei", "en");
    let forum = town.forum("Lotus staff", &mei);
    forum.make_bot_admin(Rights::usual());
    town.fault(Fault::new(FaultKind::TooManyRequests { retry_after: 3 }).method("createForumTopic").count(1));
    mei.says(&format!("topic {}", forum.id()));
    town.idle().await;
    assert_eq!(forum.topic_names(), ["General"]);
    assert_eq!(town.world().calls_of("sendMessage").len(), 0);
    town.advance(Duration::from_secs(3)).await;
    assert_eq!(
        forum.lines_in("made"),
        ["· forum_topic_created", "Lotus Support: first", "Lotus Support: second"]
    );
});

story!(what_goes_into_a_topic_that_cannot_be_made_ends, |town| async move {
    town.run(Echo::default()).await;
    let mei = town.person("Mei", "en");
    let forum = town.forum("Lotus staff", &mei);
    forum.add_bot();
    mei.says(&format!("topic {}", forum.id()));
    mei.says("hello");
    town.idle().await;
    mei.expect("hello");
    assert_eq!(town.count("select count(*) from jobs").await, 0);
    assert_eq!(forum.topic_names(), ["General"]);
});

story!(topics_of_one_forum_do_not_wait_for_each_other, |town| async move {
    town.run(Echo::default()).await;
    let (mei, sam) = (town.person("Mei", "en"), town.person("Sam", "en"));
    let forum = town.forum("Lotus staff", &mei);
    forum.add(&sam);
    forum.make_bot_admin(Rights::usual());
    let one = town.world().create_topic(mei.id(), forum.chat(), "one").unwrap();
    let two = town.world().create_topic(mei.id(), forum.chat(), "two").unwrap();
    mei.in_topic(&forum, "one").says("fail");
    mei.in_topic(&forum, "two").says("hello");
    town.idle().await;
    assert_eq!(forum.lines_in("two").last().unwrap(), "Lotus Support: (re \"hello\") hello");
    let lanes = format!("select count(*) from inbox where lane in ('{0}/{one}', '{0}/{two}')", forum.id());
    assert_eq!(town.count(&lanes).await, 2 + 2, "the topic's making is in its lane too");
    town.expect_unhandled(1);
});

story!(what_waits_behind_a_job_goes_when_that_is_taken_back, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("cancel");
    town.idle().await;
    assert_eq!(nino.sees().len(), 1, "it answers a message that is due in a minute");
    nino.says("cancel");
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: behind"]);
    town.advance(Duration::from_mins(2)).await;
    nino.assert_never_saw("late");
    assert_eq!(town.count("select count(*) from heard where text like 'taken back%'").await, 0);
});
