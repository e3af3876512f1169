use frontdesk_core::Bot;
use frontdesk_core::cli::{Deployable, Finding, Visit};
use frontdesk_core::config::BotInfo;
use frontdesk_core::db::Migrations;
use frontdesk_core::flow::{Ctx, Event};
use frontdesk_core::profile::{CommandList, Profile, Scope};
use frontdesk_core::telegram::Me;

use crate::config::Desk;
use crate::handlers;
use crate::routes::{Here, route};

/// Every sentence, by language; the default language first.
pub(crate) const LOCALES: &[(&str, &str)] =
    &[("en", include_str!("../locales/en.ftl")), ("zh-CN", include_str!("../locales/zh-CN.ftl"))];

/// A help desk: customers ask, staff answer in a group, a forum topic a ticket.
#[derive(Clone, Debug)]
pub struct SupportBot {
    desk: Desk,
}

impl Deployable for SupportBot {
    type Settings = Desk;
    const INFO: BotInfo = BotInfo { name: "support-bot", default_http_addr: "127.0.0.1:8091" };
    const ABOUT: &'static str = "A help desk: customers ask, staff answer in a Telegram group";

    fn new(settings: Self::Settings) -> Self {
        Self { desk: settings }
    }

    async fn doctor(&self, visit: &Visit<'_>) -> Vec<Finding> {
        crate::doctor::look(&self.desk, visit).await
    }
}

impl Bot for SupportBot {
    /// Which chat is the staff group today is known only beside the database, so the pure
    /// [`route`](crate::routes::route) is asked there.
    type Route = Event;
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    fn name(&self) -> &'static str {
        Self::INFO.name
    }

    fn migrations(&self) -> Migrations {
        const MIGRATIONS: Migrations =
            frontdesk_core::migrations!("support-bot", "_migrations", "0001_tickets");
        MIGRATIONS
    }

    fn locales(&self) -> &'static [(&'static str, &'static str)] {
        LOCALES
    }

    fn allowed_updates(&self) -> &'static [&'static str] {
        &["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]
    }

    fn profile(&self) -> Profile {
        let staff = &[
            ("close", "command-close"),
            ("reopen", "command-reopen"),
            ("retry", "command-retry"),
            ("help", "command-help"),
        ];
        let admin = &[
            ("start", "command-start"),
            ("help", "command-help"),
            ("listgroups", "command-listgroups"),
            ("removegroup", "command-removegroup"),
        ];
        let mut commands = vec![
            list(Scope::PrivateChats, &[("start", "command-start"), ("help", "command-help")]),
            list(Scope::Groups, &[("ask", "command-ask"), ("ticket", "command-ticket")]),
            list(Scope::Chat(self.desk.staff_group), staff),
        ];
        commands.extend(self.desk.admins.iter().map(|person| list(Scope::Chat(*person), admin)));
        Profile {
            commands,
            description: Some("profile-description"),
            short_description: Some("profile-short-description"),
        }
    }

    fn route(&self, event: Event, _me: &Me) -> Option<Event> {
        Some(event)
    }

    async fn handle(&self, event: Event, ctx: &mut Ctx<'_>) -> anyhow::Result<()> {
        let me = ctx.me().clone();
        let here = Here { me: &me, staff_chat: ctx.today(self.desk.staff_group), admins: &self.desk.admins };
        match route(&event, &here) {
            Some(route) => handlers::handle(route, ctx, &self.desk).await,
            None => Ok(()),
        }
    }
}

fn list(scope: Scope, commands: &[(&'static str, &'static str)]) -> CommandList {
    CommandList { scope, commands: commands.to_vec() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use frontdesk_core::texts::{Texts, check};

    use super::*;

    #[test]
    fn every_language_says_everything() {
        assert_eq!(check(LOCALES), []);
        Texts::new(LOCALES).unwrap();
    }

    #[test]
    fn texts_fit_where_telegram_shows_them() {
        let texts = Texts::new(LOCALES).unwrap().strict();
        let desk = Desk { staff_group: -1001, admins: vec![5, 6], staff_language: "en".to_owned() };
        let profile = SupportBot { desk }.profile();
        for language in ["en", "zh-CN"] {
            let length = |key: &str| texts.plain(Some(language), key).encode_utf16().count();
            assert!(length("profile-description") <= 512);
            assert!(length("profile-short-description") <= 120);
            for (_, key) in profile.commands.iter().flat_map(|list| &list.commands) {
                assert!((1..=256).contains(&length(key)), "{key}");
            }
        }
        assert_eq!(profile.commands.len(), 5, "private chats, groups, staff, and each administrator");
    }

    #[test]
    fn every_sentence_is_said_somewhere() {
        let code = [
            include_str!("bot.rs"),
            include_str!("handlers/add_group.rs"),
            include_str!("handlers/admins_only.rs"),
            include_str!("handlers/ask.rs"),
            include_str!("handlers/carry_not.rs"),
            include_str!("handlers/close.rs"),
            include_str!("handlers/edit_failed.rs"),
            include_str!("handlers/greet.rs"),
            include_str!("handlers/help.rs"),
            include_str!("handlers/inbound_failed.rs"),
            include_str!("handlers/list_groups.rs"),
            include_str!("handlers/membership.rs"),
            include_str!("handlers/outbound_ended.rs"),
            include_str!("handlers/remove_group.rs"),
            include_str!("handlers/reopen.rs"),
            include_str!("handlers/reply.rs"),
            include_str!("handlers/retry.rs"),
            include_str!("handlers/staff_edit.rs"),
            include_str!("handlers/staff_write.rs"),
            include_str!("handlers.rs"),
            include_str!("relay/carry.rs"),
            include_str!("relay/place.rs"),
            include_str!("domain/continuing.rs"),
            include_str!("domain/failure.rs"),
        ]
        .concat();
        let keys: BTreeSet<&str> = LOCALES[0]
            .1
            .lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
            .collect();
        assert!(keys.len() > 50, "{keys:?}");
        for key in keys {
            assert!(code.contains(&format!("\"{key}\"")), "nobody says {key}");
        }
    }
}
