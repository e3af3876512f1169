//! Commands, descriptions and menu button.

use frontdesk_core::Bot;
use frontdesk_core::db::Migrations;
use frontdesk_core::flow::{Ctx, Event};
use frontdesk_core::profile::{CommandList, Profile, Scope};
use frontdesk_core::telegram::Me;
use sandbox::{Fault, FaultKind};
use serde_json::Value;
use testkit::{Town, story};

/// A bot with a face and nothing behind it.
struct Face {
    /// The chat that has commands of its own.
    chat: Option<i64>,
}

const FACE: Face = Face { chat: None };

impl Bot for Face {
    type Route = ();

    fn name(&self) -> &'static str {
        "face-bot"
    }

    fn migrations(&self) -> Migrations {
        Migrations { part: "face-bot", table: "_face_migrations", list: &[] }
    }

    fn locales(&self) -> &'static [(&'static str, &'static str)] {
        &[("en", "ask = Ask a question\nabout = We answer.\n"), ("zh-CN", "ask = 提问\nabout = 我们回答。\n")]
    }

    fn allowed_updates(&self) -> &'static [&'static str] {
        &["message"]
    }

    fn profile(&self) -> Profile {
        let scopes = [Scope::PrivateChats, Scope::Groups].into_iter().chain(self.chat.map(Scope::Chat));
        Profile {
            commands: scopes.map(|scope| CommandList { scope, commands: vec![("ask", "ask")] }).collect(),
            description: Some("about"),
            short_description: Some("about"),
        }
    }

    fn route(&self, _: Event, _: &Me) -> Option<()> {
        None
    }

    async fn handle(&self, (): (), _: &mut Ctx<'_>) -> anyhow::Result<()> {
        Ok(())
    }
}

fn calls(town: &Town, prefix: &str) -> usize {
    let all = town.world().journal();
    all.iter().filter(|call| call.method.starts_with(prefix) && call.ok == Some(true)).count()
}

/// The menu button is asked for last.
async fn settled(town: &Town, starts: usize) {
    town.eventually("the profile was looked at", || calls(town, "getChatMenuButton") == starts).await;
}

story!(the_profile_is_set_by_language_and_not_again_when_nothing_differs, |town| async move {
    town.run(FACE).await;
    settled(&town, 1).await;
    let told: Vec<(Value, Value)> = town
        .world()
        .calls_of("setMyCommands")
        .iter()
        .map(|call| {
            (
                call.params["scope"]["type"].clone(),
                call.params.get("language_code").cloned().unwrap_or_default(),
            )
        })
        .collect();
    let (private, groups) = (Value::from("all_private_chats"), Value::from("all_group_chats"));
    let zh = Value::from("zh");
    assert_eq!(
        told,
        [(private.clone(), Value::Null), (groups.clone(), Value::Null), (private, zh.clone()), (groups, zh)]
    );
    assert_eq!(town.world().calls_of("setMyDescription").len(), 2);
    assert_eq!(town.world().calls_of("setMyShortDescription").len(), 2);
    let before = calls(&town, "set");
    town.restart_bot().await;
    settled(&town, 2).await;
    town.idle().await;
    assert_eq!(calls(&town, "set"), before, "what is there is not set again");
});

story!(a_profile_that_is_refused_or_flooded_stops_no_bot, |town| async move {
    town.fault(Fault::new(FaultKind::TooManyRequests { retry_after: 1 }).method("setMyDescription").count(1));
    town.run(FACE).await;
    settled(&town, 1).await;
    let languages = town.world().calls_of("setMyDescription");
    assert_eq!(languages.iter().filter(|call| call.ok == Some(true)).count(), 2, "it was asked again");
});

story!(who_never_opened_the_bot_has_no_commands_yet_and_that_is_no_warning, |town| async move {
    let stranger = town.person("Tamar", "en");
    town.run(Face { chat: Some(stranger.id().0) }).await;
    settled(&town, 1).await;
    town.idle().await;
    town.eventually("it is logged", || town.logs().has("have not pressed Start yet")).await;
    town.logs().assert_never("a part of the profile was refused");
    assert_eq!(town.logs().text().matches("have not pressed Start").count(), 1, "once, not once a language");
    stranger.says("/start");
    town.idle().await;
    town.restart_bot().await;
    settled(&town, 2).await;
    let theirs = |call: &&sandbox::Call| call.params["scope"]["type"] == "chat" && call.ok == Some(true);
    assert_eq!(town.world().calls_of("setMyCommands").iter().filter(theirs).count(), 2, "a list a language");
});

story!(a_group_that_refuses_its_commands_is_still_warned_of, |town| async move {
    town.run(Face { chat: Some(-1_009_999_999_999) }).await;
    settled(&town, 1).await;
    town.idle().await;
    town.eventually("it is logged", || town.logs().has("a part of the profile was refused")).await;
});
