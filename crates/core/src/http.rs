//! The bot's own small server: health, metrics, webhook. No page shows a person, a text or a secret.

mod health;
mod metrics;
mod state;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::app::Shared;
use crate::clock::{Stopwatch, real_pause};
use crate::telegram::webhook::Hook;

/// How long a stop waits for clients that are slow to take their answer.
const SLOW_CLIENTS: Duration = Duration::from_secs(3);
const PAGES: [&str; 5] = ["/health", "/health/live", "/health/ready", "/health/bot", "/metrics"];

/// Binds `addr` and serves until the bot stops. Returns the address that was bound.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    addr: SocketAddr,
    hook: Option<Hook>,
    tasks: &mut JoinSet<()>,
) -> anyhow::Result<SocketAddr> {
    let router = router(Arc::clone(&shared), hook)?;
    let listener = TcpListener::bind(addr)
        .await
        .with_context(|| format!("HTTP_ADDR: cannot listen on {addr}; another program may hold it"))?;
    let bound = listener.local_addr().context("HTTP_ADDR")?;
    tasks.spawn(async move {
        let stop = Arc::clone(&shared);
        let serving =
            axum::serve(listener, router).with_graceful_shutdown(async move { stop.stopped().await });
        let patience = async {
            shared.stopped().await;
            real_pause(SLOW_CLIENTS).await;
        };
        tokio::select! {
            served = serving => {
                if let Err(error) = served {
                    tracing::error!(%error, "the HTTP server ended");
                }
            }
            () = patience => tracing::debug!("HTTP clients that did not take their answer were cut off"),
        }
    });
    Ok(bound)
}

fn router(shared: Arc<Shared>, hook: Option<Hook>) -> anyhow::Result<Router> {
    let mut router = Router::new()
        .route("/health", get(health::health))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/health/bot", get(health::bot))
        .route("/metrics", get(metrics::page))
        .with_state(shared);
    if let Some(hook) = hook {
        // The router would take these for its own, or for placeholders.
        let path = hook.path();
        anyhow::ensure!(
            !PAGES.contains(&path),
            "WEBHOOK_URL: {path} is a page of the bot's own; take another path"
        );
        anyhow::ensure!(
            !path.contains(['{', '}', '*', ':']),
            "WEBHOOK_URL: a path with one of {{ }} * : cannot be served; take another path"
        );
        router = router.merge(hook.router());
    }
    let nothing_here =
        || async { (StatusCode::NOT_FOUND, format!("not found; there are {}\n", PAGES.join(", "))) };
    let wrong_method = || async { (StatusCode::METHOD_NOT_ALLOWED, "this page does not take that method\n") };
    Ok(router.fallback(nothing_here).method_not_allowed_fallback(wrong_method).layer(from_fn(log)))
}

/// Logs a request, without its query and without a path that only its sender knows.
async fn log(request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let method = request.method().clone();
    let page = PAGES.into_iter().find(|page| *page == request.uri().path()).unwrap_or("another");
    let response = next.run(request).await;
    let duration_ms = u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(%method, page, code = response.status().as_u16(), duration_ms, "HTTP request");
    response
}
