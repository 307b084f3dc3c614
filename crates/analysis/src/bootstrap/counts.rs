//! mIoU of a weighted set of pictures from their class counts.

use crate::summary;
use scribe_records::SparseConfusion;
use std::collections::BTreeMap;

/// One class in one picture where it is labelled or predicted; pixels.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    picture: usize,
    hits: u64,
    union: u64,
    labelled: bool,
}

/// What mIoU needs of every picture of a cell, class by class, so that a resample runs through memory in order.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    classes: Vec<Vec<Count>>,
}

impl Counts {
    /// The counts of pictures, each with its place among the weights.
    pub(super) fn new(pictures: &[(usize, SparseConfusion)], classes: usize) -> Counts {
        let mut by_class = vec![Vec::new(); classes];
        for (picture, confusion) in pictures {
            let mut found: BTreeMap<u8, Count> = BTreeMap::new();
            for &(truth, pred, n) in confusion.cells() {
                let n = u64::from(n);
                let of_truth = found.entry(truth).or_default();
                of_truth.labelled |= n > 0;
                of_truth.union += n;
                if truth == pred {
                    of_truth.hits += n;
                } else {
                    found.entry(pred).or_default().union += n;
                }
            }
            for (class, count) in found {
                by_class[usize::from(class)].push(Count { picture: *picture, ..count });
            }
        }
        Counts { classes: by_class }
    }

    /// mIoU of the drawn pictures; NaN where they hold no pixel. A class that the whole set labels but this draw does
    /// not is left out: its few false pixels would count as an IoU of 0 and pull every interval of a small set below
    /// its own value.
    pub(super) fn weighted_miou(&self, weights: &[u32]) -> f64 {
        let ious = self.classes.iter().filter_map(|pictures| {
            let (mut hits, mut union, mut drawn, mut labelled) = (0, 0, false, false);
            for count in pictures {
                let weight = u64::from(weights[count.picture]);
                hits += weight * count.hits;
                union += weight * count.union;
                labelled |= count.labelled;
                drawn |= count.labelled && weight > 0;
            }
            (union > 0 && (drawn || !labelled)).then(|| hits as f64 / union as f64)
        });
        summary::mean(ious).unwrap_or(f64::NAN)
    }
}
