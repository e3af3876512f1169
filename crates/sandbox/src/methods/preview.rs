//! Link previews.

use serde_json::{Map, Value};

use super::{ApiError, Request};
use crate::world::preview::preview_field;

impl Request<'_> {
    /// The `link_preview_options` field of a text, as the call asks for it; empty for none. Here every link has a
    /// preview.
    pub(super) fn preview(&self, text: &str, entities: &str) -> Result<String, ApiError> {
        let asked = self.preview_asked()?;
        Ok(preview_field(text, entities, asked.as_ref()))
    }

    fn preview_asked(&self) -> Result<Option<Map<String, Value>>, ApiError> {
        match self.params.json("link_preview_options") {
            Some(Value::Object(options)) => Ok(Some(options.clone())),
            Some(Value::String(text)) if !text.is_empty() => {
                Err(ApiError::bad("can't parse link preview options JSON object"))
            }
            None | Some(Value::String(_)) => Ok(self.params.flag("disable_web_page_preview").then(|| {
                let mut options = Map::new();
                options.insert("is_disabled".to_owned(), true.into());
                options
            })),
            Some(_) => Err(ApiError::bad("object expected as link preview options")),
        }
    }
}
