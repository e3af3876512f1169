//! Breaks a bot under load and counts what is lost, doubled or out of order. Run it by `cargo xtask faults`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use drills::database::Backend;
use drills::faults::{Drill, Mode, lanes, run};
use serde_json::json;

/// Break a bot under load and count what is lost, doubled or out of order.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// How often the bot is stopped and started again, in the modes that stop it
    #[arg(long, default_value_t = 300)]
    kills: u32,
    /// What goes wrong
    #[arg(long, value_enum, default_value_t = Mode::Kill)]
    mode: Mode,
    /// The database under the bot
    #[arg(long, value_enum, default_value_t = Backend::Both)]
    db: Backend,
    /// support-bot's binary
    #[arg(long, env = "SUPPORT_BOT", default_value = "target/release/support-bot")]
    bot: PathBuf,
    /// Drill the echo bot, which stands beside it: core alone
    #[arg(long)]
    echo: bool,
    /// Where logs and SQLite files go
    #[arg(long, default_value = "target/drills")]
    folder: PathBuf,
    /// Print one line of JSON, last on stdout
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match drill(&arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn drill(arguments: &Arguments) -> anyhow::Result<bool> {
    let mut reports = Vec::new();
    for mode in arguments.mode.each() {
        for backend in arguments.db.each() {
            let drill = Drill {
                mode,
                backend,
                kills: arguments.kills,
                bot: arguments.bot.clone(),
                echo: arguments.echo,
                folder: arguments.folder.clone(),
            };
            let report = if mode == Mode::Lanes {
                serde_json::to_value(lanes::run(&drill).await?)?
            } else {
                serde_json::to_value(run(&drill).await?)?
            };
            say(&table(&report));
            reports.push(report);
        }
    }
    let failed = reports.iter().filter(|report| report["ok"] != true).count();
    let passed = reports.len() - failed;
    if arguments.json {
        print(&json!({"passed": passed, "failed": failed, "runs": reports}).to_string());
    } else {
        print(&format!("{passed} passed, {failed} failed"));
    }
    Ok(failed == 0)
}

/// A report as `name value` lines.
fn table(report: &serde_json::Value) -> String {
    let fields = report.as_object().into_iter().flatten();
    fields.map(|(name, value)| format!("  {name:<20} {value}")).collect::<Vec<_>>().join("\n")
}

fn say(text: &str) {
    use std::io::Write as _;
    // A closed stderr is no reason to stop.
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn print(text: &str) {
    use std::io::Write as _;
    // Nor is a closed stdout.
    let _ = writeln!(std::io::stdout(), "{text}");
}
