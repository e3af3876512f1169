//! The page in a real browser: the demo, where a customer asks and staff answer, and a walk through all that it can do.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

mod page;
mod story;
mod walk;

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
    finish(page, played).await
}

/// Walks through the page of a sandbox with its demo town and no bot, which the walk plays itself, and holds each state
/// against the rules of axe-core. The error is a sentence that names the step and what was wrong.
pub async fn walk(stage: &Stage, axe: &Path) -> Result<()> {
    std::fs::create_dir_all(&stage.screenshots)
        .with_context(|| format!("cannot make the folder {}", stage.screenshots.display()))?;
    let rules = std::fs::read_to_string(axe).with_context(|| format!("cannot read {}", axe.display()))?;
    let line = walk::Line::open(&stage.url).await?;
    let page = Page::open(&Stage { url: line.url.clone(), ..stage.clone() }).await?;
    let walked = walk::walk(&page, &line, &stage.url, &rules).await;
    finish(page, walked).await
}

async fn finish(page: Page, played: Result<()>) -> Result<()> {
    if played.is_err() {
        // What failed is told below; the picture only helps.
        let _ = page.screenshot("failed").await;
    }
    let closed = page.close().await;
    played?;
    closed
}
