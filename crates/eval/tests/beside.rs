//! What is counted beside confusions: every number in the store is the one that a plain loop computes.

mod common;

use common::*;
use scribe_dataset::Split;
use scribe_eval::run;
use scribe_model::{Inference, Model, ScoreSpace, input::from_rgb};
use scribe_records::*;

/// One picture's scores, pixel by pixel in f64, with truth and prediction.
struct Plain {
    rows: Vec<Vec<f64>>,
    truth: Vec<u8>,
    pred: Vec<u8>,
    space: ScoreSpace,
}

/// Predicts every picture under one condition, the slow way.
fn plain(world: &World, model: &Model, how: &Inference, condition: &Condition) -> Vec<Plain> {
    let pass = world.pass();
    let one = |id: &scribe_dataset::ImageId| {
        let sample = pass.view.apply(world.split.load(id).unwrap());
        let mut image = sample.image.clone();
        if !condition.is_clean() {
            let severity = scribe_corruptions::Severity::new(condition.severity).unwrap();
            let seed = scribe_corruptions::seed_for(MASTER, id.as_str(), &condition.corruption, severity);
            let corruption = world.suite.get(&condition.corruption).unwrap();
            image = corruption.apply(&image, severity, &mut scribe_corruptions::Rng::seed(seed)).unwrap();
        }
        let side = SIDE as usize;
        let x = from_rgb(&[image.as_raw()], side, side, &candle_core::Device::Cpu).unwrap();
        let prediction = model.predict(&x, how).unwrap();
        let planes: Vec<f32> = prediction.logits().unwrap().flatten_all().unwrap().to_vec1().unwrap();
        let row = |p: usize| (0..CLASSES).map(|c| f64::from(planes[c * side * side + p])).collect();
        Plain {
            rows: (0..side * side).map(row).collect(),
            truth: sample.label.into_raw(),
            pred: prediction.classes,
            space: prediction.space,
        }
    };
    world.split.ids().iter().map(one).collect()
}

fn softmax(row: &[f64]) -> Vec<f64> {
    let sum: f64 = row.iter().map(|v| v.exp()).sum();
    row.iter().map(|v| v.exp() / sum).collect()
}

/// ECE over ten bins and the Brier score, as their definitions say.
fn calibration(pictures: &[Plain], probabilities: impl Fn(&[f64]) -> Vec<f64>) -> (f64, f64) {
    let (mut bins, mut squares, mut pixels) = ([(0.0, 0.0); 10], 0.0, 0.0);
    for picture in pictures {
        let places = picture.truth.iter().zip(&picture.pred).zip(&picture.rows);
        for ((&truth, &pred), row) in places.filter(|((truth, _), _)| **truth != VOID) {
            let p = probabilities(row);
            let confidence = p[pred as usize];
            let bin = &mut bins[((confidence * 10.0) as usize).min(9)];
            *bin = (bin.0 + f64::from(pred == truth), bin.1 + confidence);
            squares +=
                p.iter().enumerate().map(|(c, p)| (p - f64::from(c == truth as usize)).powi(2)).sum::<f64>();
            pixels += 1.0;
        }
    }
    (bins.iter().map(|(right, sure)| (right - sure).abs()).sum::<f64>() / pixels, squares / pixels)
}

fn close(found: f64, expected: f64) {
    // f64 sums of 9216 terms, added in another order.
    assert!((found - expected).abs() <= 1e-11 * expected.abs().max(1.0), "{found} {expected}");
}

#[test]
fn calibration_is_that_of_the_probabilities() {
    let world = World::new();
    let pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    let condition = &conditions()[2];
    let check = |id: &str, model: &Model, mode: Mode, how: &Inference| {
        let series = Series::new(ModelId::new(id).unwrap(), 0, mode);
        let found = store.calibrations(&series, condition).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), [&Probability::Softmax], "neither trains sigmoids");
        let pictures = plain(&world, model, how, condition);
        let averaged = pictures[0].space == ScoreSpace::Softmax;
        let of = |row: &[f64]| if averaged { row.to_vec() } else { softmax(row) };
        let (ece, brier) = calibration(&pictures, of);
        close(found[&Probability::Softmax].ece().unwrap(), ece);
        close(found[&Probability::Softmax].brier().unwrap(), brier);
        assert_eq!(found[&Probability::Softmax].bins().len(), 10);
    };
    check("softmax", &world.softmax, Mode::single(), &Inference::Single);
    check("ibe", &world.ibe, Mode::single(), &Inference::Single);
    check("ibe", &world.ibe, Mode::msc(), &msc(None));
    assert_eq!(store.calibration_keys().unwrap().len(), 4 * 5, "every series under every condition");
}

#[test]
fn a_model_that_trains_sigmoids_has_both_kinds() {
    let world = World::new();
    let scribe = world.scribe();
    let mut pass = world.pass();
    pass.entrants.truncate(1);
    pass.entrants[0].predictor = &scribe;
    pass.conditions.truncate(1);
    let (_dir, _, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    let of = |mode| Series::new(pass.entrants[0].id.clone(), 0, mode);
    let found = store.calibrations(&of(Mode::single()), &Condition::clean()).unwrap();
    let pictures = plain(&world, &scribe, &Inference::Single, &Condition::clean());
    let sigmoid = |row: &[f64]| row.iter().map(|v| 1.0 / (1.0 + (-v).exp())).collect();
    for (probability, (ece, brier)) in [
        (Probability::Softmax, calibration(&pictures, softmax)),
        (Probability::Sigmoid, calibration(&pictures, sigmoid)),
    ] {
        close(found[&probability].ece().unwrap(), ece);
        close(found[&probability].brier().unwrap(), brier);
    }
    let averaged = store.calibrations(&of(Mode::msc()), &Condition::clean()).unwrap();
    assert_eq!(averaged.into_keys().collect::<Vec<_>>(), [Probability::Sigmoid], "what is averaged");
}

#[test]
fn cross_moments_pair_clean_and_corrupted_pixels() {
    let world = World::new();
    let pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    let keys = store.cross_keys().unwrap();
    assert_eq!(keys.len(), 2 * 4, "two models, four corrupted conditions, single scale alone");
    assert!(keys.iter().all(|(series, condition)| series.mode == Mode::single() && !condition.is_clean()));
    let series = Series::new(ModelId::new("ibe").unwrap(), 0, Mode::single());
    let found = store.cross_moments(&series, &conditions()[1]).unwrap().unwrap();
    assert_eq!(found.count(), 4 * u64::from(SIDE * SIDE));
    let rows = |condition: &Condition| -> Vec<Vec<f64>> {
        let pictures = plain(&world, &world.ibe, &Inference::Single, condition);
        pictures.into_iter().flat_map(|picture| picture.rows).collect()
    };
    let (x, y) = (rows(&Condition::clean()), rows(&conditions()[1]));
    let n = x.len() as f64;
    let mean = |rows: &[Vec<f64>], c: usize| rows.iter().map(|row| row[c]).sum::<f64>() / n;
    let covariances = found.covariances().unwrap();
    for (i, j) in [(0, 0), (0, 7), (7, 0), (20, 3)] {
        let (mx, my) = (mean(&x, i), mean(&y, j));
        let expected = x.iter().zip(&y).map(|(x, y)| (x[i] - mx) * (y[j] - my)).sum::<f64>() / n;
        assert!((covariances.cross[i * CLASSES + j] - expected).abs() < 1e-9, "{i} {j}");
    }
}

#[test]
fn end_is_the_packages() {
    let world = World::new();
    let pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    let series = Series::new(ModelId::new("ibe").unwrap(), 0, Mode::single());
    let found = store.non_distinctiveness(&series, &conditions()[4]).unwrap().unwrap();
    let (mut joint, mut pairwise, mut pixels) = (0.0, 0.0, 0.0);
    for row in plain(&world, &world.ibe, &Inference::Single, &conditions()[4]).iter().flat_map(|p| &p.rows) {
        let largest = |values: &[f64]| values.iter().copied().fold(f64::MIN, f64::max);
        let identity = (largest(&softmax(&row[1..])) - 1.0 / 20.0) / (1.0 - 1.0 / 20.0);
        joint += softmax(row)[0] * identity;
        pairwise += softmax(&[largest(&row[1..]), row[0]])[1] * identity;
        pixels += 1.0;
    }
    close(found.joint().unwrap(), joint / pixels);
    close(found.pairwise().unwrap(), pairwise / pixels);
    let keys = store.non_distinctiveness_keys().unwrap();
    assert_eq!(keys.len(), 2 * 5, "averaged probabilities have none");
}
