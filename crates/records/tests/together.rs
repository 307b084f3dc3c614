//! Several units in one transaction: the same rows as one by one, or none.

mod common;

use common::*;
use scribe_records::*;

/// Two images under three conditions.
fn units() -> Vec<Unit> {
    let both = [series("softmax", 0, Mode::single()), series("ibe", 1, Mode::msc())];
    let conditions =
        [Condition::clean(), Condition::new("fog", 2).unwrap(), Condition::new("contrast", 5).unwrap()];
    let of_image =
        |image: &'static str| conditions.iter().map(move |c| (image, c)).collect::<Vec<_>>().into_iter();
    ["a", "b"].into_iter().flat_map(of_image).map(|(image, c)| unit(image, c, &both)).collect()
}

fn contents(store: &Store) -> (Vec<Input>, String) {
    let mut moments = Vec::new();
    for (series, condition) in store.moment_keys().unwrap() {
        moments.push((series.clone(), store.moment_blocks(&series, &condition).unwrap()));
    }
    (store.inputs().unwrap(), format!("{:?} {moments:?}", store.confusions(&Filter::all()).unwrap()))
}

#[test]
fn they_are_the_same_rows() {
    let (_one_dir, _, mut one) = fresh();
    units().iter().for_each(|unit| one.commit(unit).unwrap());
    let (_all_dir, _, mut all) = fresh();
    let master_seed = all.manifest().master_seed;
    all.commit_all_under(master_seed, &[]).unwrap();
    all.commit_all_under(master_seed, &units()).unwrap();
    assert_eq!(contents(&all), contents(&one));
}

#[test]
fn one_that_is_refused_leaves_none() {
    let (_dir, path, mut store) = fresh();
    let master_seed = store.manifest().master_seed;
    // Twice the same image under the same condition, by the same models.
    let mut twice = units();
    twice.push(twice[1].clone());
    let error = store.commit_all_under(master_seed, &twice).unwrap_err();
    assert!(matches!(error, Error::Duplicate { .. }), "{error}");
    assert!(store.inputs().unwrap().is_empty());
    // Other pixels of the same image under the same condition, which only the transaction itself knows.
    let mut other = units();
    let mut changed = other[1].clone();
    changed.input.sha256 = "f".repeat(64);
    other.push(changed);
    let error = store.commit_all_under(master_seed, &other).unwrap_err();
    assert!(matches!(error, Error::InputChanged { .. } | Error::Unit { .. }), "{error}");
    store.close().unwrap();
    let store = Store::open(&path).unwrap();
    assert!(store.inputs().unwrap().is_empty(), "nothing is written");
}

/// A store with results of a further master seed.
fn with_further_seed() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let manifest = Manifest { further_seeds: vec![8], ..manifest() };
    let store = Store::create(&dir.path().join("store.sqlite"), &manifest).unwrap();
    (dir, store)
}

#[test]
fn units_of_a_further_seed_too() {
    let bare = |unit: Unit| Unit { confusions: unit.confusions, ..Unit::new(unit.input) };
    let bare: Vec<Unit> = units().into_iter().map(bare).collect();
    let (_dir, mut store) = with_further_seed();
    store.commit_all_under(8, &bare).unwrap();
    assert_eq!(store.further_inputs().unwrap().len(), bare.len());
    assert!(store.inputs().unwrap().is_empty());
    // A unit with more than confusions, behind one that is good.
    let (_dir, mut store) = with_further_seed();
    let error = store.commit_all_under(8, &[bare[0].clone(), units()[1].clone()]).unwrap_err();
    assert!(matches!(error, Error::Unit { .. }), "{error}");
    assert!(store.further_inputs().unwrap().is_empty());
}
