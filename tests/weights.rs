//! Files of weights: what `train` starts from, and networks that `eval` is given.

mod common;

use common::{complaint, run, small, succeed};
use scribe_base::digest::sha256_hex;
use scribe_records::Store;
use std::path::Path;

/// What is tested: one condition in one mode.
const SETTINGS: [&str; 3] =
    ["eval.modes=[\"single\"]", "eval.corruptions=[\"contrast\"]", "eval.severities=[5]"];

fn with<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    small(command, &SETTINGS, more)
}

/// Trains the three models for a step and returns the folder.
fn trained() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), &with("train", &[]));
    std::fs::copy(folder.path().join("runs/smoke/train/softmax-seed1/model.safetensors"), network(&folder))
        .unwrap();
    folder
}

fn network(folder: &tempfile::TempDir) -> std::path::PathBuf {
    folder.path().join("net.safetensors")
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}:\n{text}");
    text
}

/// The backbone of a whole network goes into every model; its classifier into none, not even where it would fit.
#[test]
fn a_whole_network_as_the_backbone() {
    let folder = trained();
    let from = ["--set", "train.pretrained=true", "--backbone", "net.safetensors", "--name", "from"];
    let text = said(folder.path(), &with("train", &from));
    for label in ["Baseline", "IBE", "SCrIBE"] {
        let note =
            format!("{label}: net.safetensors: 318 tensors loaded; left out of the file: classifier.* (");
        assert!(text.contains(&note), "{text}");
    }
    for model in ["softmax", "ibe", "scribe"] {
        assert!(folder.path().join(format!("runs/from/train/{model}-seed1/model.safetensors")).is_file());
    }
}

#[test]
fn a_backbone_that_would_not_be_read_is_refused() {
    let folder = trained();
    for flag in ["net.safetensors", "no/such.pth"] {
        let message = complaint(folder.path(), &with("train", &["--backbone", flag, "--name", "scratch"]));
        assert!(message.contains(flag) && message.contains("train.pretrained=true"), "{message}");
    }
    assert!(!folder.path().join("runs/scratch/train").exists(), "nothing was trained");
}

#[test]
fn a_network_that_diverged_is_refused_and_scores_nothing() {
    let folder = trained();
    let path = folder.path().join("net.safetensors");
    let mut tensors = candle_core::safetensors::load(&path, &candle_core::Device::Cpu).unwrap();
    // Of numbers with a fraction: counters of batches cannot be NaN.
    let weights = tensors.keys().filter(|key| key.starts_with("classifier.") && key.ends_with(".weight"));
    let name = weights.min().expect("a head has weights").clone();
    let broken = tensors[&name].affine(f64::NAN, 0.0).unwrap();
    tensors.insert(name.clone(), broken);
    candle_core::safetensors::save(&tensors, folder.path().join("nan.safetensors")).unwrap();
    let message =
        complaint(folder.path(), &with("eval", &["--weights", "softmax=nan.safetensors", "--name", "nan"]));
    assert!(message.contains("nan.safetensors") && message.contains("holds NaN"), "{message}");
}

#[test]
fn weights_that_fit_no_model_stop_before_the_first_step() {
    let folder = trained();
    let wider = ["--set", "train.pretrained=true", "--set", "model.width=0.1", "--name", "wider"];
    let message =
        complaint(folder.path(), &[&with("train", &wider)[..], &["--backbone", "net.safetensors"]].concat());
    assert!(message.contains("weights for Baseline") && message.contains("net.safetensors"), "{message}");
    assert!(message.contains("has shape"), "{message}");
    std::fs::write(folder.path().join("page.pth"), "<!DOCTYPE html>").unwrap();
    for flags in [&["--init", "page.pth"][..], &["--set", "train.pretrained=true", "--backbone", "page.pth"]]
    {
        let message = complaint(folder.path(), &with("train", &[flags, &["--name", "wider"]].concat()));
        assert!(message.contains("page.pth: a web page"), "{message}");
    }
    assert!(!folder.path().join("runs/wider/train").exists(), "nothing was trained");
}

/// A network from elsewhere is evaluated without a training folder, and the manifest names its content.
#[test]
fn a_network_is_given_to_eval() {
    let folder = trained();
    let given = ["--weights", "softmax=net.safetensors", "--name", "given"];
    let text = said(folder.path(), &with("eval", &given));
    assert!(text.contains("Baseline: net.safetensors: "), "{text}");
    let store = Store::open(&folder.path().join("runs/given").join(Store::FILE_NAME)).unwrap();
    let bytes = std::fs::read(network(&folder)).unwrap();
    let sha256 = sha256_hex(&bytes);
    let models = &store.manifest().models;
    assert_eq!(models.len(), 1, "only the model that was given");
    assert_eq!((models[0].id.as_str(), models[0].checkpoint_sha256.as_str()), ("softmax", sha256.as_str()));
    assert!(!models[0].trained, "its seed says nothing of how it was trained");
    assert!(!folder.path().join("runs/given/train").exists());
    drop(store);
    assert!(said(folder.path(), &with("eval", &given)).contains("nothing was left to do"));
    succeed(folder.path(), &["report", "runs/given"]);
    // The same run with another network of that name is refused.
    let tuned = ["--init", "net.safetensors", "--seed", "2", "--name", "tuned"];
    succeed(folder.path(), &with("train", &tuned));
    let other = ["--weights", "softmax=runs/tuned/train/softmax-seed2/model.safetensors", "--name", "given"];
    let message = complaint(folder.path(), &with("eval", &other));
    assert!(message.contains("softmax"), "{message}");
}

#[test]
fn weights_for_no_model() {
    let folder = tempfile::tempdir().unwrap();
    let says = |more: &[&str]| complaint(folder.path(), &with("eval", more));
    let unknown = says(&["--weights", "deeplab=x.pth"]);
    assert!(unknown.contains("no such model") && unknown.contains("softmax, ibe, scribe"), "{unknown}");
    let seeds = says(&["--weights", "ibe=x.pth", "--set", "seeds=[4,5]"]);
    assert!(seeds.contains("[4, 5]") && seeds.contains("--set seeds=[4]"), "{seeds}");
    let twice = says(&["--weights", "ibe=x.pth", "--weights", "ibe=y.pth"]);
    assert!(twice.contains("given twice, x.pth and y.pth"), "{twice}");
    assert!(says(&["--weights", "ibe"]).contains("expected ID=FILE"));
    assert!(says(&["--weights", "ibe=x.pth"]).contains("x.pth"));
    assert!(says(&[]).contains("--weights softmax=FILE"), "the way without a training is named");
    std::fs::write(folder.path().join("lfs.pth"), "version https://git-lfs.github.com/spec/v1\n").unwrap();
    assert!(says(&["--weights", "ibe=lfs.pth"]).contains("git lfs pull -I lfs.pth"));
}
