use std::io::Write;
use std::panic::{catch_unwind, panic_any};
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use serde_json::Value;
use tracing::{Level, info, info_span, trace};

use super::*;

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What is logged while `work` runs.
fn logged(format: LogFormat, levels: &str, terminal: bool, work: impl FnOnce()) -> String {
    let sink = Sink::default();
    let made = sink.clone();
    let masker = Masker::new([7; 32]);
    masker.register(&"correct-horse".into());
    let options = Options {
        format,
        levels: levels.parse().unwrap(),
        bot: "echo-bot".to_owned(),
        environment: Environment::Staging,
        masker,
        writer: BoxMakeWriter::new(move || made.clone()),
        terminal,
        now: Arc::new(|| 1_795_172_317_123_456),
    };
    tracing::subscriber::with_default(subscriber(options, Vec::new()), work);
    let text = sink.0.lock().unwrap().clone();
    String::from_utf8(text).unwrap()
}

fn json(work: impl FnOnce()) -> Vec<Value> {
    logged(LogFormat::Json, "trace", false, work)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_json_line_carries_everything_in_order() {
    let text = logged(LogFormat::Json, "info", false, || {
        let update = info_span!("update", update = 12, lane = tracing::field::Empty, code = 1);
        let _in_update = update.enter();
        update.record("lane", "gabc/45");
        let _in_job = info_span!("job", job = 55).entered();
        info!(target: "echo", code = 200, duration_ms = 4.5, ts = "mine", "sent {}", "it");
    });
    let expected = concat!(
        r#"{"ts":"2026-11-20T10:58:37.123456Z","level":"info","target":"echo","message":"sent it","bot":"echo-bot","#,
        r#""env":"staging","update":12,"code":200,"lane":"gabc/45","job":55,"duration_ms":4.5,"field_ts":"mine"}"#,
        "\n"
    );
    assert_eq!(text, expected);
}

#[test]
fn a_pretty_line_reads_from_left_to_right() {
    let text = logged(
        LogFormat::Pretty,
        "info",
        false,
        || info!(target: "echo", lane = "p1", count = 2, "a\u{1b}[2Jb"),
    );
    let expected =
        "2026-11-20T10:58:37.123456Z  INFO echo-bot/staging echo: a\\u{1b}[2Jb lane=\"p1\" count=2\n";
    assert_eq!(text, expected);
}

#[test]
fn auto_is_pretty_on_a_terminal_and_json_elsewhere() {
    assert!(logged(LogFormat::Auto, "info", true, || info!("x")).starts_with("\u{1b}[2m2026"));
    assert!(logged(LogFormat::Auto, "info", false, || info!("x")).starts_with('{'));
}

#[test]
fn both_forms_mask_messages_fields_and_spans() {
    let token = format!("{}:AA{}", 7_100_200_300_u64, "k".repeat(33));
    for format in [LogFormat::Json, LogFormat::Pretty] {
        let text = logged(format, "trace", true, || {
            let _span =
                info_span!("call", url = format!("http://h/bot{token}/getMe"), word = "correct-horse")
                    .entered();
            let error = std::io::Error::other(format!("with {token}"));
            info!(
                password = "two words",
                error = &error as &dyn std::error::Error,
                api_key = 98_765,
                "token {token}"
            );
        });
        assert!(
            !text.contains(&"k".repeat(5)) && !text.contains("horse") && !text.contains("two words"),
            "{text}"
        );
        assert!(!text.contains("98765") && text.contains("http://h/bot[masked]/getMe"), "{text}");
        if matches!(format, LogFormat::Json) {
            serde_json::from_str::<Value>(&text).unwrap();
        }
    }
}

#[test]
fn a_number_that_is_masked_leaves_the_line_json() {
    let lines =
        json(|| info!(card = 4_111_111_111_111_111_u64, secret = 7, big = u128::MAX, odd = f64::NAN, "x"));
    assert_eq!(lines[0]["card"], "[masked]");
    assert_eq!(lines[0]["secret"], "[masked]");
    assert_eq!(lines[0]["odd"], "NaN");
}

#[test]
fn levels_hold_by_target_and_caps_hold_always() {
    let work = || {
        trace!(target: "sqlx::query", "statement");
        trace!(target: "tungstenite::protocol", "frame");
        tracing::debug!(target: "tungstenite::protocol", "closed");
        info!(target: "other", "line");
    };
    let text = logged(LogFormat::Json, "trace,tungstenite::protocol=trace", false, work);
    assert!(text.contains("statement") && text.contains("closed") && text.contains("line"), "{text}");
    assert!(!text.contains("frame"), "{text}");
    let text = logged(LogFormat::Json, "off, sqlx=trace", false, work);
    assert!(text.contains("statement") && !text.contains("line"), "{text}");
    for bad in ["", "inof", "sqlx=loud", "=info", "info,,debug"] {
        assert!(bad.parse::<Levels>().is_err(), "{bad}");
    }
    assert_eq!("warn, a::b=off".parse::<Levels>().unwrap().to_string(), "warn,a::b=off");
}

#[test]
fn a_look_at_a_level_that_is_off_swallows_no_line() {
    let text = logged(LogFormat::Json, "info,quiet=off", false, || {
        assert!(!tracing::enabled!(target: "quiet", Level::INFO));
        info!("the next line");
        assert!(!tracing::enabled!(target: "sqlx::postgres::notice", Level::INFO), "capped");
        info!("and the one after");
    });
    assert!(text.contains("the next line") && text.contains("and the one after"), "{text}");
}

#[test]
fn lines_carry_update_and_lane_at_every_level() {
    let text = logged(LogFormat::Json, "error", false, || {
        let _span = info_span!("update", update = 12, lane = "gabc").entered();
        info!("not shown");
        tracing::error!("shown");
    });
    assert!(text.contains(r#""update":12,"lane":"gabc""#) && !text.contains("not shown"), "{text}");
}

#[test]
fn lines_of_the_log_crate_keep_their_target() {
    let lines = json(|| {
        let mut record = tracing_log::log::Record::builder();
        let record = record.level(tracing_log::log::Level::Warn).target("teloxide::x");
        tracing_log::format_trace(&record.args(format_args!("from {}", "correct-horse")).build()).unwrap();
    });
    assert_eq!(lines[0]["target"], "teloxide::x");
    assert_eq!(lines[0]["message"], "from [masked]");
    assert_eq!(lines[0]["level"], "warn");
    assert_eq!(lines[0].as_object().unwrap().len(), 6, "{}", lines[0]);
}

#[test]
fn a_panic_shows_literals_and_withholds_what_was_formatted() {
    // The hook is the process's: tests that panic on purpose in this binary would show here, so it is called by
    // the hook of this thread alone.
    let hook = panic_hook(Masker::new([7; 32]));
    let thread = std::thread::current().id();
    let old = Arc::new(std::panic::take_hook());
    let before = Arc::clone(&old);
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == thread { hook(panic) } else { before(panic) }
    }));
    let lines = json(|| {
        let who = String::from("spoken words");
        drop(catch_unwind(|| panic!("a literal")));
        drop(catch_unwind(|| panic!("cannot handle {who}")));
        drop(catch_unwind(|| panic_any(5)));
    });
    drop(std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| old(panic)));
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["payload"], "a literal");
    assert!(lines[0]["location"].as_str().unwrap().contains("tests.rs:"), "{}", lines[0]);
    assert!(lines[0]["thread"].is_string());
    for line in &lines[1..] {
        assert!(line["payload"].as_str().unwrap().starts_with("withheld"), "{line}");
        assert!(!line.to_string().contains("spoken"), "{line}");
    }
}

#[test]
fn a_described_error_is_its_chain_without_what_json_quotes() {
    let error = serde_json::from_str::<u32>("\"private words\"").unwrap_err();
    let error = Err::<(), _>(error).context("reading the payload").context("job 5").unwrap_err();
    assert_eq!(
        describe(&error),
        "job 5: reading the payload: not the JSON that is expected (line 1, column 15)"
    );
    let plain = anyhow::anyhow!("inner").context("outer");
    assert_eq!(describe(&plain), "outer: inner");
}

#[test]
fn a_described_error_has_no_url_and_no_stored_value() {
    let http = reqwest::Client::builder().user_agent("\n").build().unwrap_err();
    assert_eq!(describe_error(&http).split(':').next(), Some("the HTTP request cannot be built"));
    let decode = sqlx::Error::ColumnDecode { index: "\"name\"".to_owned(), source: "private words".into() };
    assert_eq!(describe_error(&decode), "cannot decode column \"name\"");
    let configuration = sqlx::Error::Configuration("bad password hunter2".into());
    assert_eq!(describe_error(&configuration), "the database URL is refused");
    assert_eq!(describe_error(&sqlx::Error::PoolTimedOut), sqlx::Error::PoolTimedOut.to_string());
}

#[test]
fn further_layers_stand_beside_the_log() {
    struct Count(Arc<Mutex<Vec<Level>>>);
    impl Layer<Registry> for Count {
        fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, Registry>) {
            self.0.lock().unwrap().push(*event.metadata().level());
        }
    }
    let seen = Arc::new(Mutex::new(Vec::new()));
    let options = Options {
        format: LogFormat::Json,
        levels: "off".parse().unwrap(),
        bot: String::new(),
        environment: Environment::Development,
        masker: Masker::new([7; 32]),
        writer: BoxMakeWriter::new(std::io::sink),
        terminal: false,
        now: Arc::new(|| 0),
    };
    let subscriber = subscriber(options, vec![Box::new(Count(Arc::clone(&seen)))]);
    tracing::subscriber::with_default(subscriber, || info!("x"));
    assert_eq!(*seen.lock().unwrap(), [Level::INFO]);
}
