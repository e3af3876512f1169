/// Why a message did not arrive, as far as it makes a difference to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The customer blocked the bot.
    Blocked,
    /// The customer's account is gone.
    Deactivated,
    /// The bot was removed from the group.
    Removed,
    /// The original was deleted before it was copied.
    Deleted,
    /// Telegram lets nobody copy this kind of message.
    Uncopyable,
    /// The forum topic is gone.
    TopicGone,
    /// Anything else: the chat does not take it.
    Refused,
}

impl Failure {
    /// Sorts Telegram's words.
    pub fn of(why: &str) -> Self {
        let why = why.to_ascii_lowercase();
        let has = |words: &str| why.contains(words);
        if has("bot was blocked") {
            Self::Blocked
        } else if has("deactivated") {
            Self::Deactivated
        } else if has("bot was kicked") || has("not a member") {
            Self::Removed
        } else if has("thread not found") || has("topic_deleted") || has("topic_id_invalid") {
            Self::TopicGone
        } else if has("message to copy not found") || has("no messages to copy") || has("message_id_invalid")
        {
            Self::Deleted
        } else if has("can't be copied") || has("protected content") || has("message can't be forwarded") {
            Self::Uncopyable
        } else {
            Self::Refused
        }
    }

    /// Whether the message itself is at fault, so that no second attempt helps.
    pub fn is_the_message(self) -> bool {
        matches!(self, Self::Deleted | Self::Uncopyable)
    }

    /// The key of the sentence that staff read.
    pub fn key(self) -> &'static str {
        match self {
            Self::Blocked => "failed-blocked",
            Self::Deactivated => "failed-deactivated",
            Self::Removed => "failed-removed",
            Self::Deleted => "failed-deleted",
            Self::Uncopyable => "failed-uncopyable",
            Self::TopicGone | Self::Refused => "failed-refused",
        }
    }
}

/// Why no topic can be made, as far as an administrator can help it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTopics {
    /// The group has no topics.
    NotAForum,
    /// The bot may not make them.
    NoRights,
    /// Anything else.
    Other,
}

impl NoTopics {
    /// Sorts Telegram's words.
    pub fn of(why: &str) -> Self {
        let why = why.to_ascii_lowercase();
        if why.contains("not a forum") || why.contains("forum_missing") {
            Self::NotAForum
        } else if why.contains("rights") || why.contains("admin_required") {
            Self::NoRights
        } else {
            Self::Other
        }
    }

    /// The key of the sentence that tells staff what to do.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotAForum => "no-topics-forum",
            Self::NoRights => "no-topics-rights",
            Self::Other => "no-topics-other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telegrams_words_become_reasons() {
        for (why, failure) in [
            ("Forbidden: bot was blocked by the user", Failure::Blocked),
            ("Forbidden: user is deactivated", Failure::Deactivated),
            ("Forbidden: bot was kicked from the supergroup chat", Failure::Removed),
            ("Bad Request: message thread not found", Failure::TopicGone),
            ("Bad Request: message to copy not found", Failure::Deleted),
            ("Bad Request: there are no messages to copy", Failure::Deleted),
            ("Bad Request: message can't be copied", Failure::Uncopyable),
            ("Bad Request: chat not found", Failure::Refused),
        ] {
            assert_eq!(Failure::of(why), failure, "{why}");
        }
    }

    #[test]
    fn what_an_administrator_can_do_depends_on_why() {
        assert_eq!(NoTopics::of("Bad Request: the chat is not a forum"), NoTopics::NotAForum);
        assert_eq!(NoTopics::of("Bad Request: not enough rights to create a topic"), NoTopics::NoRights);
        assert_eq!(NoTopics::of("Bad Request: CHAT_ADMIN_REQUIRED"), NoTopics::NoRights);
        assert_eq!(NoTopics::of("Bad Request: PEER_FLOOD"), NoTopics::Other);
    }
}
