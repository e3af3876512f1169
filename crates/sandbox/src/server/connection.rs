//! Connections: routing, answers that note when they left, and connections that are cut on purpose.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::Router;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::call::{self, InFlight};
use super::{control, download, guard};
use crate::standins::CutInstead;
use crate::world::World;

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("cut on purpose")]
pub(super) struct Cut;

/// Serves until the task is aborted; its connections end with it.
pub(super) async fn accept(listener: TcpListener, world: World) {
    let router = control::router(world.clone());
    let on_loopback = listener.local_addr().is_ok_and(|address| address.ip().is_loopback());
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    // Answers are small and latency is measured.
                    let _ = stream.set_nodelay(true);
                    connections.spawn(serve(stream, peer, on_loopback, world.clone(), router.clone()));
                }
                // Out of file descriptors, most likely: the next accept waits for one to close.
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::task::yield_now().await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, on_loopback: bool, world: World, router: Router) {
    let marks = Arc::new(Marks { pending: Mutex::new(None), world: world.clone() });
    let io = TokioIo::new(Noting { stream, marks: Arc::clone(&marks) });
    let service = service_fn(move |request| {
        route(request, on_loopback, world.clone(), router.clone(), Arc::clone(&marks))
    });
    // Without a timer hyper lets idle connections be: a bot that writes into one that is just being closed could not
    // know whether its call was carried out.
    let served = hyper::server::conn::http1::Builder::new().serve_connection(io, service);
    if let Err(error) = served.await {
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}

async fn route(
    request: Request<Incoming>,
    on_loopback: bool,
    world: World,
    router: Router,
    marks: Arc<Marks>,
) -> Result<Response<Answer>, Cut> {
    let path = request.uri().path();
    if let Some(rest) = path.strip_prefix("/bot") {
        let rest = rest.to_owned();
        return call::answer(&world, &rest, request, marks).await;
    }
    if let Some(rest) = path.strip_prefix("/file/bot") {
        return Ok(download::bot_file(&world, rest).map(Answer::Other));
    }
    if let Some(refusal) = guard::refusal(path, request.headers(), on_loopback) {
        return Ok(refusal.map(Answer::Other));
    }
    let response: Result<_, Infallible> = router.oneshot(request.map(axum::body::Body::new)).await;
    match response {
        Ok(response) if response.extensions().get::<CutInstead>().is_some() => Err(Cut),
        Ok(response) => Ok(response.map(Answer::Other)),
        Err(never) => match never {},
    }
}

/// What was handed to the socket, for the journal.
pub(super) struct Marks {
    /// The call whose last bytes were given to hyper and not yet flushed.
    pending: Mutex<Option<(u64, Option<InFlight>)>>,
    world: World,
}

impl Marks {
    fn set(&self, pending: Option<(u64, Option<InFlight>)>) -> Option<(u64, Option<InFlight>)> {
        std::mem::replace(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner), pending)
    }
}

/// A response's body.
pub(super) enum Answer {
    /// The answer to a method call.
    Call {
        /// Not yet given to hyper.
        data: Option<Bytes>,
        /// The call's number in the journal.
        seq: u64,
        marks: Arc<Marks>,
        /// Ends when the kernel has taken the answer, or with the connection.
        in_flight: Option<InFlight>,
    },
    /// Anything else.
    Other(axum::body::Body),
}

impl Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.get_mut() {
            Self::Call { data, seq, marks, in_flight } => {
                let Some(data) = data.take() else { return Poll::Ready(None) };
                // hyper buffers this, writes all of its buffer, and only then flushes the stream.
                drop(marks.set(Some((*seq, in_flight.take()))));
                Poll::Ready(Some(Ok(Frame::data(data))))
            }
            Self::Other(body) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Call { data, .. } => data.is_none(),
            Self::Other(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Call { data, .. } => {
                SizeHint::with_exact(data.as_ref().map_or(0, |data| data.len() as u64))
            }
            Self::Other(body) => body.size_hint(),
        }
    }
}

/// A stream that notes when everything before a flush has been taken by the kernel.
struct Noting {
    stream: TcpStream,
    marks: Arc<Marks>,
}

impl AsyncRead for Noting {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Noting {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if matches!(flushed, Poll::Ready(Ok(())))
            && let Some((seq, in_flight)) = self.marks.set(None)
        {
            self.marks.world.note_answered(seq);
            drop(in_flight);
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, data)
    }
}
