//! Polls: what they ask, who voted how, and when they close.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::json::{Object, quoted};
use super::message::{Content, Kind};
use super::state::State;
use super::timers::Due;
use crate::ids::{BotId, ChatId, MessageId, PersonId};

/// A text with its entities as JSON, both empty for none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Words {
    pub text: String,
    pub entities: String,
}

impl Words {
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), entities: String::new() }
    }

    fn write(&self, object: &mut Object, name: &str) {
        if !self.text.is_empty() {
            object.text(name, &self.text);
            if !self.entities.is_empty() {
                object.raw(&format!("{name}_entities"), &self.entities);
            }
        }
    }
}

/// An answer that can be chosen.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct PollChoice {
    pub words: Words,
    /// A `PollMedia` object; empty for none.
    pub media: String,
    pub voters: usize,
}

/// A poll and its votes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the Bot API has these switches, each on its own")]
pub(crate) struct Poll {
    pub id: String,
    pub question: Words,
    pub choices: Vec<PollChoice>,
    pub anonymous: bool,
    pub multiple: bool,
    pub revoting: bool,
    pub members_only: bool,
    pub country_codes: Vec<String>,
    pub quiz: bool,
    /// Right answers of a quiz.
    pub correct: Vec<usize>,
    pub explanation: Words,
    /// `PollMedia` objects; empty for none.
    pub explanation_media: String,
    pub description: Words,
    pub media: String,
    /// Seconds that it stays open, and when it closes (seconds since 1970 UTC); 0 for polls that do not close.
    pub open_period: i64,
    pub close_date: i64,
    pub closed: bool,
    /// The bot that sent it, which hears of votes.
    pub owner: Option<i64>,
    /// Votes by person.
    pub votes: BTreeMap<i64, Vec<usize>>,
}

impl Poll {
    /// An anonymous poll in which one answer can be chosen.
    pub fn simple(question: &str, options: &[String]) -> Self {
        let choice = |text: &String| PollChoice { words: Words::plain(text), ..PollChoice::default() };
        Self {
            question: Words::plain(question),
            choices: options.iter().map(choice).collect(),
            anonymous: true,
            revoting: true,
            ..Self::default()
        }
    }

    /// The `Poll` object; `in_message`: with what only messages show of it.
    pub fn json(&self, in_message: bool) -> String {
        let options: Vec<String> =
            self.choices.iter().enumerate().map(|(index, choice)| choice_json(index, choice)).collect();
        let mut object = Object::with_capacity(512);
        object.text("id", &self.id);
        self.question.write(&mut object, "question");
        object
            .raw("options", &format!("[{}]", options.join(",")))
            .plain("total_voter_count", self.votes.len());
        if self.open_period != 0 {
            object.plain("open_period", self.open_period).plain("close_date", self.close_date);
        }
        object
            .plain("is_closed", self.closed)
            .plain("is_anonymous", self.anonymous)
            .plain("allows_multiple_answers", self.multiple)
            .plain("allows_revoting", self.revoting)
            .plain("members_only", self.members_only);
        if !self.country_codes.is_empty() {
            object.raw("country_codes", &serde_json::json!(self.country_codes).to_string());
        }
        object.text("type", if self.quiz { "quiz" } else { "regular" });
        if self.quiz {
            object.raw("correct_option_ids", &format!("{:?}", self.correct));
            self.explanation.write(&mut object, "explanation");
            if !self.explanation_media.is_empty() {
                object.raw("explanation_media", &self.explanation_media);
            }
        }
        if in_message {
            self.description.write(&mut object, "description");
            if !self.media.is_empty() {
                object.raw("media", &self.media);
            }
        }
        object.end()
    }

    /// Counts a vote, or with no options takes it back.
    fn count(&mut self, person: i64, options: &[usize]) {
        let old = if options.is_empty() {
            self.votes.remove(&person)
        } else {
            self.votes.insert(person, options.to_vec())
        };
        for index in old.unwrap_or_default() {
            if let Some(choice) = self.choices.get_mut(index) {
                choice.voters = choice.voters.saturating_sub(1);
            }
        }
        for index in options {
            if let Some(choice) = self.choices.get_mut(*index) {
                choice.voters = choice.voters.saturating_add(1);
            }
        }
    }
}

fn choice_json(index: usize, choice: &PollChoice) -> String {
    let mut object = Object::new();
    object.text("persistent_id", &index.to_string()).raw("text", &quoted(&choice.words.text));
    if !choice.words.entities.is_empty() {
        object.raw("text_entities", &choice.words.entities);
    }
    if !choice.media.is_empty() {
        object.raw("media", &choice.media);
    }
    object.plain("voter_count", choice.voters);
    object.end()
}

impl State {
    /// Books a poll and gives it its id. The content names the poll: copies that were forwarded show the same one.
    pub fn poll(&mut self, mut poll: Poll) -> Content {
        poll.id = self.number("polls", 5_000_000_000).to_string();
        if poll.open_period != 0 && !poll.closed {
            self.at_second(poll.close_date, Due::ClosePoll(poll.id.clone()));
        }
        let content = Content::new(Kind::Poll, poll.id.as_str());
        self.polls.insert(poll.id.clone(), poll);
        content
    }

    /// The `Poll` object that a message shows.
    pub fn poll_json(&self, content: &Content) -> String {
        self.polls.get(&*content.body).map_or_else(|| "{}".to_owned(), |poll| poll.json(true))
    }

    /// Closes a poll and tells its bot; false when it was closed already.
    pub fn close_poll(&mut self, id: &str) -> bool {
        let Some(poll) = self.polls.get_mut(id).filter(|poll| !poll.closed) else { return false };
        poll.closed = true;
        let (json, owner) = (poll.json(false), poll.owner);
        if let Some(bot) = owner {
            self.push(BotId(bot), "poll", None, &json);
        }
        true
    }

    pub fn cast_vote(
        &mut self,
        person: PersonId,
        chat: ChatId,
        id: MessageId,
        poll: &str,
        options: &[usize],
    ) -> Result<(), super::Refused> {
        let Some(votes) = self.polls.get_mut(poll) else {
            return super::Refused::because(format!("message {id} is no poll"));
        };
        let fits = options.iter().all(|option| *option < votes.choices.len());
        if votes.closed || !fits || (options.len() > 1 && !votes.multiple) {
            return super::Refused::because("the poll is closed, or has no such options");
        }
        if !votes.revoting && votes.votes.contains_key(&person.0) {
            return super::Refused::because("a vote in this poll is final");
        }
        votes.count(person.0, options);
        let (json, owner, anonymous) = (votes.json(false), votes.owner, votes.anonymous);
        self.show(chat, id, "edited");
        let Some(bot) = owner.map(BotId) else { return Ok(()) };
        self.push(bot, "poll", Some(chat), &json);
        if !anonymous && let Some(user) = self.users.get(&person.0) {
            let ids: Vec<String> = options.iter().map(|option| format!("\"{option}\"")).collect();
            let mut answer = Object::with_capacity(256);
            answer
                .text("poll_id", poll)
                .raw("user", &user.json)
                .raw("option_ids", &format!("{options:?}"))
                .raw("option_persistent_ids", &format!("[{}]", ids.join(",")));
            self.push(bot, "poll_answer", Some(chat), &answer.end());
        }
        Ok(())
    }
}
