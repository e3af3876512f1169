//! The control API and the page.

use axum::Router;
use axum::response::{Html, IntoResponse};
use axum::routing::get;

use crate::world::World;

/// Everything that is not the Bot API.
pub(super) fn router(world: World) -> Router {
    Router::new()
        .route("/", get(|| async { Html(include_str!("../../page/index.html")) }))
        .route(
            "/app.js",
            get(|| async { typed("text/javascript; charset=utf-8", include_str!("../../page/app.js")) }),
        )
        .route(
            "/style.css",
            get(|| async { typed("text/css; charset=utf-8", include_str!("../../page/style.css")) }),
        )
        .with_state(world)
}

fn typed(mime: &'static str, text: &'static str) -> impl IntoResponse {
    ([("content-type", mime)], text)
}
