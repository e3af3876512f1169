//! The journal as lines of text, one for a call: for grep.

use std::fmt::Write as _;

use super::Call;

/// The most that is shown of the parameters, in bytes.
const MOST: usize = 400;

impl Call {
    /// One line: `seq=401 at=2026-11-20T12:00:00.000Z bot=1000001 method=sendMessage chat=… code=200 ms=0.412 …`. What
    /// does not apply is `-`; texts are JSON strings, so that nothing breaks the line.
    pub fn line(&self) -> String {
        let mut line = String::with_capacity(256);
        let shown = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        let took = self.answered_at.map(|at| at.saturating_sub(self.accepted_at));
        let took = took.map(|micros| format!("{}.{:03}", micros / 1_000, micros % 1_000));
        // Writing to a String cannot fail.
        let _ = write!(
            line,
            "seq={} at={} bot={} method={} chat={} code={} ms={}",
            self.seq,
            moment(self.at),
            shown(self.bot.map(|bot| bot.to_string())),
            self.method,
            shown(self.chat.map(|chat| chat.to_string())),
            shown((self.code != 0).then(|| self.code.to_string())),
            shown(took),
        );
        if let Some(fault) = &self.fault {
            let _ = write!(line, " fault={fault}");
        }
        if !self.messages.is_empty() {
            let _ = write!(line, " messages={}", list(&self.messages));
        }
        let _ =
            write!(line, " params={}", short(&serde_json::Value::Object(self.params.clone()).to_string()));
        if let Some(description) = &self.description {
            let _ = write!(line, " description={}", escaped(&crate::world::json::quoted(description)));
        }
        line
    }
}

fn list(ids: &[i64]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn short(json: &str) -> String {
    let mut json = escaped(json);
    if json.len() > MOST {
        let end = (0..=MOST).rev().find(|at| json.is_char_boundary(*at)).unwrap_or(0);
        json.truncate(end);
        json.push('…');
    }
    json
}

/// JSON leaves the line ends that are no ASCII as they are.
fn escaped(json: &str) -> String {
    let breaks = |letter: char| matches!(letter, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}');
    let mut line = String::with_capacity(json.len());
    for letter in json.chars() {
        if breaks(letter) {
            let _ = write!(line, "\\u{:04x}", u32::from(letter));
        } else {
            line.push(letter);
        }
    }
    line
}

/// `2026-11-20T12:00:00.000Z`.
fn moment(micros: i64) -> String {
    let (days, of_day) = (micros.div_euclid(86_400_000_000), micros.rem_euclid(86_400_000_000));
    let (year, month, day) = date(days);
    let (seconds, millis) = (of_day / 1_000_000, of_day / 1_000 % 1_000);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{millis:03}Z",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Year, month and day of a day since 1970, by counting years from a March on, so that leap days come last.
fn date(days: i64) -> (i64, i64, i64) {
    let from_march = days + 719_468;
    let (era, of_era) = (from_march.div_euclid(146_097), from_march.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(moment(1_795_176_000_000_000), "2026-11-20T12:00:00.000Z");
        assert_eq!(moment(951_782_400_123_456), "2000-02-29T00:00:00.123Z");
        assert_eq!(moment(0), "1970-01-01T00:00:00.000Z");
    }
}
