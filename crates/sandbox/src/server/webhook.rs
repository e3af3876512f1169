//! Updates delivered to a webhook.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::body::{self, NoBody};
use super::call::Unheard;
use super::params::Params;
use crate::clock::Clock;
use crate::ids::BotId;
use crate::world::World;
use crate::world::bot::Webhook;
use crate::world::state::State;

/// A webhook that failed is tried again at once, then after so long, doubled each time up to [`LONGEST`]
/// (microseconds).
const SHORTEST: i64 = 2_000_000;
const LONGEST: i64 = 60_000_000;
/// An answer is a method call at most.
const MOST_MIB: usize = 1;

/// Delivers from now on, until the webhook changes again.
pub(crate) fn run(world: &World, bot: BotId) {
    let epoch = {
        let state = world.lock();
        state.bots.get(&bot).filter(|account| account.webhook.is_some()).map(|account| account.webhook_epoch)
    };
    if let Some(epoch) = epoch {
        tokio::spawn(deliver(world.clone(), bot, epoch));
    }
}

/// What to do next.
enum Step {
    Send(i64, Bytes, Webhook),
    /// Until the clock says so, or something changes.
    Wait(Option<i64>),
    End,
}

async fn deliver(world: World, bot: BotId, epoch: u64) {
    let Some(wake) = world.lock().bots.get(&bot).map(|account| Arc::clone(&account.wake)) else { return };
    // They end with the webhook: one that never answers holds nothing up after that.
    let mut posts = JoinSet::new();
    loop {
        while posts.try_join_next().is_some() {}
        let mut woken = std::pin::pin!(wake.notified());
        woken.as_mut().enable();
        let step = world.lock().next_step(bot, epoch);
        match step {
            Step::End => return,
            Step::Wait(None) => woken.await,
            Step::Wait(Some(due)) => tokio::select! {
                () = woken => {}
                () = world.clock().sleep_until(due) => {}
            },
            Step::Send(id, json, webhook) => {
                posts.spawn(deliver_one(world.clone(), Delivery { bot, epoch, id }, json, webhook));
            }
        }
    }
}

/// Which update is delivered, and by which setting of the webhook.
#[derive(Clone, Copy)]
struct Delivery {
    bot: BotId,
    epoch: u64,
    id: i64,
}

async fn deliver_one(world: World, delivery: Delivery, json: Bytes, webhook: Webhook) {
    let (generation, patience) = {
        let state = world.lock();
        (state.generation, state.settings.webhook_patience)
    };
    let outcome = tokio::select! {
        outcome = post(&webhook, json) => outcome,
        () = Clock::sleep_really(patience) => Err("Read timeout expired".to_owned()),
    };
    let called = match outcome.as_deref().ok().and_then(call_in) {
        Some((method, params)) => Unheard::prepare(&world, delivery.bot, &method, params).await,
        None => None,
    };
    {
        let mut state = world.lock();
        if state.generation == generation {
            // Both at once: a webhook set anew by the call must not get this update again.
            state.settle_delivery(delivery, outcome.map(drop));
            if let Some(called) = &called {
                called.execute(&mut state);
            }
        }
    }
    if called.is_some_and(|called| called.changes_webhook()) {
        run(&world, delivery.bot);
    }
}

impl State {
    fn next_step(&mut self, bot: BotId, epoch: u64) -> Step {
        let now = self.clock.now();
        self.drop_old_updates(now);
        let Some(account) = self.bots.get_mut(&bot).filter(|account| account.webhook_epoch == epoch) else {
            return Step::End;
        };
        let Some(webhook) = account.webhook.clone() else { return Step::End };
        for update in account.replays.drain(..) {
            account.queue.push_back(update);
        }
        // One update of a line at a time: the next waits until the webhook has taken it.
        let mut busy = HashSet::new();
        let mut under_way = 0;
        let mut earliest = None;
        for update in &mut account.queue {
            let is_first = update.chat.is_none_or(|chat| busy.insert((chat, update.line)));
            if update.in_delivery {
                under_way += 1;
            } else if is_first && update.due > now {
                earliest = Some(earliest.map_or(update.due, |due: i64| due.min(update.due)));
            } else if is_first && under_way < webhook.max_connections {
                update.in_delivery = true;
                return Step::Send(update.id, update.json.clone(), webhook);
            }
            if under_way >= webhook.max_connections {
                return Step::Wait(None);
            }
        }
        Step::Wait(earliest)
    }
}

impl State {
    fn settle_delivery(&mut self, delivery: Delivery, outcome: Result<(), String>) {
        let Delivery { bot, epoch, id } = delivery;
        let (now, seconds) = (self.clock.now(), self.clock.seconds());
        self.participants.stir(Some(bot));
        self.clock.stir();
        let Some(account) = self.bots.get_mut(&bot) else { return };
        let Some(position) = account.queue.iter().position(|update| update.id == id) else { return };
        match outcome {
            Ok(()) => {
                let confirmed: Vec<_> = account.queue.remove(position).into_iter().collect();
                account.progress.notify_waiters();
                account.wake.notify_waiters();
                self.replay_some(bot, confirmed);
            }
            Err(error) => {
                let update = &mut account.queue[position];
                update.in_delivery = false;
                let wait = match update.attempts {
                    0 => 0,
                    failed => (SHORTEST << (failed - 1).min(5)).min(LONGEST),
                };
                update.attempts = update.attempts.saturating_add(1);
                update.due = now.saturating_add(wait);
                if let Some(webhook) = account.webhook.as_mut().filter(|_| account.webhook_epoch == epoch) {
                    webhook.last_error = Some((seconds, error));
                }
                account.wake.notify_waiters();
            }
        }
    }
}

/// Posts one update; the answer's body, or why it failed in Telegram's words.
async fn post(webhook: &Webhook, json: Bytes) -> Result<Bytes, String> {
    let url = url::Url::parse(&webhook.url).map_err(|error| format!("Bad webhook: {error}"))?;
    if url.scheme() != "http" {
        return Err("SSL error: the sandbox delivers over plain HTTP only".to_owned());
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let port = url.port_or_known_default().unwrap_or(80);
    let address = webhook.ip_address.as_deref().unwrap_or(&host);
    let stream = TcpStream::connect((address.trim_matches(['[', ']']), port)).await;
    let stream = stream.map_err(|error| match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "Connection refused".to_owned(),
        _ => format!("Connection failed: {error}"),
    })?;
    let closed = |_| "Connection closed".to_owned();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(closed)?;
    // It ends with this delivery, however that ends.
    let mut connected = JoinSet::new();
    connected.spawn(connection);
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut request = Request::post(path)
        .header("host", format!("{host}:{port}"))
        .header("content-type", "application/json")
        .header("connection", "close");
    if let Some(secret) = &webhook.secret {
        request = request.header("x-telegram-bot-api-secret-token", secret);
    }
    let request = request.body(Full::new(json)).map_err(|error| format!("Bad webhook: {error}"))?;
    let response = sender.send_request(request).await.map_err(closed)?;
    let status = response.status();
    let body = body::read(response.into_body(), MOST_MIB).await;
    drop(connected);
    let body = body.map_err(|error| match error {
        NoBody::TooLarge(_) => format!("Wrong response from the webhook: {error}"),
        NoBody::BrokeOff(_) => "Connection closed".to_owned(),
    })?;
    if status.is_success() {
        Ok(body)
    } else {
        let reason = status.canonical_reason().unwrap_or("error");
        Err(format!("Wrong response from the webhook: {} {reason}", status.as_u16()))
    }
}

/// A webhook may answer with a method call: `{"method":"sendMessage",…}`.
fn call_in(answer: &[u8]) -> Option<(String, Params)> {
    let Value::Object(mut map) = serde_json::from_slice(answer).ok()? else { return None };
    let Value::String(method) = map.remove("method")? else { return None };
    Some((method, Params::of_json(map)))
}
