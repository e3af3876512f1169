//! What every process wrote and every page showed, and the look through all of it.

use crate::process::Ended;

/// All that an outsider, an operator's terminal or a log collector gets to see.
#[derive(Default)]
pub struct Sinks(Vec<(String, String)>);

impl Sinks {
    /// Keeps a text under a name that tells where it came from.
    pub fn keep(&mut self, name: &str, text: impl Into<String>) {
        self.0.push((name.to_owned(), text.into()));
    }

    /// Keeps what a process left.
    pub fn keep_ended(&mut self, name: &str, ended: &Ended) {
        self.keep(&format!("{name}: stdout"), ended.out.clone());
        self.keep(&format!("{name}: stderr"), ended.err.clone());
    }

    /// How many lines there are: nothing is proved by an empty sink.
    pub fn lines(&self) -> usize {
        self.0.iter().map(|(_, text)| text.lines().count()).sum()
    }

    /// Whether some sink holds these words: what shows that it was really written to.
    pub fn holds(&self, words: &str) -> bool {
        self.0.iter().any(|(_, text)| text.contains(words))
    }

    /// Every line that holds one of these, with what it holds.
    pub fn finds(&self, forbidden: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        for (name, text) in &self.0 {
            for line in text.lines() {
                for word in forbidden.iter().filter(|word| holds(line, word)) {
                    found.push(format!("{name} holds {word:?}: {line}"));
                }
            }
        }
        found
    }
}

/// Whether a line holds a word in any case; a number counts only where it is not part of a longer one.
fn holds(line: &str, word: &str) -> bool {
    let (line, word) = (line.to_lowercase(), word.to_lowercase());
    let number = word.bytes().all(|byte| byte.is_ascii_digit());
    let digit = |character: Option<char>| number && character.is_some_and(|found| found.is_ascii_digit());
    let mut places = line.match_indices(&word);
    places.any(|(at, _)| {
        !digit(line[..at].chars().next_back()) && !digit(line[at + word.len()..].chars().next())
    })
}

#[test]
fn a_planted_secret_is_found_in_every_kind_of_sink() {
    for planted in super::secrets::all() {
        let mut sinks = Sinks::default();
        sinks.keep("clean", "{\"level\":\"info\",\"message\":\"started\"}");
        let forbidden = [planted.needle.clone()];
        assert_eq!(sinks.finds(&forbidden), Vec::<String>::new());
        let ended =
            Ended { code: Some(1), out: String::new(), err: format!("first\nerror: {}\n", planted.text) };
        sinks.keep_ended("jobs", &ended);
        let found = sinks.finds(&forbidden);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("jobs: stderr holds"), "{found:?}");
    }
}

#[test]
fn a_number_is_found_by_itself_and_not_inside_another() {
    assert!(holds("lane=\"2000003\"", "2000003") && holds("chat 2000003/5", "2000003"));
    assert!(!holds("seq=12000003", "2000003") && !holds("at 20000030", "2000003"));
    assert!(holds("The Purple Walrus", "purple walrus"));
}
