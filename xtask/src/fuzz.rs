//! `cargo xtask fuzz`: runs the fuzz targets one after another, and prints what each did.

use crate::flags::Fuzz;
use crate::workspace::target;
use anyhow::{Context, bail};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use xshell::{Shell, cmd};

/// An input that takes longer is a finding. The law is two seconds on a quiet machine.
const SECONDS: u64 = 10;
/// Mebibytes of memory that a process may reach, what it keeps from input to input included.
const MEBIBYTES: u64 = 2048;
/// The head of the table that is printed.
const HEAD: &str =
    "| target | executions | minutes | seconds of CPU | edges |\n| --- | --: | --: | --: | --: |";

/// What the fuzzer said of one target.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    executions: u64,
    edges: u64,
    found: bool,
}

impl Fuzz {
    /// Builds and runs the targets; fails when one of them found something.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let names = self.targets(shell)?;
        if cmd!(shell, "cargo fuzz --version")
            .quiet()
            .ignore_stderr()
            .output()
            .is_ok_and(|o| !o.status.success())
        {
            bail!(
                "cargo has no command `fuzz` (expected cargo-fuzz 0.13: cargo install cargo-fuzz --version '^0.13'; it \
                 needs a C++ compiler)"
            );
        }
        // Packages that the workspace has too are built in its versions; cargo adds the others.
        shell.copy_file("Cargo.lock", "fuzz/Cargo.lock")?;
        // Coverage needs flags that a stable compiler takes only so. The sanitizers would need a nightly standard library.
        shell.set_var("RUSTC_BOOTSTRAP", "1");
        let folder = std::path::absolute(target().join("fuzz"))?;
        shell.set_var("CARGO_TARGET_DIR", &folder);
        let mut found = Vec::new();
        println!("{HEAD}");
        for name in &names {
            cmd!(shell, "cargo fuzz build --sanitizer none {name}").quiet().run()?;
            let (begun, before) = (Instant::now(), cpu_seconds()?);
            let outcome = fuzz(name, &folder, Duration::from_secs(60 * self.minutes))?;
            let minutes = begun.elapsed().as_secs_f64() / 60.0;
            let seconds = cpu_seconds()? - before;
            let Outcome { executions, edges, found: something } = outcome;
            println!("| {name} | {executions} | {minutes:.1} | {seconds} | {edges} |");
            if something {
                found.push(name.as_str());
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        let artifacts = folder.join("artifacts");
        bail!("{}: something was found (the inputs are in {})", found.join(", "), artifacts.display())
    }

    /// The target that is asked for, or all.
    fn targets(&self, shell: &Shell) -> anyhow::Result<Vec<String>> {
        let files = shell.read_dir("fuzz/fuzz_targets")?;
        let stem = |path: &std::path::PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
        let known: Vec<String> = files.iter().filter_map(stem).collect();
        match &self.target {
            None => Ok(known),
            Some(name) if known.contains(name) => Ok(vec![name.clone()]),
            Some(name) => bail!("{name} is not a fuzz target (expected one of {})", known.join(", ")),
        }
    }
}

/// Runs one target that was built, for so long. Its corpus, its log and what it finds lie in `folder`.
fn fuzz(name: &str, folder: &Path, time: Duration) -> anyhow::Result<Outcome> {
    let place = |what: &str| folder.join(what).join(name);
    let (corpus, artifacts) = (place("corpus"), place("artifacts"));
    for path in [&corpus, &artifacts, &folder.join("logs")] {
        std::fs::create_dir_all(path).with_context(|| path.display().to_string())?;
    }
    let mut log = File::create(place("logs").with_extension("log"))?;
    let mut process = Command::new("cargo")
        .args(["fuzz", "run", "--sanitizer", "none", name])
        .arg(&corpus)
        .arg("--")
        .args([format!("-max_total_time={}", time.as_secs()), format!("-timeout={SECONDS}")])
        .args([format!("-rss_limit_mb={MEBIBYTES}"), "-print_final_stats=1".to_owned()])
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", folder)
        .stderr(Stdio::piped())
        .spawn()?;
    let mut outcome = Outcome::default();
    for line in BufReader::new(process.stderr.take().context("no standard error")?).split(b'\n') {
        let line = line?;
        log.write_all(&[&line[..], b"\n"].concat())?;
        outcome.read(&String::from_utf8_lossy(&line));
    }
    outcome.found = !process.wait()?.success();
    Ok(outcome)
}

/// Seconds of processor time of the processes that this one started and that have ended.
fn cpu_seconds() -> anyhow::Result<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").context("/proc/self/stat (expected Linux)")?;
    // Linux counts 100 ticks a second here.
    Ok(ended_ticks(&stat).with_context(|| format!("/proc/self/stat is `{stat}`"))? / 100)
}

/// Fields 16 and 17 of proc(5), user and system time. The second field, in parentheses, may hold anything.
fn ended_ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

impl Outcome {
    /// Takes what a line of libFuzzer says: `#1024 pulse cov: 80 ft: 90 ...`, or one of the last statistics.
    fn read(&mut self, line: &str) {
        let mut words = line.split_whitespace().skip_while(|word| *word != "cov:").skip(1);
        if let Some(edges) = words.next().and_then(|edges| edges.parse().ok()) {
            self.edges = edges;
        }
        let executions = line.strip_prefix("stat::number_of_executed_units:");
        if let Some(executions) = executions.and_then(|number| number.trim().parse().ok()) {
            self.executions = executions;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, ended_ticks};

    #[test]
    fn the_time_of_ended_processes_stands_in_two_fields() {
        // Each field from the fourth on is its own number: 16 + 17.
        assert_eq!(ended_ticks("1 (a) b c) S 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18"), Some(33));
        assert_eq!(ended_ticks("1 (a) S 4 5 6"), None);
    }

    #[test]
    fn the_figures_are_those_of_the_fuzzer() {
        // Lines as libFuzzer prints them.
        let mut outcome = Outcome::default();
        for line in [
            "INFO: Seed: 1",
            "#2\tINITED cov: 71 ft: 72 corp: 1/1b exec/s: 0 rss: 38Mb",
            "#524288\tpulse  cov: 80 ft: 101 corp: 9/52b lim: 4096 exec/s: 262144 rss: 42Mb",
            "stat::number_of_executed_units: 1048576",
            "stat::average_exec_per_sec:     262144",
        ] {
            outcome.read(line);
        }
        assert_eq!(outcome, Outcome { executions: 1_048_576, edges: 80, found: false });
    }
}
