//! An own predictor on drawn images, clean and under fog: its results go to a store, and its mIoU is read back.
//!
//! `cargo run --release -p scribe-eval --example own_predictor`

#![allow(clippy::print_stdout, reason = "an example is a program")]

use anyhow::Context;
use scribe_corruptions::Suite;
use scribe_dataset::{CLASS_NAMES, SynthConfig, SyntheticSplit, TestView};
use scribe_eval::{Entrant, Pass, Picture, Prediction, Predictor, PredictorError, Wants, image::Rgb, run};
use scribe_model::{Inference, ScoreSpace};
use scribe_records::{Filter, Store};
use std::path::Path;

/// Calls every pixel a person (class 15) that is redder than it is blue.
pub(crate) struct RedIsAPerson;

impl Predictor for RedIsAPerson {
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
        let class = |pixel: &Rgb<u8>| if pixel[0] > pixel[2] { 15 } else { 0 };
        Ok(pictures.iter().map(|p| Prediction::of_classes(p.image.pixels().map(class).collect())).collect())
    }
}

/// Evaluates it on three drawn images; the store is made in `folder`.
pub(crate) fn evaluate(folder: &Path) -> anyhow::Result<Store> {
    let config = SynthConfig { train: 1, val: 3, width: 80, height: 64, classes: vec![1, 8, 15], seed: 3 };
    let (split, suite) = (SyntheticSplit::val(&config)?, Suite::imagecorruptions());
    let pass = Pass::new(&split, &suite, vec![Entrant::new("red".parse()?, &RedIsAPerson)])
        .view(TestView::Squash(64))
        .corruptions(&["fog"], &[1, 3, 5])?;
    let mut store = Store::open_or_resume(&folder.join(Store::FILE_NAME), &pass.manifest(CLASS_NAMES))?;
    run(&pass, &mut store)?;
    Ok(store)
}

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let store = evaluate(folder.path())?;
    for ((_, condition), confusion) in store.totals(&Filter::all())? {
        let miou = confusion.miou().context("no pixel was counted")?;
        println!("{condition}: mIoU {:.1} %", 100.0 * miou);
    }
    Ok(())
}
