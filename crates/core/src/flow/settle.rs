//! Dead letters: what is given up, kept for a person, and told to the one who waits for an answer.

use std::panic::catch_unwind;

use serde_json::json;

use super::event;
use super::group::{Settled, Work};
use super::job::{APOLOGY, NUMBERS_PER_UPDATE};
use crate::app::App;
use crate::bot::Bot;
use crate::clock::Timestamp;
use crate::flow::{Call, JobId, MessageRef};
use crate::store::dead_letters::DeadLetter;
use crate::store::{dead_letters, inbox, jobs};

impl<B: Bot> App<B> {
    /// Makes a dead letter of an update, and queues the sentence that tells the person.
    pub(crate) async fn bury_update(
        &self,
        work: &Work,
        reason: &str,
        why: &str,
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        let mut tx = self.shared.db.begin().await?;
        for row in &work.rows {
            let letter = DeadLetter {
                id: 0,
                what: "update".to_owned(),
                reference: row.seq,
                lane: row.lane.clone(),
                chat_id: row.chat_id,
                kind: row.kind.clone(),
                content: json!({"update_id": row.update_id, "album": row.album, "raw": row.raw}).to_string(),
                reason: reason.to_owned(),
                error: self.shared.masker.mask(why).into_owned(),
                attempts: row.attempts + 1,
                died_at: now,
            };
            dead_letters::insert(&mut tx, &letter).await?;
        }
        // Its number stays known for as long as any other's: an update that kills the process was perhaps never
        // confirmed to Telegram, and would come again as a new one.
        let seqs: Vec<i64> = work.rows.iter().map(|row| row.seq).collect();
        inbox::done(&mut tx, &seqs, now).await?;
        let apology = self.apology(work, now);
        jobs::insert(&mut tx, apology.as_slice()).await?;
        // What Telegram says of a chat is true, whatever became of the handler.
        let mut settled = Settled::default();
        // One that panics where it is read has no facts to tell.
        if let Ok(Some(event)) = catch_unwind(|| event::parse(work.head())) {
            self.facts(&mut tx, &event, work.head(), now, &mut settled).await?;
        }
        let committed = tx.commit().await;
        // As after every commit: one that failed may be stored all the same.
        self.publish(&settled, now);
        if let Some(job) = &apology {
            self.shared.jobs().notify(&job.lane, 0);
            self.shared.jobs_wake.notify_one();
        }
        committed?;
        self.shared.metrics.update(&work.head().kind, "dead");
        tracing::error!(
            lane = %self.shared.masker.lane(&work.head().lane),
            kind = %work.head().kind,
            "an update became a dead letter: see `dead-letters list`"
        );
        Ok(())
    }

    /// "Something went wrong", in the language of the person, under what they wrote. Nobody waits for an
    /// answer to an edit, a reaction or an event.
    fn apology(&self, work: &Work, now: Timestamp) -> Option<jobs::Row> {
        #[derive(serde::Deserialize)]
        struct Asked {
            from: Option<Person>,
            message_id: Option<i64>,
            message_thread_id: Option<i64>,
            is_topic_message: Option<bool>,
        }
        #[derive(serde::Deserialize)]
        struct Person {
            language_code: Option<String>,
            #[serde(default)]
            is_bot: bool,
        }
        let head = work.head();
        let chat = head.chat_id.filter(|_| head.kind == "message")?;
        let asked: Asked = serde_json::from_str(&head.raw).ok()?;
        let person = asked.from.filter(|person| !person.is_bot)?;
        let language = person.language_code;
        let text = self.shared.texts.plain(language.as_deref(), "error-went-wrong");
        let mut body = json!({"chat_id": chat, "text": text});
        if asked.is_topic_message == Some(true) {
            body["message_thread_id"] = json!(asked.message_thread_id);
        }
        let mut call = Call::raw("sendMessage", body).in_lane(head.lane.clone());
        if let Some(message) = asked.message_id {
            call = call.reply_to(MessageRef::Id(message));
        }
        Some(call.row(JobId(head.seq * NUMBERS_PER_UPDATE + APOLOGY), &head.lane, now))
    }
}
