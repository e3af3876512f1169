//! One call of a bot: from the request to the answer, with the faults that strike it.

use std::fmt::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::{Request, Response};
use serde_json::json;

use super::connection::{Answer, Cut, Marks};
use super::params::Params;
use super::{updates, webhook};
use crate::clock::Clock;
use crate::faults::FaultKind;
use crate::ids::{BotId, ChatId, MessageId};
use crate::journal::Call;
use crate::methods::{self, ApiError, Done};
use crate::world::World;
use crate::world::state::State;

/// Answers `/bot<token>/<method>`; `rest` is what follows `/bot`.
pub(super) async fn answer(
    world: &World,
    rest: &str,
    request: Request<Incoming>,
    marks: Arc<Marks>,
) -> Result<Response<Answer>, Cut> {
    let decoded = super::download::percent_decoded(rest);
    // The token ends at the first slash, which must be there.
    let (token, method) =
        decoded.split_once('/').map_or((decoded.as_str(), None), |(token, method)| (token, Some(method)));
    let is_known_verb = matches!(*request.method(), hyper::Method::GET | hyper::Method::POST);
    // Some clients put "test" between token and method for Telegram's test servers.
    let name = method.map(|method| method.strip_prefix("test/").unwrap_or(method).trim_end_matches('/'));
    let name = name.filter(|_| is_known_verb).and_then(methods::known);
    let params = Params::read(request).await;
    let bot = world.lock().tokens.get(token).copied();
    let call = Running { world, bot, method: name.unwrap_or("unknown"), marks };
    if !is_known_verb {
        let mut response = call.refuse(&Params::default(), ApiError::new(501, "Not Implemented"));
        response.headers_mut().insert("connection", hyper::header::HeaderValue::from_static("close"));
        return Ok(response);
    }
    let params = match (bot, params) {
        (_, Err(error)) => return Ok(call.refuse(&Params::default(), error)),
        _ if method.is_none() => return Ok(call.refuse(&Params::default(), ApiError::new(404, "Not Found"))),
        (None, _) => return Ok(call.refuse(&Params::default(), unknown(token))),
        (Some(_), Ok(mut params)) => {
            params.prepare(name.unwrap_or_default()).await;
            params
        }
    };
    match (name, bot) {
        (None, _) | (_, None) => Ok(call.refuse(&params, ApiError::new(404, "Not Found: method not found"))),
        (Some("getUpdates"), Some(bot)) => call.poll(bot, params).await,
        (Some(_), Some(bot)) => call.execute(bot, params).await,
    }
}

/// What the bearer of a token that nobody has is told.
fn unknown(token: &str) -> ApiError {
    let invalid = || ApiError::new(401, "Unauthorized: invalid token specified");
    let Some((id, _)) = token.split_once(':') else { return invalid() };
    if token.starts_with('0') || token.len() > 80 {
        return invalid();
    }
    match id.parse::<i64>() {
        Ok(id) if (1..1 << 54).contains(&id) => ApiError::new(401, "Unauthorized"),
        Ok(_) => invalid(),
        Err(_) => ApiError::new(421, "Misdirected Request: unallowed token specified"),
    }
}

/// A method that a webhook's own answer asks for; nobody hears how it ends. It counts as under way until it is dropped,
/// which must not be done under the world's lock.
pub(super) struct Unheard {
    method: &'static str,
    params: Params,
    in_flight: InFlight,
}

impl Unheard {
    /// `None` for a method that is none, or that makes no sense there.
    pub async fn prepare(world: &World, bot: BotId, method: &str, mut params: Params) -> Option<Self> {
        let method = methods::known(method).filter(|name| *name != "getUpdates")?;
        let in_flight = InFlight::begin(world, bot);
        params.prepare(method).await;
        Some(Self { method, params, in_flight })
    }

    /// Carries it out.
    pub fn execute(&self, state: &mut State) {
        let bot = self.in_flight.bot;
        let chat = methods::chat_of(state, bot, &self.params);
        let seq = begin(state, Some(bot), self.method, &self.params, chat);
        let outcome = methods::call(state, bot, self.method, &self.params);
        finish(state, seq, self.method, &outcome, None);
    }

    /// Whether there may be another webhook afterwards.
    pub fn changes_webhook(&self) -> bool {
        changes_webhook(self.method)
    }
}

fn changes_webhook(method: &str) -> bool {
    matches!(method, "setWebhook" | "deleteWebhook")
}

struct Running<'a> {
    world: &'a World,
    bot: Option<BotId>,
    method: &'static str,
    marks: Arc<Marks>,
}

impl Running<'_> {
    fn refuse(self, params: &Params, error: ApiError) -> Response<Answer> {
        let mut state = self.world.lock();
        let seq = begin(&mut state, self.bot, self.method, params, None);
        let (status, retry_after) = (error.code, error.retry_after);
        let body = finish(&mut state, seq, self.method, &Err(error), None);
        drop(state);
        respond(status, retry_after, body, seq, self.marks, None)
    }

    async fn execute(self, bot: BotId, params: Params) -> Result<Response<Answer>, Cut> {
        let in_flight = InFlight::begin(self.world, bot);
        let (seq, fault, status, retry_after, body, latency) = {
            let mut guard = self.world.lock();
            let state = &mut *guard;
            state.fire_due();
            let chat = methods::chat_of(state, bot, &params);
            let fault = state.faults.strike_call(self.method, chat, &mut state.rng);
            if matches!(fault, Some(FaultKind::Cut)) {
                return Err(Cut);
            }
            let seq = begin(state, Some(bot), self.method, &params, chat);
            let outcome = match &fault {
                Some(FaultKind::TooManyRequests { retry_after }) => Err(ApiError::too_many(*retry_after)),
                Some(FaultKind::ServerError { code }) => Err(ApiError::new(*code, reason(*code))),
                _ => match state.flood(bot, self.method, chat, cost(&params)) {
                    Ok(()) => methods::call(state, bot, self.method, &params),
                    Err(seconds) => Err(ApiError::too_many(seconds)),
                },
            };
            let status = outcome.as_ref().map_or_else(|error| error.code, |_| 200);
            let retry_after = outcome.as_ref().err().and_then(|error| error.retry_after);
            let body = finish(state, seq, self.method, &outcome, fault.as_ref());
            (seq, fault, status, retry_after, body, state.settings.latency)
        };
        if status == 200 && changes_webhook(self.method) {
            webhook::run(self.world, bot);
        }
        Clock::sleep_really(latency).await;
        if fault.is_some() {
            let _held = Held::begin(self.world, bot);
            hold(self.world, fault.as_ref()).await?;
        }
        Ok(respond(status, retry_after, body, seq, self.marks, Some(in_flight)))
    }

    async fn poll(self, bot: BotId, params: Params) -> Result<Response<Answer>, Cut> {
        let (seq, fault) = {
            let mut guard = self.world.lock();
            let state = &mut *guard;
            state.fire_due();
            let fault = state.faults.strike_call("getUpdates", None, &mut state.rng);
            if let Some(account) = state.bots.get_mut(&bot) {
                account.poll_failed = fault.is_some();
            }
            if matches!(fault, Some(FaultKind::Cut)) {
                return Err(Cut);
            }
            (begin(state, Some(bot), self.method, &params, None), fault)
        };
        let outcome = match &fault {
            Some(FaultKind::TooManyRequests { retry_after }) => Err(ApiError::too_many(*retry_after)),
            Some(FaultKind::ServerError { code }) => Err(ApiError::new(*code, reason(*code))),
            _ => updates::get_updates(self.world, bot, &params).await.map(Done::from),
        };
        let status = outcome.as_ref().map_or_else(|error| error.code, |_| 200);
        let retry_after = outcome.as_ref().err().and_then(|error| error.retry_after);
        let body = {
            let mut state = self.world.lock();
            if let Some(account) = state.bots.get_mut(&bot) {
                account.poll_failed |= outcome.is_err();
            }
            state.participants.stir(Some(bot));
            state.clock.stir();
            finish(&mut state, seq, self.method, &outcome, fault.as_ref())
        };
        hold(self.world, fault.as_ref()).await?;
        Ok(respond(status, retry_after, body, seq, self.marks, None))
    }
}

/// How many messages a call sends: an album's items, and the many of copyMessages and forwardMessages.
fn cost(params: &Params) -> i64 {
    let many = ["media", "message_ids"].iter().find_map(|name| params.json(name)?.as_array());
    many.map_or(1, |many| i64::try_from(many.len()).unwrap_or(1))
}

fn begin(state: &mut State, bot: Option<BotId>, method: &str, params: &Params, chat: Option<ChatId>) -> u64 {
    let call = Call {
        seq: 0,
        bot,
        method: method.to_owned(),
        params: params.map.clone(),
        chat,
        at: state.clock.now(),
        accepted_at: state.clock.real_now(),
        answered_at: None,
        ok: None,
        code: 0,
        description: None,
        messages: Vec::new(),
        fault: None,
        answer: None,
    };
    state.journal.begin(call)
}

/// Writes the answer, and down how the call ended.
fn finish(
    state: &mut State,
    seq: u64,
    method: &'static str,
    outcome: &Result<Done, ApiError>,
    fault: Option<&FaultKind>,
) -> Bytes {
    let newer = state.settings.newer;
    let mut body = match outcome {
        Ok(done) => format!(r#"{{"ok":true,"result":{}}}"#, done.result),
        Err(error) => error.json(),
    };
    if let Some(checker) = state.checker.as_mut().filter(|_| method != "unknown") {
        checker.answer(method, &body, newer);
    }
    state.counts.count(method, outcome.as_ref().map_or_else(|error| error.code, |_| 200));
    // Updates were made so already, hostile ones are to stay as they are.
    if newer && method != "getUpdates" {
        body = crate::newer::enrich(&body);
    }
    let messages: &[MessageId] = outcome.as_ref().map_or(&[], |done| &done.messages);
    if let Some(call) = state.journal.get_mut(seq) {
        call.ok = Some(outcome.is_ok());
        call.code = outcome.as_ref().map_or_else(|error| error.code, |_| 200);
        call.description = outcome.as_ref().err().map(|error| error.description.clone());
        call.messages = messages.to_vec();
        call.fault = fault.map(|fault| fault.name().into());
    }
    // The journal shares the bytes with the answer: keeping them costs no copy.
    let body = Bytes::from(body);
    state.journal.answered(seq, &body);
    body
}

/// Lets a fault delay or swallow the answer to a call that was carried out.
async fn hold(world: &World, fault: Option<&FaultKind>) -> Result<(), Cut> {
    match fault {
        Some(FaultKind::Slow { ms }) => world.clock().sleep(ms.saturating_mul(1_000)).await,
        // The client goes and hyper drops this future.
        Some(FaultKind::Timeout) => std::future::pending().await,
        Some(FaultKind::LostReply) => return Err(Cut),
        Some(FaultKind::Withhold) => {
            let mut released = world.lock().faults.released.subscribe();
            // The sender lives in the world, which outlives this call.
            drop(released.changed().await);
        }
        _ => {}
    }
    Ok(())
}

fn respond(
    status: u16,
    retry_after: Option<i64>,
    body: Bytes,
    seq: u64,
    marks: Arc<Marks>,
    in_flight: Option<InFlight>,
) -> Response<Answer> {
    let mut response = Response::new(Answer::Call { data: Some(body), seq, marks, in_flight });
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::BAD_GATEWAY);
    let headers = response.headers_mut();
    headers.insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    if let Some(seconds) = retry_after {
        headers.insert("retry-after", seconds.into());
    }
    response
}

fn reason(code: u16) -> &'static str {
    match code {
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Bad Gateway",
    }
}

/// Counts a call as under way until its answer has been given to the socket or its client has gone.
pub(super) struct InFlight {
    world: World,
    bot: BotId,
    generation: u64,
}

impl InFlight {
    fn begin(world: &World, bot: BotId) -> Self {
        let mut state = world.lock();
        if let Some(account) = state.bots.get_mut(&bot) {
            account.in_flight += 1;
        }
        Self { world: world.clone(), bot, generation: state.generation }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut state = self.world.lock();
        // In a world that was loaded since, the call was never made.
        if state.generation == self.generation
            && let Some(account) = state.bots.get_mut(&self.bot)
        {
            account.in_flight -= 1;
            account.progress.notify_waiters();
        }
        state.participants.stir(Some(self.bot));
        self.world.clock().stir();
    }
}

/// Counts a call as held up by a fault: an advance of the clock does not wait for it.
struct Held {
    world: World,
    bot: BotId,
    generation: u64,
}

impl Held {
    fn begin(world: &World, bot: BotId) -> Self {
        let mut state = world.lock();
        if let Some(account) = state.bots.get_mut(&bot) {
            account.held += 1;
        }
        world.clock().stir();
        Self { world: world.clone(), bot, generation: state.generation }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = self.world.lock();
        if state.generation == self.generation
            && let Some(account) = state.bots.get_mut(&self.bot)
        {
            account.held -= 1;
        }
    }
}

impl World {
    /// The kernel has taken the last byte of the answer to this call.
    pub(super) fn note_answered(&self, seq: u64) {
        let now = self.clock().real_now();
        let mut state = self.lock();
        if let Some(call) = state.journal.get_mut(seq) {
            call.answered_at = Some(now);
        }
        if state.events.receiver_count() > 0
            && let Some(call) = state.journal.get_mut(seq).filter(|call| call.method != "getUpdates")
        {
            let mut call = call.clone();
            let mut size = String::new();
            // Writing to a String cannot fail.
            let _ = write!(size, "{:?}", call.params);
            if size.len() > 2_048 {
                call.params = serde_json::Map::new();
            }
            state.event(|| json!({"event": "call", "call": call}));
        }
    }
}
