use super::ticket::Status;

/// A ticket as far as it matters for who may go on with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The group it was asked in, by its id of today.
    pub chat: i64,
    /// Who asked.
    pub customer: i64,
    /// Whether it is open.
    pub status: Status,
}

/// Why a message does not go into a ticket. Each has a sentence of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `/t` without number or without a message.
    Form,
    /// What stands for the number is none.
    NotANumber,
    /// No ticket has this number.
    Unknown,
    /// It was asked in another chat.
    ElsewhereAsked,
    /// Somebody else asked it.
    NotYours,
    /// It is closed.
    Closed,
}

impl Refusal {
    /// The key of its sentence.
    pub fn key(self) -> &'static str {
        match self {
            Self::Form => "ticket-form",
            Self::NotANumber => "ticket-not-a-number",
            Self::Unknown => "ticket-unknown",
            Self::ElsewhereAsked => "ticket-elsewhere",
            Self::NotYours => "ticket-not-yours",
            Self::Closed => "ticket-closed",
        }
    }
}

/// Reads what follows `/t`: a number, and a text or a message that needs none because it is a picture.
pub fn parse(rest: &str, has_media: bool) -> Result<i64, Refusal> {
    let (number, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    if number.is_empty() {
        return Err(Refusal::Form);
    }
    let number = number.strip_prefix('#').unwrap_or(number);
    let number: i64 = number.parse().ok().filter(|number| *number > 0).ok_or(Refusal::NotANumber)?;
    if text.trim().is_empty() && !has_media {
        return Err(Refusal::Form);
    }
    Ok(number)
}

/// The first ticket that a text names: `#12`.
pub fn named_in(text: &str) -> Option<i64> {
    text.split('#').skip(1).find_map(|after| {
        let end = after.find(|character: char| !character.is_ascii_digit()).unwrap_or(after.len());
        after[..end].parse().ok()
    })
}

/// Whether `customer` in `chat` may add to a ticket: only who asked may, and only where they asked.
pub fn check(ticket: Option<Known>, chat: i64, customer: i64) -> Result<(), Refusal> {
    let ticket = ticket.ok_or(Refusal::Unknown)?;
    if ticket.chat != chat {
        return Err(Refusal::ElsewhereAsked);
    }
    if ticket.customer != customer {
        return Err(Refusal::NotYours);
    }
    if ticket.status == Status::Closed {
        return Err(Refusal::Closed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: Known = Known { chat: -5, customer: 7, status: Status::Open };

    #[test]
    fn a_number_and_a_text_continue_a_ticket() {
        assert_eq!(parse("12 still waiting", false), Ok(12));
        assert_eq!(parse("#12\nstill waiting", false), Ok(12));
        assert_eq!(parse("12", true), Ok(12));
    }

    #[test]
    fn each_wrong_form_has_its_own_refusal() {
        assert_eq!(parse("", false), Err(Refusal::Form));
        assert_eq!(parse("12", false), Err(Refusal::Form));
        assert_eq!(parse("twelve hello", false), Err(Refusal::NotANumber));
        for number in ["-3", "0", "99999999999999999999", "1.5", "##1", "١٢"] {
            assert_eq!(parse(&format!("{number} hello"), false), Err(Refusal::NotANumber), "{number}");
        }
    }

    #[test]
    fn a_ticket_is_named_by_hash_and_number() {
        assert_eq!(named_in("Your question is ticket #12. Our team"), Some(12));
        assert_eq!(named_in("# # #x #7"), Some(7));
        for text in ["", "12", "#", "#tea", "#99999999999999999999"] {
            assert_eq!(named_in(text), None, "{text}");
        }
    }

    #[test]
    fn only_who_asked_may_go_on_and_only_where_they_asked() {
        assert_eq!(check(Some(MINE), -5, 7), Ok(()));
        assert_eq!(check(None, -5, 7), Err(Refusal::Unknown));
        assert_eq!(check(Some(MINE), -6, 7), Err(Refusal::ElsewhereAsked));
        assert_eq!(check(Some(MINE), -5, 8), Err(Refusal::NotYours));
        let closed = Known { status: Status::Closed, ..MINE };
        assert_eq!(check(Some(closed), -5, 7), Err(Refusal::Closed));
        assert_eq!(check(Some(closed), -5, 8), Err(Refusal::NotYours), "a stranger learns no more");
    }
}
