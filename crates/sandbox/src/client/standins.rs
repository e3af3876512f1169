//! The stand-ins for OpenAI and Google, arranged.

pub use crate::standins::google::{
    GoogleFault, GoogleFaultKind, Quota, SheetView, SheetsCall, SpreadsheetView,
};
pub use crate::standins::openai::{Asked, KEY, MODELS, Reply, Script, SetScript, ToolCall};

use bytes::Bytes;

use super::{Answer, Client};
use crate::server::control::wire::Nothing;
use crate::standins::google::control::{CreateSpreadsheet, Share, SheetsCalls, SpreadsheetId};
use crate::standins::openai::control::{Requests, ScriptId};

impl Client {
    /// Tells the chat endpoint what to answer; returns the script's id.
    pub async fn script_openai(&self, script: &Script) -> Answer<u64> {
        let ScriptId { id } = self.post("/api/openai/scripts", script).await?;
        Ok(id)
    }

    /// Tells the chat endpoint what to answer once, to whatever comes.
    pub async fn answer_once(&self, reply: Reply) -> Answer<u64> {
        self.script_openai(&Script { matches: None, times: Some(1), delay_ms: 0, reply }).await
    }

    /// Takes all scripts away.
    pub async fn clear_openai(&self) -> Answer<()> {
        self.read::<Nothing>("DELETE", "/api/openai/scripts", Bytes::new()).await.map(drop)
    }

    /// The newest requests of the chat endpoint that are kept, oldest first.
    pub async fn openai_requests(&self) -> Answer<Vec<Asked>> {
        let Requests { requests, .. } = self.get("/api/openai/requests?limit=100000").await?;
        Ok(requests)
    }

    /// Makes a spreadsheet that the service account may write; returns its id.
    pub async fn create_spreadsheet(&self, title: &str, sheets: &[&str]) -> Answer<String> {
        let sheets = sheets.iter().map(|sheet| (*sheet).to_owned()).collect();
        let body = CreateSpreadsheet { title: title.to_owned(), sheets };
        let SpreadsheetId { id } = self.post("/api/google/sheets", &body).await?;
        Ok(id)
    }

    /// A spreadsheet with all its cells.
    pub async fn spreadsheet(&self, id: &str) -> Answer<SpreadsheetView> {
        self.get(&format!("/api/google/sheets/{id}")).await
    }

    /// Shares a spreadsheet with the service account, or takes that back.
    pub async fn share_spreadsheet(&self, id: &str, on: bool) -> Answer<()> {
        self.post::<Nothing>(&format!("/api/google/sheets/{id}/share"), &Share { on }).await.map(drop)
    }

    /// Sets how many requests a minute the Sheets API takes.
    pub async fn set_google_quota(&self, quota: Quota) -> Answer<()> {
        self.post::<Nothing>("/api/google/quota", &quota).await.map(drop)
    }

    /// Lets requests of the Sheets API go wrong.
    pub async fn add_google_fault(&self, fault: &GoogleFault) -> Answer<()> {
        self.post::<Nothing>("/api/google/faults", fault).await.map(drop)
    }

    /// The newest calls of the Sheets API that are kept, oldest first.
    pub async fn google_requests(&self) -> Answer<Vec<SheetsCall>> {
        let SheetsCalls { requests, .. } = self.get("/api/google/requests?limit=100000").await?;
        Ok(requests)
    }
}
