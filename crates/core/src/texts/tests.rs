use super::*;

const EN: &str = "hello = Hello, { $name }!\ncount = { $n ->\n    [one] one ticket\n   *[other] { $n } tickets\n }\nonly-en = English\nbutton = Press\n    .label = Go\n";
const ZH: &str = "hello = 你好，{ $name }！\ncount = { $n } 张工单\nbutton = 按\n    .label = 去\n";
const TW: &str = "hello = 您好，{ $name }！\n";

fn texts() -> Texts {
    Texts::new(&[("en", EN), ("zh-CN", ZH), ("zh-TW", TW)]).unwrap()
}

fn args<'a>(name: &'a str, value: impl Into<FluentValue<'a>>) -> FluentArgs<'a> {
    let mut args = FluentArgs::new();
    args.set(name, value);
    args
}

#[test]
fn languages_fall_back_to_the_nearest() {
    let texts = texts();
    for (wanted, ours) in [
        (None, "en"),
        (Some("en-US"), "en"),
        (Some("zh"), "zh-CN"),
        (Some("zh-hans"), "zh-CN"),
        (Some("zh-Hans-CN"), "zh-CN"),
        (Some("zh-hant"), "zh-TW"),
        (Some("zh-HK"), "zh-TW"),
        (Some("ZH-tw"), "zh-TW"),
        (Some("zh-SG"), "zh-CN"),
        (Some("de"), "en"),
        (Some(""), "en"),
        (Some("not a tag"), "en"),
        (Some("日本"), "en"),
    ] {
        assert_eq!(texts.language(wanted), ours, "{wanted:?}");
    }
    assert_eq!(texts.languages().collect::<Vec<_>>(), ["en", "zh-CN", "zh-TW"]);
}

#[test]
fn arguments_stand_without_isolation_marks_and_plurals_follow_the_number() {
    let texts = texts();
    assert_eq!(texts.get(None, "hello", &args("name", "Ann")), "Hello, Ann!");
    assert_eq!(texts.get(Some("zh-hans"), "hello", &args("name", "安")), "你好，安！");
    assert_eq!(texts.get(None, "count", &args("n", 1)), "one ticket");
    assert_eq!(texts.get(None, "count", &args("n", 2)), "2 tickets");
    assert_eq!(texts.get(Some("zh"), "count", &args("n", 1)), "1 张工单");
    assert_eq!(texts.plain(Some("zh"), "button.label"), "去");
}

#[test]
fn a_missing_text_falls_back_to_the_default_language_then_to_the_key() {
    let texts = texts();
    assert_eq!(texts.plain(Some("zh"), "only-en"), "English");
    assert_eq!(texts.plain(Some("zh"), "nowhere"), "nowhere");
    assert_eq!(texts.plain(None, "button.nowhere"), "button.nowhere");
}

#[test]
#[should_panic(expected = "the text only-en is missing in zh-CN")]
fn a_missing_text_fails_a_test() {
    texts().strict().plain(Some("zh"), "only-en");
}

#[test]
#[should_panic(expected = "an argument is missing")]
fn a_missing_argument_fails_a_test() {
    texts().strict().plain(None, "hello");
}

#[test]
fn cores_own_texts_are_there_and_a_bot_may_replace_them() {
    assert!(texts().strict().plain(Some("zh"), "error-went-wrong").contains("抱歉"));
    let texts = Texts::new(&[("en", "error-went-wrong = Oops")]).unwrap();
    assert_eq!(texts.plain(None, "error-went-wrong"), "Oops");
}

#[test]
fn cores_own_texts_say_the_same_in_every_language() {
    assert_eq!(check(CORE), []);
}

#[test]
fn dates_are_written_by_patterns() {
    let texts = texts();
    let mut args = FluentArgs::new();
    date_args(&mut args, 1_795_172_317_000_000, 8 * 60);
    assert_eq!(texts.get(Some("zh"), "date-and-time", &args), "2026年11月20日 18:58");
    date_args(&mut args, 1_795_172_317_000_000, 0);
    assert_eq!(texts.get(None, "date-and-time", &args), "2026-11-20 10:58");
}

#[test]
fn the_check_finds_what_differs() {
    let found = check(&[
        ("en", "a = x { $n }\nb = { NUMBER($n) }\nc = { $k ->\n   *[other] { $m }\n }\nd = x\nd = y\n"),
        ("zh-CN", "a = x\nb = { $n }\ne = z\nc = { $m } { $k }\n= bad\n"),
    ]);
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 5, "{found:#?}");
    assert_eq!(found[0], "en d: is given twice");
    assert!(found[1].starts_with("zh-CN : line 5"), "{}", found[1]);
    assert_eq!(found[2], "zh-CN a: takes (); in en it takes (n)");
    assert_eq!(found[3], "zh-CN d: is missing; en has it");
    assert_eq!(found[4], "en e: is missing; zh-CN has it");
}

#[test]
fn texts_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&texts());
}

#[test]
fn bad_sources_are_refused_by_language() {
    assert!(matches!(Texts::new(&[]), Err(TextsError::Empty)));
    assert!(matches!(Texts::new(&[("e n", "")]), Err(TextsError::Tag(_))));
    let Err(error) = Texts::new(&[("en", "= x")]) else { panic!("it is refused") };
    assert!(error.to_string().starts_with("the texts of en have a syntax error"));
}
