//! What is to be replaced in a text: collected by every detector on the same text, then merged and written once.

use std::ops::Range;

use crate::MASKED;

/// What stands after the kept head of a long hash.
const CUT: &str = "…";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Put {
    /// The whole span becomes `[masked]`.
    Masked,
    /// The span is the tail of a hash and becomes `…`.
    Cut,
}

#[derive(Default)]
pub(crate) struct Spans(Vec<(Range<usize>, Put)>);

impl Spans {
    /// Marks `range` of the text; empty ranges are ignored. Both ends must be character boundaries.
    pub fn add(&mut self, range: Range<usize>, put: Put) {
        if !range.is_empty() {
            self.0.push((range, put));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text with every span replaced. Spans that overlap are one; masked wins over cut.
    pub fn apply(mut self, text: &str) -> String {
        // A marker that stands in the text already takes part: what overlaps it merges with it.
        self.0.extend(text.match_indices(MASKED).map(|(at, _)| (at..at + MASKED.len(), Put::Masked)));
        self.0.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(text.len());
        let mut written = 0;
        let mut spans = self.0.into_iter().peekable();
        while let Some((mut range, mut put)) = spans.next() {
            while let Some((next, next_put)) = spans.next_if(|(next, _)| next.start < range.end) {
                range.end = range.end.max(next.end);
                if next_put == Put::Masked {
                    put = Put::Masked;
                }
            }
            out.push_str(&text[written..range.start]);
            out.push_str(match put {
                Put::Masked => MASKED,
                Put::Cut => CUT,
            });
            written = range.end;
        }
        out.push_str(&text[written..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(text: &str, spans: &[(Range<usize>, Put)]) -> String {
        let mut all = Spans::default();
        for (range, put) in spans {
            all.add(range.clone(), *put);
        }
        all.apply(text)
    }

    #[test]
    fn overlapping_spans_become_one() {
        assert_eq!(apply("abcdefgh", &[(3..6, Put::Masked), (1..4, Put::Masked)]), "a[masked]gh");
        assert_eq!(apply("abcdefgh", &[(1..6, Put::Cut), (5..7, Put::Masked)]), "a[masked]h");
        assert_eq!(apply("abcdefgh", &[(1..6, Put::Cut)]), "a…gh");
    }

    #[test]
    fn a_span_inside_a_marker_changes_nothing() {
        assert_eq!(apply("x [masked] y", &[(3..9, Put::Masked)]), "x [masked] y");
    }
}
