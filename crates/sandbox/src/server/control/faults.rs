//! Faults by the control API.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::wire::{Answer, Asked, Body, Failure, Natural, Nothing, ReadErrors, WriteErrors};
use crate::faults::Fault;
use crate::world::World;
use crate::world::view::SetFault;

/// The faults that are set.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FaultList {
    /// In the order in which they strike.
    pub faults: Vec<SetFault>,
}

/// A fault that was set.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct FaultId {
    /// What takes it away.
    pub id: u64,
}

/// The faults that are set.
#[utoipa::path(get, path = "/api/faults", tag = "Faults",
    responses((status = 200, description = "The faults", body = FaultList)))]
pub(super) async fn list(State(world): State<World>) -> Json<FaultList> {
    Json(FaultList { faults: world.lock().fault_list() })
}

/// Sets a fault.
#[utoipa::path(post, path = "/api/faults", tag = "Faults", request_body = Fault,
    responses((status = 200, description = "It is set", body = FaultId), WriteErrors))]
pub(super) async fn add(State(world): State<World>, body: Body<Fault>) -> Answer<FaultId> {
    body.names("kind")?;
    body.value.check().map_err(Failure::bad)?;
    Ok(Json(FaultId { id: world.add_fault(body.value) }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OneFault {
    /// Only this one.
    id: Option<Natural>,
}

/// Takes all faults away, or one, and releases what was withheld.
#[utoipa::path(delete, path = "/api/faults", tag = "Faults", params(OneFault),
    responses((status = 200, description = "They are gone", body = Nothing), ReadErrors))]
pub(super) async fn remove(
    State(world): State<World>,
    Asked(Query(one)): Asked<Query<OneFault>>,
) -> Answer<Nothing> {
    let id = one.id.map(Natural::number);
    if let Some(id) = id.filter(|id| !world.lock().faults.list().iter().any(|(have, _)| have == id)) {
        return Err(Failure::missing(format!("there is no fault {id}")));
    }
    world.remove_faults(id);
    Ok(Json(Nothing {}))
}

/// Lets withheld answers go.
#[utoipa::path(post, path = "/api/release", tag = "Faults",
    responses((status = 200, description = "They are on their way", body = Nothing)))]
pub(super) async fn release(State(world): State<World>) -> Json<Nothing> {
    world.release();
    Json(Nothing {})
}
