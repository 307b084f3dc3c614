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

/// Ends in what `predict` of a program returns, an expression of numpy for pixels `p`.
const PROGRAM: &str = "import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import scribe_ask
def predict(p):
    p[:] = p // 2  # They may be changed.
    z = np.zeros((len(p), 3, 5, 6))
    return eval(sys.argv[2])
scribe_ask.serve(predict, classes=3)
";

/// What scribe makes of a program whose `predict` returns this.
fn returning(python: &str, returned: &str) -> Result<Vec<Prediction>, String> {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let (file, shared) = (folder.path().join("net.py"), root.join("examples/ask"));
    std::fs::write(&file, PROGRAM).unwrap();
    let command = format!("'{python}' '{}' '{}' '{returned}'", file.display(), shared.display());
    let program = AskedProgram::start(&AskSettings::new(command, "net", 3)).unwrap();
    let image = RgbImage::new(6, 5);
    let picture = Picture { image_id: "a", condition: &Condition::clean(), image: &image };
    let wants = |_| Wants { scores: false, moments: false };
    program.predict(&[picture], &Inference::Single, &wants).map_err(|error| error.to_string())
}

#[test]
fn what_predict_returns_is_checked_where_it_is_returned() {
    let python = std::env::var("SCRIBE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let found = Command::new(&python).args(["-c", "import numpy"]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: {python} cannot import numpy; SCRIBE_PYTHON names another");
        return;
    }
    for good in [
        "p[..., 0]",
        "p[..., 0].astype(np.uint16)",
        "z.astype(np.float16)",
        "z[..., :1, :2].astype(np.float32)",
    ] {
        assert_eq!(returning(&python, good).unwrap()[0].class_map, [0; 30], "{good}");
    }
    let logits = "float32 [1, 3, h, w] with h at most 5 and w at most 6";
    for (wrong, said) in [
        (
            "z.argmax(1)",
            "ValueError: predict returned int64 [1, 5, 6]; expected classes, uint8 [1, 5, 6] (.astype(np.uint8))",
        ),
        ("z", "predict returned float64 [1, 3, 5, 6]; expected"),
        ("z[0].astype(np.float32)", "predict returned float32 [3, 5, 6]; expected"),
        ("z.transpose(0, 2, 3, 1).astype(np.float32)", logits),
        ("[1, 2]", "TypeError: predict returned list (expected a NumPy array"),
    ] {
        let message = returning(&python, wrong).unwrap_err();
        assert!(message.contains(said), "{wrong}: {message}");
    }
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
