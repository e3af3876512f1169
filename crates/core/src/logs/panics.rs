use std::io::Write as _;
use std::panic::PanicHookInfo;

use mask::Masker;

/// A panic hook that prints through the log: thread, location, and the payload if it is a literal.
///
/// A formatted payload is withheld, since it can quote what somebody wrote (`unwrap` on an error does).
/// Where no log is set up yet, one masked line goes to stderr.
pub fn panic_hook(masker: Masker) -> impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static {
    move |panic| {
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("unnamed");
        let location = panic.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        // Only `&'static str` is known to stand in the code.
        let payload = panic.payload().downcast_ref::<&'static str>().copied();
        let payload = payload.unwrap_or("withheld: it was formatted and may quote private text");
        if tracing::dispatcher::has_been_set() {
            tracing::error!(target: "panic", thread, location, payload, "panicked");
        } else {
            let line = format!("panicked thread={thread:?} location={location:?} payload={payload:?}\n");
            // A panic hook has nobody left to tell when stderr is closed.
            drop(std::io::stderr().write_all(&masker.mask_bytes(line.as_bytes())));
        }
    }
}
