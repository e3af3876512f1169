//! The control API, thin over [`World`], and the page.
//!
//! A path is a function with `#[utoipa::path]` and its line in [`routes`]: routing and document come from the same
//! lines, so they cannot drift apart.

use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse;
use axum::{Extension, Router};
use bytes::Bytes;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub mod act;
#[expect(unused_qualifications, reason = "utoipa's macro writes them")]
mod clock;
#[expect(unused_qualifications, reason = "utoipa's macro writes them")]
mod faults;
#[expect(unused_qualifications, reason = "utoipa's macro writes them")]
mod read;
mod save;
#[expect(unused_qualifications, reason = "utoipa's macro writes them")]
mod watch;
pub(crate) mod wire;

pub use clock::{Advance, Now, Register, Report};
pub use faults::{FaultId, FaultList};
pub use read::Messages;
pub use watch::{Calls, Idle, Violations};

use crate::standins::{self, Shared};
use crate::world::World;
use wire::Failure;

/// The local Telegram's control API: everything that people do, and everything that a test arranges.
///
/// Ids of people, bots and messages are numbers. A chat is a text: a group's number, or `<person>_<bot>`; a private
/// chat need not exist before somebody writes into it. Times are microseconds. Every error is
/// `{"error":"a sentence"}`; a method that a path does not take is answered by 405, a path that is none by 404.
#[derive(OpenApi)]
#[openapi(
    info(title = "Sandbox: control API", license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")),
    components(schemas(wire::Refusal)),
    tags(
        (name = "People", description = "What people see and do"),
        (name = "Faults", description = "What a test lets go wrong"),
        (name = "World", description = "The whole world, kept and put back"),
        (name = "Time", description = "The clock, and waiting until nothing is left to do"),
        (name = "Stand-ins", description = "What stands in for OpenAI and Google: see `/openai` and `/google`"),
        (name = "Record", description = "What bots called, and how it held against the schema"),
    ),
)]
struct Document;

/// Every path of the control API.
fn paths() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(document))
        .routes(routes!(read::state))
        .routes(routes!(read::messages))
        .routes(routes!(read::file))
        .routes(routes!(read::events))
        .routes(routes!(act::act))
        .routes(routes!(save::save))
        .routes(routes!(save::load))
        .routes(routes!(save::reset))
        .routes(routes!(faults::list, faults::add, faults::remove))
        .routes(routes!(faults::release))
        .routes(routes!(watch::journal))
        .routes(routes!(watch::lines))
        .routes(routes!(watch::coverage))
        .routes(routes!(watch::violations))
        .routes(routes!(watch::idle))
        .routes(routes!(clock::clock))
        .routes(routes!(clock::advance))
        .routes(routes!(clock::freeze))
        .routes(routes!(clock::thaw))
        .routes(routes!(clock::register))
        .routes(routes!(clock::report, clock::follow, clock::leave))
}

/// The document, as it is sent.
#[derive(Clone)]
struct Written(Bytes);

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "Record",
    responses((status = 200, description = "An OpenAPI 3.1 document", body = Object)))]
async fn document(Extension(Written(document)): Extension<Written>) -> impl IntoResponse {
    ([("content-type", "application/json")], document)
}

/// Everything that is not the Bot API.
pub(super) fn router(world: World) -> Router {
    let (router, document) = paths().merge(standins::paths()).split_for_parts();
    let document = Bytes::from(serde_json::to_vec(&document).unwrap_or_default());
    router
        .layer(Extension(Written(document)))
        .fallback(|| async { Failure::missing("there is no such path; /api/docs lists them") })
        .merge(standins::services())
        .merge(super::page::router())
        .method_not_allowed_fallback(|| async { Failure::method_not_allowed() })
        .layer(DefaultBodyLimit::disable())
        .with_state(Shared::new(world))
}
