//! What the administrators of a chat set.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Settings of a group or channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ChatSettings {
    /// Channels: posts show the name of their author.
    pub signatures: bool,
    /// Number of a channel's discussion group, or of the channel of a discussion group.
    pub linked: Option<i64>,
}
