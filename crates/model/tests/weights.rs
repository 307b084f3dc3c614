//! Files of weights: names, shapes, reports, what torch reads and writes, and damaged files.

mod common;

use candle_core::{DType, Device, ModuleT, Tensor};
use common::{IBE, SOFTMAX, chain, narrow, picture};
use scribe_model::{Decoder, DeepLabConfig, Error, Model, ObjectiveConfig, Stride, Weights};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const CPU: Device = Device::Cpu;

fn net() -> DeepLabConfig {
    narrow(Decoder::None, Stride::Sixteen)
}

fn model(seed: u64) -> scribe_model::Result<Model> {
    Model::new(&net(), &SOFTMAX, 5, seed, &CPU)
}

fn read(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity").join(path)
}

fn floats(t: &Tensor) -> candle_core::Result<Vec<f32>> {
    t.to_dtype(DType::F32)?.flatten_all()?.to_vec1()
}

/// Writes some tensors of a model, renamed.
fn write(path: &Path, model: &Model, rename: impl Fn(&str) -> Option<String>) -> Outcome {
    let tensors: HashMap<String, Tensor> =
        model.parameters().state()?.into_iter().filter_map(|(name, t)| Some((rename(&name)?, t))).collect();
    candle_core::safetensors::save(&tensors, path)?;
    Ok(())
}

#[test]
fn a_saved_model_comes_back_whole() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("model.safetensors");
    let (first, x) = (model(1)?, picture(2, 33, 41)?);
    first.forward_t(&x, true)?;
    first.save(&path)?;
    let (again, report) = Model::load(&net(), &SOFTMAX, 5, &path, &CPU)?;
    assert_eq!(report.loaded.len(), first.parameters().named().count());
    for ((name, a), (_, b)) in first.parameters().named().zip(again.parameters().named()) {
        assert_eq!(a.dtype(), b.dtype());
        assert_eq!(floats(a)?, floats(b)?, "{name}");
    }
    assert_eq!(floats(&first.forward_t(&x, false)?)?, floats(&again.forward_t(&x, false)?)?);
    assert_eq!(std::fs::read_dir(dir.path())?.count(), 1, "the temporary file must be gone");
    let bytes = std::fs::read(&path)?;
    again.save(&path)?;
    assert_eq!(bytes, std::fs::read(&path)?, "the same tensors must give the same bytes");
    Ok(())
}

#[test]
fn a_plain_resnet_goes_into_the_backbone() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("resnet50.safetensors");
    let source = model(1)?;
    let plain = |name: &str| match name {
        "classifier.4.bias" => Some("fc.bias".to_string()),
        name => name.strip_prefix("backbone.").map(str::to_string),
    };
    write(&path, &source, plain)?;
    let target = model(2)?;
    let report = target.load_weights(&path)?;
    assert_eq!(report.unused, ["fc.bias"]);
    assert_eq!(report.loaded.len(), 53 * 6, "53 convolutions, each with five tensors of its norm");
    assert!(report.loaded.iter().all(|name| name.starts_with("backbone.")));
    assert!(report.missing.iter().all(|name| name.starts_with("classifier.")));
    assert_eq!(report.uncounted.len(), 7, "the head's counters");
    let kept = report.missing.len() + report.uncounted.len();
    assert_eq!(report.loaded.len() + kept, target.parameters().named().count());
    for ((name, a), (_, b)) in
        source.parameters().group("backbone.").zip(target.parameters().group("backbone."))
    {
        assert_eq!(floats(a)?, floats(b)?, "{name}");
    }
    let error = Model::load(&net(), &SOFTMAX, 5, &path, &CPU).unwrap_err();
    assert!(matches!(error, Error::Incomplete { unused: 1, .. }), "{error}");
    Ok(())
}

#[test]
fn a_pth_file_of_data_parallel_training() -> Outcome {
    let model = model(1)?;
    let report = model.load_weights(&read("resnet-narrow.pth"))?;
    assert_eq!(report.unused, ["module.fc.weight"]);
    assert_eq!(report.loaded.len(), 6);
    let get = |name: &str| floats(model.parameters().get(name).expect("a torchvision name"));
    assert_eq!(get("backbone.bn1.num_batches_tracked")?, [12345.]);
    // print(load("resnet-narrow.pth")["state_dict"]["module.bn1.running_var"], and conv1.weight[0, 0, 0, :2], and
    // layer1.0.conv1.weight[0, :2, 0, 0])
    assert_eq!(get("backbone.bn1.running_var")?, [0.8427933, 1.1827742, 0.81027776, 1.0998716]);
    assert_eq!(get("backbone.conv1.weight")?[..2], [-0.10244095, -0.19214256]);
    assert_eq!(get("backbone.layer1.0.conv1.weight")?[..2], [1.015625, -0.73779297]);
    Ok(())
}

/// torch loads a batch norm without its counter too; nothing but training touches the counter.
#[test]
fn counters_may_be_missing() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("old.safetensors");
    let source = model(1)?;
    source.forward_t(&picture(2, 33, 41)?, true)?;
    let counter = |name: &str| name.ends_with(".num_batches_tracked");
    write(&path, &source, |name| (!counter(name)).then(|| name.to_string()))?;
    let (again, report) = Model::load(&net(), &SOFTMAX, 5, &path, &CPU)?;
    assert_eq!(
        report.uncounted.len(),
        53 + 7,
        "each convolution of the backbone, six of ASPP, one of the head"
    );
    assert!(report.missing.is_empty() && report.summary().contains("60 counters num_batches_tracked"));
    for ((name, a), (_, b)) in source.parameters().named().zip(again.parameters().named()) {
        let expected = if counter(name) { vec![0.] } else { floats(a)? };
        assert_eq!(expected, floats(b)?, "{name}");
    }
    assert_eq!(again.take_backbone(&Weights::read(&path)?)?.uncounted.len(), 53);
    Ok(())
}

#[test]
fn torchvisions_second_head_is_left_out() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("deeplab.safetensors");
    let source = model(1)?;
    let mut tensors = source.parameters().state()?;
    for name in ["aux_classifier.0.weight", "aux_classifier.4.bias"] {
        tensors.insert(name.to_string(), Tensor::zeros(3, DType::F32, &CPU)?);
    }
    candle_core::safetensors::save(&tensors.clone().into_iter().collect::<HashMap<_, _>>(), &path)?;
    let (_, report) = Model::load(&net(), &SOFTMAX, 5, &path, &CPU)?;
    assert_eq!(report.left_out, ["aux_classifier.0.weight", "aux_classifier.4.bias"]);
    assert!(report.summary().ends_with("left out of the file: aux_classifier.* (2)"), "{}", report.summary());
    // Any other name without a place is refused as before.
    tensors.insert("decoder.0.weight".into(), Tensor::zeros(3, DType::F32, &CPU)?);
    candle_core::safetensors::save(&tensors.into_iter().collect::<HashMap<_, _>>(), &path)?;
    let error = Model::load(&net(), &SOFTMAX, 5, &path, &CPU).unwrap_err();
    assert!(matches!(error, Error::Incomplete { unused: 1, missing: 0, .. }), "{error}");
    Ok(())
}

#[test]
fn only_the_backbone_of_a_whole_network() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("deeplab.safetensors");
    let source = model(1)?;
    source.save(&path)?;
    // The same objective, whose classifier would fit, and another one.
    for objective in [&SOFTMAX, &IBE] {
        let target = Model::new(&net(), objective, 5, 2, &CPU)?;
        let before = target.parameters().state()?;
        let report = target.take_backbone(&Weights::read(&path)?)?;
        assert_eq!(report.loaded.len(), 53 * 6);
        assert!(report.missing.is_empty() && report.unused.is_empty());
        assert!(report.left_out.iter().all(|name| name.starts_with("classifier.")));
        assert_eq!(report.loaded.len() + report.left_out.len(), source.parameters().named().count());
        for (name, var) in target.parameters().named() {
            let from = if name.starts_with("backbone.") {
                source.parameters().get(name).expect("the same backbone").as_tensor()
            } else {
                &before[name]
            };
            assert_eq!(floats(from)?, floats(var)?, "{name}");
        }
    }
    let part = dir.path().join("part.safetensors");
    write(&part, &source, |name| (name != "backbone.bn1.weight").then(|| name.to_string()))?;
    let text = model(2)?.take_backbone(&Weights::read(&part)?).unwrap_err().to_string();
    assert!(text.contains("1 of its tensors are missing, the first is backbone.bn1.weight"), "{text}");
    write(&part, &source, |name| name.starts_with("classifier.").then(|| name.to_string()))?;
    let text = model(2)?.take_backbone(&Weights::read(&part)?).unwrap_err().to_string();
    assert!(text.contains("none of its") && text.contains("part.safetensors"), "{text}");
    Ok(())
}

#[test]
fn two_names_for_one_tensor() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("twice.safetensors");
    let mut tensors: HashMap<_, _> = model(1)?.parameters().state()?.into_iter().collect();
    tensors.insert("module.conv1.weight".into(), tensors["backbone.conv1.weight"].clone());
    candle_core::safetensors::save(&tensors, &path)?;
    let text = model(1)?.load_weights(&path).unwrap_err().to_string();
    assert!(text.contains("backbone.conv1.weight and module.conv1.weight"), "{text}");
    Ok(())
}

#[test]
fn another_shape_is_named_and_nothing_is_changed() -> Outcome {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("model.safetensors");
    model(1)?.save(&path)?;
    let other = Model::new(&net(), &IBE, 5, 2, &CPU)?;
    let before = floats(other.parameters().get("backbone.conv1.weight").expect("the first layer"))?;
    let text = other.load_weights(&path).unwrap_err().to_string();
    let expected = "tensor classifier.4.bias has shape [5], the network expects [4] (1 more differ)";
    assert!(text.ends_with(expected) && text.contains("model.safetensors"), "{text}");
    assert_eq!(before, floats(other.parameters().get("backbone.conv1.weight").expect("the first layer"))?);
    Ok(())
}

#[test]
fn files_that_are_no_weights() -> Outcome {
    let dir = tempfile::tempdir()?;
    let at = |name: &str| dir.path().join(name);
    let whole = at("whole.safetensors");
    let model = model(1)?;
    model.save(&whole)?;
    let bytes = std::fs::read(&whole)?;
    std::fs::write(at("cut.safetensors"), &bytes[..bytes.len() / 2])?;
    std::fs::write(at("text.pth"), "not a zip")?;
    std::fs::write(at("model.onnx"), "onnx")?;
    write(&at("other.safetensors"), &model, |name| Some(format!("encoder.{name}")))?;
    for (name, why) in [
        ("cut.safetensors", "a cut or damaged safetensors file"),
        ("text.pth", "a text file that begins with \"not a zip\""),
        ("model.onnx", "a text file that begins with \"onnx\""),
        ("other.safetensors", "is the network's (first: encoder."),
        ("absent.safetensors", "No such file"),
    ] {
        let text = chain(&model.load_weights(&at(name)).unwrap_err());
        assert!(text.contains(name) && text.contains(why), "{text}");
    }
    assert!(model.save(&at("no/such/folder/model.safetensors")).unwrap_err().to_string().contains("no/such"));
    Ok(())
}

#[test]
fn torchvision_loads_what_we_save() -> Outcome {
    // A Python with torch, torchvision and safetensors.
    let Ok(python) = std::env::var("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with torchvision");
        return Ok(());
    };
    let dir = tempfile::tempdir()?;
    let (path, batch) = (dir.path().join("model.safetensors"), dir.path().join("batch.safetensors"));
    let net = DeepLabConfig { output_stride: Stride::Eight, rates: [12, 24, 36], width: 1., ..net() };
    let objective: ObjectiveConfig = SOFTMAX;
    let model = Model::new(&net, &objective, 21, 1, &CPU)?;
    model.save(&path)?;
    let pictures = picture(1, 65, 97)?;
    let logits = model.forward_t(&pictures, false)?;
    candle_core::safetensors::save(&HashMap::from([("pictures", pictures), ("logits", logits)]), &batch)?;
    let run = Command::new(python).arg(read("check_saved.py")).args([&path, &batch]).arg("21").output()?;
    let text = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{}{text}", String::from_utf8_lossy(&run.stdout));
    Ok(())
}
