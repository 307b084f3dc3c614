//! `cargo xtask bench corruptions`: the fifteen beside the Python packages, in turn in one run.

use super::machine::machine;
use super::measurer::Measurer;
use super::median::median;
use crate::splice::splice;
use anyhow::Context;
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::Command;
use xshell::{Shell, cmd};

/// The paper's fifteen, as the programs that are measured know them; this crate links none of ours.
const NAMES: [&str; 15] = [
    "gaussian_noise",
    "shot_noise",
    "impulse_noise",
    "defocus_blur",
    "glass_blur",
    "motion_blur",
    "zoom_blur",
    "snow",
    "frost",
    "fog",
    "brightness",
    "contrast",
    "elastic_transform",
    "pixelate",
    "jpeg_compression",
];

/// The files that hold the table, between `<!-- bench corruptions -->` and `<!-- end -->`.
const SPLICED: [&str; 2] = ["README.md", "docs/corruptions-bench.md"];

/// The fifteen corruptions beside the Python packages.
#[derive(Args)]
pub(crate) struct Corruptions {
    /// A Python in which the wheel imagecorruptions 1.1.2 runs (crates/corruptions/tests/reference/make_truth.py has the pins)
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// A Python with the numba fork imagecorruptions-imaug
    #[arg(long, value_name = "PATH")]
    python_fork: Option<PathBuf>,
    /// Rounds in which every program measures once; the least time counts
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: usize,
    /// Only print; leave README.md and docs/corruptions-bench.md as they are
    #[arg(long)]
    dry: bool,
}

/// One program and its times: by corruption, one of each round.
struct Column {
    title: &'static str,
    about: String,
    program: Measurer,
    times: Vec<Vec<f64>>,
}

impl Corruptions {
    /// Measures, prints, and splices the table into the documents.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let root = shell.current_dir();
        let mut columns = self.columns(shell, &root)?;
        for round in 0..self.rounds {
            for (i, name) in NAMES.iter().enumerate() {
                for column in &mut columns {
                    let time = column.program.ask(name)?[0];
                    column.times[i].push(time);
                }
                eprint!("\rround {} of {}: {name:20}", round + 1, self.rounds);
            }
        }
        eprintln!();
        let draws = NAMES.iter().map(|name| columns[0].program.ask(&format!("draws {name}")));
        let draws: Vec<Vec<f64>> = draws.collect::<anyhow::Result<_>>()?;
        let text = render(&columns, &draws, self.rounds);
        print!("{text}");
        for name in SPLICED.iter().filter(|_| !self.dry) {
            splice(&root.join(name), "bench corruptions", &text)?;
        }
        Ok(())
    }

    fn columns(&self, shell: &Shell, root: &Path) -> anyhow::Result<Vec<Column>> {
        cmd!(shell, "cargo build --locked --release --workspace --example time_corruptions").quiet().run()?;
        let program = Measurer::start(&mut Command::new(
            crate::workspace::target().join("release/examples/time_corruptions"),
        ))?;
        let column =
            |title, about, program| Column { title, about, program, times: vec![Vec::new(); NAMES.len()] };
        let mut columns = vec![column("scribe", "this repository".to_string(), program)];
        let script = root.join("crates/corruptions/tests/reference/time_corruptions.py");
        for (title, python) in [("wheel", &self.python), ("fork", &self.python_fork)] {
            let Some(python) = python else { continue };
            let mut program = Measurer::start(Command::new(python).arg(&script))?;
            let about = program
                .line()
                .with_context(|| format!("{}: imagecorruptions does not start", python.display()))?;
            // The first call compiles, where numba is used; it counts for nobody.
            NAMES.iter().try_for_each(|name| program.ask(name).map(drop))?;
            columns.push(column(title, about, program));
        }
        Ok(columns)
    }
}

/// The table and its notes.
fn render(columns: &[Column], draws: &[Vec<f64>], rounds: usize) -> String {
    let times = |i: usize| columns.iter().map(move |c| median(&c.times[i]));
    let mut rows: Vec<(String, Vec<f64>, Vec<f64>)> = NAMES
        .iter()
        .enumerate()
        .map(|(i, name)| ((*name).to_string(), times(i).collect(), draws[i].clone()))
        .collect();
    let sums = (0..columns.len()).map(|c| rows.iter().map(|row| row.1[c]).sum()).collect();
    let total = (0..2).map(|d| draws.iter().map(|row| row[d]).sum()).collect();
    rows.push(("**sum of 15**".to_string(), sums, total));

    let others: String = columns[1..].iter().map(|c| format!(" {0} ms | {0} / scribe |", c.title)).collect();
    let mut text =
        format!("| corruption | scribe ms |{others} words drawn | drawing ms | scribe / drawing |\n");
    text += &format!("| :-- | --: |{} --: | --: | --: |\n", " --: | --: |".repeat(columns.len() - 1));
    for (name, times, draws) in rows {
        let others: String =
            times[1..].iter().map(|t| format!(" {} | {:.1} |", short(*t), t / times[0])).collect();
        let floor = if draws[0] < 0.005 {
            "- | -".to_string()
        } else {
            format!("{} | {:.1}", short(draws[0]), times[0] / draws[0])
        };
        text += &format!("| {name} | {} |{others} {:.0} | {floor} |\n", short(times[0]), draws[1]);
    }
    text += &format!("\nMachine: {}.\n", machine());
    text += &format!(
        "One thread, one picture of 500x375, severity 3, all programs asked in turn in one run; medians of {rounds} rounds.\n"
    );
    for column in &columns[1..] {
        text += &format!("{}: {}.\n", column.title, column.about);
    }
    text
}

/// Formats a number with three digits.
fn short(ms: f64) -> String {
    let places = if ms < 1.0 {
        3
    } else if ms < 10.0 {
        2
    } else if ms < 100.0 {
        1
    } else {
        0
    };
    format!("{ms:.places$}")
}
