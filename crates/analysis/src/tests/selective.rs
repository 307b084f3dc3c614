//! Calibration by the order of pixels: by hand, and against numpy and scikit-learn.

use crate::measures::selective::{adaptive_ece, aurc, false_passes};
use scribe_records::{Probability, TemperatureSweep, VOID};

/// The fine bins of an image: four planes of forty logits, labels and predictions by formula (that of records'
/// `tests/temperature.rs`).
fn bins() -> Vec<[f64; 3]> {
    let (k, n) = (4, 40);
    let logits: Vec<f32> = (0..k * n).map(|i| ((i * i * 13 + i * 7) % 97) as f32 / 16.0 - 3.0).collect();
    let best =
        |p: usize| (0..k).rev().max_by(|a, b| logits[a * n + p].total_cmp(&logits[b * n + p])).unwrap() as u8;
    let predicted: Vec<u8> = (0..n).map(best).collect();
    let truth = |p: usize| match p {
        void if void % 11 == 10 => VOID,
        wrong if wrong % 3 == 0 => ((wrong * 5 + 1) % k) as u8,
        right => predicted[right],
    };
    let truth: Vec<u8> = (0..n).map(truth).collect();
    let mut sweep = TemperatureSweep::new(10);
    sweep.score_image(Probability::Softmax, &logits, k, &truth, &predicted).unwrap();
    sweep.ranks().iter().map(|b| [b.count as f64, b.correct as f64, b.confidence]).collect()
}

fn near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-12, "{found} {expected}");
}

/// From the most confident pixel down: right, wrong, right. The risk is 0, 1/2 and 1/3, their mean 5/18. To keep 95 % of
/// two right pixels, 1.9, the wrong one passes too. Bins of one pixel each: |1 - 0.9|, |0 - 0.7| and |1 - 0.6|, a third of
/// their sum.
#[test]
fn three_pixels_by_hand() {
    let three = [[1.0, 1.0, 0.6], [0.0; 3], [1.0, 0.0, 0.7], [1.0, 1.0, 0.9]];
    near(aurc(&three), 5.0 / 18.0);
    near(false_passes(&three, 0.95), 1.0);
    near(adaptive_ece(&three, 3), 1.2 / 3.0);
    // One group holds all: |2 - 2.2| / 3. Two hold one and a half each: |1 - 0.9 + (0 - 0.7) / 2| and |(0 - 0.7) / 2 + 0.4|.
    near(adaptive_ece(&three, 1), 0.2 / 3.0);
    near(adaptive_ece(&three, 2), (0.25 + 0.05) / 3.0);
    // Two pixels in one bin, one of them wrong, in random order: 1/2 on average after one, and after both. Half of the wrong
    // ones pass with half of the right ones.
    let tied = [[2.0, 1.0, 1.0]];
    near(aurc(&tied), 0.5);
    near(false_passes(&tied, 0.5), 0.5);
    assert_eq!(
        (aurc(&[]), adaptive_ece(&[[0.0; 3]], 2), false_passes(&[[1.0, 1.0, 0.9]], 0.95)),
        (None, None, None)
    );
}

/// A bin of many pixels: the mean risk of 1000 pixels of which 250 are wrong is 1/4 everywhere, and behind 1000 right ones
/// the i-th has 250 i / 1000 wrong ones before it among 1000 + i, which `sum(.25 * i / (1000 + i) for i in range(1, 1001))`
/// adds up to 76.77568923501563 (Python 3), over 2000 pixels.
#[test]
fn the_sum_over_a_bin_is_that_of_its_pixels() {
    near(aurc(&[[1000.0, 750.0, 0.0]]), 0.25);

    near(aurc(&[[1000.0, 750.0, 0.0], [1000.0, 1000.0, 0.0]]), 76.77568923501563 / 2000.0);
}

/// With `z`, `y`, `pred` of the program in records' `tests/temperature.rs` (numpy 2.4, scikit-learn 1.9):
///
/// ```python
/// p = softmax(z); c = p[pred, j]; right = (pred == y).astype(float)
/// fine = np.minimum(np.floor((np.log(c / (1 - c)) + 8) * 8), 255).astype(int)
/// area = N = E = 0
/// for b in sorted(set(fine), reverse=True):
///     r = right[fine == b]; e = (1 - r).mean()
///     area += sum((E + e * i) / (N + i) for i in range(1, len(r) + 1)); N += len(r); E += e * len(r)
/// print(area / N)
/// gaps = np.zeros(10); at = 0
/// for b in sorted(set(fine)):
///     k = (fine == b).sum(); gap = (right - c)[fine == b].sum()
///     for q in range(10):
///         gaps[q] += max(0, min(at + k, (q + 1) * m / 10) - max(at, q * m / 10)) / k * gap
///     at += k
/// print(abs(gaps).sum() / m)
/// fpr, tpr, _ = sklearn.metrics.roc_curve(right, fine, drop_intermediate=False); print(np.interp(.95, tpr, fpr))
/// ```
///
/// Without bins, pixel by pixel, it prints 0.24741, 0.22143 and 0.83333.
#[test]
fn aurc_adaptive_ece_and_fpr_are_those_of_numpy_and_scikit_learn() {
    let bins = bins();
    near(aurc(&bins), 0.2523103955614643);
    near(adaptive_ece(&bins, 10), 0.2194229600370937);
    near(false_passes(&bins, 0.95), 0.8333333333333334);
}
