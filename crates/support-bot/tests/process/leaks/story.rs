//! Everything that people can say, and everything that can go wrong with it.

use sandbox::{ChatId, Fault, FaultKind, Media, PersonId, PersonSpec, Rights, Status};
use serde_json::{Value, json};
use testkit::Backend;

use super::scan::Sinks;
use super::secrets::{self, CANARY};
use super::webhook_secret;
use crate::desk::Desk;
use crate::process::{eventually, get, post};
use crate::side::Side;

/// Who a look through the sinks is for.
pub struct Town {
    customer: PersonId,
    blocker: PersonId,
    unlucky: PersonId,
    agent: PersonId,
    group: ChatId,
}

impl Town {
    pub fn build(desk: &Desk) -> Self {
        let world = &desk.world;
        let person = |first: &str, username: &str| {
            world.add_person_as(PersonSpec {
                first_name: format!("{first} {CANARY}"),
                last_name: Some("Featherstonehaugh".to_owned()),
                username: Some(username.to_owned()),
                language: Some("en".to_owned()),
            })
        };
        let (customer, blocker) = (person("Ottoline", "ottoline_f_x"), person("Barnabas", "barnabas_f_x"));
        let (unlucky, agent) = (person("Unlucky", "unlucky_f_x"), person("Wilhelmina", "wilhelmina_f_x"));
        world.add_member(desk.staff, agent, Status::Member).unwrap();
        let group = world.add_supergroup(&format!("Group where {CANARY}"), desk.mei);
        world.add_member(group, desk.bot.id, Status::Administrator(Rights::usual())).unwrap();
        world.add_member(group, customer, Status::Member).unwrap();
        Self { customer, blocker, unlucky, agent, group }
    }

    /// What of them may stand nowhere.
    pub fn people(&self) -> Vec<String> {
        let ids = [self.customer, self.blocker, self.unlucky, self.agent].map(|person| person.0.to_string());
        let names =
            ["Ottoline", "Barnabas", "Wilhelmina", "Featherstonehaugh", "ottoline_f_x", "barnabas_f_x"];
        let more = ["unlucky_f_x", "wilhelmina_f_x", "+995555000222"];
        ids.into_iter().chain(names.into_iter().chain(more).map(str::to_owned)).collect()
    }

    /// Words and secrets in every place where people can put them.
    pub async fn talk(&self, desk: &Desk) {
        let (world, chat) = (&desk.world, desk.chat(self.customer));
        let text = format!("{CANARY}: {}", secrets::in_a_row());
        world.start(self.customer, desk.bot.id, Some("walrus")).unwrap();
        let first = world.say(self.customer, chat, &text).unwrap();
        let message = |kind: Media| world.message(self.customer, chat).media(kind);
        message(Media::Photo).caption(CANARY).send().unwrap();
        message(Media::Photo).album(3).caption(CANARY).send().unwrap();
        message(Media::Poll(format!("{CANARY}?"), vec![CANARY.to_owned(), "no".to_owned()])).send().unwrap();
        for kind in ["voice", "video_note", "sticker", "location", "venue", "contact", "dice"] {
            message(Media::of_kind(kind).unwrap()).send().unwrap();
        }
        let file = Media::File {
            kind: "document".to_owned(),
            name: format!("{CANARY} {}.txt", secrets::all()[0].text),
            mime: "text/plain".to_owned(),
            bytes: CANARY.into(),
        };
        message(file).caption(&text[..900]).send().unwrap();
        world
            .message(self.customer, chat)
            .reply_to(first)
            .quote("purple walrus")
            .text(CANARY)
            .send()
            .unwrap();
        world.edit(self.customer, chat, first, &format!("{CANARY}, edited")).unwrap();
        world.say(self.blocker, desk.chat(self.blocker), CANARY).unwrap();
        desk.idle().await;
        let topics = world.topics(desk.staff).into_iter();
        let topic =
            topics.filter(|topic| topic.name.contains("Ottoline")).map(|topic| topic.id).next().unwrap();
        for agent in [self.agent, desk.mei] {
            let seat = || world.message(agent, desk.staff).topic(topic);
            seat().text(&text).send().unwrap();
            seat().photo().caption(CANARY).send().unwrap();
            seat().document().caption(CANARY).send().unwrap();
        }
        world.rename_topic(desk.mei, desk.staff, topic, CANARY).unwrap();
        world.say(desk.mei, self.group, "/addgroup").unwrap();
        desk.idle().await;
        world.say(self.customer, self.group, &format!("/ask {CANARY}")).unwrap();
        world.say(self.customer, self.group, &format!("@lotus_support_bot {CANARY}")).unwrap();
        world.say(desk.mei, desk.chat(desk.mei), "/listgroups").unwrap();
        world.message(self.agent, desk.staff).topic(topic).text(&format!("/close {CANARY}")).send().unwrap();
        desk.idle().await;
        assert!(desk.at_staff().iter().any(|text| text.contains(CANARY)), "people were to be heard");
    }

    /// Telegram refuses, fails, hangs up and forgets; people leave.
    pub async fn go_wrong(&self, desk: &Desk) {
        let world = &desk.world;
        let kinds = [
            FaultKind::TooManyRequests { retry_after: 1 },
            FaultKind::ServerError { code: 502 },
            FaultKind::Cut,
            FaultKind::LostReply,
            FaultKind::Duplicate,
            FaultKind::Reorder,
        ];
        for kind in kinds {
            world.add_fault(Fault::new(kind).count(1));
            world.say(self.customer, desk.chat(self.customer), CANARY).unwrap();
            desk.idle().await;
        }
        world.remove_faults(None);
        world.block(self.blocker, desk.bot.id);
        let topics = world.topics(desk.staff).into_iter();
        let topic =
            topics.filter(|topic| topic.name.contains("Barnabas")).map(|topic| topic.id).next().unwrap();
        world.message(self.agent, desk.staff).topic(topic).text(CANARY).send().unwrap();
        desk.idle().await;
        world.delete_topic(desk.mei, desk.staff, topic).unwrap();
        world.unblock(self.blocker, desk.bot.id);
        world.say(self.blocker, desk.chat(self.blocker), CANARY).unwrap();
        desk.idle().await;
        world.deactivate(self.blocker);
    }

    /// Updates that no Telegram of today sends.
    pub async fn be_hostile(&self, desk: &Desk) {
        for update in self.hostile() {
            desk.world.send_raw_update(desk.bot.id, update);
        }
        desk.idle().await;
    }

    fn hostile(&self) -> Vec<Value> {
        let id = self.customer.0;
        let from = json!({"id": id, "is_bot": false, "first_name": CANARY, "username": "ottoline_f_x"});
        let chat = json!({"id": id, "type": "private", "first_name": CANARY});
        let contact = json!({"phone_number": "+995555000222", "first_name": CANARY, "user_id": id});
        vec![
            json!({CANARY: {"text": CANARY, "chat": chat}}),
            json!({"kind_of_a_later_version": {"text": CANARY, "from": from}}),
            json!({"message": CANARY}),
            json!({"message": {"message_id": 1, "date": "never", "text": CANARY, "chat": chat, "from": from}}),
            json!({"message": {"message_id": 900, "date": 1_790_000_000, "chat": chat, "from": from, "contact": contact}}),
            json!({"message": {"message_id": 901, "date": 1_790_000_000, "chat": chat, "from": from, CANARY: CANARY}}),
            json!({"callback_query": {"id": CANARY, "from": from, "chat_instance": CANARY, "data": CANARY}}),
            json!({"callback_query": {"id": "77", "from": from, "chat_instance": "1", "data": secrets::in_a_row()}}),
            json!({"inline_query": {"id": "78", "from": from, "query": CANARY, "offset": CANARY}}),
            json!({"message": {"message_id": 902, "date": 1_790_000_000, "chat": chat, "from": from,
                "media_group_id": CANARY, "caption": CANARY, "photo": []}}),
            json!({"edited_message": {"message_id": 4_000, "date": 1_790_000_000, "edit_date": 1_790_000_001,
                "chat": chat, "from": from, "text": CANARY}}),
        ]
    }

    /// Calls of the webhook that are not Telegram's.
    pub async fn call_the_webhook(&self, desk: &Desk) {
        let path = desk.get("WEBHOOK_URL").splitn(4, '/').nth(3).unwrap().to_owned();
        let path = format!("/{path}");
        let secret = webhook_secret();
        let good = format!("X-Telegram-Bot-Api-Secret-Token: {secret}\r\n");
        let bad = format!("X-Telegram-Bot-Api-Secret-Token: {secret}x\r\nX-Canary: {CANARY}\r\n");
        let row = secrets::in_a_row();
        for headers in [good.as_str(), bad.as_str(), ""] {
            let bodies = [
                CANARY.to_owned(),
                format!("{{\"{CANARY}\": 1"),
                format!("[\"{row}\"]"),
                json!({"update_id": CANARY, "message": {"text": CANARY}}).to_string(),
                CANARY.repeat(50_000),
            ];
            for body in bodies {
                let answer = post(desk.get("HTTP_ADDR"), &path, headers, body.as_bytes()).await;
                assert!(answer.starts_with("HTTP/1.") && answer.contains(" 4"), "{answer}");
            }
        }
        let query = format!("{path}?{secret}={}", CANARY.replace(' ', "+"));
        post(desk.get("HTTP_ADDR"), &query, "", CANARY.as_bytes()).await;
        for (at, update) in self.hostile().into_iter().enumerate() {
            let mut update = update;
            update["update_id"] = json!(5_000_000 + i64::try_from(at).unwrap());
            post(desk.get("HTTP_ADDR"), &path, &good, update.to_string().as_bytes()).await;
        }
    }

    /// The bot's own tables refuse a customer, in words that quote them.
    pub async fn break_the_handler(&self, desk: &Desk) {
        let mut side = desk.side().await;
        match desk.backend() {
            Backend::Sqlite => {
                side.run(
                    "create trigger refuse before insert on tickets when new.username = 'unlucky_f_x'
                     begin select raise(abort, 'cannot store the purple walrus of Featherstonehaugh'); end",
                )
                .await;
            }
            Backend::Postgres => {
                side.run(
                    "create function refuse() returns trigger language plpgsql as $$ begin
                         if new.username = 'unlucky_f_x' then
                             raise notice 'about to refuse %', new.name;
                             raise exception 'cannot store % of %', new.name, new.customer_id;
                         end if;
                         return new;
                     end $$;
                     create trigger refuse before insert on tickets for each row execute function refuse()",
                )
                .await;
            }
        }
        desk.world.say(self.unlucky, desk.chat(self.unlucky), CANARY).unwrap();
        let failed = "select count(*) from inbox where state = 0 and attempts > 0";
        let mut seen = 0;
        for _ in 0..2_000 {
            seen = side.number(failed).await;
            if seen > 0 {
                break;
            }
            // Each look is a round trip; the bot works meanwhile.
            tokio::task::yield_now().await;
        }
        assert!(seen > 0, "the handler was to fail");
    }
}

impl Desk {
    /// A connection beside the bot's.
    pub async fn side(&self) -> Side {
        Side::open(&self.database).await
    }

    /// Takes the database away while people write, until the bot has noticed.
    pub async fn database_away(&self, sinks: &mut Sinks) {
        let nino = self.world.add_person(CANARY, "en");
        let mut side = self.side().await;
        let name = self.database.url().rsplit('/').next().unwrap().to_owned();
        match self.backend() {
            Backend::Sqlite => side.run("begin exclusive").await,
            Backend::Postgres => {
                side = Side::of_the_server().await;
                side.run(&format!("alter database {name} with allow_connections false")).await;
                side.run(&format!(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
                ))
                .await;
            }
        }
        self.world.say(nino, self.chat(nino), CANARY).unwrap();
        for page in ["/health", "/health/ready", "/metrics"] {
            sinks.keep(&format!("{page} without a database"), get(self.get("HTTP_ADDR"), page).await);
        }
        sinks.keep_ended("jobs without a database", &self.ask(&["jobs"]).await);
        sinks.keep_ended("doctor without a database", &self.ask(&["doctor"]).await);
        match self.backend() {
            Backend::Sqlite => side.run("rollback").await,
            Backend::Postgres => {
                side.run(&format!("alter database {name} with allow_connections true")).await;
            }
        }
        let arrived = || self.world.topics(self.staff).iter().any(|topic| topic.name.ends_with(CANARY));
        assert!(eventually(arrived).await, "what was written meanwhile was to arrive");
    }
}
