//! Stand-ins for the services that an order desk calls: an OpenAI-compatible chat endpoint under `/openai/v1`, and
//! Google's token endpoint and Sheets values API under `/google`. They speak the wire form that the real client libraries
//! expect, and their pages say that they are stand-ins. What they answer is arranged by the control API.

use axum::Router;
use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;

pub(crate) mod google;
mod kept;
pub(crate) mod openai;

use crate::world::World;

/// Everything that a handler may want.
#[derive(Clone)]
pub(crate) struct Shared {
    world: World,
    openai: openai::Openai,
    google: google::Google,
}

impl Shared {
    pub fn new(world: World) -> Self {
        Self { world, openai: openai::Openai::default(), google: google::Google::default() }
    }
}

impl FromRef<Shared> for World {
    fn from_ref(shared: &Shared) -> Self {
        shared.world.clone()
    }
}

impl FromRef<Shared> for openai::Openai {
    fn from_ref(shared: &Shared) -> Self {
        shared.openai.clone()
    }
}

impl FromRef<Shared> for google::Google {
    fn from_ref(shared: &Shared) -> Self {
        shared.google.clone()
    }
}

/// The paths of the control API by which the stand-ins are arranged.
pub(crate) fn paths() -> OpenApiRouter<Shared> {
    openai::control::paths().merge(google::control::paths())
}

/// What the services' own clients call.
pub(crate) fn services() -> Router<Shared> {
    openai::service().merge(google::service())
}

/// Put into a response: the connection is to be closed instead of answering.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CutInstead;
