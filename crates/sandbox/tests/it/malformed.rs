//! Whatever a bot sends, it gets an answer in Telegram's form, and the server lives on.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use reqwest::multipart::{Form, Part};
use serde_json::{Map, Value, json};

use crate::support::Town;

/// Calls of each method with random parameters. The seed is fixed: every run makes the same calls.
const CALLS: u32 = 12;
/// Requests that are broken below the parameters.
const BROKEN: u32 = 300;

/// What an answer may have as its status: nothing that says that the server failed.
const STATUSES: [u16; 10] = [200, 400, 401, 403, 404, 409, 413, 421, 429, 501];

pub fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// A parameter of a method.
pub struct Parameter {
    pub name: String,
    /// In the words of the documentation: `Integer or String`, `Array of Integer`…
    pub kind: String,
    pub required: bool,
}

/// Name and parameters of every method of the schema.
pub fn methods() -> Vec<(String, Vec<Parameter>)> {
    let schema = std::fs::read_to_string(std::env::var("TELEGRAM_SCHEMA").unwrap()).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let items = schema["items"].as_array().unwrap().iter();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let parameter = |value: &Value| Parameter {
        name: name(value),
        kind: value["type"].as_str().unwrap().to_owned(),
        required: value["required"] == true,
    };
    items
        .flat_map(|section| section["children"].as_array().unwrap())
        .filter(|item| item["category"] == "methods")
        .map(|item| (name(item), item["annotations"].as_array().unwrap().iter().map(parameter).collect()))
        .collect()
}

/// Any JSON, and more often what might be taken for something: ids that exist, bounds, broken JSON in a text.
fn hostile() -> impl Strategy<Value = Value> {
    let known = prop::sample::select(vec![
        json!(2_000_001),
        json!(2_000_002),
        json!(1_000_001),
        json!(-1_002_000_000_001_i64),
        json!(1),
        json!(2),
        json!("@lotus_support_bot"),
        json!("default"),
        json!("HTML"),
        json!("MarkdownV2"),
        json!("*_[<b>&"),
    ]);
    let bound = prop::sample::select(vec![
        json!(0),
        json!(-1),
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(-0.5),
        json!(""),
        json!("\u{0}"),
        json!("attach://nothing"),
        json!("http://127.0.0.1:1/x"),
        json!("{\"a\":"),
        json!("[[[[[[[["),
        json!("💥".repeat(5_000)),
        json!("9".repeat(400)),
    ]);
    let leaf = prop_oneof![
        3 => known,
        3 => bound,
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => ".{0,12}".prop_map(Value::from),
    ];
    let names = prop::sample::select(vec![
        "type",
        "text",
        "media",
        "url",
        "emoji",
        "offset",
        "length",
        "chat_id",
        "user_id",
        "message_id",
        "inline_keyboard",
        "keyboard",
        "callback_data",
        "command",
        "description",
        "id",
        "name",
        "status",
    ]);
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(names.clone(), inner, 0..5)
                .prop_map(|map| map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

/// How parameters travel.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    Json,
    Form,
    Query,
    Parts,
    Files,
}

fn call(parameters: Vec<Parameter>) -> impl Strategy<Value = (Way, Map<String, Value>)> {
    let way = prop::sample::select(vec![Way::Json, Way::Json, Way::Form, Way::Query, Way::Parts, Way::Files]);
    let values: Vec<_> = parameters.iter().map(|_| prop::option::weighted(0.7, hostile())).collect();
    let named = values.prop_map(move |values| {
        let pairs = parameters.iter().map(|parameter| parameter.name.clone()).zip(values);
        pairs.filter_map(|(name, value)| Some((name, value?))).collect::<Map<_, _>>()
    });
    (way, named)
}

fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub fn request(
    town: &Town,
    method: &str,
    way: Way,
    parameters: &Map<String, Value>,
) -> reqwest::RequestBuilder {
    let encoded = || {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in parameters {
            form.append_pair(name, &as_text(value));
        }
        form.finish()
    };
    let post = town.client.post(town.url(method));
    match way {
        Way::Json => {
            post.header("content-type", "application/json").body(
                // No string of ours can hold half of a pair.
                Value::from(parameters.clone()).to_string().replace("LONE-SURROGATE", r"\ud800"),
            )
        }
        // A client sends no address over 64 KiB.
        Way::Query if encoded().len() < 60_000 => {
            town.client.get(format!("{}?{}", town.url(method), encoded()))
        }
        Way::Form | Way::Query => {
            post.header("content-type", "application/x-www-form-urlencoded").body(encoded())
        }
        Way::Parts | Way::Files => {
            let part = |value: &Value| match way {
                Way::Files => Part::bytes(as_text(value).into_bytes()).file_name("a.png"),
                _ => Part::text(as_text(value)),
            };
            let add = |form: Form, (name, value): (&String, &Value)| form.part(name.clone(), part(value));
            post.multipart(parameters.iter().fold(Form::new(), add))
        }
    }
}

/// Sends it and holds the answer to Telegram's form. Fails where no answer comes.
pub async fn answered(request: reqwest::RequestBuilder) -> Result<Value, TestCaseError> {
    let failed = |error: reqwest::Error| TestCaseError::fail(format!("no answer: {:?}", error.without_url()));
    // Patience with a server that may hang, not a wait for something to happen.
    let response = request.timeout(Duration::from_secs(20)).send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let text = response.text().await.map_err(failed)?;
    let answer: Value =
        serde_json::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error}: {text:?}")))?;
    prop_assert!(STATUSES.contains(&status), "{status}: {answer}");
    if status == 200 {
        prop_assert_eq!(&answer["ok"], &json!(true));
        prop_assert!(answer.get("result").is_some(), "{answer}");
    } else {
        prop_assert_eq!((&answer["ok"], &answer["error_code"]), (&json!(false), &json!(status)));
        prop_assert!(answer["description"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    }
    Ok(answer)
}

/// The status of an answer in Telegram's form.
async fn answer(request: reqwest::RequestBuilder) -> Result<u64, TestCaseError> {
    Ok(answered(request).await?["error_code"].as_u64().unwrap_or(200))
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A town where there is something to act on.
async fn town() -> Town {
    let town = Town::new().await;
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.world.message(town.nino, town.chat).photo().send().unwrap();
    town.world.create_topic(town.mei, town.staff, "Tea").unwrap();
    town
}

#[test]
fn every_method_takes_wrong_parameters_of_every_kind() {
    let runtime = runtime();
    let (mut calls, mut failures) = (0, Vec::new());
    let mut town = runtime.block_on(town());
    for (method, parameters) in methods() {
        let outcome = runner(CALLS).run(&call(parameters), |(way, mut parameters)| {
            if method == "getUpdates" {
                // It may well be asked to wait.
                parameters.insert("timeout".to_owned(), json!(0));
            }
            runtime.block_on(async {
                answer(request(&town, &method, way, &parameters)).await?;
                prop_assert_eq!(town.world.violations(), Vec::<String>::new());
                Ok(())
            })
        });
        failures.extend(outcome.err().map(|failure| format!("{method}: {failure}")));
        calls += CALLS;
        runtime.block_on(async {
            if matches!(method.as_str(), "logOut" | "close") {
                town = self::town().await;
            }
            town.call("getMe", json!({})).await;
        });
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(calls > 2_000, "{calls}");
}

#[test]
fn broken_requests_are_answered() {
    let runtime = runtime();
    let town = runtime.block_on(town());
    let kind = prop::sample::select(vec![
        "application/json",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=\"",
        "text/plain",
        "",
        "ÿ",
    ]);
    let part = b"--x\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\nhi\r\n--x--\r\n".to_vec();
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        ".{0,60}".prop_map(String::into_bytes),
        (0..part.len()).prop_map(move |length| part[..length].to_vec()),
        (1..100_000_usize).prop_map(|depth| "[".repeat(depth).into_bytes()),
        (1..100_000_usize).prop_map(|depth| format!("{{\"a\":{}", "{\"a\":".repeat(depth)).into_bytes()),
        Just(b"{\"chat_id\":1,\"chat_id\":2,\"text\":\"\xff\"}".to_vec()),
        Just(b"\xef\xbb\xbf{}".to_vec()),
        Just(b"a=%&%zz=%ff%00&=&&".to_vec()),
    ];
    let path = prop_oneof![
        4 => Just(format!("{}/sendMessage", town.bot.token)),
        1 => Just(format!("{}/SENDMESSAGE/", town.bot.token)),
        1 => Just(town.bot.token.clone()),
        1 => Just(format!("{}/", town.bot.token)),
        1 => Just(format!("{}/get%4de", town.bot.token)),
        1 => Just(format!("{}/getMe%00", town.bot.token)),
        1 => Just("/getMe".to_owned()),
        1 => Just("%ff%fe:x/getMe".to_owned()),
        1 => "[a-zA-Z0-9:_./-]{0,60}",
        1 => (1..3_000_usize).prop_map(|length| format!("{}/getMe", "1:".repeat(length))),
    ];
    let outcome = runner(BROKEN).run(&(path, kind, body), |(path, kind, body)| {
        runtime.block_on(async {
            let url = format!("{}/bot{path}", town.server.url());
            let mut request = town.client.post(url).body(body);
            if !kind.is_empty() {
                request = request.header(
                    "content-type",
                    reqwest::header::HeaderValue::from_bytes(kind.as_bytes()).unwrap(),
                );
            }
            answer(request).await.map(drop)
        })
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    runtime.block_on(town.call("getMe", json!({})));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_told_so_and_ends_nothing() {
    let town = town().await;
    let huge = vec![b'a'; 70 * 1024 * 1024];
    let json = town.client.post(town.url("sendMessage")).header("content-type", "application/json");
    assert_eq!(answer(json.body(huge.clone())).await.unwrap(), 413);
    let form = Form::new().text("chat_id", "1").part("document", Part::bytes(huge).file_name("a.bin"));
    assert_eq!(answer(town.client.post(town.url("sendDocument")).multipart(form)).await.unwrap(), 413);
    town.call("getMe", json!({})).await;
}
