//! `cargo xtask gpu check`: all that can be seen on a GPU alone, one after another, with a log of each step.

use super::test::TESTS;
use anyhow::{Context, bail};
use clap::Args;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Tests, NCCL, rates, a comparison with PyTorch, the sanitizer, and a training with its evaluation, as far as the time reaches.
#[derive(Args)]
pub(crate) struct Check {
    /// The programs that `gpu build --carry FOLDER` put there
    #[arg(long, value_name = "FOLDER")]
    programs: PathBuf,
    /// A Python with torch for CUDA and torchvision; without it nothing is compared with PyTorch
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// VOC, or a part of it in its layout; without it nothing is trained
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Epochs of each training
    #[arg(long, default_value_t = 8, value_name = "N")]
    epochs: u32,
    /// NVIDIA's compute-sanitizer; without it no kernel is watched
    #[arg(long, value_name = "PATH")]
    sanitizer: Option<PathBuf>,
    /// The time for everything; what does not fit is left out
    #[arg(long, default_value_t = 60, value_name = "N")]
    minutes: u64,
    /// Where the log of each step, and the runs of the training, are written while they run
    #[arg(long, default_value = "gpu-check", value_name = "FOLDER")]
    logs: PathBuf,
    /// Only steps whose names hold one of these texts
    #[arg(last = true)]
    only: Vec<String>,
}

/// A command, and for how many seconds it may run.
struct Step {
    name: String,
    seconds: u64,
    program: PathBuf,
    arguments: Vec<String>,
}

impl Step {
    fn new(name: impl Into<String>, seconds: u64, program: impl Into<PathBuf>, arguments: &[&str]) -> Step {
        let arguments = arguments.iter().map(|argument| (*argument).to_string()).collect();
        Step { name: name.into(), seconds, program: program.into(), arguments }
    }
}

impl Check {
    /// Runs the steps; a failure of one is told at the end, and the others run all the same.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        fs::create_dir_all(&self.logs).with_context(|| self.logs.display().to_string())?;
        let end = Instant::now() + Duration::from_secs(60 * self.minutes);
        let (mut table, mut failed) =
            (String::from("| step | seconds | outcome |\n| :-- | --: | :-- |\n"), 0);
        for step in self.steps()?.iter().filter(|step| self.is_wanted(&step.name)) {
            let begun = Instant::now();
            let outcome = self.watched(step, end)?;
            failed += usize::from(outcome != "done");
            let line = format!("| {} | {:.0} | {outcome} |\n", step.name, begun.elapsed().as_secs_f64());
            eprint!("{line}");
            table += &line;
            fs::write(self.logs.join("steps.md"), &table)?;
        }
        print!("{table}");
        if failed > 0 {
            bail!("{failed} steps were not done; the logs are in {}", self.logs.display());
        }
        Ok(())
    }

    fn is_wanted(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|text| name.contains(text))
    }

    /// The steps, the most important first: what is right comes before what is fast.
    fn steps(&self) -> anyhow::Result<Vec<Step>> {
        let own = std::env::current_exe()?;
        let programs = self.programs.to_str().context("--programs: expected a path in UTF-8")?;
        let logs = self.logs.to_str().context("--logs: expected a path in UTF-8")?;
        let mut steps: Vec<Step> = TESTS
            .iter()
            .map(|test| {
                let arguments = ["gpu", "test", "--programs", programs, "--test", test];
                Step::new(format!("test {test}"), 180, &own, &arguments)
            })
            .collect();
        steps.push(Step::new("nccl", 60, self.programs.join("tests/group"), &["one_gpu"]));
        let threads = std::thread::available_parallelism().map_or(1, usize::from).to_string();
        for (pictures, networks) in [("16", "3"), ("96", "3"), ("96", "1")] {
            let name = format!("evaluation of {pictures} pictures by {networks} networks");
            let arguments = [pictures, "224", threads.as_str(), "cuda:0", "bf16", networks];
            steps.push(Step::new(name, 60, self.programs.join("evaluation_rate"), &arguments));
        }
        steps.extend(self.data.as_deref().map(|data| self.training(data)).transpose()?.into_iter().flatten());
        if let Some(python) = &self.python {
            let python = python.to_str().context("--python: expected a path in UTF-8")?;
            let arguments = ["gpu", "bench", "--programs", programs, "--python", python, "--dry"];
            steps.push(Step::new("bench", 600, &own, &arguments));
        }
        if let Some(sanitizer) = &self.sanitizer {
            let sanitizer = sanitizer.to_str().context("--sanitizer: expected a path in UTF-8")?;
            let logs = format!("{logs}/sanitizer");
            let arguments =
                ["gpu", "sanitize", "--programs", programs, "--sanitizer", sanitizer, "--logs", &logs];
            steps.push(Step::new("sanitize", 600, &own, &arguments));
        }
        Ok(steps)
    }

    /// `recipes/voc-scratch.toml` with one seed, trained, evaluated at one scale and at several, and reported.
    fn training(&self, data: &Path) -> anyhow::Result<Vec<Step>> {
        let data = data.to_str().context("--data: expected a path in UTF-8")?;
        let runs = self.logs.join("runs");
        let runs = runs.to_str().context("--logs: expected a path in UTF-8")?;
        let epochs = format!("train.epochs={}", self.epochs);
        let sets = [
            "seeds=[1]",
            epochs.as_str(),
            "train.validate_every=0",
            "eval.records=[\"moments\"]",
            "eval.moment_blocks=1",
        ];
        let common = ["--recipe", "voc-scratch", "--data", data, "--runs", runs, "--device", "cuda:0"];
        let scribe = self.programs.join("scribe");
        let step = |what: &str, seconds: u64, further: &[&str]| {
            let sets = sets.iter().chain(further).flat_map(|set| ["--set", *set]);
            let arguments: Vec<&str> = std::iter::once(what).chain(common).chain(sets).collect();
            Step::new(what, seconds, &scribe, &arguments)
        };
        let report = format!("{runs}/voc-scratch");
        Ok(vec![
            step("train", 900, &[]),
            step("eval", 900, &[]),
            Step::new("report", 60, &scribe, &["report", &report]),
        ])
    }

    /// Runs a step until its limit, or until all time is over; its output goes into its log while it runs.
    fn watched(&self, step: &Step, end: Instant) -> anyhow::Result<&'static str> {
        let left = end.saturating_duration_since(Instant::now()).as_secs();
        if left == 0 {
            return Ok("left out");
        }
        let log = self.logs.join(format!("{}.log", step.name.replace(' ', "-")));
        let output = File::create(&log).with_context(|| log.display().to_string())?;
        let mut command = Command::new("timeout");
        command.args(["--signal", "INT", "--kill-after", "5", &step.seconds.min(left).to_string()]);
        command.arg(&step.program).args(&step.arguments).env("SCRIBE_REQUIRE_GPU", "1");
        let status = command.stdout(output.try_clone()?).stderr(output).status();
        Ok(match status.context("timeout (of coreutils)")?.code() {
            Some(0) => "done",
            // 124 is `timeout`'s own, and 137 that of a program that it had to kill.
            Some(124 | 137) => "time over",
            _ => "failed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn check(folder: &Path, minutes: u64, only: &[&str]) -> Check {
        Check {
            programs: folder.join("programs"),
            python: None,
            data: Some(folder.join("data")),
            epochs: 3,
            sanitizer: None,
            minutes,
            logs: folder.join("logs"),
            only: only.iter().map(|text| (*text).to_string()).collect(),
        }
    }

    #[test]
    fn every_step_leaves_a_log_and_its_outcome() {
        let folder = tempfile::tempdir().unwrap();
        let programs = folder.path().join("programs");
        fs::create_dir(&programs).unwrap();
        // Trains, but cannot evaluate.
        let scribe = programs.join("scribe");
        fs::write(&scribe, "#!/bin/sh\necho \"$@\"\n[ \"$1\" != eval ]\n").unwrap();
        fs::set_permissions(&scribe, fs::Permissions::from_mode(0o755)).unwrap();
        let wanted = check(folder.path(), 1, &["train", "eval", "report"]);
        let error = wanted.run().unwrap_err().to_string();
        // The rates have no program here.
        assert!(error.starts_with("4 steps were not done"), "{error}");
        let read = |name: &str| fs::read_to_string(folder.path().join("logs").join(name)).unwrap();
        let steps = read("steps.md");
        for (step, outcome) in [("train", "done"), ("eval", "failed"), ("report", "done")] {
            assert!(steps.contains(&format!("| {step} | 0 | {outcome} |")), "{steps}");
        }
        assert!(read("train.log").starts_with("train --recipe voc-scratch --data "));
        assert!(read("eval.log").contains("--set train.epochs=3 "));
    }

    #[test]
    fn without_time_everything_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check(folder.path(), 0, &["train"]).run().is_err());
        let steps = fs::read_to_string(folder.path().join("logs/steps.md")).unwrap();
        assert!(steps.contains("| train | 0 | left out |"), "{steps}");
    }
}
