//! What asking a program over pipes costs beside a network of a known time.
//!
//! `cargo run --release -p scribe-eval --example ask_cost [INPUTS [ROUNDS [MILLISECONDS [SIDE]]]]`: drawn images (128 inputs of
//! 224 x 224 pixels) are shown to a predictor that sleeps for 20 ms an image, in this process and in another one that is
//! asked for classes, and for logits at an eighth of the size. The ways take turns (5 rounds); the medians are printed. This
//! program starts itself as the one that is asked.

#![allow(clippy::print_stdout, reason = "an example is a program")]

#[allow(dead_code, reason = "the `main` of another example")]
#[path = "answer_questions.rs"]
mod answer_questions;

use answer_questions::{question, read_frame, write_frame};
use anyhow::Context;
use safetensors::Dtype;
use safetensors::tensor::TensorView;
use scribe_corruptions::Suite;
use scribe_dataset::{CLASS_NAMES, SynthConfig, SyntheticSplit, TestView};
use scribe_eval::{
    AskSettings, AskedProgram, Entrant, Pass, Picture, Prediction, Predictor, PredictorError, Wants, run,
};
use scribe_model::{Inference, ScoreSpace};
use scribe_records::Store;
use std::io::{stdin, stdout};
use std::time::{Duration, Instant};

/// The first argument of the program that is asked.
const ASKED: &str = "--asked";
/// How much smaller the logits are than the image, as those of a network of output stride 8.
const STRIDE: usize = 8;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, milliseconds, tensor] = arguments.as_slice()
        && first == ASKED
    {
        let each = Duration::from_millis(milliseconds.parse()?);
        return answer(each, tensor == "logits").map_err(anyhow::Error::from_boxed);
    }
    let number = |place: usize, usual: u64| -> anyhow::Result<u64> {
        arguments.get(place).map_or(Ok(usual), |text| text.parse().with_context(|| text.clone()))
    };
    let (inputs, rounds) = (number(0, 128)?, number(1, 5)?);
    let (milliseconds, side) = (number(2, 20)?, number(3, 224)?);
    let ways = ["in this process", "asked for classes", "asked for logits"];
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..rounds {
        for (way, times) in times.iter_mut().enumerate() {
            times.push(measure(way, inputs, milliseconds, side as u32)?);
        }
    }
    let medians = times.map(median);
    println!(
        "a network of {milliseconds} ms, {inputs} inputs of {side}x{side} pixels, {rounds} rounds; ms an input"
    );
    for (way, [inference, wall]) in ways.iter().zip(medians) {
        let share = |time: f64, beside: f64| 100.0 * (time / beside - 1.0);
        println!(
            "{way:18} {inference:6.2} in the network ({:+.1} %), {wall:6.2} in all ({:+.1} %)",
            share(inference, medians[0][0]),
            share(wall, medians[0][1])
        );
    }
    Ok(())
}

/// Milliseconds an input in the predictor, and in all, of one evaluation.
fn measure(way: usize, inputs: u64, milliseconds: u64, side: u32) -> anyhow::Result<[f64; 2]> {
    let own = Sleeping { each: Duration::from_millis(milliseconds) };
    let me = std::env::current_exe()?;
    let tensor = if way == 2 { "logits" } else { "classes" };
    let command = format!("'{}' {ASKED} {milliseconds} {tensor}", me.display());
    let settings = AskSettings::new(command, "net", CLASS_NAMES.len());
    let asked = (way > 0).then(|| AskedProgram::start(&settings)).transpose()?;
    let predictor: &dyn Predictor = asked.as_ref().map_or(&own, |asked| asked);
    // Each image is shown clean and under three severities.
    let val = inputs.div_ceil(4) as usize;
    let config = SynthConfig { train: 1, val, width: side, height: side, classes: vec![1, 8, 15], seed: 3 };
    let (split, suite) = (SyntheticSplit::val(&config)?, Suite::imagecorruptions());
    let pass = Pass::new(&split, &suite, vec![Entrant::new("net".parse()?, predictor)])
        .view(TestView::Squash(side))
        .corruptions(&["contrast"], &[1, 3, 5])?
        // As the program has it for a network whose greatest question is 8 images.
        .batch(16);
    let folder = tempfile::tempdir()?;
    let mut store =
        Store::open_or_resume(&folder.path().join(Store::FILE_NAME), &pass.manifest(CLASS_NAMES))?;
    let begun = Instant::now();
    let summary = run(&pass, &mut store)?;
    let wall = 1e3 * begun.elapsed().as_secs_f64() / summary.inputs as f64;
    Ok([summary.inference_ms().context("nothing was evaluated")?, wall])
}

/// The middle value of either number.
fn median(times: Vec<[f64; 2]>) -> [f64; 2] {
    [0, 1].map(|which| {
        let mut sorted: Vec<f64> = times.iter().map(|pair| pair[which]).collect();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    })
}

/// The network in this process.
struct Sleeping {
    each: Duration,
}

impl Predictor for Sleeping {
    fn class_count(&self) -> usize {
        CLASS_NAMES.len()
    }

    fn own_space(&self) -> ScoreSpace {
        ScoreSpace::Softmax
    }

    fn predict(
        &self,
        pictures: &[Picture<'_>],
        _how: &Inference,
        _wants: &dyn Fn(usize) -> Wants,
    ) -> Result<Vec<Prediction>, PredictorError> {
        std::thread::sleep(self.each * pictures.len() as u32);
        let classes = |picture: &Picture<'_>| {
            Prediction::of_classes(picture.image.pixels().map(|pixel| class(pixel[0])).collect())
        };
        Ok(pictures.iter().map(classes).collect())
    }
}

fn class(red: u8) -> u8 {
    if red > 110 { 15 } else { 0 }
}

/// The same network as a program that is asked.
fn answer(each: Duration, logits: bool) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (mut input, mut output) = (stdin().lock(), stdout().lock());
    let text = |error: Box<dyn std::error::Error>| error.to_string();
    read_frame(&mut input).map_err(text)?;
    write_frame(&mut output, Vec::new(), &[("protocol", "1"), ("classes", "21")]).map_err(text)?;
    while let Some(buffer) = read_frame(&mut input).map_err(text)? {
        let (metadata, pixels, shape) = question(&buffer).map_err(text)?;
        std::thread::sleep(each * shape[0] as u32);
        let number = [("number", metadata["number"].as_str())];
        let (name, dtype, shape, data) = if logits {
            let small = [shape[0], CLASS_NAMES.len(), shape[1] / STRIDE, shape[2] / STRIDE];
            ("logits", Dtype::F32, small.to_vec(), vec![0; 4 * small.iter().product::<usize>()])
        } else {
            let classes = pixels.chunks(3).map(|rgb| class(rgb[0])).collect();
            ("classes", Dtype::U8, shape[..3].to_vec(), classes)
        };
        let view = TensorView::new(dtype, shape, &data)?;
        write_frame(&mut output, vec![(name, view)], &number).map_err(text)?;
    }
    Ok(())
}
