/// Whether somebody works on a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Messages go both ways.
    Open,
    /// Nothing goes either way; staff may reopen it.
    Closed,
}

impl Status {
    /// As the table holds it.
    pub fn to_row(self) -> i64 {
        match self {
            Self::Open => 0,
            Self::Closed => 1,
        }
    }

    /// From a row: whatever is not open is closed.
    pub fn from_row(value: i64) -> Self {
        if value == 0 { Self::Open } else { Self::Closed }
    }

    /// Closes. `None`: it is closed already.
    pub fn close(self) -> Option<Self> {
        (self == Self::Open).then_some(Self::Closed)
    }

    /// Opens again. `None`: it is open already.
    pub fn reopen(self) -> Option<Self> {
        (self == Self::Closed).then_some(Self::Open)
    }
}

/// The key under which everything about one customer in one chat is done one after the other. Two customers
/// with one key wait for each other, and nothing worse.
pub fn lock_key(customer_chat: i64, customer: i64) -> i64 {
    customer_chat.rotate_left(32) ^ customer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_cannot_be_closed_and_what_is_open_cannot_be_opened() {
        assert_eq!(Status::Open.close(), Some(Status::Closed));
        assert_eq!(Status::Closed.close(), None);
        assert_eq!(Status::Closed.reopen(), Some(Status::Open));
        assert_eq!(Status::Open.reopen(), None);
    }

    #[test]
    fn a_status_reads_back_as_it_was_stored() {
        for status in [Status::Open, Status::Closed] {
            assert_eq!(Status::from_row(status.to_row()), status);
        }
    }

    #[test]
    fn customers_of_one_group_have_keys_of_their_own() {
        assert_ne!(lock_key(-1_001, 5), lock_key(-1_001, 6));
        assert_ne!(lock_key(5, 5), lock_key(6, 6));
    }
}
