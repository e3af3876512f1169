//! Card numbers: 13 to 19 digits, alone or in groups, whose check digit holds.

use std::ops::Range;

use crate::spans::{Put, Spans};

const DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Looks through groups of digits that stand one space or dash apart.
#[derive(Default)]
pub(crate) struct Cards {
    chain: Vec<Range<usize>>,
}

impl Cards {
    /// The next maximal run of digits in `text`, in order.
    pub fn group(&mut self, text: &str, group: Range<usize>, spans: &mut Spans) {
        let joined = self.chain.last().is_some_and(|last| {
            last.end + 1 == group.start && matches!(text.as_bytes()[last.end], b' ' | b'-')
        });
        if !joined {
            self.finish(text, spans);
        }
        self.chain.push(group);
    }

    /// Call once, after the last group.
    pub fn finish(&mut self, text: &str, spans: &mut Spans) {
        for first in 0..self.chain.len() {
            let start = self.chain[first].start;
            if !may_begin_card(text, start) {
                continue;
            }
            let mut digits = 0;
            for group in &self.chain[first..] {
                digits += group.len();
                if digits > *DIGITS.end() {
                    break;
                }
                if digits >= *DIGITS.start()
                    && luhn(&text.as_bytes()[start..group.end])
                    && !in_uuid(text.as_bytes(), &(start..group.end))
                {
                    spans.add(start..group.end, Put::Masked);
                }
            }
        }
        self.chain.clear();
    }
}

/// No card scheme begins with 0; 1 is left out because times in microseconds and chat ids begin with it.
/// Digits behind a decimal point are a fraction.
fn may_begin_card(text: &str, start: usize) -> bool {
    let bytes = text.as_bytes();
    let fraction = start >= 2 && bytes[start - 1] == b'.' && bytes[start - 2].is_ascii_digit();
    matches!(bytes[start], b'2'..=b'9') && !fraction
}

fn luhn(bytes: &[u8]) -> bool {
    let digits = bytes.iter().rev().filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => digit,
            _ if digit > 4 => digit * 2 - 9,
            _ => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// True when the candidate lies in a UUID (8-4-4-4-12 hexadecimal digits).
fn in_uuid(bytes: &[u8], candidate: &Range<usize>) -> bool {
    const LENGTH: usize = 36;
    let first = candidate.start.saturating_sub(LENGTH - 1);
    (first..=candidate.start).any(|start| {
        let end = start + LENGTH;
        end >= candidate.end && bytes.get(start..end).is_some_and(is_uuid)
    })
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(place, byte)| match place {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}
