//! The stand-in for Google: a signed claim becomes a token, and rows come to stand in a sheet.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Method;
use rustls::SignatureScheme;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sandbox::client::Client;
use sandbox::client::standins::{GoogleFault, GoogleFaultKind, Quota};
use serde_json::{Value, json};

use crate::support::{START, Town};

/// A service account that has its token, and a spreadsheet.
struct Desk {
    town: Town,
    control: Client,
    account: Value,
    token: String,
    book: String,
}

impl Desk {
    async fn open() -> Self {
        let town = Town::new().await;
        let control = Client::new(&town.server.url());
        let account = town.client.get(format!("{}/google/service-account.json", town.server.url()));
        let account = serde_json::from_str(&account.send().await.unwrap().text().await.unwrap()).unwrap();
        let book = control.create_spreadsheet("Orders", &["orders", "My log"]).await.unwrap();
        let mut desk = Self { town, control, account, token: String::new(), book };
        let (status, granted) = desk.claim(json!({})).await;
        assert_eq!((status, &granted["token_type"]), (200, &json!("Bearer")), "{granted}");
        granted["access_token"].as_str().unwrap().clone_into(&mut desk.token);
        desk
    }

    /// Asks for a token with a claim that differs so from a good one.
    async fn claim(&self, changes: Value) -> (u16, Value) {
        let now = START / 1_000_000;
        let mut claims = json!({"iss": self.account["client_email"], "aud": self.account["token_uri"], "iat": now,
            "exp": now + 3_600, "scope": "https://www.googleapis.com/auth/spreadsheets"});
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&json!({"alg": "RS256", "typ": "JWT"})), encode(&claims));
        let pem = self.account["private_key"].as_str().unwrap();
        let der =
            STANDARD.decode(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>()).unwrap();
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der));
        let key = rustls::crypto::ring::sign::any_supported_type(&der).unwrap();
        let hand = key.choose_scheme(&[SignatureScheme::RSA_PKCS1_SHA256]).unwrap();
        let signature = URL_SAFE_NO_PAD.encode(hand.sign(signed.as_bytes()).unwrap());
        let form =
            format!("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion={signed}.{signature}");
        let url = self.account["token_uri"].as_str().unwrap();
        let request = self.town.client.post(url).header("content-type", "application/x-www-form-urlencoded");
        let response = request.body(form).send().await.unwrap();
        (response.status().as_u16(), serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> reqwest::Result<(u16, Value)> {
        let url = format!("{}/google/v4/spreadsheets/{}{path}", self.town.server.url(), self.book);
        let request =
            self.town.client.request(method, url).header("authorization", format!("Bearer {}", self.token));
        let response = request.body(body.to_string()).send().await?;
        Ok((response.status().as_u16(), serde_json::from_str(&response.text().await?).unwrap()))
    }

    async fn append(&self, option: &str, rows: Value) -> (u16, Value) {
        let path = format!("/values/orders!A1:append?valueInputOption={option}&insertDataOption=INSERT_ROWS");
        self.send(Method::POST, &path, json!({"values": rows})).await.unwrap()
    }

    async fn read(&self, range: &str) -> Value {
        self.send(Method::GET, &format!("/values/{range}"), Value::Null).await.unwrap().1
    }

    async fn close(self) {
        self.town.call("getMe", json!({})).await;
    }
}

#[tokio::test]
async fn rows_are_appended_below_the_table() {
    let desk = Desk::open().await;
    let (status, first) = desk.append("RAW", json!([["time", "customer"], ["1", "Aragvi"]])).await;
    assert_eq!((status, &first["updates"]["updatedRange"]), (200, &json!("orders!A1:B2")), "{first}");
    assert_eq!(first.get("tableRange"), None);
    let (_, second) = desk.append("RAW", json!([["2", "=HYPERLINK(1)"]])).await;
    assert_eq!(
        (&second["tableRange"], &second["updates"]["updatedCells"]),
        (&json!("orders!A1:B2"), &json!(2))
    );
    desk.append("USER_ENTERED", json!([["10.5", "=HYPERLINK(1)", null, ""]])).await;
    let shown = desk.read("orders!A2:Z").await;
    assert_eq!(shown["values"], json!([["1", "Aragvi"], ["2", "=HYPERLINK(1)"], ["10.5", "#NAME?"]]));
    let columns = desk.read("orders!B:B?majorDimension=COLUMNS").await;
    assert_eq!(columns["values"], json!([["customer", "Aragvi", "=HYPERLINK(1)", "#NAME?"]]));
    let sheet = desk.control.spreadsheet(&desk.book).await.unwrap();
    let kinds: Vec<&str> = sheet.sheets[0].rows.iter().map(|row| row[1].0.as_str()).collect();
    assert_eq!(kinds, ["text", "text", "text", "formula"]);
    desk.close().await;
}

#[tokio::test]
async fn cells_are_written_in_place_and_errors_are_googles() {
    let desk = Desk::open().await;
    let put = desk.send(
        Method::PUT,
        "/values/'My%20log'!B2%3AC2?valueInputOption=RAW",
        json!({"values": [[1, true]]}),
    );
    assert_eq!(put.await.unwrap().1["updatedRange"], "'My log'!B2:C2");
    let (_, all) =
        desk.send(Method::GET, "/values:batchGet?ranges='My log'!2:2&ranges=A1", Value::Null).await.unwrap();
    assert_eq!(all["valueRanges"][0]["values"], json!([["", "1", "TRUE"]]));
    for (path, body, code, word) in [
        ("/values/nowhere!A1?valueInputOption=RAW", json!({"values": [[1]]}), 400, "INVALID_ARGUMENT"),
        ("/values/A1", json!({"values": [[1]]}), 400, "INVALID_ARGUMENT"),
        ("/values/A5000?valueInputOption=RAW", json!({"values": [[1]]}), 400, "INVALID_ARGUMENT"),
        ("/values/A1:B1?valueInputOption=RAW", json!({"values": [[1], [2]]}), 400, "INVALID_ARGUMENT"),
        ("/values/A1?valueInputOption=RAW", json!({"values": [[{}]]}), 400, "INVALID_ARGUMENT"),
        ("x/values/A1?valueInputOption=RAW", json!({}), 404, "NOT_FOUND"),
    ] {
        let (status, answer) = desk.send(Method::PUT, path, body).await.unwrap();
        let error = &answer["error"];
        assert_eq!(
            (status, &error["code"], &error["status"]),
            (code, &json!(code), &json!(word)),
            "{path}: {answer}"
        );
    }
    desk.control.share_spreadsheet(&desk.book, false).await.unwrap();
    assert_eq!(desk.read("A1").await["error"]["status"], "PERMISSION_DENIED");
    desk.close().await;
}

#[tokio::test]
async fn quotas_end_and_answers_get_lost() {
    let desk = Desk::open().await;
    let quota = Quota { reads_per_minute: None, writes_per_minute: Some(2) };
    desk.control.set_google_quota(quota).await.unwrap();
    let fault =
        GoogleFault { kind: GoogleFaultKind::LostReply, times: Some(1), path: Some(":append".to_owned()) };
    desk.control.add_google_fault(&fault).await.unwrap();
    let path = "/values/orders:append?valueInputOption=RAW";
    assert!(desk.send(Method::POST, path, json!({"values": [["order-1"]]})).await.is_err());
    assert_eq!(desk.read("orders").await["values"], json!([["order-1"]]));
    assert_eq!(desk.append("RAW", json!([["order-2"]])).await.0, 200);
    let (status, over) = desk.append("RAW", json!([["order-3"]])).await;
    assert_eq!((status, &over["error"]["status"]), (429, &json!("RESOURCE_EXHAUSTED")));
    desk.town.world.clock().advance(60_000_000);
    assert_eq!(desk.append("RAW", json!([["order-3"]])).await.0, 200);
    let calls = desk.control.google_requests().await.unwrap();
    let ends: Vec<(u16, bool)> = calls.iter().map(|call| (call.status, call.done)).collect();
    assert_eq!(ends, [(0, true), (200, true), (200, true), (429, false), (200, true)]);
    desk.close().await;
}

#[tokio::test]
async fn only_a_good_claim_becomes_a_token() {
    let mut desk = Desk::open().await;
    let now = START / 1_000_000;
    for (changes, word) in [
        (json!({"iat": now - 7_200, "exp": now - 3_600}), "invalid_grant"),
        (json!({"exp": now + 7_200}), "invalid_grant"),
        (json!({"aud": "https://example.com/token"}), "invalid_grant"),
        (json!({"iss": "somebody@example.com"}), "invalid_grant"),
        (json!({"scope": ""}), "invalid_scope"),
    ] {
        let (status, answer) = desk.claim(changes.clone()).await;
        assert_eq!((status, &answer["error"]), (400, &json!(word)), "{changes}");
    }
    let (_, reader) =
        desk.claim(json!({"scope": "https://www.googleapis.com/auth/spreadsheets.readonly"})).await;
    reader["access_token"].as_str().unwrap().clone_into(&mut desk.token);
    assert_eq!(desk.append("RAW", json!([["x"]])).await.1["error"]["status"], "PERMISSION_DENIED");
    assert_eq!(desk.read("orders").await["range"], "orders!A1:Z1000");
    desk.town.world.clock().advance(3_601_000_000);
    assert_eq!(desk.read("orders").await["error"]["code"], 401);
    desk.close().await;
}
