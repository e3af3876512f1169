//! What `doctor` says of a desk, beside the running bot.

use std::collections::BTreeMap;

use frontdesk_core::cli::{Deployable, Level, Visit};
use frontdesk_core::config::{Sources, load};
use frontdesk_core::db::{Access, Db};
use frontdesk_core::telegram::{Client, ClientOptions, Me};
use serde_json::json;
use support_bot::SupportBot;
use testkit::{Fixture, Rights, Status, Town, TownSpec, story};

use crate::desk::Desk;

/// What is found: level, subject, finding, and what to do.
async fn look(desk: &Desk, admins: &[i64]) -> Vec<(Level, String, String, String)> {
    let admins: Vec<String> = admins.iter().map(i64::to_string).collect();
    let env = BTreeMap::from([
        ("TELEGRAM_BOT_TOKEN".to_owned(), desk.town.account().token.clone()),
        ("TELEGRAM_API_URL".to_owned(), desk.town.api_url()),
        ("STAFF_GROUP_ID".to_owned(), desk.staff.id().to_string()),
        ("ADMIN_USER_ID".to_owned(), admins.join(",")),
    ]);
    let sources = Sources { env, ..Sources::default() };
    let loaded = load(&SupportBot::INFO, &sources, &mask::Masker::new([7; 32])).unwrap();
    let options = ClientOptions { api_url: desk.town.api_url(), ..ClientOptions::default() };
    let client = Client::new(&loaded.common.telegram.token, options).unwrap();
    let me: Me = client.call_as("getMe", &json!({})).await.unwrap();
    let db = Db::open_beside(desk.town.database().url(), Access::Read).await.unwrap();
    let visit = Visit::new(&client, &me, &loaded.common, db.as_ref()).await;
    let before = desk.town.world().journal().len();
    let found = SupportBot::new(loaded.own).doctor(&visit).await;
    let calls = desk.town.world().journal().split_off(before);
    // The bot beside it may be setting its profile still.
    let is_profile = |method: &str| method.starts_with("setMy") || method == "setChatMenuButton";
    let changes = calls.iter().find(|call| !call.method.starts_with("get") && !is_profile(&call.method));
    assert!(changes.is_none(), "doctor changes nothing: {changes:?}");
    if let Some(db) = &db {
        db.close().await;
    }
    found
        .into_iter()
        .map(|finding| (finding.level, finding.about, finding.what, finding.remedy.unwrap_or_default()))
        .collect()
}

/// The one finding on the staff group.
async fn on_staff(desk: &Desk) -> (Level, String, String) {
    let found = look(desk, &[desk.mei.id().0]).await;
    let mut found = found.into_iter().filter(|(_, about, ..)| about == "STAFF_GROUP_ID");
    let (level, _, what, remedy) = found.next().unwrap();
    assert_eq!(found.next(), None);
    (level, what, remedy)
}

story!(a_desk_in_order_is_found_so, |desk: Desk| async move {
    desk.mei.says("/start");
    let group = desk.customer_group("Tea lovers").await;
    group.make_bot_admin(Rights::usual());
    desk.town.idle().await;
    let found = look(&desk, &[desk.mei.id().0]).await;
    assert!(found.iter().all(|(level, ..)| *level == Level::Ok), "{found:?}");
    let abouts: Vec<&str> = found.iter().map(|(_, about, ..)| about.as_str()).collect();
    let group = format!("customer group {}", group.id());
    assert_eq!(abouts, ["STAFF_GROUP_ID", group.as_str(), "ADMIN_USER_ID"]);
});

story!(each_fault_of_the_staff_group_says_what_to_switch_on, |desk: Desk| async move {
    desk.staff.make_bot_admin(Rights { can_manage_topics: false, ..Rights::all() });
    let (level, what, remedy) = on_staff(&desk).await;
    assert_eq!(level, Level::Fail);
    assert!(what.contains("may not manage topics"), "{what}");
    assert!(
        remedy.contains("Administrators, @lotus_support_bot, and switch on Manage Topics"),
        "where the right is: {remedy}"
    );

    desk.staff.add_bot();
    let (level, what, remedy) = on_staff(&desk).await;
    assert_eq!(level, Level::Fail);
    assert!(what.contains("is no administrator") && remedy.contains("Add Administrator"), "{what} {remedy}");

    let world = desk.town.world();
    world.add_member(desk.staff.chat(), desk.town.account().id, Status::Restricted).unwrap();
    let (level, what, remedy) = on_staff(&desk).await;
    assert_eq!((level, what.as_str()), (Level::Fail, "the bot may not write in this group"));
    assert!(remedy.contains("Exceptions"), "{remedy}");

    desk.staff.kick_bot(&desk.mei);
    let (level, _, remedy) = on_staff(&desk).await;
    assert_eq!(level, Level::Fail);
    assert!(remedy.contains("@lotus_support_bot"), "{remedy}");
    desk.staff.make_bot_admin(Rights::all());
    assert_eq!(on_staff(&desk).await.0, Level::Ok);
});

story!(a_staff_group_without_topics_is_warned_of, |desk: Desk| async move {
    let plain = desk.town.supergroup("Plain staff", &desk.mei);
    plain.make_bot_admin(Rights::all());
    let desk = Desk { staff: plain, ..desk };
    let (level, what, remedy) = on_staff(&desk).await;
    assert_eq!(level, Level::Warn);
    assert!(
        what.contains("staff answer by replies") && remedy.contains("switch on Topics"),
        "{what} {remedy}"
    );
});

story!(a_staff_group_that_became_a_supergroup_is_found_by_its_old_id, |desk: Desk| async move {
    desk.town.stop_bot().await;
    let basic = desk.town.group("Small staff", &desk.mei);
    basic.make_bot_admin(Rights::all());
    let old = Desk { staff: basic, ..desk };
    old.run().await;
    let today = old.staff.migrates();
    old.town.idle().await;
    let (level, what, _) = on_staff(&old).await;
    assert_eq!(level, Level::Warn, "{what}");
    assert!(what.contains("has no topics"), "{what}");
    let asked = old.town.world().calls_of("getChat");
    assert_eq!(
        asked[asked.len() - 2].params["chat_id"].to_string().trim_matches('"'),
        today.id().to_string()
    );
});

story!(each_customer_group_says_whether_the_bot_hears_it, |desk: Desk| async move {
    let deaf = desk.customer_group("Tea lovers").await;
    let gone = desk.customer_group("Coffee lovers").await;
    let mute = desk.customer_group("Cocoa lovers").await;
    gone.kick_bot(&desk.mei);
    desk.town.world().add_member(mute.chat(), desk.town.account().id, Status::Restricted).unwrap();
    desk.town.idle().await;
    let found = look(&desk, &[desk.mei.id().0]).await;
    let on = |id: i64| {
        let about = format!("customer group {id}");
        let found = found.iter().find(|(_, other, ..)| *other == about);
        found.map(|(level, _, what, remedy)| (*level, format!("{what} -> {remedy}"))).unwrap()
    };
    let (level, text) = on(deaf.id());
    assert!(level == Level::Warn && text.contains("no mentions, no whole albums"), "{text}");
    assert!(
        text.contains("/setprivacy") && text.contains("make @lotus_support_bot an administrator"),
        "{text}"
    );
    let (level, text) = on(gone.id());
    assert!(level == Level::Warn && text.contains(&format!("/removegroup {}", gone.id())), "{text}");
    let (level, text) = on(mute.id());
    assert!(level == Level::Warn && text.contains("nobody gets an answer"), "{text}");
});

/// The same desk, with a bot that Telegram shows everything.
struct Hearing(Desk);

impl Fixture for Hearing {
    fn spec() -> TownSpec {
        TownSpec { privacy: false, ..TownSpec::default() }
    }

    async fn open(town: Town) -> Self {
        Self(Desk::open(town).await)
    }
}

story!(a_bot_without_privacy_mode_hears_its_groups_as_a_member, |hearing: Hearing| async move {
    let Hearing(desk) = hearing;
    let group = desk.customer_group("Tea lovers").await;
    let found = look(&desk, &[desk.mei.id().0]).await;
    let about = format!("customer group {}", group.id());
    assert!(found.iter().any(|(level, other, ..)| *level == Level::Ok && *other == about), "{found:?}");
});

story!(an_administrator_who_never_opened_the_bot_is_named, |desk: Desk| async move {
    desk.mei.says("/start");
    let stranger = desk.town.person("Tamar", "en");
    desk.town.idle().await;
    let found = look(&desk, &[desk.mei.id().0, stranger.id().0]).await;
    let admins: Vec<_> = found.iter().filter(|(_, about, ..)| about == "ADMIN_USER_ID").collect();
    assert_eq!(admins.len(), 2);
    assert_eq!(admins[0].0, Level::Ok);
    let (level, _, what, remedy) = admins[1];
    assert_eq!(*level, Level::Warn);
    assert!(what.starts_with(&format!("{} never opened the bot", stranger.id().0)), "{what}");
    assert!(remedy.contains("t.me/lotus_support_bot and press Start once"), "{remedy}");
});

story!(a_list_without_groups_is_no_fault, |desk: Desk| async move {
    let found = look(&desk, &[desk.mei.id().0]).await;
    assert!(
        found
            .iter()
            .any(|(_, about, what, _)| about == "customer groups" && what.starts_with("none is on the list"))
    );
});
