//! Our side of `cargo xtask bench evaluation`: the seconds that an evaluation takes, from pictures to a store.
//!
//! `cargo run --release -p scribe-eval --example evaluation_rate PICTURES SIDE THREADS [DEVICE [PRECISION [NETWORKS]]]`: drawn
//! pictures, clean and under the fifteen corruptions at five severities, by DeepLabV3+ (output stride 16) with random
//! weights: three of them, on the CPU in f32, unless the last arguments say otherwise. The last line says `seconds N`; the one
//! before it, for how much of that time the networks ran, waited for pictures and waited for what is counted.

#![allow(clippy::print_stdout, reason = "the benchmark reads the seconds from standard output")]

use anyhow::Context;
use candle_core::Device;
use scribe_corruptions::{PAPER_ORDER, Suite};
use scribe_dataset::{CLASS_NAMES, SynthConfig, SyntheticSplit, TestView};
use scribe_eval::{Entrant, Pass, run};
use scribe_model::{Decoder, DeepLabConfig, Model, ObjectiveConfig, Precision, Stride, VoidRule};
use scribe_records::Store;
use std::time::Instant;

// The program has the same allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |name: &str| -> anyhow::Result<usize> {
        let text = arguments.next().with_context(|| format!("expected {name}"))?;
        text.parse().context(text)
    };
    let (pictures, side, threads) = (argument("PICTURES")?, argument("SIDE")?, argument("THREADS")?);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let device = scribe_model::device::pick(&arguments.next().unwrap_or_else(|| "cpu".to_string()))?;
    let precision = precision(arguments.next().as_deref())?;
    let networks: u64 = arguments.next().map_or(Ok(3), |text| text.parse().context(text))?;
    let models = (1..=networks).map(|seed| network(seed, precision, &device));
    let models = models.collect::<Result<Vec<_>, _>>()?;
    let prepared: Vec<_> = models.iter().map(Model::prepare).collect();
    let (split, suite) = (drawn(pictures, side as u32)?, Suite::imagecorruptions());
    let names = (1..=networks).map(|number| format!("network{number}"));
    let entrants = names.zip(&prepared).map(|(name, model)| Ok(Entrant::new(name.parse()?, model)));
    let pass = Pass::new(&split, &suite, entrants.collect::<anyhow::Result<Vec<_>>>()?)
        .view(TestView::Squash(side as u32))
        .corruptions(&PAPER_ORDER, &[1, 2, 3, 4, 5])?
        // As the program has it.
        .batch(if device.is_cuda() { 76 } else { 8 })
        .predictor_threads(if device.is_cuda() { 3 } else { 0 })
        .threads(threads);
    anyhow::ensure!(pass.conditions.len() == 76, "expected 76 conditions, got {}", pass.conditions.len());
    let folder = tempfile::tempdir()?;
    let mut store =
        Store::open_or_resume(&folder.path().join(Store::FILE_NAME), &pass.manifest(CLASS_NAMES))?;
    let begun = Instant::now();
    let summary = run(&pass, &mut store)?;
    let [inference, waiting, recorder] =
        [summary.inference, summary.waiting, summary.recorder_waits].map(|time| time.as_secs_f64());
    println!("inference {inference:.2}, waiting for pictures {waiting:.2}, for the recorder {recorder:.2}");
    println!("seconds {}", begun.elapsed().as_secs_f64());
    Ok(())
}

fn precision(argument: Option<&str>) -> anyhow::Result<Precision> {
    Ok(match argument {
        None | Some("f32") => Precision::F32,
        Some("tf32") => Precision::Tf32,
        Some("bf16") => Precision::Bf16,
        Some(other) => anyhow::bail!("expected f32, tf32 or bf16, got {other}"),
    })
}

/// Drawn square pictures of `side` pixels.
fn drawn(pictures: usize, side: u32) -> scribe_dataset::Result<SyntheticSplit> {
    let classes = vec![1, 8, 15];
    let config = SynthConfig { train: 1, val: pictures, width: side, height: side, classes, seed: 3 };
    SyntheticSplit::val(&config)
}

/// A DeepLabV3+ with random weights.
fn network(seed: u64, precision: Precision, device: &Device) -> scribe_model::Result<Model> {
    let net = DeepLabConfig {
        decoder: Decoder::Two,
        output_stride: Stride::Sixteen,
        rates: [6, 12, 18],
        bn_momentum: 0.1,
        dropout: 0.1,
        align_corners: false,
        width: 1.,
    };
    let objective = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
    let mut model = Model::new(&net, &objective, CLASS_NAMES.len(), seed, device)?;
    model.set_precision(precision)?;
    Ok(model)
}
