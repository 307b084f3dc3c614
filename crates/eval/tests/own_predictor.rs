//! The example `own_predictor` runs, and reads back the mIoU that a plain loop computes.

#[path = "../examples/own_predictor.rs"]
#[allow(dead_code, reason = "the example's own `main` prints")]
mod example;

use example::{RedIsAPerson, evaluate};
use scribe_dataset::{Split, SynthConfig, SyntheticSplit, TestView};
use scribe_eval::{Picture, Predictor, Wants};
use scribe_model::Inference;
use scribe_records::{Condition, Confusion, Filter};

#[test]
fn the_example_reads_back_what_a_plain_loop_computes() {
    let folder = tempfile::tempdir().unwrap();
    let found = evaluate(folder.path()).unwrap().totals(&Filter::all()).unwrap();
    let conditions: Vec<String> = found.keys().map(|(_, condition)| condition.to_string()).collect();
    assert_eq!(conditions, ["clean", "fog:1", "fog:3", "fog:5"]);

    let config = SynthConfig { train: 1, val: 3, width: 80, height: 64, classes: vec![1, 8, 15], seed: 3 };
    let split = SyntheticSplit::val(&config).unwrap();
    let mut confusion = Confusion::new(21);
    for id in split.ids() {
        let sample = TestView::Squash(64).apply(split.load(id).unwrap());
        let picture = Picture { image_id: id.as_str(), condition: &Condition::clean(), image: &sample.image };
        let wants = |_| Wants { scores: false, moments: false };
        let prediction = RedIsAPerson.predict(&[picture], &Inference::Single, &wants).unwrap();
        confusion.add(sample.label.as_raw(), &prediction[0].class_map).unwrap();
    }
    let ((_, condition), clean) = found.first_key_value().unwrap();
    assert!(condition.is_clean());
    assert_eq!(clean.miou(), confusion.miou());
}
