//! Figure 3 in numbers, by hand.

use super::two_classes::id;
use crate::class_correlations::{ClassCorrelation, class_correlations};
use crate::correlation::Centering;
use crate::{Cell, View};
use scribe_records::{Condition, LogitMoments, Mode, Series};

/// Logits of background, cat, dog and cow, pixel by pixel, all of them predicted as cat.
fn of_cat(pixels: &[[f32; 4]]) -> Vec<ClassCorrelation> {
    let mut view = View::new(&["background", "cat", "dog", "cow"], &["a"]);
    let mut moments = LogitMoments::new(4);
    let planes = (0..4).flat_map(|channel| pixels.iter().map(move |pixel| pixel[channel]));
    let logits: Vec<f32> = planes.collect();
    moments.add(&logits, &vec![1; pixels.len()]).unwrap();
    let series = Series::new(id("net"), 3, Mode::single());
    view.models = vec![id("net")];
    view.insert_moments(&Cell { series, condition: Condition::clean() }, 0, &moments).unwrap();
    class_correlations(&view)
}

fn find(all: &[ClassCorrelation], class: Option<usize>, centering: Centering) -> &ClassCorrelation {
    all.iter().find(|one| one.class == class && one.centering == centering).unwrap()
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6, "{a} {b}");
}

#[test]
fn the_predicted_logit_is_set_against_the_others_and_these_against_each_other() {
    // Centred: cat (-1, -1, 1, 1), dog (1, -1, 1, -1), cow (1, -1, 1, -1): cat is orthogonal to both, which move together.
    let all =
        of_cat(&[[0.0, 4.0, 1.0, 2.0], [9.0, 4.0, -1.0, 0.0], [0.0, 6.0, 1.0, 2.0], [9.0, 6.0, -1.0, 0.0]]);
    let centred = find(&all, Some(1), Centering::Centred);
    close(centred.with_others, 0.0);
    close(centred.among_others, 1.0);
    assert_eq!((centred.seed, centred.pixels), (3, 4));
    // About zero: cat has the power 26, dog 1, cow 2; cat x dog 0, cat x cow 5, dog x cow 1.
    let uncentred = find(&all, Some(1), Centering::Uncentred);
    close(uncentred.with_others, 5.0 / 52f64.sqrt() / 2.0);
    close(uncentred.among_others, 1.0 / 2f64.sqrt());
    // Where dog turns its sign against cow, the mean of cat's entries is zero and their size is not.
    let turned = of_cat(&[[0.0, 4.0, 4.0, -4.0], [0.0, 6.0, 6.0, -6.0]]);
    let turned = find(&turned, Some(1), Centering::Uncentred);
    close(turned.with_others, 0.0);
    close(turned.size_with_others, 1.0);
    // Of one class the mean is that class.
    let mean = find(&all, None, Centering::Uncentred);
    assert_eq!((mean.with_others, mean.among_others), (uncentred.with_others, uncentred.among_others));
    assert_eq!(all.len(), 4);
}

#[test]
fn a_channel_that_does_not_vary_has_no_entry() {
    let all = of_cat(&[[0.0, 4.0, 1.0, 2.0], [0.0, 6.0, 1.0, 0.0], [0.0, 4.0, 1.0, 0.0]]);
    // Dog does not vary, so that there is no pair of others left.
    assert!(all.iter().all(|one| one.centering == Centering::Uncentred), "{all:?}");
}
