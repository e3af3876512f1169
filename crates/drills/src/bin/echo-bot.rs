//! The echo bot of the drills.

use std::process::ExitCode;

fn main() -> ExitCode {
    drills::echo::main()
}
