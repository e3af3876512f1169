//! Links and mail addresses.

use super::{after, before, is_word, run};

/// Characters that end no address.
const BAD_ENDS: &str = ".:;,('?!`";

/// Adds links and mail addresses.
pub(super) fn find(text: &str, found: &mut Vec<(&'static str, usize, usize)>) {
    let mut from = 0;
    while let Some(dot) = text[from..].find('.').map(|at| from + at) {
        let next = after(text, dot + 1);
        from = dot + 1;
        if next.is_none_or(char::is_whitespace) {
            continue;
        }
        let Some((begin, end)) = around(text, dot) else { continue };
        from = end.max(from);
        let word = &text[begin..end];
        if is_email(word) {
            found.push(("email", begin, end));
        } else if let Some(length) = link(word) {
            found.push(("url", begin, begin + length));
        }
    }
}

fn is_symbol(char: char) -> bool {
    match char {
        '\u{2000}'..='\u{206F}' => matches!(char, '\u{200C}' | '\u{200D}' | '\u{2010}'..='\u{2015}'),
        _ => !char.is_whitespace(),
    }
}

fn is_domain(char: char) -> bool {
    if char < '\u{C0}' { char.is_ascii_alphanumeric() || ".-_~".contains(char) } else { is_symbol(char) }
}

fn is_user(char: char) -> bool {
    is_symbol(char) && !"/[]{}()'`<>\"@«»".contains(char)
}

fn is_path(char: char) -> bool {
    is_symbol(char) && !"<>\"«»".contains(char)
}

/// Where a run of such characters that ends at `to` begins.
fn back(text: &str, to: usize, fits: impl Fn(char) -> bool) -> usize {
    text[..to].char_indices().rev().take_while(|(_, char)| fits(*char)).last().map_or(to, |(at, _)| at)
}

/// Where what looks like an address around a dot begins and ends.
fn around(text: &str, dot: usize) -> Option<(usize, usize)> {
    let mut begin = back(text, dot, is_domain);
    let domain_end = run(text, dot, |char| is_domain(char) || char == '@');
    let has_at = text[dot..domain_end].contains('@');
    if has_at {
        begin = back(text, begin, is_user);
    }
    let mut end = domain_end;
    if text[end..].starts_with(':') {
        let port_end = run(text, end + 1, |char| char.is_ascii_digit());
        if text[end + 1..port_end].parse::<u16>().is_ok_and(|port| port > 0) {
            end = port_end;
        }
    }
    if text[end..].starts_with(['/', '?', '#']) {
        let path_end = run(text, end + 1, is_path);
        let kept = text[end + 1..path_end].trim_end_matches(|char| BAD_ENDS.contains(char));
        if text[end..].starts_with('/') || !kept.is_empty() {
            end += 1 + kept.len();
        }
    }
    end = dot + 1 + text[dot + 1..end.max(dot + 1)].trim_end_matches('.').len();
    if before(text, begin) == Some('@') && !has_at {
        let user = back(text, begin - 1, is_user);
        if user == begin - 1 {
            return None;
        }
        begin = user;
    }
    let head = &text[..begin];
    if let Some(rest) = head.strip_suffix("://") {
        let protocol = rest[back(rest, rest.len(), |char| char.is_alphanumeric() || "+-".contains(char))..]
            .to_lowercase();
        let known =
            ["https", "http", "ftp", "tonsite"].into_iter().find(|known| protocol.ends_with(known))?;
        if ["shttp", "tftp", "sftp"].contains(&protocol.as_str()) {
            return None;
        }
        begin -= 3 + known.len();
    } else if head.chars().next_back().is_some_and(|char| is_word(char) || "/#@".contains(char)) {
        return None;
    }
    (end > dot + 1).then_some((begin, end))
}

/// How much of a word is a link.
fn link(word: &str) -> Option<usize> {
    let lower = word.to_lowercase();
    let scheme =
        ["http://", "https://", "ftp://", "tonsite://"].into_iter().find(|scheme| lower.starts_with(scheme));
    let rest = &word[scheme.map_or(0, str::len)..];
    let domain_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (domain, path) = rest.split_at(domain_end);
    let domain = domain.split_once('@').map_or(domain, |(_, host)| host);
    let domain = domain.rsplit_once(':').map_or(domain, |(host, _)| host);
    let path = balanced(path);
    let length = word.len() - (rest.len() - domain_end) + path.len();
    let parts: Vec<&str> = domain.split('.').collect();
    if parts.len() < 2 || parts.iter().any(|part| part.is_empty() || part.len() >= 64 || part.ends_with('-'))
    {
        return None;
    }
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.iter().all(is_number) {
        let is_octet =
            |part: &&str| part.parse::<u8>().is_ok() && (part.len() == 1 || !part.starts_with('0'));
        return (parts.len() == 4 && parts.iter().all(is_octet)).then_some(length);
    }
    let top = parts.last()?;
    let fits = match top.strip_prefix("xn--") {
        Some(code) => code.len() > 1 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        None => top.chars().count() > 1 && !top.contains(['_', '-']) && (scheme.is_some() || is_top(top)),
    };
    (fits && !parts[parts.len() - 2].contains('_')).then_some(length)
}

/// A path up to the first bracket that closes what it did not open.
fn balanced(path: &str) -> &str {
    let mut open = [0_i32; 3];
    let end = path.find(|char| {
        if let Some(index) = "([{".find(char) {
            open[index] += 1;
        } else if let Some(index) = ")]}".find(char) {
            open[index] -= 1;
        }
        open.iter().any(|count| *count < 0)
    });
    path[..end.unwrap_or(path.len())].trim_end_matches(|char| BAD_ENDS.contains(char))
}

fn is_email(word: &str) -> bool {
    let Some((user, domain)) = word.strip_prefix("mailto:").unwrap_or(word).split_once('@') else {
        return false;
    };
    let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let users: Vec<&str> = user.split(['.', '+']).collect();
    let last = users.last().map_or(0, |last| last.len());
    let user_fits = (1..36).contains(&last)
        && users.len() < 12
        && users.iter().all(|part| is_name(part))
        && users[..users.len() - 1].iter().all(|part| part.len() < 27);
    let mut parts: Vec<&str> = domain.split('.').collect();
    let top = parts.pop().unwrap_or_default();
    let edges = |part: &&str| {
        let bytes = part.as_bytes();
        let ends = bytes.first().zip(bytes.last());
        let fits =
            ends.is_some_and(|(first, last)| first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric());
        fits && part.len() < 31 && is_name(part)
    };
    user_fits
        && (1..=6).contains(&parts.len())
        && parts.iter().all(edges)
        && (2..=8).contains(&top.len())
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Top-level domains that make a bare word a link: of countries, the old ones, and some of the many new ones.
/// Telegram knows them all.
fn is_top(top: &str) -> bool {
    const NEW: [&str; 42] = [
        "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "name", "pro", "aero", "coop",
        "museum", "mobi", "app", "dev", "page", "shop", "store", "online", "site", "website", "blog",
        "cloud", "tech", "link", "live", "news", "club", "space", "world", "xyz", "top", "cafe", "tea",
        "test", "рф", "中国", "ton", "academy", "agency",
    ];
    let lower = top.to_lowercase();
    let is_country = lower.len() == 2 && lower.bytes().all(|byte| byte.is_ascii_lowercase());
    (is_country && !NO_COUNTRY.contains(&lower.as_str())) || NEW.contains(&lower.as_str())
}

/// Two letters that are no country's domain, and stand behind dots: file names, abbreviations.
const NO_COUNTRY: [&str; 12] = ["js", "cs", "kt", "hs", "vb", "xz", "gz", "db", "go", "wt", "uk2", "yy"];
