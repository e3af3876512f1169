//! The browser page: its files are part of the program, so that it needs nothing beside itself.

use axum::Router;
use axum::routing::get;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// Nothing but this page's own files: an injected script would not run.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

macro_rules! files {
    ($($path:literal $file:literal $mime:expr),* $(,)?) => {
        /// Path, type and text of every file.
        const FILES: &[(&str, &str, &str)] = &[$(($path, $mime, include_str!(concat!("../../page/", $file)))),*];
    };
}

files! {
    "/" "index.html" HTML,
    "/style.css" "style.css" CSS,
    "/chat.css" "chat.css" CSS,
    "/docs.css" "docs.css" CSS,
    "/api/docs" "docs.html" HTML,
    "/openai" "standins.html" HTML,
    "/google" "standins.html" HTML,
    "/google/sheets/{id}" "standins.html" HTML,
    "/app.js" "app.js" SCRIPT,
    "/js/about.js" "js/about.js" SCRIPT,
    "/js/actions.js" "js/actions.js" SCRIPT,
    "/js/api.js" "js/api.js" SCRIPT,
    "/js/calls.js" "js/calls.js" SCRIPT,
    "/js/clock.js" "js/clock.js" SCRIPT,
    "/js/commands.js" "js/commands.js" SCRIPT,
    "/js/composer.js" "js/composer.js" SCRIPT,
    "/js/dialogs.js" "js/dialogs.js" SCRIPT,
    "/js/docs.js" "js/docs.js" SCRIPT,
    "/js/dom.js" "js/dom.js" SCRIPT,
    "/js/drawer.js" "js/drawer.js" SCRIPT,
    "/js/empty.js" "js/empty.js" SCRIPT,
    "/js/entities.js" "js/entities.js" SCRIPT,
    "/js/faults.js" "js/faults.js" SCRIPT,
    "/js/feed.js" "js/feed.js" SCRIPT,
    "/js/files.js" "js/files.js" SCRIPT,
    "/js/keep.js" "js/keep.js" SCRIPT,
    "/js/media.js" "js/media.js" SCRIPT,
    "/js/menu.js" "js/menu.js" SCRIPT,
    "/js/message.js" "js/message.js" SCRIPT,
    "/js/notices.js" "js/notices.js" SCRIPT,
    "/js/pane.js" "js/pane.js" SCRIPT,
    "/js/pins.js" "js/pins.js" SCRIPT,
    "/js/poll.js" "js/poll.js" SCRIPT,
    "/js/roving.js" "js/roving.js" SCRIPT,
    "/js/service.js" "js/service.js" SCRIPT,
    "/js/standins.js" "js/standins.js" SCRIPT,
    "/js/theme.js" "js/theme.js" SCRIPT,
    "/js/topics.js" "js/topics.js" SCRIPT,
    "/js/world.js" "js/world.js" SCRIPT,
}

/// The routes of the page's files.
pub(super) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    FILES.iter().fold(Router::new(), |router, &(path, mime, text)| {
        let headers =
            [("content-type", mime), ("cache-control", "no-cache"), ("content-security-policy", POLICY)];
        router.route(path, get(move || async move { (headers, text) }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_that_the_page_imports_is_served() {
        let served: Vec<&str> = FILES.iter().map(|(path, ..)| *path).collect();
        for (path, _, text) in FILES {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let imports = |line: &&str| line.starts_with("import ") && line.contains(" from \"");
            for line in text.lines().filter(imports) {
                let module = line.split('"').nth(1).unwrap();
                let at = match module.strip_prefix("./") {
                    Some(name) => format!("{folder}/{name}"),
                    None => module.to_owned(),
                };
                assert!(served.contains(&at.as_str()), "{path} imports {module}, which is not served");
            }
        }
    }

    #[test]
    fn the_page_asks_nobody_else() {
        for (path, _, text) in FILES {
            for address in ["https://", "http://"] {
                for (at, _) in text.match_indices(address) {
                    // An SVG's namespace is a name, and example addresses are shown, not fetched.
                    let rest = &text[at + address.len()..];
                    let is_name = rest.starts_with("www.w3.org/");
                    assert!(is_name, "{path} names {}", rest.lines().next().unwrap_or_default());
                }
            }
        }
    }
}
