//! Inputs of which one model gave the pixels and another did not.

mod common;

use common::*;
use scribe_records::*;

fn seen(model: &str, sha256: &str) -> Unit {
    let mut unit = unit("a", &Condition::new("fog", 1).unwrap(), &[series(model, 0, Mode::single())]);
    unit.input.sha256 = sha256.to_owned();
    unit
}

fn hash(store: &Store) -> String {
    let [input] = &store.inputs().unwrap()[..] else { panic!("one input") };
    input.sha256.clone()
}

#[test]
fn what_one_model_did_not_say_is_unknown_in_either_order() {
    for (first, second) in [("", "ff"), ("ff", ""), ("", "")] {
        let (_dir, path, mut store) = fresh();
        store.commit(&seen("softmax", first)).unwrap();
        store.commit(&seen("ibe", second)).unwrap();
        let known = format!("{first}{second}");
        assert_eq!(hash(&store), known);
        store.close().unwrap();
        // The row that was changed has a checksum again.
        let mut store = Store::open_or_resume(&path, &manifest()).unwrap();
        assert_eq!((store.without_checksum(), store.completed().unwrap().len()), (0, 2));
        let third = store.commit(&seen("third", "ee"));
        match &known[..] {
            "" => third.unwrap(),
            _ => {
                assert!(matches!(third, Err(Error::InputChanged { .. })), "those that are known are compared")
            }
        }
    }
}

#[test]
fn another_seed_is_another_input_without_a_hash_too() {
    let (_dir, _, mut store) = fresh();
    store.commit(&seen("softmax", "")).unwrap();
    let mut other = seen("ibe", "");
    other.input.seed += 1;
    let error = store.commit(&other).unwrap_err().to_string();
    assert!(error.contains("has seed 4 and SHA-256 none, but the store has seed 3 and none"), "{error}");
}
