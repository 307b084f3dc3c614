//! The conventions that count the pixels of the whole set before they divide.

use super::Convention;
use super::class_pixels::ClassPixels;
use crate::summary::mean;

/// The pixels of every class over the drawn images; `None` for a class that the set labels and no drawn image does. It
/// is left out, because it is not absent from the set, and its few false pixels would count as a score of 0.
pub(super) type Totals = Vec<Option<ClassPixels>>;

/// Whether a convention is computed from totals.
pub(super) fn is_set_wise(of: Convention) -> bool {
    use Convention::{AbsentOne, AbsentZero, ClassAccuracy, Dice, DiceForeground};
    use Convention::{Foreground, FrequencyWeighted, PixelAccuracy, Voc};
    matches!(of, Voc | AbsentZero | AbsentOne | Foreground | Dice | DiceForeground)
        || matches!(of, FrequencyWeighted | PixelAccuracy | ClassAccuracy)
}

/// The value of a convention; `None` where it has none, and for one that is not computed from totals. `first` is the
/// first class that is not the background.
pub(super) fn value(of: Convention, totals: &Totals, first: usize) -> Option<f64> {
    let all = || totals.iter().flatten();
    let foreground = || totals.iter().skip(first).flatten();
    let occurring = all().any(|c| c.iou().is_some());
    match of {
        Convention::Voc => mean(all().filter_map(|c| c.iou())),
        // A set without any pixel has no value, however absent classes count.
        Convention::AbsentZero => mean(all().map(|c| c.iou().unwrap_or(0.0))).filter(|_| occurring),
        Convention::AbsentOne => mean(all().map(|c| c.iou().unwrap_or(1.0))).filter(|_| occurring),
        Convention::Foreground => mean(foreground().filter_map(|c| c.iou())),
        Convention::Dice => mean(all().filter_map(|c| c.dice())),
        Convention::DiceForeground => mean(foreground().filter_map(|c| c.dice())),
        Convention::ClassAccuracy => mean(all().filter_map(|c| c.recall())),
        Convention::PixelAccuracy => of_pixels(totals, |c| c.hits as f64),
        Convention::FrequencyWeighted => {
            of_pixels(totals, |c| c.iou().map_or(0.0, |iou| iou * c.labelled as f64))
        }
        _ => None,
    }
}

/// The value of a convention for one class.
pub(super) fn of_class(of: Convention, pixels: ClassPixels) -> Option<f64> {
    match of {
        Convention::Voc => pixels.iou(),
        Convention::Dice => pixels.dice(),
        Convention::ClassAccuracy => pixels.recall(),
        _ => None,
    }
}

/// The sum of `part` over the classes, divided by all labelled pixels.
fn of_pixels(totals: &Totals, part: impl Fn(ClassPixels) -> f64) -> Option<f64> {
    let labelled: u64 = totals.iter().flatten().map(|c| c.labelled).sum();
    let sum: f64 = totals.iter().flatten().map(|c| part(*c)).sum();
    (labelled > 0).then(|| sum / labelled as f64)
}
