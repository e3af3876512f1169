use std::io;

use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

use crate::Masker;

/// A writer that masks each `write` before it hands it on.
///
/// Only what one call holds is looked at: a secret that falls between two calls passes. Hand over whole lines.
pub struct MaskingWriter<W> {
    inner: W,
    masker: Masker,
}

impl<W: io::Write> MaskingWriter<W> {
    /// Everything that is written goes to `inner`, masked.
    pub fn new(inner: W, masker: Masker) -> Self {
        Self { inner, masker }
    }
}

impl<W: io::Write> io::Write for MaskingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // All or an error: a part of a masked text says nothing about how much of the original was taken.
        self.inner.write_all(&self.masker.mask_bytes(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A [`MakeWriter`] for tracing-subscriber whose writers mask.
///
/// The fmt layer hands each event over in one call, so whole events are masked.
#[derive(Clone)]
pub struct MaskingMakeWriter<M> {
    inner: M,
    masker: Masker,
}

impl<M> MaskingMakeWriter<M> {
    /// Every writer that `inner` makes is wrapped.
    pub fn new(inner: M, masker: Masker) -> Self {
        Self { inner, masker }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for MaskingMakeWriter<M> {
    type Writer = MaskingWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        MaskingWriter::new(self.inner.make_writer(), self.masker.clone())
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        MaskingWriter::new(self.inner.make_writer_for(meta), self.masker.clone())
    }
}
