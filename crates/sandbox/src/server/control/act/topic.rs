//! Topics of forums, and groups that become supergroups.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::wire::Failure;
use super::{Done, Here};
use crate::ids::{ChatId, MessageId};
use crate::world::World;

/// A person opens a topic.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CreateTopic {
    /// Who, and in which forum.
    #[serde(flatten)]
    pub here: Here,
    /// Its name.
    pub name: String,
}

/// A person renames a topic.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RenameTopic {
    /// Who, and in which forum.
    #[serde(flatten)]
    pub here: Here,
    /// Which topic.
    pub topic: MessageId,
    /// Its new name.
    pub name: String,
}

/// A person at a topic.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct InTopic {
    /// Who, and in which forum.
    #[serde(flatten)]
    pub here: Here,
    /// Which topic.
    pub topic: MessageId,
}

/// A basic group becomes a supergroup.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Migrate {
    /// The basic group.
    pub chat: ChatId,
}

impl CreateTopic {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let topic = world.create_topic(self.here.person, self.here.chat, &self.name)?;
        Ok(Done { topic: Some(topic), ..Done::default() })
    }
}

impl RenameTopic {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.rename_topic(self.here.person, self.here.chat, self.topic, &self.name)?.into())
    }
}

impl InTopic {
    pub(super) fn close(self, world: &World) -> Result<Done, Failure> {
        Ok(world.close_topic(self.here.person, self.here.chat, self.topic)?.into())
    }

    pub(super) fn reopen(self, world: &World) -> Result<Done, Failure> {
        Ok(world.reopen_topic(self.here.person, self.here.chat, self.topic)?.into())
    }

    pub(super) fn delete(self, world: &World) -> Result<Done, Failure> {
        Ok(world.delete_topic(self.here.person, self.here.chat, self.topic)?.into())
    }
}

impl Migrate {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(Done::chat(world.migrate(self.chat)?))
    }
}
