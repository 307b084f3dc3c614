//! `cargo xtask gpu bench`: training steps and inference beside PyTorch on the same card, in turn in one run.

use super::bench_head::{HeadBench, OBJECTIVES};
use super::emulator::Emulator;
use super::environment::{built_for_gpu, emulated};
use crate::bench::measurer::Measurer;
use crate::bench::median::median;
use crate::splice::splice;
use crate::workspace::target;
use anyhow::{Context, bail};
use clap::Args;
use std::path::PathBuf;
use std::process::Command;
use xshell::{Shell, cmd};

/// Networks (crates/train/examples/rates has the cases' grammar), and how the table names them.
const NETWORKS: [(&str, &str); 2] = [("plus16", "DeepLabV3+ (stride 16)"), ("v3", "DeepLabV3 (stride 8)")];
const PRECISIONS: [&str; 3] = ["f32", "tf32", "bf16"];
const DOCUMENT: &str = "docs/performance.md";

/// Steps and inference beside PyTorch on one card.
#[derive(Args)]
pub(crate) struct Bench {
    /// A Python with torch for CUDA and torchvision
    #[arg(long, value_name = "PATH")]
    python: PathBuf,
    /// Pictures and side of a batch
    #[arg(long, default_value = "30x224", value_name = "COUNTxSIDE")]
    batch: String,
    /// How often the sides take turns
    #[arg(long, default_value_t = 3, value_name = "N")]
    rounds: usize,
    /// Timed runs of a side in each turn
    #[arg(long, default_value_t = 10, value_name = "N")]
    runs: usize,
    /// Only cases whose name holds this text
    #[arg(long, default_value = "", value_name = "TEXT")]
    only: String,
    /// PyTorch's networks are also compiled (torch.compile), in the cases whose name holds this text; it takes a minute each
    #[arg(long, default_value = "", value_name = "TEXT")]
    compile: String,
    /// Use the programs that `gpu build --carry FOLDER` put there; this needs neither cargo nor nvcc
    #[arg(long, value_name = "FOLDER", conflicts_with = "emulated")]
    programs: Option<PathBuf>,
    /// Only print; leave docs/performance.md as it is
    #[arg(long)]
    dry: bool,
    /// Try the command without a GPU: scribe on the emulated device, PyTorch on the CPU. Only prints; the times mean nothing
    #[arg(long)]
    emulated: bool,
}

impl Bench {
    /// Measures, prints, and splices the table into the document.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        self.check_only()?;
        let (mut ours, mut torch) = (self.ours(shell)?, self.torch(shell)?);
        let mut text = "| work | precision | scribe ms | torch ms | torch.compile ms | scribe's pictures a second | times PyTorch's best | scribe MiB | torch MiB |\n"
            .to_string();
        text += "| :-- | :-- | --: | --: | --: | --: | --: | --: | --: |\n";
        for (case, title, precision) in self.cases() {
            let row = self.compare(&mut ours, &mut torch, &case)?;
            eprintln!("{title}, {precision}: {row}");
            text += &format!("| {title} | {precision} | {row} |\n");
        }
        text += &self.head(&mut ours, &mut torch)?;
        text += &self.about()?;
        print!("{text}");
        if self.dry || self.emulated {
            return Ok(());
        }
        splice(&shell.current_dir().join(DOCUMENT), "gpu bench", &text)
    }

    /// Pictures of a batch and their side.
    fn sizes(&self) -> anyhow::Result<(usize, usize)> {
        let (count, side) = self.batch.split_once('x').context("expected COUNTxSIDE")?;
        Ok((count.parse()?, side.parse()?))
    }

    /// Labels have the side of the batch, outputs a quarter of it, as DeepLabV3+ gives them.
    fn head(&self, ours: &mut Measurer, torch: &mut Measurer) -> anyhow::Result<String> {
        let (count, side) = self.sizes()?;
        let copied = if self.emulated { 1 } else { 1024 };
        HeadBench { ours, torch, sizes: (count, side / 4, side), runs: self.runs, copied }.table(&self.only)
    }

    /// Refuses a text that no case has in one of its names, before anything is built.
    fn check_only(&self) -> anyhow::Result<()> {
        let heads = OBJECTIVES.iter().map(|objective| format!("head/{objective}"));
        let mut names: Vec<String> =
            self.all_cases().into_iter().map(|(case, title, _)| format!("{title} ({case})")).collect();
        names.extend(heads);
        // What stands behind a head's name are sizes, a precision and a way.
        if !names.iter().any(|name| name.contains(&self.only)) && !self.only.starts_with("head/") {
            let names = names.join("\n  ");
            bail!(
                "--only {:?}: no case has that in its name (expected a part of one of these)\n  {names}",
                self.only
            );
        }
        Ok(())
    }

    fn cases(&self) -> Vec<(String, String, &'static str)> {
        let mut cases = self.all_cases();
        cases.retain(|(case, title, _)| case.contains(&self.only) || title.contains(&self.only));
        cases
    }

    /// Each case's name for the two programs, its name in the table, and its precision.
    fn all_cases(&self) -> Vec<(String, String, &'static str)> {
        let mut cases = Vec::new();
        for (what, work) in [("step", "training step"), ("infer", "inference")] {
            for (network, title) in NETWORKS {
                for precision in PRECISIONS {
                    let case = format!("{what}/{network}/{}/{precision}", self.batch);
                    cases.push((case, format!("{title}, {work}, {}", self.batch), precision));
                }
            }
        }
        cases
    }

    /// Our side, built for the card or for the emulated device.
    fn ours(&self, shell: &Shell) -> anyhow::Result<Measurer> {
        if let Some(folder) = &self.programs {
            return Measurer::start(Command::new(folder.join("rates")).args(["2", "cuda:0"]));
        }
        let target = target();
        let environment = if self.emulated {
            emulated(&Emulator::build(shell, &target.join("gpu-emulator"))?, &target.join("gpu-emulated"))
        } else {
            built_for_gpu(&target.join("gpu"))?
        };
        let _set: Vec<_> = environment.iter().map(|(name, value)| shell.push_env(name, value)).collect();
        cmd!(
            shell,
            "cargo build --locked --release --workspace --features scribe-robustness/cuda --example rates"
        )
        .run()?;
        let folder = if self.emulated { "gpu-emulated" } else { "gpu" };
        let mut command = Command::new(target.join(folder).join("release/examples/rates"));
        command.args(["2", "cuda:0"]).envs(environment.iter().map(|(name, value)| (name, value)));
        Measurer::start(&mut command)
    }

    fn torch(&self, shell: &Shell) -> anyhow::Result<Measurer> {
        let script = shell.current_dir().join("tools/bench/torch_gpu.py");
        let device = if self.emulated { "cpu" } else { "cuda" };
        Measurer::start(Command::new(&self.python).arg(script).arg(device))
    }

    /// Milliseconds of each side, our pictures a second, their ratio to the better of PyTorch's, and the memory of both: medians
    /// over rounds of the medians of a side's runs.
    fn compare(&self, ours: &mut Measurer, torch: &mut Measurer, case: &str) -> anyhow::Result<String> {
        let compiled = case.contains(&self.compile);
        let (mut us, mut eager, mut fast, mut ratios) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut memory = None;
        for _ in 0..self.rounds {
            let (plain, its) = self.burst(torch, case)?;
            let (own, our) = self.burst(ours, case)?;
            let best = match compiled {
                true => self.burst(torch, &format!("{case}/compile"))?.0,
                false => f64::INFINITY,
            };
            us.push(own * 1e3);
            eager.push(plain * 1e3);
            fast.push(best * 1e3);
            ratios.push(plain.min(best) / own);
            // Later, PyTorch's compiled network is in memory too.
            memory.get_or_insert([our, its]);
        }
        let rate = self.sizes()?.0 as f64 / median(&us) * 1e3;
        let [our, its] =
            memory.context("expected at least one round")?.map(|bytes| bytes / f64::from(1 << 20));
        let fast = if compiled { format!("{:.2}", median(&fast)) } else { "-".to_string() };
        Ok(format!(
            "{:.2} | {:.2} | {fast} | {rate:.0} | {:.2} | {our:.0} | {its:.0}",
            median(&us),
            median(&eager),
            median(&ratios)
        ))
    }

    /// The median of a side's seconds, and the most bytes that its tensors had on the card meanwhile.
    fn burst(&self, program: &mut Measurer, case: &str) -> anyhow::Result<(f64, f64)> {
        program.ask(case)?;
        program.ask("memory")?;
        let times = (0..self.runs).map(|_| Ok(program.ask(case)?[0])).collect::<anyhow::Result<Vec<_>>>()?;
        Ok((median(&times), program.ask("memory")?[0]))
    }

    fn about(&self) -> anyhow::Result<String> {
        let ask = "import torch, torchvision; print('torch', torch.__version__, 'torchvision', torchvision.__version__)";
        let versions = Command::new(&self.python).args(["-c", ask]).output()?;
        let card =
            if self.emulated { "no GPU (emulated; the times mean nothing)".to_string() } else { card()? };
        Ok(format!(
            "\nCard: {card}.\nBoth sides in turn in one run; medians of {} rounds of {} runs each, after one that does \
             not count.\nPyTorch: {}; channels-last, cudnn.benchmark, bf16 by autocast, fused SGD; its best is the faster of \
             eager and torch.compile.\n",
            self.rounds,
            self.runs,
            String::from_utf8_lossy(&versions.stdout).trim()
        ))
    }
}

/// The card and its driver, as nvidia-smi names them.
fn card() -> anyhow::Result<String> {
    let mut ask = Command::new("nvidia-smi");
    let output = ask.args(["--query-gpu=name,driver_version", "--format=csv,noheader"]).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().next().unwrap_or("unknown").replace(", ", ", driver ").trim().to_string())
}
