//! The world in a file: read at the start, written while it changes and at the end.

use std::convert::Infallible;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sandbox::{Clock, World};

/// Between two looks whether the world has changed: microseconds of real time.
const EVERY: i64 = 10_000_000;

/// Puts the world of a file into the place of this one.
pub(crate) fn load(world: &World, file: &Path) -> anyhow::Result<()> {
    let document = std::fs::read_to_string(file).with_context(|| {
        format!(
            "{} cannot be read; the first time start without --load, and with --save to write it",
            file.display()
        )
    })?;
    world.load(&document).with_context(|| format!("{} cannot be loaded", file.display()))
}

/// Writes the world to a file, if it has one.
pub(crate) struct Keeper {
    world: World,
    file: Option<PathBuf>,
    written: String,
}

impl Keeper {
    pub(crate) fn new(world: World, file: Option<PathBuf>) -> Self {
        Self { world, file, written: String::new() }
    }

    /// Writes what has changed: the file is the old one or the new one, whenever the machine stops.
    pub(crate) fn write(&mut self) -> anyhow::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let document = self.world.save();
        if document == self.written {
            return Ok(());
        }
        let mut beside = file.clone().into_os_string();
        beside.push(".new");
        let written = std::fs::write(&beside, &document).and_then(|()| std::fs::rename(&beside, file));
        written.with_context(|| format!("{} cannot be written", file.display()))?;
        self.written = document;
        Ok(())
    }

    /// Writes from time to time. A failure is told, and tried again: at the end it is an error.
    pub(crate) async fn run(&mut self) -> Infallible {
        loop {
            Clock::sleep_really(EVERY).await;
            if let Err(error) = self.write() {
                // Nobody else is there to be told.
                let _ = writeln!(std::io::stderr(), "sandbox: {error:#}");
            }
        }
    }
}
