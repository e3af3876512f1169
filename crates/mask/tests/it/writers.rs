use std::io::Write as _;
use std::sync::{Arc, Mutex};

use mask::{MaskingMakeWriter, MaskingWriter};

use crate::{bot_token, masker};

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Sink {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[test]
fn a_writer_masks_and_takes_everything() {
    let mut out = Vec::new();
    let mut writer = MaskingWriter::new(&mut out, masker());
    let line = format!("token {} é\n", bot_token());
    assert_eq!(writer.write(line.as_bytes()).unwrap(), line.len());
    writer.write_all(b"bad \xff byte\n").unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "token [masked] é\nbad \u{fffd} byte\n");
}

#[test]
fn the_fmt_layer_hands_over_whole_events() {
    let sink = Sink::default();
    let made = sink.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(MaskingMakeWriter::new(move || made.clone(), masker()))
        .with_ansi(false)
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        tracing::info!(token = bot_token(), "asked {}", format_args!("/bot{}/getMe", bot_token()));
    });
    assert!(sink.text().contains("asked /bot[masked]/getMe token=\"[masked]\""), "{}", sink.text());
}
