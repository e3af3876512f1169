//! Secrets that are known by their shape.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::Regex;

use crate::pairs;
use crate::spans::{Put, Spans};

/// A shape, and the literals of which one stands in every text that has it. The first group, or else the whole
/// match, is masked.
struct Shape {
    literals: &'static [&'static str],
    regex: &'static str,
}

const SHAPES: &[Shape] = &[
    // Bot tokens in URLs, of any length: public scanners miss this form.
    Shape { literals: &["/bot"], regex: r#"(?i)/bot([0-9]+(?::|%3A)[^/\s"'<>?&\\]+)"# },
    Shape { literals: &["sk-"], regex: r"(?:^|[^A-Za-z0-9])(sk-[A-Za-z0-9_-]{16,})" },
    Shape { literals: &["akia", "asia"], regex: r"(?:AKIA|ASIA)[0-9A-Z]{16}" },
    Shape { literals: &["ltai"], regex: r"LTAI[A-Za-z0-9]{12,}" },
    Shape { literals: &["sts."], regex: r"STS\.[A-Za-z0-9]{16,}" },
    Shape { literals: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], regex: r"gh[pousr]_[A-Za-z0-9]{16,}" },
    Shape { literals: &["github_pat_"], regex: r"github_pat_[A-Za-z0-9_]{16,}" },
    Shape { literals: &["glpat-"], regex: r"glpat-[A-Za-z0-9_-]{16,}" },
    Shape { literals: &["aiza"], regex: r"AIza[A-Za-z0-9_-]{30,}" },
    Shape { literals: &["ya29."], regex: r"ya29\.[A-Za-z0-9_-]{16,}" },
    Shape { literals: &["gocspx-"], regex: r"GOCSPX-[A-Za-z0-9_-]{16,}" },
    Shape { literals: &["1//0"], regex: r"1//0[A-Za-z0-9_-]{24,}" },
    Shape { literals: &["xox", "xapp-"], regex: r"(?:xox[a-z]|xapp)-[A-Za-z0-9-]{8,}" },
    Shape { literals: &["hooks.slack.com"], regex: r"hooks\.slack\.com/services/([A-Za-z0-9/]+)" },
    Shape { literals: &["_live_", "_test_"], regex: r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}" },
    Shape { literals: &["whsec_"], regex: r"whsec_[A-Za-z0-9+/=_-]{8,}" },
    Shape { literals: &["sg."], regex: r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}" },
    Shape { literals: &["npm_"], regex: r"npm_[A-Za-z0-9]{30,}" },
    Shape { literals: &["eyj"], regex: r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*" },
    Shape {
        literals: &["bearer", "basic"],
        regex: r"(?i)(?:bearer|basic)(?:\s|%20|\+)+([A-Za-z0-9._~+/=-]{4,})",
    },
    // The password goes to the last @ of the word: one that was not escaped may hold @ and / itself.
    Shape { literals: &["://"], regex: r#"://[^\s/:@"<>]*:([^\s"<>]*)@"# },
    // To its end, or, where the end is missing, all that can belong to a key. Line ends may stand escaped.
    Shape {
        literals: &["private key"],
        regex: concat!(
            r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----",
            r"(?:(?s:.*?)-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|(?:[A-Za-z0-9+/=\s:,-]|\\+[nr])*)"
        ),
    },
];

#[derive(Clone, Copy)]
enum Marker {
    Shape(usize),
    Pair { header: bool },
}

/// Compiled once: constants, not state.
static PATTERNS: LazyLock<Patterns> = LazyLock::new(Patterns::new);

struct Patterns {
    markers: Vec<Marker>,
    automaton: AhoCorasick,
    shapes: Vec<LazyLock<Regex, Box<dyn FnOnce() -> Regex + Send>>>,
}

impl Patterns {
    fn new() -> Self {
        let shapes = SHAPES.iter().enumerate().flat_map(|(index, shape)| {
            shape.literals.iter().map(move |literal| (*literal, Marker::Shape(index)))
        });
        let pairs = pairs::NAMES.iter().map(|name| (*name, Marker::Pair { header: false }));
        let headers = pairs::HEADERS.iter().map(|name| (*name, Marker::Pair { header: true }));
        let (literals, markers): (Vec<_>, Vec<_>) = shapes.chain(pairs).chain(headers).unzip();
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&literals)
            .expect("a hundred short literals make a small automaton");
        let shapes = SHAPES
            .iter()
            .map(|shape| {
                let compile = || Regex::new(shape.regex).expect("the shapes are constants, and tested");
                LazyLock::new(Box::new(compile) as Box<dyn FnOnce() -> Regex + Send>)
            })
            .collect();
        Self { markers, automaton, shapes }
    }
}

/// One pass for the literals; only shapes whose literal turned up are looked for.
pub(crate) fn find(text: &str, spans: &mut Spans) {
    let patterns = &*PATTERNS;
    let mut wanted = 0_u64;
    for marker in patterns.automaton.find_overlapping_iter(text) {
        match patterns.markers[marker.pattern().as_usize()] {
            Marker::Shape(index) => wanted |= 1 << index,
            Marker::Pair { header } => pairs::find(text, marker.range(), header, spans),
        }
    }
    for (index, regex) in patterns.shapes.iter().enumerate() {
        if wanted & 1 << index != 0 {
            regex.captures_iter(text).for_each(|found| spans.add(masked_part(&found), Put::Masked));
        }
    }
}

fn masked_part(found: &regex::Captures<'_>) -> Range<usize> {
    found.get(1).unwrap_or_else(|| found.get_match()).range()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_compiles_and_has_a_bit() {
        assert!(SHAPES.len() <= 64);
        for shape in &PATTERNS.shapes {
            assert!(!shape.as_str().is_empty());
        }
    }
}
