//! Predictions by threads of their own, as on a GPU: the same rows, the same errors, and what came before them is kept.

mod common;

use common::*;
use scribe_eval::{
    CalibrationWanted, Entrant, Error, Pass, Picture, Prediction, Predictor, PredictorError, Wants, run,
};
use scribe_model::{Inference, ScoreSpace};
use scribe_records::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Counts and moments alone, of which no scores are wanted, or calibration of one mode too.
fn pass(world: &World, threads: usize, calibration: bool) -> Pass<'_> {
    let mut pass = world.pass().predictor_threads(threads);
    pass.calibration = calibration.then(|| CalibrationWanted { bins: 10, modes: vec![Mode::single()] });
    pass.cross_moments.conditions.clear();
    pass.non_distinctiveness.clear();
    pass
}

fn rows_of(pass: &Pass<'_>) -> String {
    let (_dir, path, mut store) = fresh(pass);
    run(pass, &mut store).unwrap();
    store.close().unwrap();
    rows(&path)
}

#[test]
fn threads_that_predict_change_no_bit() {
    let world = World::new();
    for calibration in [false, true] {
        let plain = rows_of(&pass(&world, 0, calibration));
        for threads in [1, 3] {
            for batch in [1, 2, 64] {
                let pass = pass(&world, threads, calibration).batch(batch);
                assert_eq!(rows_of(&pass), plain, "{threads} threads, batches of {batch}, {calibration}");
            }
        }
    }
}

#[test]
fn what_came_before_a_broken_picture_is_kept() {
    let world = World::new();
    let watched = Watched {
        inner: &world.split,
        loads: AtomicUsize::new(0),
        before: &|_| (),
        change: &third_is_broken,
    };
    let mut pass = pass(&world, 3, false);
    let (_dir, path, mut store) = fresh(&pass);
    pass.split = &watched;
    let error = run(&pass, &mut store).unwrap_err();
    assert!(error.to_string().contains(pass.image_ids[2].as_str()), "{error}");
    assert_eq!(store.inputs().unwrap().len(), 2 * conditions().len());
    pass.split = &world.split;
    run(&pass, &mut store).unwrap();
    store.close().unwrap();
    assert_eq!(rows(&path), rows_of(&pass));
}

#[test]
fn a_stopped_run_goes_on_and_ends_the_same() {
    let world = World::new();
    let stop = AtomicBool::new(false);
    let press = |place: usize| stop.store(place >= 2, Ordering::SeqCst);
    let watched = Watched { inner: &world.split, loads: AtomicUsize::new(0), before: &press, change: &same };
    let mut stopped = pass(&world, 3, false);
    let (_dir, path, mut store) = fresh(&stopped);
    (stopped.split, stopped.stop, stopped.batch, stopped.threads) = (&watched, &stop, 1, 1);
    let error = run(&stopped, &mut store).unwrap_err();
    let Error::Stopped { done, all: 20 } = error else { panic!("{error}") };
    assert!(done < 20, "{done}");
    assert_eq!(store.inputs().unwrap().len(), done);

    let whole = pass(&world, 3, false);
    assert_eq!(run(&whole, &mut store).unwrap().inputs, 20 - done);
    store.close().unwrap();
    assert_eq!(rows(&path), rows_of(&whole));
}

/// Panics at the second picture.
struct Panics;

impl Predictor for Panics {
    fn class_count(&self) -> usize {
        CLASSES
    }

    fn own_space(&self) -> ScoreSpace {
        ScoreSpace::Softmax
    }

    fn predict(
        &self,
        pictures: &[Picture<'_>],
        _: &Inference,
        _: &dyn Fn(usize) -> Wants,
    ) -> Result<Vec<Prediction>, PredictorError> {
        let one = |picture: &Picture<'_>| {
            assert!(!picture.image_id.ends_with('1'), "a mistake in a predictor");
            Prediction::of_classes(vec![0; picture.image.pixels().len()])
        };
        Ok(pictures.iter().map(one).collect())
    }
}

#[test]
fn a_panic_is_not_an_end() {
    let world = World::new();
    let mut pass = pass(&world, 2, false);
    pass.moments.conditions.clear();
    pass.panels.clear();
    pass.entrants = vec![Entrant::new(ModelId::new("panics").unwrap(), &Panics)];
    let (_dir, _, mut store) = fresh(&pass);
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&pass, &mut store).map(drop)));
    let panic = ended.expect_err("it goes on to the caller");
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"a mistake in a predictor"));
}

#[test]
fn a_label_that_is_no_class_ends_it() {
    let world = World::new();
    let watched = Watched {
        inner: &world.split,
        loads: AtomicUsize::new(0),
        before: &|_| (),
        change: &labels_are_no_class,
    };
    let mut pass = pass(&world, 3, false);
    let (_dir, _, mut store) = fresh(&pass);
    pass.split = &watched;
    let error = run(&pass, &mut store).unwrap_err();
    assert!(matches!(error, Error::Count { .. }), "{error}");
    assert!(store.inputs().unwrap().is_empty());
}
