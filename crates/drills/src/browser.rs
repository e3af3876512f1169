//! The demo in a real browser: a customer asks, staff answer, and each sees what they should.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

mod page;
mod story;

use page::Page;

/// Where everything is.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The sandbox's page, with the bot running behind it.
    pub url: String,
    /// Where chromedriver listens.
    pub chromedriver: String,
    /// The folder that takes the screenshots.
    pub screenshots: PathBuf,
}

/// Plays the whole story. The error is a sentence that names the step and what was not on the page.
pub async fn play(stage: &Stage) -> Result<()> {
    std::fs::create_dir_all(&stage.screenshots)
        .with_context(|| format!("cannot make the folder {}", stage.screenshots.display()))?;
    let page = Page::open(stage).await?;
    let played = story::play(&page).await;
    if played.is_err() {
        // What failed is told below; the picture only helps.
        let _ = page.screenshot("failed").await;
    }
    let closed = page.close().await;
    played?;
    closed
}
