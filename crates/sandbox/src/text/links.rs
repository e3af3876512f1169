//! Addresses in entities.

use url::Url;

/// The user that `tg://user?id=7` names.
pub(crate) fn user_id(url: &str) -> Option<i64> {
    let query = tg_query(url, "user")?;
    parameter(&query, "id")?.parse().ok().filter(|id| *id > 0)
}

/// The custom emoji that `tg://emoji?id=7` names.
pub(crate) fn emoji_id(url: &str) -> Option<String> {
    let query = tg_query(url, "emoji")?;
    let id: i64 = parameter(&query, "id")?.parse().ok()?;
    (id != 0).then(|| id.to_string())
}

/// Time and format of `tg://time?unix=7&format=r`.
pub(crate) fn time(url: &str) -> Option<(i64, String)> {
    let query = tg_query(url, "time")?;
    let unix: i32 = parameter(&query, "unix")?.parse().ok().filter(|unix| *unix > 0)?;
    let format = parameter(&query, "format").unwrap_or_default().to_owned();
    is_time_format(&format).then_some((unix.into(), format))
}

/// Whether Telegram's apps can show a time in this format.
pub(crate) fn is_time_format(format: &str) -> bool {
    matches!(format, "r" | "R") || format.chars().all(|char| "tTdDwW".contains(char))
}

/// The query of a `tg:` link to `host`.
fn tg_query(url: &str, host: &str) -> Option<String> {
    let lower = url.to_ascii_lowercase();
    let rest = lower.strip_prefix("tg:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest).strip_prefix(host)?;
    let query = rest.strip_prefix('/').unwrap_or(rest).strip_prefix('?')?;
    Some(query.split('#').next().unwrap_or_default().to_owned())
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
}

/// A link as Telegram writes it; `None` for what is none.
pub(crate) fn checked(link: &str) -> Option<String> {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let with_scheme = match scheme.as_deref() {
        Some("tg" | "ton" | "tonsite") => {
            let rest = link.split_once(':').map_or("", |(_, rest)| rest);
            format!("{}://{}", scheme.unwrap_or_default(), rest.strip_prefix("//").unwrap_or(rest))
        }
        _ if link.contains("://") => link.to_owned(),
        _ => format!("http://{link}"),
    };
    let url = Url::parse(&with_scheme).ok()?;
    let has_host = url.host_str().is_some_and(|host| host.contains('.') || host.starts_with('['));
    let fits = match url.scheme() {
        "http" | "https" => has_host,
        "tg" | "ton" | "tonsite" => url.host_str().is_some_and(|host| !host.is_empty()),
        _ => false,
    };
    fits.then(|| url.to_string())
}
