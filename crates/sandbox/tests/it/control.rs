//! The control API, as the page uses it.

use sandbox::client::{Client, ClientError, act};
use sandbox::{ChatId, Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::Town;

async fn post(town: &Town, path: &str, body: Value) -> (u16, Value) {
    let response =
        town.client.post(format!("{}{path}", town.server.url())).body(body.to_string()).send().await.unwrap();
    (response.status().as_u16(), serde_json::from_str(&response.text().await.unwrap()).unwrap())
}

async fn get(town: &Town, path: &str) -> Value {
    let response = town.client.get(format!("{}{path}", town.server.url())).send().await.unwrap();
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_person_is_played_over_http() {
    let town = Town::new().await;
    let chat = town.chat.to_string();
    let (status, said) =
        post(&town, "/api/act", json!({"act": "say", "as": town.nino, "chat": chat, "text": "Hi"})).await;
    assert_eq!(status, 200, "{said}");
    let id = said["message"].clone();
    assert_eq!(town.updates().await[0]["message"]["text"], "Hi");
    let file = json!({"act": "send_file", "as": town.nino, "chat": chat, "name": "a.png", "mime": "image/png", "base64": "aGk=", "caption": "see", "reply_to": id});
    let (_, sent) = post(&town, "/api/act", file).await;
    let list = get(&town, &format!("/api/chats/{chat}/messages?as={}", town.nino)).await;
    let photo = &list["messages"][1];
    assert_eq!((&photo["id"], &photo["kind"], &photo["reply_to"]), (&sent["message"], &json!("photo"), &id));
    let url = format!("{}{}", town.server.url(), photo["media"]["url"].as_str().unwrap());
    assert_eq!(town.client.get(url).send().await.unwrap().bytes().await.unwrap(), "hi");
    for act in ["edit", "react", "pin", "unpin", "delete"] {
        let act =
            json!({"act": act, "as": town.nino, "chat": chat, "message": id, "text": "Hello", "emoji": "👍"});
        assert_eq!(post(&town, "/api/act", act.clone()).await, (200, json!({})), "{act}");
    }
    let (status, error) =
        post(&town, "/api/act", json!({"act": "say", "as": town.nino, "chat": town.staff, "text": "x"}))
            .await;
    assert_eq!(status, 409);
    assert!(error["error"].as_str().unwrap().contains("may not write"), "{error}");
    let (status, error) = post(&town, "/api/act", json!({"act": "dance"})).await;
    assert!(status == 400 && error["error"].as_str().unwrap().contains("dance"), "{error}");
}

#[tokio::test]
async fn the_client_builds_a_world_and_sees_it() {
    let town = Town::new().await;
    let client = Client::new(&town.server.url());
    let ana = client.create_person("Ana", "es").await.unwrap();
    let desk = client.create_forum(ana, "Desk").await.unwrap();
    let add = act::AddMember {
        person: None,
        chat: desk,
        who: town.bot.id.0,
        status: Some(act::GivenStatus::Administrator),
    };
    client.act(act::Act::AddMember(add)).await.unwrap();
    let here = act::Here { person: ana, chat: desk };
    let topic = act::CreateTopic { here, name: "First".to_owned() };
    let topic = client.act(act::Act::CreateTopic(topic)).await.unwrap().topic.unwrap();
    let state = client.state().await.unwrap();
    let shown = state.chats.iter().find(|chat| chat.chat == desk).unwrap();
    assert_eq!((shown.forum, shown.topics[1].id), (true, topic));
    assert_eq!(state.bots[0].token, town.bot.token);
    let (second, token) = client.create_bot("second_bot").await.unwrap();
    let me = format!("{}/bot{token}/getMe", town.server.url());
    assert_eq!(town.client.get(me).send().await.unwrap().status(), 200);
    client.start(ana, second).await.unwrap();
    let chat = ChatId::private(ana, second);
    let said = client.say(ana, chat, "Hola").await.unwrap();
    let seen = client.messages(chat).await.unwrap();
    assert_eq!((seen[1].id, seen[1].text.as_deref()), (said, Some("Hola")));
    assert!(!client.idle(1).await.unwrap());
    let last = client.journal(0, 10_000).await.unwrap();
    assert_eq!(last.calls.last().map(|call| call.seq), Some(last.last));
    assert!(client.violations().await.unwrap().violations.is_empty());
}

#[tokio::test]
async fn the_client_sets_faults_and_says_what_was_refused() {
    let town = Town::new().await;
    let client = Client::new(&town.server.url());
    let id = client.add_fault(&Fault::new(FaultKind::Slow { ms: 5 }).count(2)).await.unwrap();
    let faults = client.faults().await.unwrap();
    assert_eq!(
        (faults[0].id, faults[0].left, &faults[0].fault.kind),
        (id, Some(2), &FaultKind::Slow { ms: 5 })
    );
    client.remove_faults(Some(id)).await.unwrap();
    client.release().await.unwrap();
    assert!(client.faults().await.unwrap().is_empty());
    let now = town.world.clock().now();
    assert_eq!(client.advance(5).await.unwrap(), now + 5);
    let stranger = client.say(town.nino, town.staff, "x").await.unwrap_err().to_string();
    assert!(stranger.contains("may not write") && stranger.ends_with("(409)"), "{stranger}");
    let missing = client.file(99).await.unwrap_err();
    assert!(matches!(missing, ClientError::Refused { status: 404, .. }), "{missing}");
    let nobody = Client::new("http://127.0.0.1:1").state().await.unwrap_err().to_string();
    assert!(nobody.starts_with("the sandbox at http://127.0.0.1:1 does not answer"), "{nobody}");
    town.call("getMe", json!({})).await;
}

#[tokio::test]
async fn faults_clock_and_journal_are_reached_over_http() {
    let town = Town::new().await;
    let fault = json!({"kind": "429", "retry_after": 3, "method": "sendMessage", "count": 1});
    let (_, id) = post(&town, "/api/faults", fault).await;
    let faults = get(&town, "/api/faults").await;
    assert_eq!((&faults["faults"][0]["kind"], &faults["faults"][0]["left"]), (&json!("429"), &json!(1)));
    assert_eq!(faults["faults"][0]["id"], id["id"]);
    let url = format!("{}/api/faults", town.server.url());
    town.client.delete(url).send().await.unwrap();
    assert_eq!(get(&town, "/api/faults").await["faults"], json!([]));
    let now = town.world.clock().now();
    assert_eq!(post(&town, "/api/clock/advance", json!({"micros": 5})).await.1["now"], now + 5);
    let last = get(&town, "/api/journal").await["last"].as_u64().unwrap();
    town.call("getMe", json!({})).await;
    let calls = get(&town, &format!("/api/journal?after={last}")).await;
    assert_eq!(calls["calls"][0]["method"], "getMe");
    assert!(calls["calls"][0]["answered_at"].is_i64());
    assert_eq!(get(&town, "/api/idle").await["idle"], true);
    town.world.start(town.nino, town.bot.id, None).unwrap();
    assert_eq!(get(&town, "/api/idle?timeout_ms=1").await["idle"], false);
    for path in
        ["/api/nothing", "/api/files/x", "/api/idle?bot=x", "/api/chats/5/messages", "/api/idle?bot=5"]
    {
        assert!(get(&town, path).await["error"].is_string(), "{path}");
    }
}

#[tokio::test]
async fn changes_are_told_as_they_happen() {
    let town = Town::new().await;
    let mut response = town.client.get(format!("{}/api/events", town.server.url())).send().await.unwrap();
    town.world.start(town.nino, town.bot.id, None).unwrap();
    town.call("sendMessage", json!({"chat_id": town.nino, "text": "Hello"})).await;
    let mut seen = String::new();
    while !(seen.contains(r#""text":"Hello""#) && seen.contains(r#""event":"call""#)) {
        seen.push_str(std::str::from_utf8(&response.chunk().await.unwrap().unwrap()).unwrap());
    }
    assert!(seen.contains(r#""event":"message""#), "{seen}");
}

#[tokio::test]
async fn the_page_is_served() {
    let town = Town::new().await;
    for (path, mime) in [("/", "text/html"), ("/app.js", "text/javascript"), ("/style.css", "text/css")] {
        let response = town.client.get(format!("{}{path}", town.server.url())).send().await.unwrap();
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(mime), "{path}");
    }
    town.call("getMe", json!({})).await;
}

#[tokio::test]
async fn a_username_belongs_to_one() {
    let town = Town::new().await;
    let ana = json!({"act": "create_person", "first_name": "Ana", "username": "ana_m"});
    assert_eq!(post(&town, "/api/act", ana.clone()).await.0, 200);
    let taken = [ana, json!({"act": "create_bot", "username": "Lotus_Support_Bot"})];
    for (act, name) in taken.into_iter().zip(["ana_m", "Lotus_Support_Bot"]) {
        let expected = json!({"error": format!("the username @{name} is taken")});
        assert_eq!(post(&town, "/api/act", act).await, (409, expected));
    }
    assert_eq!(get(&town, "/api/state").await["bots"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn pages_of_other_sites_are_kept_out() {
    let town = Town::new().await;
    let url = town.server.url();
    let say = json!({"act": "say", "as": town.nino, "chat": town.chat.to_string(), "text": "Hi"}).to_string();
    let asked = async |name: &str, value: &str| {
        let request = town.client.post(format!("{url}/api/act")).header(name, value).body(say.clone());
        let response = request.header("content-type", "text/plain").send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    for (name, value) in
        [("origin", "http://evil.example"), ("origin", "null"), ("host", "evil.example"), ("host", "[")]
    {
        let (status, said) = asked(name, value).await;
        assert!(status == 403 && said.starts_with(r#"{"error":""#), "{name} {value}: {status} {said}");
    }
    for (name, value) in [("origin", url.as_str()), ("host", "localhost:8081"), ("accept", "*/*")] {
        assert_eq!(asked(name, value).await.0, 200, "{name} {value}");
    }
    assert_eq!(town.updates().await.len(), 3, "only what was let in was said");
    let bot = town.client.get(town.url("getMe")).header("host", "telegram.test").header("origin", "http://x");
    assert_eq!(bot.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_file_that_a_browser_would_run_is_only_saved() {
    let town = Town::new().await;
    for (name, mime, shown) in
        [("x.html", "text/html", false), ("x.svg", "image/svg+xml", false), ("x.ogg", "audio/ogg", true)]
    {
        let act = json!({"act": "send_file", "as": town.nino, "chat": town.chat.to_string(), "name": name, "mime": mime, "media": "document", "base64": "aGk="});
        assert_eq!(post(&town, "/api/act", act).await.0, 200);
        let message = town.world.last_message(town.chat).unwrap();
        let file = &serde_json::to_value(&message).unwrap()["media"];
        let served = format!("{}{}", town.server.url(), file["url"].as_str().unwrap());
        let path = town
            .call("getFile", json!({"file_id": town.updates().await[0]["message"]["document"]["file_id"]}))
            .await;
        let path = path["file_path"].as_str().unwrap();
        let downloaded = format!("{}/file/bot{}/{path}", town.server.url(), town.bot.token);
        for url in [served, downloaded] {
            let response = town.client.get(&url).send().await.unwrap();
            assert_eq!(response.headers()["x-content-type-options"], "nosniff");
            let saved =
                response.headers().get("content-disposition").is_some_and(|value| value == "attachment");
            assert_eq!(saved, !shown, "{url}");
        }
    }
}
