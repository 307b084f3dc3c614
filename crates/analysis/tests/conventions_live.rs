//! The conventions against scikit-learn and torchmetrics, on the same label maps.
//!
//! Runs where `SCRIBE_PYTHON` names a Python with scikit-learn, torch and torchmetrics.

use scribe_analysis::{Convention, score_by_conventions};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

/// Scores the maps of a file: two bytes a pixel, the images one after another. Prints a line `name value` each.
const PROGRAM: &str = r#"
import sys
import numpy as np, torch
from sklearn.metrics import jaccard_score, f1_score, accuracy_score, balanced_accuracy_score
from torchmetrics.classification import MulticlassJaccardIndex
from torchmetrics.functional.segmentation import mean_iou
from torchmetrics.segmentation import DiceScore, MeanIoU
path, images, pixels, classes = sys.argv[1], *map(int, sys.argv[2:])
maps = np.fromfile(path, np.uint8).reshape(images, 2, pixels)
truth, predicted = maps[:, 0], maps[:, 1]
kept = truth != 255
y, p, labels = truth[kept], predicted[kept], list(range(classes))
def say(name, value): print(name, repr(float(value)))
for zero in (0, 1):
    say(f"jaccard_macro_{zero}", jaccard_score(y, p, labels=labels, average="macro", zero_division=zero))
say("jaccard_weighted", jaccard_score(y, p, labels=labels, average="weighted", zero_division=0))
occurring = sorted(set(y) | set(p))
say("jaccard_occurring", jaccard_score(y, p, labels=occurring, average="macro"))
say("jaccard_foreground", jaccard_score(y, p, labels=[c for c in occurring if c], average="macro"))
say("f1_occurring", f1_score(y, p, labels=occurring, average="macro"))
say("f1_foreground", f1_score(y, p, labels=[c for c in occurring if c], average="macro"))
say("accuracy", accuracy_score(y, p))
say("balanced_accuracy", balanced_accuracy_score(y, p))
for average in ("macro", "weighted", "micro"):
    index = MulticlassJaccardIndex(num_classes=classes, ignore_index=255, average=average).double()
    say(f"torch_jaccard_{average}", index(torch.tensor(predicted).long(), torch.tensor(truth).long()))
scores, union = [], []
for t, q, k in zip(truth, predicted, kept):
    scores.append(jaccard_score(t[k], q[k], labels=sorted(set(t[k])), average="macro"))
    union.append(jaccard_score(t[k], q[k], labels=sorted(set(t[k]) | set(q[k])), average="macro"))
say("image_labelled", np.mean(scores))
say("image_union", np.mean(union))
if kept.all():
    # These two take no ignored value.
    t, q = torch.tensor(truth).long()[:, None], torch.tensor(predicted).long()[:, None]
    say("torch_mean_iou", mean_iou(q, t, num_classes=classes, input_format="index").mean())
    say("torch_mean_iou_class", MeanIoU(num_classes=classes, input_format="index")(q, t))
    for level in ("global", "samplewise"):
        dice = DiceScore(num_classes=classes, average="macro", input_format="index", aggregation_level=level)
        say(f"torch_dice_{level}", dice(q, t))
"#;

/// Images of `pixels` pixels: true classes, about a tenth of them void where `void`, and predictions, half of them right.
/// Class 5 is nowhere.
fn maps(images: usize, pixels: usize, classes: u64, void: bool) -> Vec<[Vec<u8>; 2]> {
    let mut state = classes;
    // Knuth's multiplicative generator (MMIX), of which the upper bits are taken.
    let mut below = move |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let of_image = |image: usize| {
        // Three classes an image, so that most are absent from most.
        let class = |below: &mut dyn FnMut(u64) -> u64| {
            let class = (image as u64 * 3 + below(3)) % classes;
            (if class == 5 { 0 } else { class }) as u8
        };
        let truth: Vec<u8> =
            (0..pixels).map(|_| if void && below(10) == 0 { 255 } else { class(&mut below) }).collect();
        let predicted = truth.iter().map(|&t| match below(4) {
            0 | 1 if t != 255 => t,
            2 => class(&mut below),
            _ => (below(classes - 6) + 6) as u8,
        });
        [truth.clone(), predicted.collect()]
    };
    (0..images).map(of_image).collect()
}

fn python(program: &OsStr, file: &Path, sizes: [usize; 3]) -> BTreeMap<String, f64> {
    let sizes = sizes.map(|n| n.to_string());
    let output = Command::new(program).args(["-c", PROGRAM]).arg(file).args(&sizes).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |line: &str| {
        let (name, value) = line.split_once(' ').unwrap();
        (name.to_owned(), value.parse().unwrap())
    };
    text.lines().map(line).collect()
}

/// What each of their functions computes, with how far a sum in another order, or of 32 bits, may be off.
const EQUAL: [(&str, Convention, f64); 15] = [
    ("jaccard_occurring", Convention::Voc, 1e-12),
    ("jaccard_macro_0", Convention::AbsentZero, 1e-12),
    ("jaccard_macro_1", Convention::AbsentOne, 1e-12),
    ("jaccard_foreground", Convention::Foreground, 1e-12),
    ("f1_occurring", Convention::Dice, 1e-12),
    ("f1_foreground", Convention::DiceForeground, 1e-12),
    ("jaccard_weighted", Convention::FrequencyWeighted, 1e-12),
    ("accuracy", Convention::PixelAccuracy, 1e-12),
    ("balanced_accuracy", Convention::ClassAccuracy, 1e-12),
    ("image_labelled", Convention::ImageWise, 1e-12),
    ("image_union", Convention::ImageWisePredicted, 1e-12),
    ("torch_jaccard_macro", Convention::Voc, 1e-6),
    ("torch_jaccard_weighted", Convention::FrequencyWeighted, 1e-6),
    ("torch_dice_global", Convention::Dice, 1e-6),
    ("torch_mean_iou", Convention::ImageWisePredicted, 1e-6),
];

/// What they compute that is none of the conventions, on the two images of METHODOLOGY.md, which are worked by hand in
/// `src/tests/conventions.rs`.
const OTHER: [(&str, f64); 3] = [
    // All pairs of an image and a class in it, in one mean: 6/7, 2/4 and 0 of the first image, 5/6 and 4/5 of the second.
    ("torch_mean_iou_class", (6.0 / 7.0 + 0.5 + 0.0 + 5.0 / 6.0 + 0.8) / 5.0),
    // Right pixels by the sum of the classes' unions: 17 of 13 + 4 + 6.
    ("torch_jaccard_micro", 17.0 / 23.0),
    // Dice image by image: 12/13, 4/6 and 0, and 10/11 and 8/9.
    ("torch_dice_samplewise", ((12.0 / 13.0 + 4.0 / 6.0) / 3.0 + (10.0 / 11.0 + 8.0 / 9.0) / 2.0) / 2.0),
];

/// The Python that has both packages, where there is one.
fn python_with_both() -> Option<OsString> {
    let Some(program) = std::env::var_os("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with scikit-learn and torchmetrics");
        return None;
    };
    let imports = ["-c", "import sklearn, torchmetrics"];
    if !Command::new(&program).args(imports).output().unwrap().status.success() {
        eprintln!("skipped: the Python of SCRIBE_PYTHON has no scikit-learn or no torchmetrics");
        return None;
    }
    Some(program)
}

#[test]
fn conventions_are_those_of_scikit_learn_and_torchmetrics() {
    let Some(program) = python_with_both() else { return };
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("maps");
    let mut compared = 0;
    for (images, pixels, classes, void) in [(12, 400, 9, true), (7, 1000, 21, false)] {
        let all = maps(images, pixels, classes, void);
        std::fs::write(&file, all.iter().flatten().flatten().copied().collect::<Vec<u8>>()).unwrap();
        let pairs = all.iter().map(|[truth, predicted]| (&truth[..], &predicted[..]));
        let ours = score_by_conventions(pairs, classes as usize, Some(255), true).unwrap();
        let theirs = python(&program, &file, [images, pixels, classes as usize]);
        eprintln!("{ours:?}\n{theirs:?}");
        for (name, convention, tolerance) in EQUAL {
            let Some(theirs) = theirs.get(name) else { continue };
            let ours = ours[&convention];
            assert!((ours - theirs).abs() < tolerance, "{name}: {theirs}, {}: {ours}", convention.key());
            compared += 1;
        }
    }
    // All of them of the second set, and all but the two that take no void of the first.
    assert_eq!(compared, 2 * EQUAL.len() - 2);
}

#[test]
fn what_is_none_of_the_conventions_is_as_worked_by_hand() {
    let Some(program) = python_with_both() else { return };
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("maps");
    let example: [u8; 40] = [
        [0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
        [0, 0, 0, 0, 0, 0, 1, 1, 0, 2],
        [0, 0, 0, 0, 0, 2, 2, 2, 2, 2],
        [0, 0, 0, 0, 0, 2, 2, 2, 2, 0],
    ]
    .concat()
    .try_into()
    .unwrap();
    std::fs::write(&file, example).unwrap();
    let theirs = python(&program, &file, [2, 10, 4]);
    eprintln!("{theirs:?}");
    for (name, expected) in OTHER {
        assert!((theirs[name] - expected).abs() < 1e-6, "{name}: {} {expected}", theirs[name]);
    }
}
