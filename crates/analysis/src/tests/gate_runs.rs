//! Runs of two classes whose numbers follow by hand, for tests of gates and of power.

use super::two_classes::{id, picture};
use crate::gate::{GateSettings, ScoredRun, Threshold, ThresholdKind as Kind};
use crate::{Bootstrap, Cell, View};
use scribe_records::{Condition, Mode, Series};

pub(super) const IMAGES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// A run of one model: of the ten foreground pixels of each picture, `right[condition][picture]` are found, under clean,
/// `fog:1` and `fog:3`. With r of ten pixels found, background has an IoU of 10 / (20 - r), and foreground of r / 10.
pub(super) fn run(name: &str, model: &str, right: [[usize; 6]; 3]) -> ScoredRun {
    let mut run = ScoredRun {
        name: name.to_owned(),
        view: View::new(&["background", "cat"], &IMAGES),
        ..ScoredRun::default()
    };
    let conditions =
        [Condition::clean(), Condition::new("fog", 1).unwrap(), Condition::new("fog", 3).unwrap()];
    run.view.about.groups.insert("fog".to_owned(), "Weather".to_owned());
    for (condition, right) in conditions.into_iter().zip(right) {
        let cell = Cell { series: Series::new(id(model), 0, Mode::single()), condition: condition.clone() };
        for (image, right) in right.into_iter().enumerate() {
            run.view.insert(&cell, image, picture(right)).unwrap();
            run.inputs.insert(
                (IMAGES[image].to_owned(), condition.clone()),
                vec![format!("{condition} of {image}")],
            );
        }
    }
    run.labels = Some(IMAGES.map(|image| (image.to_owned(), format!("label of {image}"))).into());
    run
}

/// mIoU of pictures that are all alike, in percent.
pub(super) fn miou(right: f64) -> f64 {
    100.0 * f64::midpoint(right / 10.0, 10.0 / (20.0 - right))
}

pub(super) fn thresholds(all: &[(Kind, &str)]) -> Vec<Threshold> {
    all.iter().map(|(kind, text)| Threshold::parse(*kind, text).unwrap()).collect()
}

pub(super) fn quick() -> GateSettings {
    GateSettings { bootstrap: Bootstrap { resamples: 800, ..Bootstrap::STANDARD }, ..GateSettings::default() }
}
