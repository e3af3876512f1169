//! HTML and Markdown.

use super::Entity;

pub(crate) fn html(raw: &str) -> Result<(String, Vec<Entity>), String> {
    Ok((raw.to_owned(), Vec::new()))
}
pub(crate) fn markdown_v2(raw: &str) -> Result<(String, Vec<Entity>), String> {
    Ok((raw.to_owned(), Vec::new()))
}
pub(crate) fn markdown(raw: &str) -> Result<(String, Vec<Entity>), String> {
    Ok((raw.to_owned(), Vec::new()))
}
