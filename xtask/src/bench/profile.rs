//! `cargo xtask bench profile`: a training step's time by operator, beside what its operations would take at the peak.

use super::machine::machine;
use super::measurer::Measurer;
use super::median::median;
use crate::splice::splice;
use anyhow::Context;
use clap::Args;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use xshell::{Shell, cmd};

/// The steps, as crates/train/examples/rates names them.
const STEPS: [(&str, &str); 2] = [
    ("step/resnet50/4x224", "ResNet-50, training step, 4x224"),
    ("step/plus16/4x224", "DeepLabV3+ (stride 16), training step, 4x224"),
];

/// Side of the matrices whose product gives the peak.
const SIDE: usize = 2048;

/// Longer than torch's threads spin after their work.
const PAUSE: Duration = Duration::from_millis(500);

const DOCUMENT: &str = "docs/performance.md";

/// A training step's time by operator, and its distance to the machine's peak.
#[derive(Args)]
pub(crate) struct Profile {
    /// A Python with torch and torchvision: it counts the operations
    #[arg(long, value_name = "PATH")]
    python: PathBuf,
    /// Threads
    #[arg(long, default_value_t = 2, value_name = "N")]
    threads: usize,
    /// Runs of which the median counts
    #[arg(long, default_value_t = 5, value_name = "N")]
    rounds: usize,
    /// Only print; leave docs/performance.md as it is
    #[arg(long)]
    dry: bool,
}

impl Profile {
    /// Measures, prints, and splices the tables into the document.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let root = shell.current_dir();
        cmd!(shell, "cargo build --locked --release --workspace --example rates").quiet().run()?;
        let threads = self.threads.to_string();
        let mut ours = Measurer::start(
            Command::new(crate::workspace::target().join("release/examples/rates")).arg(&threads),
        )?;
        let script = root.join("tools/bench/torch_rates.py");
        let mut torch = Measurer::start(Command::new(&self.python).arg(script).arg(&threads))?;
        // Both programs have started when they answer.
        ours.ask("peak")?;
        torch.ask("peak")?;
        let mut rates = [0.; 2];
        for ((rate, program), name) in
            rates.iter_mut().zip([&mut ours, &mut torch]).zip(["product", "matmul"])
        {
            let product = format!("{name}/{SIDE}");
            let times = (0..4 * self.rounds).map(|_| Ok(program.ask(&product)?[0]));
            *rate = 2. * (SIDE as f64).powi(3) / median(&times.collect::<anyhow::Result<Vec<_>>>()?);
        }
        let peak = rates[0].max(rates[1]);
        let mut text = String::new();
        for (case, title) in STEPS {
            let operations = torch.ask(&format!("operations/{case}"))?[0];
            std::thread::sleep(PAUSE);
            text += &table(&mut ours, case, title, operations, peak, self.rounds)?;
        }
        text += &format!(
            "Peak: the faster product of two {SIDE}x{SIDE} matrices, {:.0} GFLOP/s here and {:.0} in torch. Machine: {}, \
             {threads} threads.\n",
            rates[0] / 1e9,
            rates[1] / 1e9,
            machine()
        );
        text += "Operations: multiplications and additions of the convolutions, forward and backward, as torch counts them.\n";
        print!("{text}");
        if self.dry { Ok(()) } else { splice(&root.join(DOCUMENT), "bench profile", &text) }
    }
}

/// The table of one step: medians over the rounds.
fn table(
    ours: &mut Measurer,
    case: &str,
    title: &str,
    operations: f64,
    peak: f64,
    rounds: usize,
) -> anyhow::Result<String> {
    let Seconds { totals, parts } = seconds(ours, case, rounds)?;
    let total = median(&totals);
    let mut rows: Vec<(String, f64)> =
        parts.into_iter().map(|(name, times)| (name, median(&times))).collect();
    rows.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut text = format!("| {title} | ms | share |\n| :-- | --: | --: |\n");
    for (name, seconds) in rows {
        text += &format!("| {name} | {:.1} | {:.0} % |\n", seconds * 1e3, seconds / total * 100.);
    }
    text += &format!("| **whole step** | {:.0} | 100 % |\n", total * 1e3);
    let least = operations / peak;
    text += &format!(
        "\n{:.1} GFLOP: at the peak {:.0} ms, {:.0} % of the step.\n\n",
        operations / 1e9,
        least * 1e3,
        least / total * 100.
    );
    Ok(text)
}

/// Seconds of a step, of each round.
struct Seconds {
    totals: Vec<f64>,
    /// Those of its parts, by their names.
    parts: BTreeMap<String, Vec<f64>>,
}

/// Measures a step so many times.
fn seconds(ours: &mut Measurer, case: &str, rounds: usize) -> anyhow::Result<Seconds> {
    let question = format!("operators/{case}");
    let mut totals = Vec::new();
    let mut parts: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for _ in 0..rounds {
        let answer = ours.answer(&question)?;
        let mut fields = answer.split(';');
        let total: f64 = fields.next().context("no seconds")?.parse()?;
        let mut rest = total;
        for field in fields {
            let (name, seconds) = field.split_once('=').with_context(|| format!("no name in '{field}'"))?;
            let seconds: f64 = seconds.parse()?;
            rest -= seconds;
            parts.entry(name.to_string()).or_default().push(seconds);
        }
        parts.entry("all else: dropout, sums of gradients, freeing".to_string()).or_default().push(rest);
        totals.push(total);
    }
    Ok(Seconds { totals, parts })
}
