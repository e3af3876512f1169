//! The bot's own small server: health, metrics, webhook.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::app::Shared;
use crate::telegram::webhook::Hook;

/// Binds `addr` and serves until the bot stops. Returns the address that was bound.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    addr: SocketAddr,
    hook: Option<Hook>,
    tasks: &mut JoinSet<()>,
) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind(addr)
        .await
        .with_context(|| format!("HTTP_ADDR: cannot listen on {addr}; another program may hold it"))?;
    let bound = listener.local_addr().context("HTTP_ADDR")?;
    let mut router = axum::Router::new();
    if let Some(hook) = hook {
        router = router.merge(hook.router());
    }
    tasks.spawn(async move {
        let stop = async move { shared.stopped().await };
        let served = axum::serve(listener, router).with_graceful_shutdown(stop).await;
        if let Err(error) = served {
            tracing::error!(%error, "the HTTP server ended");
        }
    });
    Ok(bound)
}
