//! The support bot's process: everything it does is in the library.

fn main() -> std::process::ExitCode {
    frontdesk_core::cli::main::<support_bot::SupportBot>()
}
