//! A server with one bot, one person and a forum, and a client that a bot would use.

use sandbox::schema::Validator;
use sandbox::{Bot, BotSpec, ChatId, Clock, Options, PersonId, Rights, Server, Status, World};
use serde_json::{Value, json};

/// When the test clock begins.
pub const START: i64 = 1_790_000_000_000_000;

/// Everything a test needs; dropping it fails the test when an answer broke the schema.
pub struct Town {
    pub server: Server,
    pub world: World,
    pub bot: Bot,
    pub nino: PersonId,
    pub mei: PersonId,
    pub chat: ChatId,
    pub staff: ChatId,
    pub client: reqwest::Client,
}

/// The schema that `cargo xtask test` fetches.
fn validator() -> Validator {
    let path = std::env::var("TELEGRAM_SCHEMA").expect(
        "TELEGRAM_SCHEMA is not set: run the tests by `cargo xtask test`, which fetches the Bot API schema, \
         or name aiogram's schema.json",
    );
    Validator::load(path).unwrap()
}

pub fn client() -> reqwest::Client {
    // The second of two tests finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Town {
    pub async fn new() -> Self {
        Self::with(Options { clock: Clock::manual(START), ..Options::default() }).await
    }

    pub async fn with(options: Options) -> Self {
        let server = Server::start(Options { validator: Some(validator()), ..options }).await.unwrap();
        let world = server.world();
        let bot = world.add_bot(BotSpec::new("lotus_support_bot", "Lotus Support"));
        let mei = world.add_person("Mei", "zh");
        let nino = world.add_person("Nino", "en");
        let staff = world.add_forum("Lotus staff", mei);
        world.add_member(staff, bot.id, Status::Administrator(Rights::usual())).unwrap();
        let chat = ChatId::private(nino, bot.id);
        let town = Self { world, bot, nino, mei, chat, staff, client: client(), server };
        town.updates().await;
        town
    }

    pub fn url(&self, method: &str) -> String {
        format!("{}/bot{}/{method}", self.server.url(), self.bot.token)
    }

    /// The whole answer.
    pub async fn raw(&self, method: &str, params: Value) -> Value {
        let body = params.to_string();
        let request =
            self.client.post(self.url(method)).header("content-type", "application/json").body(body);
        let text = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// The result of a call that must succeed.
    pub async fn call(&self, method: &str, params: Value) -> Value {
        let answer = self.raw(method, params).await;
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer["result"].clone()
    }

    /// The description of a call that must fail.
    pub async fn fails(&self, method: &str, params: Value) -> String {
        let answer = self.raw(method, params).await;
        assert_eq!(answer["ok"], false, "{method}: {answer}");
        answer["description"].as_str().unwrap().to_owned()
    }

    /// Takes and confirms what is there.
    pub async fn updates(&self) -> Vec<Value> {
        let updates = self.call("getUpdates", json!({})).await.as_array().unwrap().clone();
        if let Some(last) = updates.last() {
            self.call("getUpdates", json!({"offset": last["update_id"].as_i64().unwrap() + 1})).await;
        }
        updates
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.world.violations(), Vec::<String>::new());
            assert!(self.world.validated() > 0, "nothing was validated");
        }
    }
}
