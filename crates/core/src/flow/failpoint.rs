//! Places where the drills kill the process: before and after each commit and call. Without the feature
//! `failpoints` they are nothing.

/// A place to die at: `FAILPOINTS="name=3*off->return"` aborts the process at the fourth passage.
macro_rules! failpoint {
    ($name:literal) => {
        #[cfg(feature = "failpoints")]
        $crate::flow::failpoint::pass($name);
    };
}
pub(crate) use failpoint;

#[cfg(feature = "failpoints")]
pub(crate) fn pass(name: &'static str) {
    if fail::eval(name, |_| ()).is_some() {
        // As sudden as SIGKILL: nothing is flushed, nothing unwinds.
        std::process::abort();
    }
}
