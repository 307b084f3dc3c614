//! A whole evaluation: every number in the store is the one that a plain loop computes.

mod common;

use common::*;
use scribe_base::digest::sha256_hex;
use scribe_corruptions::{Rng, Severity, seed_for};
use scribe_dataset::Split;
use scribe_dataset::image::RgbImage;
use scribe_eval::run;
use scribe_model::input::from_rgb;
use scribe_records::*;

/// A picture under a condition, and the seed of its noise.
fn shown(world: &World, clean: &RgbImage, id: &str, condition: &Condition) -> (RgbImage, u32) {
    if condition.is_clean() {
        return (clean.clone(), 0);
    }
    let severity = Severity::new(condition.severity).unwrap();
    let seed = seed_for(MASTER, id, &condition.corruption, severity);
    let corruption = world.suite.get(&condition.corruption).unwrap();
    (corruption.apply(clean, severity, &mut Rng::seed(seed)).unwrap(), seed)
}

#[test]
fn the_store_holds_what_a_plain_loop_computes() {
    let world = World::new();
    let pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    let summary = run(&pass, &mut store).unwrap();
    assert_eq!((summary.inputs, summary.predictions, summary.done_before), (20, 80, 0));
    assert!(summary.inference <= summary.wall && summary.inference_share() > 0.0);

    let inputs = store.inputs().unwrap();
    let confusions = store.confusions(&Filter::all()).unwrap();
    assert_eq!((inputs.len(), confusions.len()), (20, 80));
    let totals = store.totals(&Filter::all()).unwrap();
    let predicted = |c: &Confusion| (0..CLASSES).filter(|&p| c.pred_total(p) > 0).count();
    assert!(totals.values().any(|c| predicted(c) > 1), "the networks say more than one thing");
    let mut place = inputs.iter();
    for id in world.split.ids() {
        let sample = pass.view.apply(world.split.load(id).unwrap());
        for condition in conditions() {
            let (image, seed) = shown(&world, &sample.image, id.as_str(), &condition);
            let hash = sha256_hex(image.as_raw());
            let expected =
                Input { image_id: id.to_string(), condition: condition.clone(), seed, sha256: hash };
            assert_eq!(*place.next().unwrap(), expected, "inputs come in the order of the pass");
            for entrant in &pass.entrants {
                for (mode, how) in &entrant.modes {
                    let side = SIDE as usize;
                    let x = from_rgb(&[image.as_raw()], side, side, &candle_core::Device::Cpu).unwrap();
                    let prediction = world.model(entrant.id.as_str()).predict(&x, how).unwrap();
                    let mut confusion = Confusion::new(CLASSES);
                    confusion.add(sample.label.as_raw(), &prediction.classes).unwrap();
                    let series = Series::new(entrant.id.clone(), entrant.seed, mode.clone());
                    let key = Key::new(&series, &condition, id.to_string());
                    assert_eq!(confusions[&key], SparseConfusion::try_from(&confusion).unwrap(), "{key}");
                }
            }
        }
    }
}

#[test]
fn moments_are_those_of_the_logits_of_the_wanted_conditions() {
    let world = World::new();
    let pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    let keys = store.moment_keys().unwrap();
    assert_eq!(keys.len(), 2 * 2, "two models, two conditions, single scale alone");
    let series = Series::new(pass.entrants[1].id.clone(), 0, Mode::single());
    let found = store.moments(&series, &Condition::clean()).unwrap().unwrap();
    let mut expected = LogitMoments::new(CLASSES);
    for id in world.split.ids() {
        let image = pass.view.apply(world.split.load(id).unwrap()).image;
        let x = from_rgb(&[image.as_raw()], SIDE as usize, SIDE as usize, &candle_core::Device::Cpu).unwrap();
        let prediction = world.ibe.predict(&x, &scribe_model::Inference::Single).unwrap();
        let logits: Vec<f32> = prediction.logits().unwrap().flatten_all().unwrap().to_vec1().unwrap();
        expected.add(&logits, &prediction.classes).unwrap();
    }
    assert_eq!(found.total(), 4 * u64::from(SIDE * SIDE));
    for class in 0..CLASSES {
        assert_eq!(found.count(class), expected.count(class));
        let Some((a, b)) = found.second_moment(class).zip(expected.second_moment(class)) else { continue };
        // The store adds picture by picture in blocks, this loop pixel by pixel: f64 sums of 9216 terms.
        for (a, b) in a.iter().zip(&b) {
            assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "class {class}: {a} {b}");
        }
    }
}

#[test]
fn panels_hold_the_pictures_that_were_seen() {
    let world = World::new();
    let pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    let panels = store.panels().unwrap();
    let places: Vec<_> = panels.iter().map(|p| (p.image_id.as_str(), p.condition.clone())).collect();
    let id = world.split.ids()[1].as_str();
    assert_eq!(places, [(id, conditions()[0].clone()), (id, conditions()[1].clone())]);
    let sample = pass.view.apply(world.split.load(&world.split.ids()[1]).unwrap());
    let clean = &panels[0].pictures;
    let decode = |png: &[u8]| image::load_from_memory(png).unwrap();
    assert_eq!(decode(&clean.picture).to_rgb8(), sample.image);
    assert_eq!(decode(&clean.label).to_luma8(), sample.label);
    assert_eq!(clean.predictions.len(), 4);
    for (series, png) in &clean.predictions {
        let mut confusion = Confusion::new(CLASSES);
        confusion.add(sample.label.as_raw(), decode(png).to_luma8().as_raw()).unwrap();
        let stored = &store.per_image(series, &Condition::clean()).unwrap()[id];
        assert_eq!(*stored, SparseConfusion::try_from(&confusion).unwrap(), "{series}");
    }
    let inputs = store.inputs().unwrap();
    let noisy = inputs.iter().find(|i| i.image_id == id && i.condition == conditions()[1]).unwrap();
    let panel = decode(&panels[1].pictures.picture).to_rgb8();
    assert_eq!(noisy.sha256, sha256_hex(panel.as_raw()));
}

#[test]
fn batch_and_threads_change_no_bit() {
    let world = World::new();
    let with = |batch: usize, threads: usize, side_by_side: usize| {
        let mut pass = world.pass();
        (pass.batch, pass.threads, pass.side_by_side) = (batch, threads, side_by_side);
        let (_dir, path, mut store) = fresh(&pass);
        run(&pass, &mut store).unwrap();
        rows(&path)
    };
    let one = with(1, 1, 1);
    assert_eq!(with(3, 4, 1), one);
    assert_eq!(with(64, 2, 1), one);
    assert_eq!(with(4, 1, 3), one);
}
