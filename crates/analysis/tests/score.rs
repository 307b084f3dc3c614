//! Label maps of somebody's own: their mIoU and its interval, and the example that scores two folders of them.

#[path = "../examples/score_own_maps.rs"]
mod score_own_maps;

use image::GrayImage;
use scribe_analysis::{Bootstrap, Error, Interval, Score, score_maps};
use std::path::Path;

const TRUTH: [[u8; 12]; 3] = [
    [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 255, 255],
    [0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 255],
    [0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2],
];
const PREDICTED: [[u8; 12]; 3] = [
    [0, 0, 0, 1, 1, 1, 1, 2, 2, 0, 0, 1],
    [0, 0, 1, 1, 1, 1, 0, 2, 2, 2, 1, 2],
    [0, 1, 1, 1, 2, 2, 2, 2, 2, 0, 0, 1],
];
/// So many that the quantiles of the draws are those of all 27 possible draws.
const HOW: Bootstrap = Bootstrap { resamples: 20_000, ..Bootstrap::STANDARD };

fn scored(truth: &[[u8; 12]], ignore: Option<u8>) -> Result<Score, Error> {
    let maps = truth.iter().zip(&PREDICTED).map(|(t, p)| (t.as_slice(), p.as_slice()));
    score_maps(maps, 3, ignore, &HOW)
}

/// IoUs of one confusion over the three images, and of all 27 draws of three of them, in numpy 2:
///
/// ```text
/// def iou(images):
///     t, p = (np.array(m)[list(images)].ravel() for m in (TRUTH, PREDICTED))
///     t, p = t[t != 255], p[t != 255]
///     return np.array([((t == c) & (p == c)).sum() / ((t == c) | (p == c)).sum() for c in range(3)])
/// whole = iou(range(3)); draws = np.array([iou(d) for d in itertools.product(range(3), repeat=3)])
/// np.quantile(draws.mean(1), [0.025, 0.975], method="inverted_cdf")
/// np.quantile(draws, [0.025, 0.975], axis=0, method="inverted_cdf")
/// ```
#[test]
fn values_and_intervals_are_numpys() {
    let score = scored(&TRUTH, Some(255)).unwrap();
    let near = |found: Interval, expected: [f64; 3]| {
        let found = [found.value, found.low, found.high];
        let same = found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(same, "{found:?} instead of {expected:?}");
    };
    near(score.miou, [0.4982905982905983, 0.38333333333333336, 0.6722222222222222]);
    near(score.per_class[0].unwrap(), [0.46153846153846156, 0.25, 0.6]);
    near(score.per_class[1].unwrap(), [0.5, 0.4, 0.75]);
    near(score.per_class[2].unwrap(), [0.5333333333333333, 0.5, 0.6666666666666666]);
    assert_eq!((score.images, score.per_class.len()), (3, 3));
    assert_eq!(score, scored(&TRUTH, Some(255)).unwrap());
}

#[test]
fn any_value_can_be_the_ignored_one() {
    let other = TRUTH.map(|map| map.map(|t| if t == 255 { 77 } else { t }));
    assert_eq!(scored(&other, Some(77)).unwrap(), scored(&TRUTH, Some(255)).unwrap());
}

#[test]
fn what_cannot_be_scored_is_named() {
    let said = |error: Error| {
        let source = std::error::Error::source(&error).map_or_else(String::new, |s| format!(": {s}"));
        format!("{error}{source}")
    };
    // Without an ignored value 255 is a class that there is not.
    let message = said(scored(&TRUTH, None).unwrap_err());
    assert!(message.starts_with("image 0") && message.contains("255"), "{message}");
    let short = said(score_maps([(&[0u8, 1][..], &[0u8][..])], 2, None, &HOW).unwrap_err());
    assert!(short.starts_with("image 0") && short.contains('1') && short.contains('2'), "{short}");
    for classes in [0, 256] {
        assert!(said(score_maps([], classes, None, &HOW).unwrap_err()).contains(&classes.to_string()));
    }
    let none = Bootstrap { resamples: 0, ..HOW };
    assert!(said(score_maps([], 2, None, &none).unwrap_err()).contains("resamples"));
    assert!(said(score_maps([], 2, None, &HOW).unwrap_err()).contains("pixel to score"));
    let void = [255u8; 4];
    assert!(score_maps([(&void[..], &[0u8; 4][..])], 2, Some(255), &HOW).is_err());
}

#[test]
fn the_example_scores_two_folders() {
    let dir = tempfile::tempdir().unwrap();
    let write = |folder: &Path, maps: &[[u8; 12]]| {
        std::fs::create_dir(folder).unwrap();
        for (i, map) in maps.iter().enumerate() {
            GrayImage::from_raw(4, 3, map.to_vec()).unwrap().save(folder.join(format!("{i}.png"))).unwrap();
        }
    };
    let (labels, predictions) = (dir.path().join("labels"), dir.path().join("predictions"));
    write(&labels, &TRUTH);
    write(&predictions, &PREDICTED);
    let score = score_own_maps::score(&labels, &predictions, 3).unwrap();
    assert!((score.miou.value - 0.4982905982905983).abs() < 1e-12, "as numpy has it, above");
}
