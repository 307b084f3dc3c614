//! The programs in `examples/ask`, each on a small network, where Python has its packages.

use scribe_dataset::image::RgbImage;
use scribe_eval::{AskSettings, AskedProgram, Picture, Prediction, Predictor, Wants};
use scribe_model::Inference;
use scribe_records::Condition;
use std::path::Path;
use std::process::Command;

/// What a program answers for a picture of 40 x 40 pixels, whose upper half is red and whose lower half is blue. `None`,
/// and a line that says so, where Python lacks the packages.
fn answer(kind: &str, packages: &str, classes: usize) -> Option<Prediction> {
    let python = std::env::var("SCRIBE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&python).args(["-c", &format!("import {packages}")]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: {kind} ({python} cannot import {packages}; SCRIBE_PYTHON names another)");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let (models, file) = (root.join("tests/ask/models.py"), folder.path().join("net"));
    let made = Command::new(&python).arg(models).arg(kind).arg(&file).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let program = root.join(format!("examples/ask/{kind}_net.py"));
    let command = format!("'{python}' '{}' '{}'", program.display(), file.display());
    let program = AskedProgram::start(&AskSettings::new(command, kind, classes)).unwrap();
    let image = RgbImage::from_fn(40, 40, |_, y| if y < 20 { [255, 100, 0] } else { [0, 100, 255] }.into());
    let picture = Picture { image_id: "a", condition: &Condition::clean(), image: &image };
    let wants = |_| Wants { scores: true, moments: false };
    let mut predictions = program.predict(&[picture, picture, picture], &Inference::Single, &wants).unwrap();
    assert_eq!(predictions[0].class_map, predictions[2].class_map);
    Some(predictions.remove(1))
}

/// The classes of the upper and of the lower half, but for the rows between, where logits are interpolated.
fn assert_halves(prediction: &Prediction, upper: u8, lower: u8) {
    assert!(prediction.class_map[..16 * 40].iter().all(|&class| class == upper));
    assert!(prediction.class_map[24 * 40..].iter().all(|&class| class == lower));
}

#[test]
fn torchvision() {
    if let Some(prediction) = answer("torchvision", "numpy, torch, torchvision", 21) {
        // Of random weights: 21 planes, and classes that follow from them.
        let scores = prediction.scores.unwrap();
        assert_eq!(scores.len(), 21 * 40 * 40);
        assert_eq!(prediction.class_map, Prediction::of_logits(21, scores).class_map);
    }
}

#[test]
fn onnx_runtime() {
    if let Some(prediction) = answer("onnx", "numpy, onnx, onnxruntime", 21) {
        // Of red, class 15 has the largest logit; without red, class 0.
        assert_halves(&prediction, 15, 0);
    }
}

#[test]
fn litert() {
    if let Some(prediction) = answer("litert", "numpy, flatbuffers, ai_edge_litert.interpreter", 3) {
        // The network's logits are the channels.
        assert_halves(&prediction, 0, 2);
    }
}
