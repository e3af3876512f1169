//! The bot's own small server: health, metrics, webhook. No page shows a person, a text or a secret.

mod health;
mod metrics;
mod state;

pub(crate) use state::Counted;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::app::Shared;
use crate::clock::{Stopwatch, real_pause, within};
use crate::telegram::webhook::Hook;

/// How long a stop waits for clients that are slow to take their answer.
const SLOW_CLIENTS: Duration = Duration::from_secs(3);
/// How long a client may take for the head of a request: one that sends none keeps no connection.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
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
    tasks.spawn(accept(listener, router, shared));
    Ok(bound)
}

/// Takes connections until the bot stops, and then waits for those that have a request under way.
async fn accept(listener: TcpListener, router: Router, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(answer(stream, router.clone(), Arc::clone(&shared)))),
                // Out of file descriptors, most likely: some close meanwhile.
                Err(error) => {
                    tracing::warn!(%error, "an HTTP connection was not accepted");
                    real_pause(Duration::from_millis(100)).await;
                }
            },
            Some(_) = connections.join_next() => {}
            () = shared.stopped() => break,
        }
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    if within(SLOW_CLIENTS, all).await.is_none() {
        tracing::debug!("HTTP clients that did not take their answer were cut off");
    }
}

async fn answer(stream: TcpStream, router: Router, shared: Arc<Shared>) {
    let service =
        service_fn(move |request: hyper::Request<Incoming>| router.clone().oneshot(request.map(Body::new)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = shared.stopped() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "an HTTP connection ended early");
    }
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
