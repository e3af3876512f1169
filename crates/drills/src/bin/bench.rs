//! Measures a bot. Run it by `cargo xtask bench`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use drills::bench::{Setup, run};
use drills::database::Backend;
use serde_json::json;

/// Measure a bot: messages a second, CPU, memory, start-up, cost with a long history.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The database under the bot
    #[arg(long, value_enum, default_value_t = Backend::Sqlite)]
    db: Backend,
    /// support-bot's binary
    #[arg(long, env = "SUPPORT_BOT", default_value = "target/release/support-bot")]
    bot: PathBuf,
    /// Where logs and SQLite files go
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// Tickets in the long history
    #[arg(long, default_value_t = 1_000_000)]
    tickets: u32,
    /// Print one line of JSON, last on stdout
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match measure(&arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            write(&mut std::io::stderr(), &format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn measure(arguments: &Arguments) -> anyhow::Result<bool> {
    let mut all = Vec::new();
    for backend in arguments.db.each() {
        let setup = Setup {
            backend,
            bot: arguments.bot.clone(),
            folder: arguments.folder.clone(),
            tickets: arguments.tickets,
        };
        let figures = run(&setup).await?;
        write(&mut std::io::stderr(), &serde_json::to_string_pretty(&figures)?);
        all.push(figures);
    }
    // The figures are promised for the embedded default; PostgreSQL's are shown beside them.
    let ok = all.iter().all(|figures| figures.ok || figures.db != "sqlite");
    if arguments.json {
        let failed = usize::from(!ok);
        write(
            &mut std::io::stdout(),
            &json!({"passed": 1 - failed, "failed": failed, "runs": all}).to_string(),
        );
    }
    Ok(ok)
}

fn write(to: &mut impl std::io::Write, text: &str) {
    // A closed stream is no reason to stop.
    let _ = writeln!(to, "{text}");
}
