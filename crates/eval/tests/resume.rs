//! Going on: an evaluation that was stopped, broke, or grew ends with the same rows as one that ran once.

mod common;

use common::*;
use scribe_eval::{Error, run};
use scribe_records::*;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

fn undisturbed(world: &World) -> String {
    let pass = world.pass();
    let (_dir, path, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    store.close().unwrap();
    rows(&path)
}

fn nothing(_: usize) {}

#[test]
fn a_stopped_run_goes_on_and_ends_the_same() {
    let world = World::new();
    let stop = AtomicBool::new(false);
    let press = |place: usize| stop.store(place >= 2, Ordering::SeqCst);
    let watched = Watched { inner: &world.split, loads: AtomicUsize::new(0), before: &press, change: &same };
    let mut pass = world.pass();
    let (_dir, path, mut store) = fresh(&pass);
    (pass.split, pass.stop, pass.batch, pass.threads) = (&watched, &stop, 1, 1);
    let error = run(&pass, &mut store).unwrap_err();
    let Error::Stopped { done, all: 20 } = error else { panic!("{error}") };
    // The third picture is loaded when at least seven inputs of the first two were handed on.
    assert!((5..20).contains(&done), "{done}");
    assert_eq!(store.inputs().unwrap().len(), done);
    drop(store);

    let pass = world.pass();
    let mut store = Store::open_or_resume(&path, &manifest(&pass)).unwrap();
    let summary = run(&pass, &mut store).unwrap();
    assert_eq!((summary.inputs, summary.done_before), (20 - done, 4 * done));
    store.close().unwrap();
    assert_eq!(rows(&path), undisturbed(&world));
}

#[test]
fn a_broken_picture_is_named_and_what_came_before_is_kept() {
    let world = World::new();
    let watched = Watched {
        inner: &world.split,
        loads: AtomicUsize::new(0),
        before: &nothing,
        change: &third_is_broken,
    };
    let mut pass = world.pass();
    let (_dir, path, mut store) = fresh(&pass);
    pass.split = &watched;
    let error = run(&pass, &mut store).unwrap_err();
    assert!(error.to_string().contains(pass.image_ids[2].as_str()), "{error}");
    assert_eq!(store.inputs().unwrap().len(), 2 * conditions().len());
    pass.split = &world.split;
    run(&pass, &mut store).unwrap();
    store.close().unwrap();
    assert_eq!(rows(&path), undisturbed(&world));
}

#[test]
fn a_finished_run_loads_nothing() {
    let world = World::new();
    let watched =
        Watched { inner: &world.split, loads: AtomicUsize::new(0), before: &nothing, change: &same };
    let mut pass = world.pass();
    pass.split = &watched;
    let (_dir, _, mut store) = fresh(&pass);
    run(&pass, &mut store).unwrap();
    assert_eq!(watched.loads.load(Ordering::SeqCst), 4, "each picture once, though it has five conditions");
    let again = run(&pass, &mut store).unwrap();
    assert_eq!((again.inputs, again.predictions, again.done_before), (0, 0, 80));
    assert_eq!(watched.loads.load(Ordering::SeqCst), 4);
}

#[test]
fn a_model_a_mode_and_a_condition_added_later_cost_only_themselves() {
    let world = World::new();
    let mut pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    pass.entrants.truncate(1);
    pass.entrants[0].modes.truncate(1);
    pass.conditions.truncate(3);
    assert_eq!(run(&pass, &mut store).unwrap().predictions, 4 * 3);
    let first = store.inputs().unwrap();
    let whole = world.pass();
    let summary = run(&whole, &mut store).unwrap();
    assert_eq!((summary.predictions, summary.done_before), (80 - 12, 12));
    assert_eq!(
        store.inputs().unwrap()[..first.len()],
        first[..],
        "the pictures of before are the same bytes"
    );

    // The same results as in one go; only the order of the rows is another.
    let (_other, _, mut once) = fresh(&whole);
    run(&whole, &mut once).unwrap();
    let all = Filter::all();
    assert_eq!(store.confusions(&all).unwrap(), once.confusions(&all).unwrap());
    for (series, condition) in once.moment_keys().unwrap() {
        let blocks = |s: &Store| s.moment_blocks(&series, &condition).unwrap();
        assert_eq!(blocks(&store), blocks(&once), "{series} {condition}");
    }
    for (series, condition) in once.cross_keys().unwrap() {
        let blocks = |s: &Store| s.cross_blocks(&series, &condition).unwrap();
        assert_eq!(blocks(&store), blocks(&once), "{series} {condition}");
    }
}

#[test]
fn another_seed_for_the_same_store_is_refused_by_the_bytes() {
    let world = World::new();
    let mut pass = world.pass();
    let (_dir, _, mut store) = fresh(&pass);
    pass.entrants.truncate(1);
    run(&pass, &mut store).unwrap();
    let mut other = world.pass();
    other.master_seed += 1;
    let error = run(&other, &mut store).unwrap_err();
    assert!(matches!(error, Error::Store(scribe_records::Error::InputChanged { .. })), "{error}");
}
