//! Confusion matrices, IoU of each class and mIoU against scikit-learn, for 2 to 254 classes.
//!
//! Runs where `SCRIBE_PYTHON` names a Python with scikit-learn.

use scribe_records::{Confusion, SparseConfusion, VOID};
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// What the reference script prints: the cells, each class's IoU, and the mIoU.
fn sklearn(python: &OsString, file: &Path, classes: usize, pixels: usize) -> (Vec<u64>, Vec<f64>, f64) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/iou.py");
    let sizes = [classes.to_string(), pixels.to_string()];
    let output = Command::new(python).arg(script).arg(file).args(sizes).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let [cells, ious, mean] = text.lines().collect::<Vec<_>>()[..] else { panic!("three lines, not {text}") };
    let numbers = |line: &str| line.split(' ').map(|word| word.parse().unwrap()).collect::<Vec<f64>>();
    (cells.split(' ').map(|word| word.parse().unwrap()).collect(), numbers(ious), mean.parse().unwrap())
}

/// A label map and a prediction: half of the predictions are right, some labels are void, and classes of `left_out` occur
/// in neither.
fn maps(classes: usize, pixels: usize, left_out: impl Fn(u64) -> bool) -> [Vec<u8>; 2] {
    let mut state = classes as u64;
    // Knuth's multiplicative generator (MMIX), of which the upper bits are taken.
    let mut below = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let class = |below: &mut dyn FnMut(u64) -> u64| loop {
        let class = below(classes as u64);
        if !left_out(class) {
            return class as u8;
        }
    };
    let truth: Vec<u8> = (0..pixels).map(|_| if below(10) == 0 { VOID } else { class(&mut below) }).collect();
    let pred = truth.iter().map(|&t| if t != VOID && below(2) == 0 { t } else { class(&mut below) });
    let pred = pred.collect();
    [truth, pred]
}

#[test]
fn confusions_and_ious_are_those_of_scikit_learn() {
    let Some(python) = std::env::var_os("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with scikit-learn");
        return;
    };
    if !Command::new(&python).args(["-c", "import sklearn"]).output().unwrap().status.success() {
        eprintln!("skipped: the Python of SCRIBE_PYTHON has no scikit-learn");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("maps");
    for (classes, pixels) in [(2, 5_000), (19, 20_000), (150, 50_000), (254, 100_000)] {
        for every in [u64::MAX, 7] {
            let [truth, pred] = maps(classes, pixels, |class| class % every == 5);
            std::fs::write(&file, [&truth[..], &pred].concat()).unwrap();
            let (cells, ious, mean) = sklearn(&python, &file, classes, pixels);
            // Of two pictures, stored sparsely, as an evaluation adds them.
            let mut found = Confusion::new(classes);
            for part in [0..pixels / 3, pixels / 3..pixels] {
                let mut one = Confusion::new(classes);
                one.add(&truth[part.clone()], &pred[part]).unwrap();
                found.merge_sparse(&SparseConfusion::try_from(&one).unwrap()).unwrap();
            }
            assert_eq!(Vec::from(&found), cells, "{classes} classes");
            for (class, &expected) in ious.iter().enumerate() {
                // Both divide the same whole numbers.
                let iou = found.iou(class).unwrap_or(f64::NAN);
                assert!(iou == expected || iou.is_nan() && expected.is_nan(), "{class}: {iou} {expected}");
            }
            let miou = found.miou().unwrap();
            // The mean of at most 254 numbers in [0, 1], added in another order.
            assert!((miou - mean).abs() < 1e-13, "{classes} classes: {miou} {mean}");
        }
        eprintln!("{classes} classes: equal to scikit-learn");
    }
}
