//! The stand-in for OpenAI, by a client that we did not write.

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::types::chat::{
    ChatCompletionRequestUserMessageArgs, CreateChatCompletionRequest, CreateChatCompletionRequestArgs,
    CreateChatCompletionResponse, FinishReason, ResponseFormat, ResponseFormatJsonSchema,
};
use sandbox::client::standins::{KEY, Reply, Script};
use serde_json::{Value, json};

use crate::support::{Town, client};

struct Desk {
    town: Town,
    control: sandbox::client::Client,
    openai: Client<OpenAIConfig>,
}

impl Desk {
    async fn open() -> Self {
        let town = Town::new().await;
        let base = format!("{}/openai/v1", town.server.url());
        let config = OpenAIConfig::new().with_api_base(base).with_api_key(KEY);
        let openai = Client::with_config(config).with_http_client(client());
        Self { control: sandbox::client::Client::new(&town.server.url()), town, openai }
    }

    async fn ask(&self, text: &str) -> Result<CreateChatCompletionResponse, OpenAIError> {
        self.openai.chat().create(order(text, schema())).await
    }

    async fn close(self) {
        self.town.call("getMe", json!({})).await;
    }
}

fn schema() -> Value {
    json!({"type": "object", "properties": {"customer": {"type": ["string", "null"], "enum": ["c1", "c2", null]}},
        "required": ["customer"], "additionalProperties": false})
}

fn order(text: &str, schema: Value) -> CreateChatCompletionRequest {
    let user = ChatCompletionRequestUserMessageArgs::default().content(text).build().unwrap();
    let json_schema =
        ResponseFormatJsonSchema { name: "order".to_owned(), schema, strict: Some(true), description: None };
    CreateChatCompletionRequestArgs::default()
        .model("gpt-5-mini")
        .messages(vec![user.into()])
        .response_format(ResponseFormat::JsonSchema { json_schema })
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_scripted_order_comes_back_and_the_request_is_kept() {
    let desk = Desk::open().await;
    let reply = Reply::Json { json: json!({"customer": "c2"}), unchecked: false };
    let script = Script { matches: Some("(?i)aragvi".to_owned()), times: None, delay_ms: 0, reply };
    desk.control.script_openai(&script).await.unwrap();
    let done = desk.ask("Aragvi 10 kg ribs").await.unwrap();
    assert_eq!(done.choices[0].message.content.as_deref(), Some(r#"{"customer":"c2"}"#));
    assert!(done.usage.unwrap().total_tokens > 0);
    let least = desk.ask("nobody knows").await.unwrap();
    assert_eq!(least.choices[0].message.content.as_deref(), Some(r#"{"customer":"c1"}"#));
    let asked = desk.control.openai_requests().await.unwrap();
    assert_eq!(
        (asked[0].user.as_str(), asked[0].script, asked[0].status),
        ("Aragvi 10 kg ribs", Some(1), 200)
    );
    assert_eq!(asked[1].script, None);
    desk.control.clear_openai().await.unwrap();
    desk.close().await;
}

#[tokio::test]
async fn refusals_and_cut_answers_are_marked() {
    let desk = Desk::open().await;
    desk.control.answer_once(Reply::Refusal { text: "No.".to_owned() }).await.unwrap();
    let refused = desk.ask("x").await.unwrap();
    assert_eq!(
        (&refused.choices[0].message.content, refused.choices[0].message.refusal.as_deref()),
        (&None, Some("No."))
    );
    desk.control.answer_once(Reply::Length { text: "{".to_owned() }).await.unwrap();
    assert_eq!(desk.ask("x").await.unwrap().choices[0].finish_reason, Some(FinishReason::Length));
    desk.close().await;
}

#[tokio::test]
async fn errors_come_in_openais_form() {
    let desk = Desk::open().await;
    desk.control.answer_once(Reply::InsufficientQuota).await.unwrap();
    let error = desk.ask("x").await.unwrap_err().to_string();
    assert!(error.contains("You exceeded your current quota"), "{error}");
    desk.control.answer_once(Reply::Json { json: json!({"customer": 5}), unchecked: false }).await.unwrap();
    let open =
        order("x", json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}));
    let error = desk.openai.chat().create(open).await.unwrap_err().to_string();
    assert!(error.contains("'additionalProperties' is required to be supplied and to be false"), "{error}");
    let url = format!("{}/openai/v1", desk.town.server.url());
    let config = OpenAIConfig::new().with_api_base(url).with_api_key("sk-another-key-of-somebody");
    let stranger = Client::with_config(config).with_http_client(client());
    let error = stranger.chat().create(order("x", schema())).await.unwrap_err().to_string();
    assert!(error.contains("Incorrect API key provided: sk-anoth********body"), "{error}");
    desk.close().await;
}

#[tokio::test]
async fn of_large_requests_the_newest_are_kept() {
    let desk = Desk::open().await;
    let large = "x".repeat(5 << 20);
    for number in 1..=6 {
        desk.ask(&format!("{number}{large}")).await.unwrap();
    }
    let kept = desk.control.openai_requests().await.unwrap();
    assert!(kept.len() < 6 && kept.last().is_some_and(|asked| asked.seq == 6), "{}", kept.len());
    desk.close().await;
}
