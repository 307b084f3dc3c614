//! mIoU of a weighted set of pictures from their class counts.

use std::collections::BTreeMap;

use scribe_records::SparseConfusion;

use crate::summary;

/// Per picture: (class, hits, truth pixels, predicted pixels) of the classes that occur.
pub(super) type PictureCounts = Vec<(usize, [u64; 3])>;

pub(super) fn picture_counts(confusion: &SparseConfusion) -> PictureCounts {
    let mut counts: BTreeMap<usize, [u64; 3]> = BTreeMap::new();
    for &(truth, pred, n) in confusion.cells() {
        let n = u64::from(n);
        let of_truth = counts.entry(usize::from(truth)).or_default();
        of_truth[1] += n;
        of_truth[0] += if truth == pred { n } else { 0 };
        counts.entry(usize::from(pred)).or_default()[2] += n;
    }
    counts.into_iter().collect()
}

/// mIoU of the drawn pictures. A class that the whole set labels but this draw does not is left out: its few false
/// pixels would count as an IoU of 0 and pull every interval of a small set below its own value.
pub(super) fn weighted_miou(pictures: &[(usize, PictureCounts)], weights: &[u32], labelled: &[bool]) -> f64 {
    let mut totals = vec![[0u64; 3]; labelled.len()];
    for (image, counts) in pictures {
        let w = u64::from(weights[*image]);
        if w == 0 {
            continue;
        }
        for (class, c) in counts {
            let t = &mut totals[*class];
            t[0] += w * c[0];
            t[1] += w * c[1];
            t[2] += w * c[2];
        }
    }
    let ious = totals.iter().zip(labelled).filter_map(|(t, labelled)| {
        let union = t[1] + t[2] - t[0];
        let counts = union > 0 && (t[1] > 0 || !labelled);
        counts.then(|| t[0] as f64 / union as f64)
    });
    summary::mean(ious).unwrap_or(f64::NAN)
}

pub(super) fn labelled_classes(pictures: &[(usize, PictureCounts)], classes: usize) -> Vec<bool> {
    let mut labelled = vec![false; classes];
    for (class, counts) in pictures.iter().flat_map(|(_, p)| p) {
        labelled[*class] |= counts[1] > 0;
    }
    labelled
}
