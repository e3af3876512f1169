//! Polls.

use std::collections::BTreeMap;

use super::json::{Object, quoted};

/// A poll and its votes.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the Bot API has these switches, each on its own")]
pub(crate) struct Poll {
    pub id: String,
    pub question: String,
    pub options: Vec<String>,
    pub anonymous: bool,
    pub multiple: bool,
    pub quiz: bool,
    /// Right answers of a quiz.
    pub correct: Vec<usize>,
    pub closed: bool,
    /// The bot that sent it, which hears of votes.
    pub owner: Option<i64>,
    /// Votes by person.
    pub votes: BTreeMap<i64, Vec<usize>>,
}

impl Poll {
    /// The `Poll` object.
    pub fn json(&self) -> String {
        let options: Vec<String> = self
            .options
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let count = self.votes.values().filter(|votes| votes.contains(&index)).count();
                format!(r#"{{"persistent_id":"{index}","text":{},"voter_count":{count}}}"#, quoted(text))
            })
            .collect();
        let mut object = Object::with_capacity(256);
        object
            .text("id", &self.id)
            .text("question", &self.question)
            .raw("options", &format!("[{}]", options.join(",")))
            .plain("total_voter_count", self.votes.len())
            .plain("is_closed", self.closed)
            .plain("is_anonymous", self.anonymous)
            .text("type", if self.quiz { "quiz" } else { "regular" })
            .plain("allows_multiple_answers", self.multiple)
            .plain("allows_revoting", !self.quiz)
            .plain("members_only", false);
        if self.quiz {
            object.raw("correct_option_ids", &format!("{:?}", self.correct));
        }
        object.end()
    }
}
