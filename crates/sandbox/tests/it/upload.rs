//! Pictures and uploads for the tests of media.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::Town;

/// A picture of one colour.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height).write_to(&mut out, format).unwrap();
    out.into_inner()
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    picture(width, height, ImageFormat::Jpeg)
}

/// Width and height of a picture that came down.
pub fn pixels(bytes: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory(bytes).unwrap();
    (picture.width(), picture.height())
}

impl Town {
    /// Calls a method with the fields of an object, and files by field, name and bytes; returns the whole answer.
    pub async fn send(&self, method: &str, texts: Value, files: &[(&str, &str, Vec<u8>)]) -> Value {
        let mut form = Form::new();
        for (name, value) in texts.as_object().unwrap() {
            form = form.text(name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
        for (field, name, bytes) in files {
            form = form.part((*field).to_owned(), Part::bytes(bytes.clone()).file_name((*name).to_owned()));
        }
        let answer = self.client.post(self.url(method)).multipart(form).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// Sends one file to Nino; returns the message.
    pub async fn send_one(&self, method: &str, field: &str, name: &str, bytes: Vec<u8>) -> Value {
        let answer = self.send(method, json!({"chat_id": self.nino}), &[(field, name, bytes)]).await;
        assert_eq!(answer["ok"], true, "{answer}");
        answer["result"].clone()
    }

    /// The description of an upload to Nino that must fail.
    pub async fn send_fails(&self, method: &str, field: &str, name: &str, bytes: Vec<u8>) -> String {
        let answer = self.send(method, json!({"chat_id": self.nino}), &[(field, name, bytes)]).await;
        assert_eq!(answer["ok"], false, "{answer}");
        answer["description"].as_str().unwrap().to_owned()
    }

    /// getFile and the download behind it.
    pub async fn download(&self, file_id: &Value) -> Vec<u8> {
        let file = self.call("getFile", json!({ "file_id": file_id })).await;
        let path = file["file_path"].as_str().unwrap();
        let url = format!("{}/file/bot{}/{path}", self.server.url(), self.bot.token);
        let bytes = self.client.get(url).send().await.unwrap().bytes().await.unwrap().to_vec();
        assert_eq!(file["file_size"], bytes.len());
        bytes
    }
}
