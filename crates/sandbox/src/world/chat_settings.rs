//! What the administrators of a chat set.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rights::Permissions;

/// Settings of a group or channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ChatSettings {
    /// What every member of a group may do.
    pub permissions: Permissions,
    /// Members who are no administrators write once in so many seconds; 0 for as often as they like.
    pub slow_mode: i64,
    /// People who come to a public group by themselves wait for an administrator.
    pub join_by_request: bool,
    /// Channels: posts show the name of their author.
    pub signatures: bool,
    /// Number of a channel's discussion group, or of the channel of a discussion group.
    pub linked: Option<i64>,
    /// A supergroup's sticker set.
    pub sticker_set: Option<String>,
    /// Numbers of the chats that may not write here.
    pub banned_senders: Vec<i64>,
}

impl Default for ChatSettings {
    fn default() -> Self {
        Self {
            permissions: Permissions::usual(),
            slow_mode: 0,
            join_by_request: false,
            signatures: false,
            linked: None,
            sticker_set: None,
            banned_senders: Vec::new(),
        }
    }
}
