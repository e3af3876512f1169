//! Files and tables that are written from the descriptions, so that they cannot go stale.

use super::{BotInfo, Setting};

/// `.env.example`: every setting with its sentence. Required ones stand open, others are commented out.
pub fn env_example(bot: &BotInfo, settings: &[Setting]) -> String {
    let mut out = format!(
        "# Settings of {}, as environment variables. Generated from the code: change it there.\n# A variable \
         without a value counts as not set.\n",
        bot.name
    );
    for setting in settings {
        out.push('\n');
        head(&mut out, bot, setting);
        if setting.secret {
            line(
                &mut out,
                &format!(
                    "# A secret. In place of this variable, {}_FILE may name a file that holds it, or the systemd unit \
                 may load the credential {}.",
                    setting.env,
                    setting.key()
                ),
            );
        }
        let value = shown(bot, setting);
        let mark = if setting.required { "" } else { "# " };
        line(&mut out, &format!("{mark}{}={value}", setting.env));
    }
    out
}

/// `config.example.toml`: every setting that may stand in the file; secrets are only named.
pub fn toml_example(bot: &BotInfo, settings: &[Setting]) -> String {
    let mut out = format!(
        "# Settings of {}, for `--config <file>`. Generated from the code: change it there.\n# The environment wins \
         over this file. Secrets may not stand here: ",
        bot.name
    );
    let secrets: Vec<_> =
        settings.iter().filter(|setting| setting.secret).map(|setting| setting.env).collect();
    line(&mut out, &format!("{}.", secrets.join(", ")));
    for setting in settings.iter().filter(|setting| !setting.secret) {
        out.push('\n');
        head(&mut out, bot, setting);
        let value = shown(bot, setting);
        let mark = if setting.required { "" } else { "# " };
        line(&mut out, &format!("{mark}{} = {}", setting.key(), toml::Value::from(value)));
    }
    out
}

/// A Markdown table of every setting, for the docs.
pub fn settings_table(bot: &BotInfo, settings: &[Setting]) -> String {
    let mut out = "| Setting | Meaning | Allowed | Default |\n|---|---|---|---|\n".to_owned();
    for setting in settings {
        let default = match setting.default_text(bot) {
            Some(text) => format!("`{text}`"),
            None if setting.required => "required".to_owned(),
            None => "–".to_owned(),
        };
        let secret = if setting.secret { " (secret)" } else { "" };
        let row = [&format!("`{}`{secret}", setting.env), setting.doc, setting.allowed, &default];
        line(&mut out, &format!("| {} |", row.map(cell).join(" | ")));
    }
    out
}

/// `<` would begin an HTML tag and `|` the next cell; code spans keep what they hold.
fn cell(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.starts_with('`') { text } else { text.replace('<', "\\<") }
}

fn head(out: &mut String, bot: &BotInfo, setting: &Setting) {
    line(out, &format!("# {}", setting.doc));
    let default = match setting.default_text(bot) {
        Some(text) => format!("Default: {text}"),
        None if setting.required => "Required".to_owned(),
        None => "Not set by default".to_owned(),
    };
    line(out, &format!("# Allowed: {}. {default}.", setting.allowed));
}

fn shown(bot: &BotInfo, setting: &Setting) -> String {
    setting.example.map(str::to_owned).or_else(|| setting.default_text(bot)).unwrap_or_default()
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
