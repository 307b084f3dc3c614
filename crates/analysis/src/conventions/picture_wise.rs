//! The conventions that score each image before they average (Wang et al., NeurIPS 2023).

use super::Convention;
use super::class_pixels::ClassPixels;
use crate::summary::mean;

/// The share of the images that the worst ones are.
const WORST: f64 = 0.05;

/// Scores of images in ascending order of the score: the image, and its score.
pub(super) type Scores = Vec<(usize, f64)>;

/// The score of one image, whose classes with pixels are `found`, by the convention's own rule for classes that the
/// image does not have; `None` where it has no value or the convention is not image-wise. `classes` is the number of
/// all classes, `first` the first one that is not the background.
pub(super) fn of_image(
    of: Convention,
    found: &[(usize, ClassPixels)],
    classes: usize,
    first: usize,
) -> Option<f64> {
    let labelled = |from: usize| {
        mean(found.iter().filter(|(class, c)| *class >= from && c.labelled > 0).filter_map(|(_, c)| c.iou()))
    };
    let sum = || found.iter().filter_map(|(_, c)| c.iou()).sum::<f64>();
    // An image of which all is void has no score, however absent classes count.
    let counted = !found.is_empty();
    match of {
        Convention::ImageWise | Convention::WorstImages => labelled(0),
        Convention::ImageWiseForeground => labelled(first),
        Convention::ImageWisePredicted => mean(found.iter().filter_map(|(_, c)| c.iou())),
        Convention::ImageWiseAbsentZero => counted.then(|| sum() / classes as f64),
        Convention::ImageWiseAbsentOne => {
            counted.then(|| (sum() + (classes - found.len()) as f64) / classes as f64)
        }
        _ => None,
    }
}

/// The mean score of the drawn images, or of the lowest of them: of n images `floor(0.05 n)`, at least one, as the
/// authors' program takes them. `None` where no image is drawn.
pub(super) fn mean_score(scores: &Scores, weights: &[u32], worst: bool) -> Option<f64> {
    let all: u64 = scores.iter().map(|(image, _)| u64::from(weights[*image])).sum();
    let mut left = if worst { ((WORST * all as f64) as u64).max(1) } else { all };
    let (mut sum, mut count) = (0.0, 0);
    for (image, score) in scores {
        let taken = u64::from(weights[*image]).min(left);
        sum += score * taken as f64;
        count += taken;
        left -= taken;
        if left == 0 {
            break;
        }
    }
    (count > 0).then(|| sum / count as f64)
}
