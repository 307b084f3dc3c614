//! Label shift: two results of the same predictions, and the interval of their difference.

use super::two_classes::{id, picture};
use crate::label_shift::{LabelShift, label_shifts};
use crate::{Bootstrap, Cell, ModeChoice, Resampled, Results, View};
use scribe_records::{Condition, Mode, Series};

/// Pictures of ten foreground and ten background pixels, so many of the former found. mIoU of r found ones:
/// (r / 10 + 10 / (20 - r)) / 2.
fn view(right: &[(&str, u8, [usize; 3])]) -> View {
    let mut view = View::new(&["background", "cat"], &["a", "b", "c"]);
    let series = Series::new(id("net"), 0, Mode::single());
    for &(name, severity, of_images) in right {
        let cell = Cell { series: series.clone(), condition: Condition::new(name, severity).unwrap() };
        for (image, &right) in of_images.iter().enumerate() {
            view.insert(&cell, image, picture(right)).unwrap();
        }
    }
    view
}

fn shifts(view: &View) -> Vec<LabelShift> {
    let results = Results::new(view);
    label_shifts(&results, &Resampled::new(view, &Bootstrap::STANDARD), ModeChoice::Single)
}

#[test]
fn the_drop_is_divided_into_label_shift_and_what_is_left() {
    let view = view(&[
        ("clean", 0, [9; 3]),
        ("elastic_transform", 1, [8; 3]),
        ("elastic_transform", 2, [5; 3]),
        ("elastic_transform_moved_label", 1, [9; 3]),
        ("elastic_transform_moved_label", 2, [8; 3]),
        ("fog", 1, [5; 3]),
    ]);
    let found = shifts(&view);
    let severities: Vec<_> = found.iter().map(|one| one.severity).collect();
    assert_eq!(severities, [None, Some(1), Some(2)]);
    // By hand: r = 9: (0.9 + 10/11) / 2 = 0.904545, r = 8: 0.816667, r = 5: 0.583333.
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
    let second = &found[2];
    close(second.clean, 0.904_545);
    close(second.stayed, 0.583_333);
    close(second.moved, 0.816_667);
    // 0.816667 - 0.583333 of 0.904545 - 0.583333; images alike give an interval without width.
    close(second.shift.value, 0.233_333);
    close(second.share.unwrap(), 0.726_415);
    close(second.shift.low, 0.233_333);
    // At severity 1 the whole drop is label shift. The mean: (0.087879 + 0.233333) / (0.087879 + 0.321212).
    close(found[1].share.unwrap(), 1.0);
    close(found[0].share.unwrap(), 0.785_185);
}

#[test]
fn its_interval_draws_the_images_of_both_results_together() {
    let view = view(&[
        ("clean", 0, [9, 8, 10]),
        ("elastic_transform", 3, [2, 5, 8]),
        ("elastic_transform_moved_label", 3, [4, 6, 9]),
    ]);
    let found = shifts(&view);
    assert_eq!(found.len(), 1, "one severity is its own mean");
    // Of 30 foreground pixels 15 are found, (15/30 + 30/45) / 2 = 0.583333, then 19, (19/30 + 30/41) / 2 = 0.682520.
    let shift = found[0].shift;
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
    close(shift.value, 0.099_187);
    // Of the 27 draws, three times the second image shifts least, 0.657143 - 0.583333, and three times the first one most,
    // 0.5125 - 0.377778. Each comes once in 27 times, which is more than 2.5 %.
    close(shift.low, 0.073_810);
    close(shift.high, 0.134_722);
    assert_eq!((shift.draws, shift.dropped), (1000, 0));
}

#[test]
fn nothing_is_said_where_no_label_moved_or_nothing_is_lost() {
    assert_eq!(shifts(&view(&[("clean", 0, [9; 3]), ("elastic_transform", 1, [5; 3])])), []);
    let gained = view(&[
        ("clean", 0, [5; 3]),
        ("elastic_transform", 1, [8; 3]),
        ("elastic_transform_moved_label", 1, [9; 3]),
    ]);
    assert_eq!(shifts(&gained)[0].share, None);
    // Predictions that fit the label that stayed better: of the drop nothing is label shift.
    let fits_stayed = view(&[
        ("clean", 0, [9; 3]),
        ("elastic_transform", 1, [8; 3]),
        ("elastic_transform_moved_label", 1, [5; 3]),
    ]);
    let found = &shifts(&fits_stayed)[0];
    assert!((found.shift.value + 0.233_333).abs() < 1e-6 && found.share.is_none(), "{found:?}");
}
