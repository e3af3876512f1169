//! A client of the control API, for tests and drills whose sandbox is a process of its own.
//!
//! ```no_run
//! # async fn story() -> Result<(), sandbox::client::ClientError> {
//! use sandbox::client::{Client, act};
//!
//! let town = Client::new("http://127.0.0.1:8081");
//! let nino = town.create_person("Nino", "en").await?;
//! let (bot, token) = town.create_bot("lotus_support_bot").await?;
//! town.start(nino, bot).await?;
//! let chat = sandbox::ChatId::private(nino, bot);
//! let asked = town.say(nino, chat, "Is the jasmine tea back?").await?;
//! town.act(act::Act::Pin(act::At { person: nino, chat, message: asked })).await?;
//! # Ok(()) }
//! ```

mod clock;
pub mod standins;
mod world;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::server::control::act;
pub use crate::server::control::wire::Natural;
pub use crate::server::control::{Calls, Violations};

use crate::faults::Fault;
use crate::ids::{BotId, ChatId, MessageId, PersonId};
use crate::server::control::wire::{Nothing, Refusal};
use crate::server::control::{FaultId, FaultList, Idle, Messages};
use crate::world::view::{MessageView, Overview, SetFault};
use act::{Act, CreateBot, CreatePerson, Done, Founding, Say, Start, Writing};

/// Why a call of the control API gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The sandbox said no.
    #[error("{sentence} ({status})")]
    Refused {
        /// 400: malformed; 404: not there; 409: refused.
        status: u16,
        /// Its reason.
        sentence: String,
    },
    /// Nobody answers there, or the connection broke.
    #[error("the sandbox at {url} does not answer: {reason}")]
    Unreachable {
        /// Where.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// The answer is not what the control API answers: another program, or another version.
    #[error("the answer to {path} cannot be read: {reason}")]
    Unreadable {
        /// The path that was asked for.
        path: String,
        /// What is wrong with the answer.
        reason: String,
    },
}

type Answer<T> = Result<T, ClientError>;

/// A client; clones share its connections.
#[derive(Clone, Debug)]
pub struct Client {
    url: String,
    http: hyper_util::client::legacy::Client<HttpConnector, Full<Bytes>>,
}

impl Client {
    /// A client of the sandbox at `url`, such as `http://127.0.0.1:8081`.
    pub fn new(url: &str) -> Self {
        let http = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http();
        Self { url: url.trim_end_matches('/').to_owned(), http }
    }

    /// Everything but the messages.
    pub async fn state(&self) -> Answer<Overview> {
        self.get("/api/state").await
    }

    /// The newest 500 messages of a chat that were not deleted, oldest first.
    pub async fn messages(&self, chat: ChatId) -> Answer<Vec<MessageView>> {
        let Messages { messages } = self.get(&format!("/api/chats/{chat}/messages")).await?;
        Ok(messages)
    }

    /// The bytes of a file, by the number in a message's `media.file`.
    pub async fn file(&self, number: u32) -> Answer<Bytes> {
        self.send("GET", &format!("/api/files/{number}"), Bytes::new()).await
    }

    /// Does anything that there is an act for.
    pub async fn act(&self, act: Act) -> Answer<Done> {
        self.post("/api/act", &act).await
    }

    /// A person writes a text; returns the message's id.
    pub async fn say(&self, person: PersonId, chat: ChatId, text: &str) -> Answer<MessageId> {
        let writing = Writing::new(person, chat);
        let say = Say { writing, text: Some(text.to_owned()), media: None, album: None };
        given(self.act(Act::Say(say)).await?.message, "message")
    }

    /// A person presses Start in a bot's chat; returns the message's id.
    pub async fn start(&self, person: PersonId, bot: BotId) -> Answer<MessageId> {
        given(self.act(Act::Start(Start { person, bot, payload: None })).await?.message, "message")
    }

    /// Makes a person with a first name and a language such as `en`.
    pub async fn create_person(&self, first_name: &str, language: &str) -> Answer<PersonId> {
        let person = CreatePerson {
            first_name: first_name.to_owned(),
            language: Some(language.to_owned()),
            ..CreatePerson::default()
        };
        given(self.act(Act::CreatePerson(person)).await?.person, "person")
    }

    /// Makes a bot in privacy mode; returns its id and token.
    pub async fn create_bot(&self, username: &str) -> Answer<(BotId, String)> {
        let bot = CreateBot { username: username.to_owned(), ..CreateBot::default() };
        let done = self.act(Act::CreateBot(bot)).await?;
        given(done.bot.zip(done.token), "bot")
    }

    /// Founds a supergroup with topics.
    pub async fn create_forum(&self, creator: PersonId, title: &str) -> Answer<ChatId> {
        let founding = Founding { person: creator, title: title.to_owned() };
        given(self.act(Act::CreateForum(founding)).await?.chat, "chat")
    }

    /// The faults that are set.
    pub async fn faults(&self) -> Answer<Vec<SetFault>> {
        let FaultList { faults } = self.get("/api/faults").await?;
        Ok(faults)
    }

    /// Sets a fault; returns its id.
    pub async fn add_fault(&self, fault: &Fault) -> Answer<u64> {
        let FaultId { id } = self.post("/api/faults", fault).await?;
        Ok(id)
    }

    /// Takes one fault away, or all, and releases what was withheld.
    pub async fn remove_faults(&self, id: Option<u64>) -> Answer<()> {
        let query = id.map(|id| format!("?id={id}")).unwrap_or_default();
        self.read::<Nothing>("DELETE", &format!("/api/faults{query}"), Bytes::new()).await.map(drop)
    }

    /// Lets withheld answers go.
    pub async fn release(&self) -> Answer<()> {
        self.read::<Nothing>("POST", "/api/release", Bytes::new()).await.map(drop)
    }

    /// Up to `limit` calls of bots with a number above `after`, oldest first.
    pub async fn journal(&self, after: u64, limit: usize) -> Answer<Calls> {
        self.get(&format!("/api/journal?after={after}&limit={limit}")).await
    }

    /// What the validator found wrong with the sandbox's own answers and updates.
    pub async fn violations(&self) -> Answer<Violations> {
        self.get("/api/violations").await
    }

    /// Waits until every bot has confirmed its updates and no call is in flight; false when `patience_ms` of real
    /// time ended first.
    pub async fn idle(&self, patience_ms: u32) -> Answer<bool> {
        let Idle { idle } = self.get(&format!("/api/idle?timeout_ms={patience_ms}")).await?;
        Ok(idle)
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Answer<T> {
        self.read("GET", path, Bytes::new()).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Answer<T> {
        let body = serde_json::to_vec(body).map_err(|error| unreadable(path, &error))?;
        self.read("POST", path, body.into()).await
    }

    async fn read<T: DeserializeOwned>(&self, method: &str, path: &str, body: Bytes) -> Answer<T> {
        let answer = self.send(method, path, body).await?;
        serde_json::from_slice(&answer).map_err(|error| unreadable(path, &error))
    }

    async fn send(&self, method: &str, path: &str, body: Bytes) -> Answer<Bytes> {
        let unreachable = |error: &dyn std::error::Error| {
            let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
            ClientError::Unreachable { url: self.url.clone(), reason: format!("{error}{source}") }
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("content-type", "application/json")
            .body(Full::new(body))
            .map_err(|error| unreachable(&error))?;
        let response = self.http.request(request).await.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let answer = response.into_body().collect().await.map_err(|error| unreachable(&error))?.to_bytes();
        if status.is_success() {
            return Ok(answer);
        }
        let Refusal { error } = serde_json::from_slice(&answer).map_err(|error| unreadable(path, &error))?;
        Err(ClientError::Refused { status: status.as_u16(), sentence: error })
    }
}

fn unreadable(path: &str, reason: &dyn std::fmt::Display) -> ClientError {
    ClientError::Unreadable { path: path.to_owned(), reason: reason.to_string() }
}

fn given<T>(value: Option<T>, what: &str) -> Answer<T> {
    value.ok_or_else(|| unreadable("/api/act", &format!("it names no {what}")))
}
