//! `cargo xtask bench evaluation`: an evaluation from pictures to counts, beside a loop in PyTorch.

use super::machine::machine;
use super::median::median;
use crate::splice::splice;
use anyhow::Context;
use clap::Args;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use xshell::{Shell, cmd};

const DOCUMENT: &str = "docs/performance.md";

/// Pictures under 76 conditions by three DeepLabV3+, beside a loop in PyTorch.
#[derive(Args)]
pub(crate) struct Evaluation {
    /// A Python with torch, torchvision and imagecorruptions-imaug
    #[arg(long, value_name = "PATH")]
    python: PathBuf,
    /// Threads of either side
    #[arg(long, default_value_t = 2, value_name = "N")]
    threads: usize,
    /// Drawn pictures
    #[arg(long, default_value_t = 4, value_name = "N")]
    pictures: usize,
    /// Their sides, in pixels
    #[arg(long, default_value_t = 224, value_name = "N")]
    side: usize,
    /// How often the sides take turns
    #[arg(long, default_value_t = 1, value_name = "N")]
    rounds: usize,
    /// Only print; leave docs/performance.md as it is
    #[arg(long)]
    dry: bool,
}

impl Evaluation {
    /// Measures, prints, and splices the table into the document.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        cmd!(shell, "cargo build --locked --release --workspace --example evaluation_rate").quiet().run()?;
        let script = shell.current_dir().join("tools/bench/torch_eval.py");
        let mut sides = vec![("scribe".to_string(), Vec::new())];
        // No worker, and one for each thread.
        let workers = [0, self.threads];
        for workers in workers {
            sides.push((format!("PyTorch, {workers} workers"), Vec::new()));
        }
        for _ in 0..self.rounds {
            let mut own = Command::new(crate::workspace::target().join("release/examples/evaluation_rate"));
            sides[0].1.push(self.seconds(&mut own)?);
            for (side, workers) in sides[1..].iter_mut().zip(workers) {
                let mut torch = Command::new(&self.python);
                torch.arg(&script);
                side.1.push(self.seconds_with(&mut torch, &[workers])?);
            }
        }
        let text = self.table(&sides);
        print!("{text}");
        if self.dry { Ok(()) } else { splice(&shell.current_dir().join(DOCUMENT), "bench evaluation", &text) }
    }

    fn seconds(&self, command: &mut Command) -> anyhow::Result<f64> {
        self.seconds_with(command, &[])
    }

    /// Runs a program with the sizes and further arguments, and reads the seconds that it reports.
    fn seconds_with(&self, command: &mut Command, further: &[usize]) -> anyhow::Result<f64> {
        let sizes = [self.pictures, self.side, self.threads];
        command.args(sizes.iter().chain(further).map(ToString::to_string));
        let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("{command:?}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().rev().find_map(|line| line.strip_prefix("seconds "));
        line.with_context(|| format!("{command:?} ended without 'seconds N'"))?
            .parse()
            .context(text.to_string())
    }

    fn table(&self, sides: &[(String, Vec<f64>)]) -> String {
        let seconds: Vec<f64> = sides.iter().map(|(_, times)| median(times)).collect();
        let best = seconds[1..].iter().fold(f64::INFINITY, |a, &b| a.min(b));
        let mut text = String::from("| side | seconds | of PyTorch's better |\n| :-- | --: | --: |\n");
        for ((name, _), seconds) in sides.iter().zip(&seconds) {
            text += &format!("| {name} | {seconds:.1} | {:.2} |\n", seconds / best);
        }
        text + &format!(
            "\n{} pictures of {}x{}, clean and under the fifteen corruptions at five severities, by three DeepLabV3+ (stride 16). \
             Machine: {}. {} threads on either side, in turn in one run, {} rounds.\n",
            self.pictures,
            self.side,
            self.side,
            machine(),
            self.threads,
            self.rounds
        )
    }
}
