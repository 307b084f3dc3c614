//! How much memory an evaluation takes, and how large its store becomes, for any number of classes and size of pictures.
//!
//! `cargo run --release -p scribe-eval --example footprint PREDICTOR CLASSES WIDTH HEIGHT PICTURES CONDITIONS`: drawn
//! pictures, clean and under as many of the 75 conditions as asked for, with everything counted that a recipe can count.
//! PREDICTOR is `network`, a DeepLabV3 (output stride 16, random weights) of a quarter of the width, or `drawn`, which
//! gives logits by the colours of a picture and costs next to nothing. Where the variable KEEP names a file, the store is
//! copied there.

#![allow(clippy::print_stdout, reason = "the example answers on standard output")]

use anyhow::Context;
use candle_core::Device;
use scribe_corruptions::{PAPER_ORDER, Suite};
use scribe_dataset::image::{GrayImage, Luma, Rgb, RgbImage};
use scribe_dataset::{Error as DataError, ImageId, Sample, Split, TestView};
use scribe_eval::{
    CalibrationWanted, Entrant, MomentsWanted, Pass, Picture, Prediction, Predictor, PredictorError, Wants,
    run,
};
use scribe_model::{Decoder, DeepLabConfig, Inference, Model, ObjectiveConfig, ScoreSpace, Stride, VoidRule};
use scribe_records::{Condition, Mode, Store};
use std::time::Instant;

// The program has the same allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let predictor = arguments.next().context("expected PREDICTOR: network or drawn")?;
    let mut number = |name: &str| -> anyhow::Result<usize> {
        let text = arguments.next().with_context(|| format!("expected {name}"))?;
        text.parse().with_context(|| format!("{name}: {text}"))
    };
    let classes = number("CLASSES")?;
    let (width, height) = (number("WIDTH")? as u32, number("HEIGHT")? as u32);
    let (pictures, conditions) = (number("PICTURES")?, number("CONDITIONS")?);
    let network = network(classes)?;
    let prepared = network.prepare();
    let drawn = ByColour { classes };
    let predictor: &dyn Predictor = if predictor == "network" { &prepared } else { &drawn };
    let split = Drawn::new(classes, (width, height), pictures)?;
    let suite = Suite::imagecorruptions();
    let pass = Pass::new(&split, &suite, vec![Entrant::new("mine".parse()?, predictor)])
        .view(TestView::Native)
        .corruptions(&PAPER_ORDER, &[1, 2, 3, 4, 5])?;
    let wanted = pass.conditions[..conditions.min(pass.conditions.len())].to_vec();
    let pass = counting(pass.conditions(wanted), classes);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(Store::FILE_NAME);
    let mut store = Store::open_or_resume(&path, &pass.manifest((0..classes).map(|c| format!("class {c}"))))?;
    let begun = Instant::now();
    let summary = run(&pass, &mut store)?;
    store.close()?;
    println!("inputs {}, seconds {:.1}", summary.inputs, begun.elapsed().as_secs_f64());
    println!(
        "inference {:.1} s, recording {:.1} s",
        summary.inference.as_secs_f64(),
        summary.recording.as_secs_f64()
    );
    println!("store {:.1} MB", std::fs::metadata(&path)?.len() as f64 / 1e6);
    println!("peak of the process {}", peak().unwrap_or_else(|| "unknown".to_owned()));
    if let Ok(keep) = std::env::var("KEEP") {
        std::fs::copy(&path, keep)?;
    }
    Ok(())
}

/// The pass with all that a recipe can name under `eval.records`, in the mode `single`.
fn counting(pass: Pass<'_>, classes: usize) -> Pass<'_> {
    let single = vec![Mode::single()];
    let conditions: Vec<Condition> = pass.conditions.clone();
    let cross = MomentsWanted::across(&conditions, classes, single.clone());
    pass.moments(MomentsWanted { conditions, modes: single.clone() })
        .cross_moments(cross)
        .calibration(CalibrationWanted { bins: 15, modes: single.clone() })
        .non_distinctiveness(single)
}

/// The most memory that the process had, where the system tells.
fn peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn network(classes: usize) -> scribe_model::Result<Model> {
    let net = DeepLabConfig {
        decoder: Decoder::One,
        output_stride: Stride::Sixteen,
        rates: [6, 12, 18],
        bn_momentum: 0.1,
        dropout: 0.1,
        align_corners: false,
        width: 0.25,
    };
    Model::new(&net, &ObjectiveConfig::Softmax { void: VoidRule::Ignore }, classes, 1, &Device::Cpu)
}

/// Pictures of patches: each patch has one class and a colour that tells it.
struct Drawn {
    classes: usize,
    size: (u32, u32),
    ids: Vec<ImageId>,
}

impl Drawn {
    fn new(classes: usize, size: (u32, u32), pictures: usize) -> anyhow::Result<Drawn> {
        let ids = (0..pictures).map(|n| ImageId::new(format!("drawn_{n:04}"))).collect::<Result<_, _>>()?;
        Ok(Drawn { classes, size, ids })
    }
}

impl Split for Drawn {
    fn ids(&self) -> &[ImageId] {
        &self.ids
    }

    fn load(&self, id: &ImageId) -> Result<Sample, DataError> {
        let number = self.ids.iter().position(|other| other == id).unwrap_or_default();
        let (width, height) = self.size;
        // 6 x 5 patches: about as many classes as a picture of ADE20K has, others in each picture.
        let class = |x: u32, y: u32| {
            let patch = 6 * (5 * y / height) + 6 * x / width;
            (patch as usize * 31 + number * 17) % self.classes
        };
        let colour = |x: u32, y: u32| {
            let red = (2 * class(x, y) + 1) * 256 / (2 * self.classes);
            Rgb([red as u8, (x * 7 + y * 3) as u8, (x ^ y) as u8])
        };
        let image = RgbImage::from_fn(width, height, colour);
        let label = GrayImage::from_fn(width, height, |x, y| Luma([class(x, y) as u8]));
        Ok(Sample { id: id.clone(), image, label })
    }
}

/// Logits that fall with the distance from the class that the red channel tells.
struct ByColour {
    classes: usize,
}

impl Predictor for ByColour {
    fn class_count(&self) -> usize {
        self.classes
    }

    fn own_space(&self) -> ScoreSpace {
        ScoreSpace::Softmax
    }

    fn predict(
        &self,
        pictures: &[Picture<'_>],
        _: &Inference,
        wants: &dyn Fn(usize) -> Wants,
    ) -> Result<Vec<Prediction>, PredictorError> {
        let one = |(n, picture): (usize, &Picture<'_>)| {
            let told = |pixel: &Rgb<u8>| f32::from(pixel[0]) * self.classes as f32 / 256.0 - 0.5;
            let places: Vec<f32> = picture.image.pixels().map(told).collect();
            let green: Vec<f32> = picture.image.pixels().map(|pixel| f32::from(pixel[1])).collect();
            let plane = |class: usize| {
                // Each class has a part of its own, so that no channel follows from others.
                let own = (class * 37 % 64) as f32 / 4096.0;
                let logit =
                    move |(place, green): (&f32, &f32)| -(class as f32 - place).abs() / 4.0 + own * green;
                places.iter().zip(&green).map(logit).collect::<Vec<f32>>()
            };
            let logits = (0..self.classes).flat_map(plane).collect();
            let prediction = Prediction::of_logits(self.classes, logits);
            let scores = prediction.scores.filter(|_| wants(n).any());
            Ok(Prediction { scores, ..prediction })
        };
        pictures.iter().enumerate().map(one).collect()
    }
}
