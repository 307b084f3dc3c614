//! `cargo xtask bench model`: whole steps, inference and single convolutions beside PyTorch, in turn in one run.

use super::machine::machine;
use super::measurer::Measurer;
use super::median::median;
use crate::splice::splice;
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use xshell::{Shell, cmd};

/// Cases (crates/train/examples/rates has their grammar), and how the table names them.
const NETWORKS: [(&str, &str); 10] = [
    ("step/resnet50/4x224", "ResNet-50, training step, 4x224"),
    ("step/plus16/4x224", "DeepLabV3+ (stride 16), training step, 4x224"),
    ("infer/resnet50/4x224", "ResNet-50, inference, 4x224"),
    ("infer/plus16/1x224", "DeepLabV3+ (stride 16), inference, 1x224"),
    ("infer/plus16/4x224", "DeepLabV3+ (stride 16), inference, 4x224"),
    ("infer/plus16/1x513", "DeepLabV3+ (stride 16), inference, 1x513"),
    ("infer/v3/1x224", "DeepLabV3 (stride 8), inference, 1x224"),
    ("infer/v3/4x224", "DeepLabV3 (stride 8), inference, 4x224"),
    ("infer/v3/1x513", "DeepLabV3 (stride 8), inference, 1x513"),
    ("infer/plus8/1x513", "DeepLabV3+ (stride 8), inference, 1x513"),
];

/// Inputs, outputs, side, kernel, stride, padding, dilation; batch 4.
const CONVOLUTIONS: [(&str, &str); 14] = [
    ("3-64-224-7-2-3-1", "stem 7x7 stride 2, 3 to 64 at 224"),
    ("64-64-56-3-1-1-1", "3x3, 64 to 64 at 56"),
    ("128-128-28-3-1-1-1", "3x3, 128 to 128 at 28"),
    ("256-256-14-3-1-1-1", "3x3, 256 to 256 at 14"),
    ("512-512-14-3-1-2-2", "3x3 dilation 2, 512 to 512 at 14"),
    ("2048-256-14-3-1-6-6", "3x3 dilation 6, 2048 to 256 at 14"),
    ("2048-256-14-3-1-18-18", "3x3 dilation 18, 2048 to 256 at 14"),
    ("304-256-56-3-1-1-1", "3x3, 304 to 256 at 56"),
    ("128-128-56-3-2-1-1", "3x3 stride 2, 128 to 128 at 56"),
    ("64-256-56-1-1-0-1", "1x1, 64 to 256 at 56"),
    ("256-64-56-1-1-0-1", "1x1, 256 to 64 at 56"),
    ("256-512-28-1-1-0-1", "1x1, 256 to 512 at 28"),
    ("1024-256-14-1-1-0-1", "1x1, 1024 to 256 at 14"),
    ("256-512-56-1-2-0-1", "1x1 stride 2, 256 to 512 at 56"),
];

/// Steps whose memory is compared.
const MEMORY: [&str; 2] = ["step/resnet50/4x224", "step/plus16/4x224"];

/// The orders of maps in memory that PyTorch has.
const LAYOUTS: [&str; 2] = ["contiguous", "channels_last"];

/// Side of the matrices whose product gives the peak.
const SIDE: usize = 2048;

const HEAD: &str = "\
| work | scribe ms | torch contiguous ms | torch channels_last ms | scribe / torch's better | GFLOP/s | of the peak |
| :-- | --: | --: | --: | --: | --: | --: |
";

const MEMORY_HEAD: &str = "
| peak memory | scribe MB | torch MB | scribe above its start | torch above its start |
| :-- | --: | --: | --: | --: |
";

/// Between a run of torch and one of ours: longer than its threads spin (0.2 s).
const PAUSE: Duration = Duration::from_millis(300);

const DOCUMENT: &str = "docs/performance.md";

/// Steps, inference and convolutions beside PyTorch.
#[derive(Args)]
pub(crate) struct Model {
    /// A Python with torch and torchvision
    #[arg(long, value_name = "PATH")]
    python: PathBuf,
    /// Threads of either side
    #[arg(long, default_value_t = 2, value_name = "N")]
    threads: usize,
    /// How often the sides take turns
    #[arg(long, default_value_t = 3, value_name = "N")]
    rounds: usize,
    /// Only cases whose name in the table, or in crates/train/examples/rates, holds this text
    #[arg(long, default_value = "", value_name = "TEXT")]
    only: String,
    /// Only print; leave docs/performance.md as it is
    #[arg(long)]
    dry: bool,
}

impl Model {
    /// Measures, prints, and splices the tables into the document.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let root = shell.current_dir();
        // Before anything is built, since a misspelt name is soon said.
        let cases = chosen(&self.only)?;
        cmd!(shell, "cargo build --locked --release --workspace --example rates").quiet().run()?;
        let (mut ours, mut torch) = (self.ours()?, self.torch(&root)?);
        let peak = peak(&mut ours, &mut torch)?;
        let mut text = String::from(HEAD);
        for case in &cases {
            let row = compare(&mut ours, &mut torch, case, self.rounds, peak)?;
            eprintln!("{row}");
            text += &format!("{row}\n");
        }
        drop((ours, torch));
        text += &self.memory_table(&root, &cases)?;
        text += &format!("\nMachine: {}.\n", machine());
        text += &format!(
            "{} threads on either side, in turn in one run, with a pause for the threads of the other to come to rest; \
             medians of {} rounds (of three runs for networks and of 15 for convolutions, batch 4, each after as many that do not \
             count). Peak: the fastest product of two {SIDE}x{SIDE} matrices, {:.0} GFLOP/s. Operations are counted by torch, as \
             if every tap were computed.\n",
            self.threads,
            self.rounds,
            peak / 1e9
        );
        text += &format!("PyTorch: {}.\n", self.versions()?);
        print!("{text}");
        if self.dry { Ok(()) } else { splice(&root.join(DOCUMENT), "bench model", &text) }
    }

    /// The peak memory of the steps among the cases.
    fn memory_table(&self, root: &Path, cases: &[Case]) -> anyhow::Result<String> {
        let mut text = String::from(MEMORY_HEAD);
        for case in MEMORY.iter().filter(|memory| cases.iter().any(|case| case.case == **memory)) {
            let ours = memory(self.ours()?, case)?;
            let [first, second] =
                LAYOUTS.map(|layout| memory(self.torch(root)?, &format!("{layout}/{case}")));
            let (first, second) = (first?, second?);
            // The thriftier of the two layouts.
            let torch = if first.1 <= second.1 { first } else { second };
            let title = NETWORKS.iter().find(|n| n.0 == *case).map_or(*case, |n| n.1);
            text +=
                &format!("| {title} | {:.0} | {:.0} | {:.0} | {:.0} |\n", ours.0, torch.0, ours.1, torch.1);
        }
        Ok(text)
    }

    fn ours(&self) -> anyhow::Result<Measurer> {
        Measurer::start(
            Command::new(crate::workspace::target().join("release/examples/rates"))
                .arg(self.threads.to_string()),
        )
    }

    fn torch(&self, root: &Path) -> anyhow::Result<Measurer> {
        let script = root.join("tools/bench/torch_rates.py");
        Measurer::start(Command::new(&self.python).arg(script).arg(self.threads.to_string()))
    }

    fn versions(&self) -> anyhow::Result<String> {
        let ask = "import torch, torchvision; print('torch', torch.__version__, 'torchvision', torchvision.__version__)";
        let output = Command::new(&self.python).args(["-c", ask]).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
    }
}

/// One row of the table.
struct Case {
    /// Its name for the two programs.
    case: String,
    /// Its name in the table.
    title: String,
    /// Runs without a break.
    runs: usize,
}

fn all_cases() -> Vec<Case> {
    let networks =
        NETWORKS.iter().map(|(case, title)| Case { case: (*case).into(), title: (*title).into(), runs: 3 });
    let passes = CONVOLUTIONS.iter().flat_map(|(shape, title)| {
        ["forward", "backward"].map(|pass| Case {
            case: format!("conv/{shape}/{pass}"),
            title: format!("{title}, {pass}"),
            runs: 15,
        })
    });
    networks.chain(passes).collect()
}

/// The cases one of whose names holds the text; none is an error that lists the names.
fn chosen(only: &str) -> anyhow::Result<Vec<Case>> {
    let found: Vec<Case> =
        all_cases().into_iter().filter(|c| c.case.contains(only) || c.title.contains(only)).collect();
    if found.is_empty() {
        let names: Vec<String> =
            all_cases().into_iter().map(|c| format!("  {} ({})", c.title, c.case)).collect();
        anyhow::bail!(
            "--only {only:?}: no case has that in its name (expected a part of one of these)\n{}",
            names.join("\n")
        );
    }
    Ok(found)
}

/// The rate of the fastest product of two matrices, of ours, candle's and torch's.
fn peak(ours: &mut Measurer, torch: &mut Measurer) -> anyhow::Result<f64> {
    let rate = |program: &mut Measurer, name: &str| -> anyhow::Result<f64> {
        Ok(2. * (SIDE as f64).powi(3) / burst(program, &format!("{name}/{SIDE}"), 7)?)
    };
    // Both programs have started when they answer.
    ours.ask("peak")?;
    torch.ask("peak")?;
    let own = rate(ours, "product")?.max(rate(ours, "matmul")?);
    std::thread::sleep(PAUSE);
    Ok(own.max(rate(torch, "matmul")?))
}

/// A row of the table: medians over rounds, in each of which every side makes some runs without a break. The ratio is to
/// the layout of torch whose median is the smaller.
fn compare(
    ours: &mut Measurer,
    torch: &mut Measurer,
    Case { case, title, runs }: &Case,
    rounds: usize,
    peak: f64,
) -> anyhow::Result<String> {
    let operations = torch.ask(&format!("operations/{case}"))?[0];
    let mut times: [Vec<f64>; 3] = Default::default();
    for _ in 0..rounds {
        for (layout, times) in LAYOUTS.iter().zip(&mut times[1..]) {
            std::thread::sleep(PAUSE);
            times.push(burst(torch, &format!("{layout}/{case}"), *runs)?);
        }
        std::thread::sleep(PAUSE);
        times[0].push(burst(ours, case, *runs)?);
    }
    let [own, contiguous, channels_last] = times.map(|times| median(&times));
    Ok(format!(
        "| {title} | {:.1} | {:.1} | {:.1} | {:.2} | {:.0} | {:.0} % |",
        own * 1e3,
        contiguous * 1e3,
        channels_last * 1e3,
        own / contiguous.min(channels_last),
        operations / own / 1e9,
        operations / own / peak * 100.
    ))
}

/// The median of `runs` runs that follow as many which wake the threads and warm the memory, and do not count.
fn burst(program: &mut Measurer, case: &str, runs: usize) -> anyhow::Result<f64> {
    for _ in 0..runs {
        program.ask(case)?;
    }
    let times = (0..runs).map(|_| Ok(program.ask(case)?[0])).collect::<anyhow::Result<Vec<_>>>()?;
    Ok(median(&times))
}

/// The largest memory of a fresh process after three runs, in MB, and how much of it came after its start.
fn memory(mut program: Measurer, case: &str) -> anyhow::Result<(f64, f64)> {
    let start = program.ask("peak")?[0];
    for _ in 0..3 {
        program.ask(case)?;
    }
    let peak = program.ask("peak")?[0];
    Ok((peak / 1e6, (peak - start) / 1e6))
}

#[cfg(test)]
mod tests {
    use super::{all_cases, chosen};

    #[test]
    fn a_case_is_found_by_either_name_and_nothing_found_lists_them() {
        assert_eq!(chosen("").unwrap().len(), 38);
        let titles = |only| chosen(only).unwrap().into_iter().map(|c| c.title).collect::<Vec<_>>();
        let steps = ["ResNet-50, training step, 4x224", "DeepLabV3+ (stride 16), training step, 4x224"];
        assert_eq!(titles("training step"), steps);
        assert_eq!(titles("step/"), steps);
        let message = chosen("trainng").err().unwrap().to_string();
        assert!(all_cases().iter().all(|c| message.contains(&c.title)), "{message}");
    }
}
