use frontdesk_core::config::{Setting, Settings, Values};

/// What the desk is: where staff work, who may change settings.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The staff group, by the id that it had when this was set.
    pub staff_group: i64,
    /// Who may add and remove customer groups.
    pub admins: Vec<i64>,
    /// The language of what the bot says in the staff group, where many read it.
    pub staff_language: String,
}

impl Settings for Desk {
    fn describe() -> &'static [Setting] {
        const SETTINGS: &[Setting] = &[
            Setting::new("STAFF_GROUP_ID", "The group where staff work: a supergroup with topics.")
                .allowed("the id of one group, such as -1001234567890")
                .example("-1001234567890")
                .required(),
            Setting::new("ADMIN_USER_ID", "Who may add and remove customer groups.")
                .allowed("user ids, separated by commas")
                .example("2000001,2000002")
                .required(),
            Setting::new("STAFF_LANGUAGE", "The language of what the bot says in the staff group.")
                .allowed("en or zh-CN")
                .default("en"),
        ];
        SETTINGS
    }

    fn read(values: &mut Values) -> Option<Self> {
        let staff_group = values.chat_id("STAFF_GROUP_ID");
        let admins = values.user_ids("ADMIN_USER_ID");
        let staff_language =
            values.choice("STAFF_LANGUAGE", &[("en", "en".to_owned()), ("zh-CN", "zh-CN".to_owned())]);
        Some(Self { staff_group: staff_group?, admins: admins?, staff_language: staff_language? })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use frontdesk_core::cli::Deployable;
    use frontdesk_core::config::{Sources, all_settings, env_example, load, toml_example};

    use super::*;
    use crate::SupportBot;

    fn read(settings: &[(&str, &str)]) -> Result<Desk, String> {
        let token = format!("1000001:{}", "x".repeat(35));
        let mut env: BTreeMap<String, String> = BTreeMap::from([("TELEGRAM_BOT_TOKEN".to_owned(), token)]);
        env.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let sources = Sources { env, ..Sources::default() };
        let loaded = load::<Desk>(&SupportBot::INFO, &sources, &mask::Masker::new([7; 32]));
        loaded.map(|loaded| loaded.own).map_err(|errors| errors.to_string())
    }

    #[test]
    fn a_desk_needs_a_staff_group_and_an_admin() {
        let desk = read(&[("STAFF_GROUP_ID", "-1001"), ("ADMIN_USER_ID", "5, 6,5")]).unwrap();
        assert_eq!((desk.staff_group, desk.admins.as_slice()), (-1001, [5, 6].as_slice()));
        assert_eq!(desk.staff_language, "en");
        let none = read(&[]).unwrap_err();
        assert!(none.contains("STAFF_GROUP_ID") && none.contains("ADMIN_USER_ID"), "{none}");
        let wrong = read(&[("STAFF_GROUP_ID", "1001"), ("ADMIN_USER_ID", "mei")]).unwrap_err();
        assert!(wrong.contains("STAFF_GROUP_ID") && wrong.contains("ADMIN_USER_ID"), "{wrong}");
    }

    #[test]
    fn the_example_files_are_what_the_settings_say() {
        let settings = all_settings::<Desk>();
        for (name, text) in [
            (".env.example", env_example(&SupportBot::INFO, &settings)),
            ("config.example.toml", toml_example(&SupportBot::INFO, &settings)),
        ] {
            let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
            if std::env::var_os("UPDATE_EXAMPLES").is_some() {
                std::fs::write(&path, &text).unwrap();
            }
            let stands = std::fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(stands, text, "{name} is not up to date: UPDATE_EXAMPLES=1 cargo test -p support-bot");
        }
    }
}
