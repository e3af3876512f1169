//! Parts of a media group become one event.

use std::time::Duration;

use testkit::story;

use crate::echo::Echo;

story!(an_album_is_one_event_700_ms_after_its_last_part, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.sends_all(nino.message().photo().caption("three of them").album(3));
    town.idle().await;
    town.advance(Duration::from_millis(699)).await;
    assert_eq!(town.count("select count(*) from heard").await, 0);
    town.advance(Duration::from_millis(1)).await;
    nino.expect("an album of 3");
    assert_eq!(town.count("select count(*) from heard").await, 1);
});

story!(what_is_written_after_an_album_is_handled_after_it, |town| async move {
    town.run(Echo::default()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    nino.sends_all(nino.message().photo().album(2));
    nino.says("after");
    mei.says("elsewhere");
    town.idle().await;
    mei.assert_sees_last(&["Lotus Support: (re \"elsewhere\") elsewhere"]);
    assert_eq!(town.count("select count(*) from heard").await, 1, "only the other lane goes on meanwhile");
    town.advance(Duration::from_secs(1)).await;
    nino.assert_sees_last(&["Lotus Support: an album of 2", "Lotus Support: (re \"after\") after"]);
});

story!(an_album_survives_a_restart_in_its_700_ms, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.sends_all(nino.message().photo().album(2));
    town.idle().await;
    town.crash_bot();
    town.advance_only(Duration::from_secs(5));
    town.restart_bot().await;
    town.idle().await;
    nino.expect("an album of 2");
});
