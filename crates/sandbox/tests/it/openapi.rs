//! The control API is what its document says, and takes anything without falling over.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::Town;

async fn document(town: &Town) -> Value {
    let response = town.client.get(format!("{}/api/openapi.json", town.server.url())).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn every_path_of_the_document_answers() {
    let town = Town::new().await;
    // One of the paths goes back to it.
    town.world.remember_opening();
    let document = document(&town).await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut operations = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            let url = format!("{}{}", town.server.url(), path.replace(['{', '}'], ""));
            let method = method.to_uppercase().parse().unwrap();
            let response = town.client.request(method, url).send().await.unwrap();
            let status = response.status().as_u16().to_string();
            assert!(operation["responses"][&status].is_object(), "{path}: {status} is not in the document");
        }
    }
    assert!(operations >= 17, "{operations}");
    town.call("getMe", json!({})).await;
}

#[tokio::test]
async fn every_path_in_the_code_is_in_the_document() {
    let town = Town::new().await;
    let document = document(&town).await;
    let mut found = 0;
    for text in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server")) {
        for literal in text.split('"').filter(|literal| literal.starts_with("/api/")) {
            let is_page = literal == "/api/docs" || literal.contains("{number}");
            assert!(is_page || document["paths"][literal].is_object(), "{literal} is not in the document");
            found += 1;
        }
    }
    assert!(found >= 17, "{found}");
    town.call("getMe", json!({})).await;
}

fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(
            |path| {
                if path.is_dir() { sources(&path) } else { vec![std::fs::read_to_string(path).unwrap()] }
            },
        )
        .collect()
}

#[tokio::test]
async fn every_reference_in_the_document_leads_somewhere() {
    let town = Town::new().await;
    let document = document(&town).await;
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
    let acts = document["components"]["schemas"]["Act"]["oneOf"].as_array().unwrap();
    assert!(acts.len() >= 35, "{}", acts.len());
    town.call("getMe", json!({})).await;
}

#[tokio::test]
async fn malformed_bodies_are_told_apart_and_end_nothing() {
    let town = Town::new().await;
    let act = |body: Vec<u8>| ("POST", "/api/act", "application/json", body);
    let text = |body: &str| act(body.as_bytes().to_vec());
    let deep = "[".repeat(100_000);
    for ((method, path, kind, body), status) in [
        (text(""), 400),
        (text("{"), 400),
        (text("[]"), 400),
        (text("null"), 400),
        (text(r#"{"act":"dance"}"#), 400),
        (text(r#"{"act":0,"as":1,"chat":"-1","text":"x"}"#), 400),
        (text(r#"{"act":"say"}"#), 400),
        (text(r#"{"act":"say","as":"nino","chat":"-1","text":"x"}"#), 400),
        (text(r#"{"act":"say","as":1,"chat":5,"text":"x"}"#), 400),
        (text(r#"{"act":"say","as":99999999999999999999,"chat":"-1","text":"x"}"#), 400),
        (text(r#"{"act":"say","as":1,"chat":"-1","text":"x"}"#), 404),
        (text(r#"{"act":"leave","as":2000001,"chat":"-1001"}"#), 404),
        (text(r#"{"act":"pin","as":2000001,"chat":"-1002000000001","message":99}"#), 404),
        (text(r#"{"act":"join","as":2000001.0,"chat":"-1002000000001"}"#), 409),
        (text(&format!(r#"{{"act":"raw_update","bot":1000001,"update":{deep}"#)), 400),
        (text("{\"act\":\"say\u{0}\"}"), 400),
        (act(b"{\"act\":\"\xff\xfe\"}".to_vec()), 400),
        (act(vec![b' '; 97 * 1024 * 1024]), 413),
        (("POST", "/api/act", "image/png", b"{}".to_vec()), 415),
        (("POST", "/api/faults", "multipart/form-data", b"{}".to_vec()), 415),
        (("POST", "/api/faults", "application/json", br#"{"kind":"429","retry_after":-1}"#.to_vec()), 400),
        (("POST", "/api/faults", "application/json", br#"{"kind":"5xx","code":200}"#.to_vec()), 400),
        (("POST", "/api/faults", "application/json", br#"{"kind":"cut","chance":1e9}"#.to_vec()), 400),
        (("POST", "/api/load", "application/json", b"\xff".to_vec()), 400),
        (("POST", "/api/clock/advance", "application/json", b"[5]".to_vec()), 400),
        (
            (
                "POST",
                "/api/openai/scripts",
                "application/json",
                br#"{"kind":"text","text":"x","match":"("}"#.to_vec(),
            ),
            409,
        ),
        (("POST", "/api/google/faults", "application/json", br#"{"kind":3}"#.to_vec()), 400),
        (("PUT", "/api/act", "application/json", b"{}".to_vec()), 405),
        (("POST", "/api/state", "application/json", b"{}".to_vec()), 405),
        (("GET", "/api/nothing", "text/plain", Vec::new()), 404),
        (("GET", "/api/chats/%00/messages", "text/plain", Vec::new()), 400),
        (("GET", "/api/chats/%ff%fe/messages", "text/plain", Vec::new()), 400),
        (("GET", "/api/chats/-1/messages", "text/plain", Vec::new()), 404),
        (("GET", "/api/chats/-1002000000001/messages?as=2000002", "text/plain", Vec::new()), 409),
        (("GET", "/api/files/-1", "text/plain", Vec::new()), 400),
        (("GET", "/api/files/99", "text/plain", Vec::new()), 404),
        (("GET", "/api/journal?after=-1", "text/plain", Vec::new()), 400),
        (("GET", "/api/journal?limit=%00", "text/plain", Vec::new()), 400),
        (("DELETE", "/api/faults?id=7", "text/plain", Vec::new()), 404),
    ] {
        let told = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let url = format!("{}{path}", town.server.url());
        let request = town.client.request(method.parse().unwrap(), url).header("content-type", kind);
        let response = request.body(body).send().await.unwrap();
        let got = response.status().as_u16();
        let answer: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!(got, status, "{method} {path} {told}: {answer}");
        assert!(answer["error"].as_str().unwrap().len() > 10, "{answer}");
    }
    town.call("getMe", json!({})).await;
}
