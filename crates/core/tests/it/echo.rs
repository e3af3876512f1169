//! A bot that does what it is told, to see what core makes of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use frontdesk_core::Bot;
use frontdesk_core::clock::Stopwatch;
use frontdesk_core::db::{Migration, Migrations};
use frontdesk_core::flow::{Call, Ctx, Event, Job, JobError, JobId, MessageRef, Outcome, Tell, TopicRef};
use frontdesk_core::on;
use frontdesk_core::telegram::Me;
use serde_json::{Value, json};
use sqlx::query;
use teloxide::types::Message;

/// See [`Route`] for what it understands; everything else it repeats.
#[derive(Clone, Debug, Default)]
pub struct Echo {
    /// How often a handler that can fail was run.
    pub tries: Arc<AtomicU32>,
    /// How often a job of its own kind was run.
    pub runs: Arc<AtomicU32>,
}

/// What a message asks for.
#[derive(Clone, Debug)]
pub enum Ask {
    /// Repeat it.
    Echo,
    /// `fail`: an error each time.
    Fail,
    /// `flaky N`: an error so many times, then an echo.
    Flaky(u32),
    /// `panic`.
    Panic,
    /// `slow`: never ends by itself.
    Slow,
    /// `heavy`: statements that take 150 ms together, and an echo.
    Heavy,
    /// `swallow`: a statement fails and the handler goes on.
    Swallow,
    /// `button`: a message with buttons.
    Button,
    /// `later N`: a reminder in N seconds.
    Later(u64),
    /// `schedule N`: a message in N seconds.
    Schedule(u64),
    /// `cancel`: a reminder in a minute, taken back at once; and a message behind a job that is taken back.
    Cancel,
    /// `work HOW`: a job of its own kind that ends so.
    Work(String),
    /// `pay`: a call that is never repeated blindly.
    Pay,
    /// `topic GROUP`: a topic in that forum, and two messages in it.
    Topic(i64),
    /// `insist CHAT`: a message there that waits while the chat is parked.
    Insist(i64),
    /// `note …`: nothing but a row in its table.
    Note,
    /// `to CHAT …`: a message there, whose end nobody asks for.
    To(i64),
    /// `tell CHAT`: a message to another chat, whose end is reported.
    Tell(i64),
    /// `edit`: a message, and an edit of it.
    Edit,
    /// `typing`: a sign that somebody writes, which counts against no chat's limit.
    Typing,
}

pub enum Route {
    Ask { ask: Ask, chat: i64, topic: Option<i64>, message: i64, text: String },
    Album { chat: i64, parts: usize },
    Tapped { query: String, data: String },
    Result { tag: String, outcome: Outcome },
    Edited { text: String },
    Status { status: String },
}

fn ask(text: &str) -> Ask {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    match word {
        "fail" => Ask::Fail,
        "flaky" => Ask::Flaky(rest.parse().unwrap()),
        "panic" => Ask::Panic,
        "slow" => Ask::Slow,
        "heavy" => Ask::Heavy,
        "swallow" => Ask::Swallow,
        "button" => Ask::Button,
        "later" => Ask::Later(rest.parse().unwrap()),
        "schedule" => Ask::Schedule(rest.parse().unwrap()),
        "cancel" => Ask::Cancel,
        "work" => Ask::Work(rest.to_owned()),
        "pay" => Ask::Pay,
        "topic" => Ask::Topic(rest.parse().unwrap()),
        "insist" => Ask::Insist(rest.parse().unwrap()),
        "note" => Ask::Note,
        "to" => Ask::To(rest.parse().unwrap()),
        "tell" => Ask::Tell(rest.parse().unwrap()),
        "edit" => Ask::Edit,
        "typing" => Ask::Typing,
        _ => Ask::Echo,
    }
}

fn routed(message: &Message) -> Option<Route> {
    let text = message.text()?.to_owned();
    Some(Route::Ask {
        ask: ask(&text),
        chat: message.chat.id.0,
        topic: message.thread_id.filter(|_| message.is_topic_message).map(|thread| thread.0.0.into()),
        message: message.id.0.into(),
        text,
    })
}

impl Bot for Echo {
    type Route = Route;

    fn name(&self) -> &'static str {
        "echo-bot"
    }

    fn migrations(&self) -> Migrations {
        const HEARD: Migration = Migration {
            version: 1,
            name: "0001_heard",
            sqlite: "-- oldest: 1\ncreate table heard (id integer primary key autoincrement, chat integer not null, \
                     message integer not null, text text not null) strict;",
            postgres: "-- oldest: 1\ncreate table heard (id bigint generated always as identity primary key, \
                       chat bigint not null, message bigint not null, text text not null);",
        };
        Migrations { part: "echo-bot", table: "_echo_migrations", list: &[HEARD] }
    }

    fn locales(&self) -> &'static [(&'static str, &'static str)] {
        &[("en", ""), ("zh-CN", "")]
    }

    fn allowed_updates(&self) -> &'static [&'static str] {
        &["message", "edited_message", "callback_query", "my_chat_member", "chat_member", "message_reaction"]
    }

    fn route(&self, event: Event, _: &Me) -> Option<Route> {
        match event {
            Event::Message(message) => routed(&message),
            Event::Album(parts) => Some(Route::Album { chat: parts[0].chat.id.0, parts: parts.len() }),
            Event::Callback(query) => Some(Route::Tapped { query: query.id.0, data: query.data? }),
            Event::Job(result) => Some(Route::Result { tag: result.tag, outcome: result.outcome }),
            Event::EditedMessage(message) => Some(Route::Edited { text: message.text()?.to_owned() }),
            Event::MyChatMember(change) => {
                let member = serde_json::to_value(&change.new_chat_member).ok()?;
                Some(Route::Status { status: member["status"].as_str()?.to_owned() })
            }
            _ => None,
        }
    }

    async fn handle(&self, route: Route, ctx: &mut Ctx<'_>) -> anyhow::Result<()> {
        match route {
            Route::Ask { ask, chat, topic, message, text } => {
                heard(ctx, chat, message, &text).await?;
                self.obey(ctx, ask, &Place { chat, topic, message }, &text).await
            }
            Route::Album { chat, parts } => {
                heard(ctx, chat, 0, &format!("album of {parts}")).await?;
                ctx.call(say(chat, &format!("an album of {parts}")))?;
                Ok(())
            }
            Route::Tapped { query, data } => {
                heard(ctx, 0, 0, &format!("tap:{data}")).await?;
                match data.as_str() {
                    "loud" => drop(ctx.call(Call::raw(
                        "answerCallbackQuery",
                        json!({"callback_query_id": query, "text": "heard"}),
                    ))?),
                    "fail" => anyhow::bail!("a tap that fails"),
                    _ => {}
                }
                Ok(())
            }
            Route::Result { tag, outcome } => heard(ctx, 0, 0, &format!("{tag}: {}", word(&outcome))).await,
            Route::Edited { text } => heard(ctx, 0, 0, &format!("edited: {text}")).await,
            Route::Status { status } => heard(ctx, 0, 0, &format!("status: {status}")).await,
        }
    }

    fn job_bound(&self) -> Duration {
        Duration::from_millis(250)
    }

    async fn run_job(&self, kind: &str, payload: Value) -> Result<Value, JobError> {
        assert_eq!(kind, "work");
        let run = self.runs.fetch_add(1, Ordering::SeqCst);
        let why = || "as asked".to_owned();
        match payload["how"].as_str().unwrap_or_default() {
            "temporarily-not" if run == 0 => Err(JobError::Temporary(why())),
            "outage" if run < 7 => Err(JobError::Outage(why())),
            "hang" if run == 0 => std::future::pending().await,
            "well" | "temporarily-not" | "outage" | "hang" => Ok(json!({"run": run})),
            "never" => Err(JobError::Permanent(why())),
            "unclear" => Err(JobError::Unclear(why())),
            "panic" => panic!("as asked"),
            other => panic!("no such work: {other}"),
        }
    }
}

struct Place {
    chat: i64,
    topic: Option<i64>,
    message: i64,
}

impl Echo {
    async fn obey(&self, ctx: &mut Ctx<'_>, ask: Ask, at: &Place, text: &str) -> anyhow::Result<()> {
        let chat = at.chat;
        match ask {
            Ask::Echo => drop(ctx.call(echo(at, text))?),
            Ask::Fail => {
                self.tries.fetch_add(1, Ordering::SeqCst);
                anyhow::bail!("told to fail");
            }
            Ask::Flaky(times) => {
                let tried = self.tries.fetch_add(1, Ordering::SeqCst);
                anyhow::ensure!(tried >= times, "told to fail {times} times");
                ctx.call(echo(at, text))?;
            }
            Ask::Panic => {
                self.tries.fetch_add(1, Ordering::SeqCst);
                panic!("told to panic");
            }
            Ask::Slow => {
                self.tries.fetch_add(1, Ordering::SeqCst);
                std::future::pending::<()>().await;
            }
            Ask::Heavy => {
                keep_the_database_busy(ctx, Duration::from_millis(150)).await?;
                ctx.call(echo(at, text))?;
            }
            Ask::Swallow => {
                self.tries.fetch_add(1, Ordering::SeqCst);
                let _ = on!(ctx.tx, c => query("insert into nowhere values (1)").execute(c).await.map(drop));
                ctx.call(echo(at, text))?;
            }
            Ask::Button => {
                let button = |name: &str| json!({"text": name, "callback_data": name});
                let markup = json!({"inline_keyboard": [[button("loud"), button("quiet"), button("fail")]]});
                ctx.call(Call::raw(
                    "sendMessage",
                    json!({"chat_id": chat, "text": "tap", "reply_markup": markup}),
                ))?;
            }
            Ask::Later(seconds) => {
                let lane = ctx.lane().to_owned();
                ctx.remind(ctx.now + Duration::from_secs(seconds), &lane, "reminder")?;
            }
            Ask::Schedule(seconds) => {
                ctx.call(say(chat, text).due(ctx.now + Duration::from_secs(seconds)))?;
            }
            Ask::Cancel => cancel(ctx, chat).await?,
            Ask::Work(how) => {
                let mut job = Job::new("work", "work", json!({"how": how}));
                job.policy.tell = Tell::Everything;
                "work".clone_into(&mut job.tag);
                ctx.job(job)?;
            }
            Ask::Pay => {
                ctx.call(say(chat, "paid").ask_when_unclear().tell(Tell::Everything, "pay"))?;
            }
            Ask::Topic(group) => {
                let topic = Call::raw("createForumTopic", json!({"chat_id": group, "name": "made"}));
                let topic = ctx.call(topic.in_its_own_lane())?;
                for text in ["first", "second"] {
                    ctx.call(say(group, text).in_topic(TopicRef::Job(topic)))?;
                }
            }
            Ask::Insist(to) => drop(ctx.call(say(to, "insisted").wait_while_parked())?),
            Ask::Note => {}
            Ask::To(to) => drop(ctx.call(say(to, "sent there"))?),
            Ask::Tell(to) => {
                ctx.call(say(to, "told").tell(Tell::Everything, "tell"))?;
            }
            Ask::Typing => {
                ctx.call(Call::raw("sendChatAction", json!({"chat_id": chat, "action": "typing"})))?;
            }
            Ask::Edit => {
                let sent = ctx.call(say(chat, "before"))?;
                let edit = Call::raw("editMessageText", json!({"chat_id": chat, "text": "after"}));
                ctx.call(edit.on_message(MessageRef::Job(sent)))?;
            }
        }
        Ok(())
    }
}

async fn keep_the_database_busy(ctx: &mut Ctx<'_>, time: Duration) -> anyhow::Result<()> {
    let watch = Stopwatch::start();
    while watch.elapsed() < time {
        let counted = on!(ctx.tx, c => sqlx::query_as::<_, (i64,)>(
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000) select count(*) from n")
            .fetch_one(c).await)?;
        assert_eq!(counted.0, 20_000);
    }
    Ok(())
}

/// A reminder that is made and taken back; the message in a lane of its own that answers a message which is
/// taken back later, in another update.
async fn cancel(ctx: &mut Ctx<'_>, chat: i64) -> anyhow::Result<()> {
    let known = on!(ctx.tx, c => sqlx::query_as::<_, (i64,)>("select message from heard where text = 'laid'")
        .fetch_optional(c).await)?;
    let Some((laid,)) = known else {
        let late = ctx.call(say(chat, "late").due(ctx.now + Duration::from_mins(1)))?;
        ctx.call(say(chat, "behind").reply_to(MessageRef::Job(late)).in_lane("behind"))?;
        return heard(ctx, chat, late.0, "laid").await;
    };
    ctx.cancel(JobId(laid));
    let lane = ctx.lane().to_owned();
    let reminder = ctx.remind(ctx.now + Duration::from_mins(1), &lane, "taken back")?;
    ctx.cancel(reminder);
    Ok(())
}

fn say(chat: i64, text: &str) -> Call {
    Call::raw("sendMessage", json!({"chat_id": chat, "text": text}))
}

fn echo(at: &Place, text: &str) -> Call {
    let call = say(at.chat, text).reply_to(MessageRef::Id(at.message));
    match at.topic {
        Some(topic) => call.in_topic(TopicRef::Id(topic)),
        None => call,
    }
}

async fn heard(ctx: &mut Ctx<'_>, chat: i64, message: i64, text: &str) -> anyhow::Result<()> {
    on!(ctx.tx, c => query("insert into heard (chat, message, text) values ($1, $2, $3)")
        .bind(chat).bind(message).bind(text).execute(c).await.map(drop))?;
    Ok(())
}

fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { result } => format!("done {}", result["run"]),
        Outcome::Failed { code, why } => format!("failed {code} {why}"),
        Outcome::Parked { .. } => "parked".to_owned(),
        Outcome::Expired => "expired".to_owned(),
        Outcome::Unknown => "unknown".to_owned(),
    }
}
