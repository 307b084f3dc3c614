//! What further modes of inference change against single scale, by hand.

use super::two_classes::{id, picture};
use crate::tables::{ModeGap, mode_gaps};
use crate::{Bootstrap, Cell, Resampled, Results, View};
use scribe_records::{Condition, Mode, Series};

/// A result: mode, training seed, corruption and severity, and of each of three pictures how many of the ten foreground
/// pixels were found. mIoU of r found ones: (r / 10 + 10 / (20 - r)) / 2.
type Result = (&'static str, u64, (&'static str, u8), [usize; 3]);

fn gaps(results: &[Result]) -> Vec<ModeGap> {
    let mut view = View::new(&["background", "cat"], &["a", "b", "c"]);
    for &(mode, seed, (name, severity), of_images) in results {
        let series = Series::new(id("net"), seed, Mode::new(mode).unwrap());
        let cell = Cell { series, condition: Condition::new(name, severity).unwrap() };
        for (image, &right) in of_images.iter().enumerate() {
            view.insert(&cell, image, picture(right)).unwrap();
        }
    }
    let results = Results::new(&view);
    mode_gaps(&results, &Resampled::new(&view, &Bootstrap::STANDARD))
}

fn of<'g>(gaps: &'g [ModeGap], quantity: &str) -> Option<&'g ModeGap> {
    gaps.iter().find(|gap| gap.quantity == quantity)
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6, "{a} {b}");
}

#[test]
fn a_mode_is_compared_with_single_scale_quantity_by_quantity() {
    let found = gaps(&[
        ("single", 0, ("clean", 0), [9; 3]),
        ("msc", 0, ("clean", 0), [8; 3]),
        ("single", 0, ("fog", 1), [5; 3]),
        ("msc", 0, ("fog", 1), [8; 3]),
    ]);
    // By hand: r = 9: 0.904545, r = 8: 0.816667, r = 5: 0.583333; pictures alike give intervals without width.
    let clean = of(&found, "clean").unwrap();
    close(clean.difference.value, -0.087_879);
    close(clean.difference.high, -0.087_879);
    assert!(clean.difference.excludes_zero());
    let fog = of(&found, "corruption fog").unwrap();
    close(fog.of_mode, 0.816_667);
    close(fog.of_single, 0.583_333);
    close(of(&found, "corrupted").unwrap().difference.value, 0.233_333);
    // 0.816667 / 0.816667 - 0.583333 / 0.904545.
    close(of(&found, "rpc").unwrap().difference.low, 0.355_109);
    let names: Vec<&str> = found.iter().map(|gap| gap.quantity.as_str()).collect();
    assert_eq!(names, ["clean", "corrupted", "rpc", "group Weather", "severity 1", "corruption fog"]);
}

#[test]
fn the_interval_draws_the_pictures_of_both_modes_together() {
    let found = gaps(&[("single", 0, ("clean", 0), [2, 5, 8]), ("msc", 0, ("clean", 0), [4, 6, 9])]);
    // The hand-made numbers of the test of label shift, which has the same counts.
    let clean = of(&found, "clean").unwrap();
    close(clean.difference.value, 0.099_187);
    close(clean.difference.low, 0.073_810);
    close(clean.difference.high, 0.134_722);
}

#[test]
fn modes_of_other_seeds_or_conditions_are_not_compared() {
    let seeds = gaps(&[
        ("single", 0, ("clean", 0), [9; 3]),
        ("single", 1, ("clean", 0), [5; 3]),
        ("msc", 0, ("clean", 0), [8; 3]),
    ]);
    assert_eq!(seeds, []);
    let conditions = gaps(&[
        ("single", 0, ("clean", 0), [9; 3]),
        ("single", 0, ("fog", 1), [5; 3]),
        ("single", 0, ("fog", 2), [4; 3]),
        ("msc", 0, ("clean", 0), [8; 3]),
        ("msc", 0, ("fog", 1), [5; 3]),
    ]);
    let names: Vec<&str> = conditions.iter().map(|gap| gap.quantity.as_str()).collect();
    assert_eq!(names, ["clean", "severity 1"], "the other means have severity 2 in one mode alone");
    assert_eq!(gaps(&[("single", 0, ("clean", 0), [9; 3])]), []);
}
