use serde::{Deserialize, Serialize};

/// What a call was for, written on its job and read again in the event with its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// It makes the forum topic of a ticket.
    Topic,
    /// It brings a customer's message to staff.
    Inbound,
    /// It brings a staff message to the customer.
    Outbound {
        /// The chat of the staff message.
        chat: i64,
        /// The staff message.
        message: i64,
        /// The topic that it stands in, where that is not the ticket's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second_topic: Option<i64>,
    },
    /// It edits the copy of a message.
    Edit {
        /// The chat of the message that was edited.
        chat: i64,
        /// The message that was edited.
        message: i64,
    },
    /// It goes on with what waits, behind this ticket.
    Retry {
        /// The table's own id of the last ticket that was taken care of.
        after: i64,
    },
    /// It asks what the bot is in a group that was just added.
    Membership {
        /// The group.
        chat: i64,
        /// The language of who added it.
        language: Option<String>,
    },
}

impl Tag {
    /// As it is written on a job.
    ///
    /// # Panics
    /// Never: it is plain data.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).expect("a tag is plain data")
    }

    /// From a job. `None`: written by another version.
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_reads_back_as_it_was_written() {
        for tag in [Tag::Topic, Tag::Inbound, Tag::Outbound { chat: -1, message: 2, second_topic: Some(3) }] {
            assert_eq!(Tag::from_text(&tag.to_text()), Some(tag));
        }
        assert_eq!(Tag::from_text("tomorrow"), None);
        let of_an_older_version = Tag::from_text(r#"{"outbound":{"chat":-1,"message":2}}"#);
        assert_eq!(of_an_older_version, Some(Tag::Outbound { chat: -1, message: 2, second_topic: None }));
    }
}
