#![doc = include_str!("../README.md")]

mod bench;
mod browser;
mod cargo;
mod cli;
mod clock;
mod coverage;
mod demo;
mod drill;
mod e2e;
mod faults;
mod http;
mod install;
mod postgres;
mod pypi;
mod report;
mod schema;
mod supervisor;
mod test;
mod tidy;
mod workspace;

fn main() -> std::process::ExitCode {
    cli::run()
}
