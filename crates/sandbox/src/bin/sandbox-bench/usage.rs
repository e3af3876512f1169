//! What the kernel counted of a process.

use anyhow::Context as _;

/// CPU time in seconds.
pub fn cpu(pid: u32) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in brackets, may hold spaces; user and system time are the 14th and 15th field.
    let fields = text.rsplit_once(')').context("no process")?.1;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    let ticks: f64 = ticks.sum::<Result<f64, _>>()?;
    // The kernel counts in hundredths of a second for whoever reads /proc.
    Ok(ticks / 100.0)
}

/// The most memory that it ever had, in MB.
pub fn peak_mb(pid: u32) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1_024.0)
}
