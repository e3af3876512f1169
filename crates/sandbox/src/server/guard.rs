//! Web pages of others are kept away from the control API, which has no passwords.

use axum::response::{IntoResponse as _, Response};
use hyper::HeaderMap;
use hyper::header::{HOST, ORIGIN};

use super::control::wire::Failure;

/// The refusal of a request to the control API that another site's page has made; every other request passes.
///
/// A browser says in `Origin` whose page asks, and a page cannot change that. `Host` shows a name that somebody has
/// pointed at this machine: while the sandbox listens on loopback, nobody calls it by another name than one of loopback.
/// Bots are not asked, nor are the stand-ins: they may be behind any name, and have their tokens.
pub(super) fn refusal(path: &str, headers: &HeaderMap, on_loopback: bool) -> Option<Response> {
    if !path.strip_prefix("/api").is_some_and(|rest| rest.starts_with('/')) {
        return None;
    }
    let host = headers.get(HOST).map(|host| host.to_str().unwrap_or_default());
    if on_loopback && host.is_some_and(|host| !is_loopback(host)) {
        let sentence = "the sandbox listens on this machine only: call it by localhost or 127.0.0.1";
        return Some(Failure::foreign(sentence).into_response());
    }
    let origin = headers.get(ORIGIN)?.to_str().unwrap_or_default();
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    if authority.is_some_and(|authority| host.is_some_and(|host| host.eq_ignore_ascii_case(authority))) {
        return None;
    }
    let sentence =
        format!("a page of {origin:?} may not use the control API: only the sandbox's own page may");
    Some(Failure::foreign(sentence).into_response())
}

/// Whether a `Host` header names this machine, with or without a port.
fn is_loopback(host: &str) -> bool {
    match url::Url::parse(&format!("http://{host}/")).ok().as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_loopback_count_as_this_machine() {
        for host in
            ["localhost", "LOCALHOST:8081", "127.0.0.1:1", "127.8.9.1", "[::1]:8081", "page.localhost"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "10.0.0.1", "[::2]", ""]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
