//! `cargo xtask gpu sanitize`: the tests of the kernels on a GPU under NVIDIA's compute-sanitizer, each by itself.

use super::jobs::{self, Job};
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

/// The programs that test kernels.
const PROGRAMS: [&str; 2] = ["gpu", "ops"];
/// The exit code of a test in which the sanitizer found something.
const FOUND: i32 = 86;
/// That of `timeout` after it killed.
const KILLED: i32 = 137;

/// The kernels' tests under compute-sanitizer, each in a process of its own and for so long at most.
#[derive(Args)]
pub(crate) struct Sanitize {
    /// The programs that `gpu build --carry FOLDER` put there
    #[arg(long, value_name = "FOLDER")]
    programs: PathBuf,
    /// Only these tools
    #[arg(long, value_enum)]
    tool: Vec<Tool>,
    /// After how many seconds a test is given up
    #[arg(long, default_value_t = 60, value_name = "N")]
    seconds: u64,
    /// Where the log of each test is written while it runs
    #[arg(long, default_value = "sanitizer", value_name = "FOLDER")]
    logs: PathBuf,
    /// The sanitizer's program
    #[arg(long, default_value = "compute-sanitizer", value_name = "PATH")]
    sanitizer: PathBuf,
    /// Only tests whose names hold one of these texts
    #[arg(last = true)]
    tests: Vec<String>,
}

/// What the sanitizer looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Tool {
    /// Accesses outside of memory.
    Memcheck,
    /// Races in shared memory.
    Racecheck,
    /// Reads of memory that nothing wrote. What cuDNN's kernels write by bulk copies is not seen.
    Initcheck,
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Tool::Memcheck => "memcheck",
            Tool::Racecheck => "racecheck",
            Tool::Initcheck => "initcheck",
        }
    }
}

/// How a test under a tool ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Clean,
    Found,
    Failed,
    Unfinished,
}

/// A test, the tool that watches it, and how that ended.
struct Ended {
    tool: Tool,
    test: String,
    outcome: Outcome,
}

impl Sanitize {
    /// Runs all of them, some at a time, and prints what was found.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        fs::create_dir_all(&self.logs).with_context(|| self.logs.display().to_string())?;
        let tools = if self.tool.is_empty() { Tool::value_variants().to_vec() } else { self.tool.clone() };
        let ended = Mutex::new(Vec::new());
        let mut work: Vec<Job<'_>> = Vec::new();
        for program in PROGRAMS {
            for test in self.tests_of(program)? {
                for &tool in &tools {
                    let (ended, test) = (&ended, test.clone());
                    work.push(Box::new(move || {
                        let outcome = self.watched(program, &test, tool)?;
                        let test = format!("{program}: {test}");
                        ended.lock().unwrap_or_else(|e| e.into_inner()).push(Ended { tool, test, outcome });
                        Ok(())
                    }));
                }
            }
        }
        jobs::all(work)?;
        let ended = ended.into_inner().unwrap_or_else(|e| e.into_inner());
        print!("{}", table(&tools, &ended));
        if ended.iter().any(|one| one.outcome == Outcome::Found) {
            bail!("the sanitizer found errors; the logs are in {}", self.logs.display());
        }
        Ok(())
    }

    fn program(&self, name: &str) -> PathBuf {
        self.programs.join("tests").join(name)
    }

    /// The names of a program's tests.
    fn tests_of(&self, program: &str) -> anyhow::Result<Vec<String>> {
        let path = self.program(program);
        let listed = Command::new(&path).args(["--list", "--format", "terse"]).output();
        let listed = listed.with_context(|| {
            format!("{} (expected what `cargo xtask gpu build --carry FOLDER` wrote)", path.display())
        })?;
        let wanted = |name: &&str| self.tests.is_empty() || self.tests.iter().any(|t| name.contains(t));
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let names = listed.lines().filter_map(|line| line.strip_suffix(": test")).filter(wanted);
        Ok(names.map(str::to_string).collect())
    }

    fn watched(&self, program: &str, test: &str, tool: Tool) -> anyhow::Result<Outcome> {
        let log = self.logs.join(format!("{}-{program}-{}.log", tool.name(), test.replace("::", "-")));
        let output = File::create(&log).with_context(|| log.display().to_string())?;
        // `timeout` ends the sanitizer together with the program that it watches.
        let mut command = Command::new("timeout");
        command.args(["--signal", "KILL", &self.seconds.to_string()]).arg(&self.sanitizer);
        command.args(["--tool", tool.name(), "--error-exitcode", &FOUND.to_string()]);
        command.arg(self.program(program)).args(["--exact", test, "--test-threads", "1"]);
        command.env("SCRIBE_REQUIRE_GPU", "1").stdout(output.try_clone()?).stderr(output);
        let status = command.status().context("timeout (of coreutils)")?;
        Ok(match status.code() {
            Some(0) => Outcome::Clean,
            Some(FOUND) => Outcome::Found,
            // `timeout` kills itself too where it kills by that signal.
            Some(KILLED) | None => Outcome::Unfinished,
            Some(_) => Outcome::Failed,
        })
    }
}

/// How many tests ended how under each tool, and the names of those that were not clean.
fn table(tools: &[Tool], ended: &[Ended]) -> String {
    let mut text = "| tool | clean | errors found | failed | not finished |\n".to_string();
    text += "| :-- | --: | --: | --: | --: |\n";
    for &tool in tools {
        let count =
            |outcome: Outcome| ended.iter().filter(|e| e.tool == tool && e.outcome == outcome).count();
        let [clean, found, failed, unfinished] =
            [Outcome::Clean, Outcome::Found, Outcome::Failed, Outcome::Unfinished].map(count);
        text += &format!("| {} | {clean} | {found} | {failed} | {unfinished} |\n", tool.name());
    }
    let mut rest: Vec<String> = ended
        .iter()
        .filter(|one| one.outcome != Outcome::Clean)
        .map(|one| format!("{}, {}: {:?}\n", one.tool.name(), one.test, one.outcome).to_lowercase())
        .collect();
    rest.sort();
    text + "\n" + &rest.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    fn script(path: &Path, text: &str) {
        fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn each_test_is_watched_alone_and_counted_by_how_it_ended() {
        let folder = tempfile::tempdir().unwrap();
        let tests = folder.path().join("tests");
        fs::create_dir(&tests).unwrap();
        let listing = "if [ \"$1\" = --list ]; then printf 'a::good: test\\na::bad: test\\n'; exit; fi";
        script(&tests.join("gpu"), &format!("{listing}\necho \"$@\""));
        script(
            &tests.join("ops"),
            "if [ \"$1\" = --list ]; then printf 'a::slow: test\\na::fails: test\\n'; fi",
        );
        // --tool NAME --error-exitcode CODE PROGRAM --exact TEST
        let sanitizer = folder.path().join("sanitizer");
        script(
            &sanitizer,
            "case $7 in *bad) exit $4;; *slow) sleep 20;; *fails) exit 1;; esac\nshift 4; exec \"$@\"",
        );
        let sanitize = Sanitize {
            programs: folder.path().to_owned(),
            tool: vec![Tool::Memcheck],
            seconds: 1,
            logs: folder.path().join("logs"),
            sanitizer,
            tests: vec!["a::".to_string()],
        };
        assert!(sanitize.run().unwrap_err().to_string().contains("found errors"));
        let ended = |test: &str| sanitize.watched("gpu", test, Tool::Memcheck).unwrap();
        assert_eq!(["a::good", "a::bad", "a::fails", "a::slow"].map(ended), {
            [Outcome::Clean, Outcome::Found, Outcome::Failed, Outcome::Unfinished]
        });
        let log = fs::read_to_string(folder.path().join("logs/memcheck-gpu-a-good.log")).unwrap();
        assert_eq!(log.trim(), "--exact a::good --test-threads 1");
    }
}
