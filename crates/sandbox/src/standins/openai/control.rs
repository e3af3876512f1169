//! What the control API arranges for the chat endpoint.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::script::{Script, SetScript};
use super::{Asked, KEY, MODELS, Openai};
use crate::server::control::wire::{
    Answer, Asked as Given, Body, Failure, Natural, Nothing, ReadErrors, WriteErrors,
};
use crate::standins::Shared;

pub(crate) fn paths() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(overview)).routes(routes!(add, remove)).routes(routes!(requests))
}

/// What the stand-in for OpenAI is set to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OpenaiView {
    /// The key that it takes.
    pub key: String,
    /// The models that it knows.
    pub models: Vec<String>,
    /// The scripts that are set.
    pub scripts: Vec<SetScript>,
    /// The number of the newest request.
    pub last: u64,
}

/// A script that was set.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct ScriptId {
    /// What takes it away.
    pub id: u64,
}

/// Requests to the stand-in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Requests {
    /// Oldest first.
    pub requests: Vec<Asked>,
    /// The number of the newest that there was.
    pub last: u64,
}

/// Key, models and scripts of the stand-in for OpenAI; its base URL is `/openai/v1`.
#[utoipa::path(get, path = "/api/openai", operation_id = "openai", tag = "Stand-ins",
    responses((status = 200, description = "What it is set to", body = OpenaiView)))]
async fn overview(State(openai): State<Openai>) -> Json<OpenaiView> {
    let desk = openai.lock();
    let models = MODELS.map(str::to_owned).to_vec();
    Json(OpenaiView { key: KEY.to_owned(), models, scripts: desk.scripts.list(), last: desk.last })
}

/// Tells it what to answer.
#[utoipa::path(post, path = "/api/openai/scripts", operation_id = "add_openai_script", tag = "Stand-ins", request_body = Script,
    responses((status = 200, description = "It will", body = ScriptId), WriteErrors))]
async fn add(State(openai): State<Openai>, body: Body<Script>) -> Answer<ScriptId> {
    body.names("kind")?;
    let id = openai.lock().scripts.add(body.value).map_err(Failure::refused)?;
    Ok(Json(ScriptId { id }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OneScript {
    /// Only this one.
    id: Option<Natural>,
}

/// Takes all scripts away, or one.
#[utoipa::path(delete, path = "/api/openai/scripts", operation_id = "remove_openai_scripts", tag = "Stand-ins", params(OneScript),
    responses((status = 200, description = "They are gone", body = Nothing), ReadErrors))]
async fn remove(State(openai): State<Openai>, Given(Query(one)): Given<Query<OneScript>>) -> Answer<Nothing> {
    match one.id.map(Natural::number) {
        id if openai.lock().scripts.remove(id) => Ok(Json(Nothing {})),
        id => Err(Failure::missing(format!("there is no script {}", id.unwrap_or_default()))),
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// Only with a greater number.
    #[serde(default)]
    after: Natural,
    /// At most so many; 100 when left out.
    limit: Option<Natural>,
}

/// What was asked of the chat endpoint, and what it answered.
#[utoipa::path(get, path = "/api/openai/requests", operation_id = "openai_requests", tag = "Stand-ins", params(Page),
    responses((status = 200, description = "Oldest first", body = Requests), ReadErrors))]
async fn requests(State(openai): State<Openai>, Given(Query(page)): Given<Query<Page>>) -> Json<Requests> {
    let desk = openai.lock();
    let newer = desk.requests.iter().filter(|asked| asked.seq > page.after.number());
    let requests = newer.take(page.limit.map_or(100, Natural::size)).cloned().collect();
    Json(Requests { requests, last: desk.last })
}
