//! Logits, losses and every gradient against PyTorch, from weights that both sides compute.
//!
//! `parity/export.py` made the expected numbers, in f64; it also defines the formula of weights, pictures and labels.

mod common;
#[path = "common/device.rs"]
mod device;

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, ModuleT, Tensor};
use common::formula::{CLASSES, batch, bits, distance, formula, number, settings};
use scribe_model::{DeepLabConfig, Model};
use serde_json::Value;
use std::error::Error;
use std::process::Command;

#[test]
fn v3_os8_softmax() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/v3-os8-softmax.json"), DType::F32, F32)
}

#[test]
fn v3_os8_softmax_in_f64() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/v3-os8-softmax.json"), DType::F64, EXACT)
}

/// What the stored numbers of torchvision's DeepLabV3 hold for is the shape that a file of torchvision's is given.
#[test]
fn the_shape_of_torchvision() -> Result<(), Box<dyn Error>> {
    let expected: Value = serde_json::from_str(include_str!("parity/v3-os8-softmax.json"))?;
    let (net, _) = settings(&expected["case"])?;
    let torchvision = DeepLabConfig::torchvision();
    // Training alone depends on dropout, which the stored numbers leave out.
    assert_eq!(DeepLabConfig { dropout: net.dropout, ..torchvision }, net);
    Ok(())
}

#[test]
fn v3_os16_ibe() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/v3-os16-ibe.json"), DType::F32, F32)
}

#[test]
fn v3_os16_ibe_in_f64() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/v3-os16-ibe.json"), DType::F64, EXACT)
}

#[test]
fn plus_one_os16_scribe() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/plus-one-os16-scribe.json"), DType::F32, F32)
}

#[test]
fn plus_one_os16_scribe_in_f64() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/plus-one-os16-scribe.json"), DType::F64, EXACT)
}

#[test]
fn plus_two_os16_ibe() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/plus-two-os16-ibe.json"), DType::F32, F32)
}

#[test]
fn plus_two_os16_ibe_in_f64() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/plus-two-os16-ibe.json"), DType::F64, EXACT)
}

#[test]
fn plus_one_os8_scribe() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/plus-one-os8-scribe.json"), DType::F32, F32)
}

#[test]
fn plus_one_os8_scribe_in_f64() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/plus-one-os8-scribe.json"), DType::F64, EXACT)
}

#[test]
fn plus_two_os16_softmax() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/plus-two-os16-softmax.json"), DType::F32, F32)
}

#[test]
fn plus_two_os16_softmax_in_f64() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/plus-two-os16-softmax.json"), DType::F64, EXACT)
}

/// The narrow networks, which an emulated device can run too.
#[test]
fn narrow_networks_on_a_gpu() {
    device::on_gpu(|gpu| {
        let softmax = include_str!("parity/plus-two-os16-softmax.json");
        compare_on(gpu, softmax, DType::F32, F32).unwrap();
        compare_on(gpu, softmax, DType::F64, EXACT).unwrap();
        compare_on(gpu, include_str!("parity/plus-one-os8-scribe.json"), DType::F32, F32).unwrap();
        compare_on(gpu, include_str!("parity/plus-two-os16-ibe.json"), DType::F32, F32).unwrap();
    });
}

#[test]
fn larger_cases_beside_a_python() -> Result<(), Box<dyn Error>> {
    // A Python with torch and torchvision.
    let Ok(python) = std::env::var("SCRIBE_PYTHON") else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with torch");
        return Ok(());
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parity/export.py");
    let folder = tempfile::tempdir()?;
    let run = Command::new(python).arg(script).arg("--live").arg(folder.path()).output()?;
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let files = std::fs::read_dir(folder.path())?.collect::<Result<Vec<_>, _>>()?;
    assert_eq!(files.len(), 3);
    for file in files {
        eprintln!("{}", file.path().display());
        compare(&std::fs::read_to_string(file.path())?, DType::F32, F32)?;
    }
    Ok(())
}

/// The largest relative errors that pass.
struct Tolerance {
    logits: f64,
    loss: f64,
    gradients: f64,
    statistics: f64,
}

const F32: Tolerance = Tolerance { logits: 1e-4, loss: 1e-5, gradients: 1e-3, statistics: 1e-4 };
// What is left are the ten digits of the file: both sides compute the same function.
const EXACT: Tolerance = Tolerance { logits: 1e-8, loss: 1e-9, gradients: 1e-8, statistics: 1e-8 };

fn compare(text: &str, dtype: DType, tolerance: Tolerance) -> Result<(), Box<dyn Error>> {
    compare_on(&Device::Cpu, text, dtype, tolerance)
}

fn compare_on(device: &Device, text: &str, dtype: DType, tolerance: Tolerance) -> Result<(), Box<dyn Error>> {
    let expected: Value = serde_json::from_str(text)?;
    let (net, objective) = settings(&expected["case"])?;
    let model = Model::with_dtype(&net, &objective, CLASSES, 0, dtype, device)?;
    let salt = &expected["case"]["salt"];
    for (name, var) in model.parameters().named().filter(|(_, var)| var.dtype().is_float()) {
        var.set(&formula(name, var, salt)?.to_dtype(dtype)?.to_device(device)?)?;
    }
    let (x, y) = batch(&expected["case"])?;
    let (x, y) = (x.to_dtype(dtype)?.to_device(device)?, y.to_device(device)?);
    check_logits(&model.forward_t(&x, false)?, &expected["eval"], "eval", &tolerance)?;
    let z = model.forward_t(&x, true)?;
    check_logits(&z, &expected["train"], "train", &tolerance)?;
    let loss = model.objective().loss(&z, &y)?;
    let wanted = number(&expected["train"]["loss"])?;
    let found = loss.to_dtype(DType::F64)?.to_scalar::<f64>()?;
    assert!((found / wanted - 1.).abs() < tolerance.loss, "loss {found}, torch {wanted}");

    check_gradients(&model, &loss.backward()?, &expected, &tolerance)?;
    let named = expected["train"]["buffers"].as_object().ok_or("buffers")?;
    for (name, var) in model.parameters().buffers().filter(|(_, var)| var.dtype().is_float()) {
        let error = distance(name, var, &named[name])?;
        assert!(error < tolerance.statistics, "{name} after one step: relative error {error}");
    }
    Ok(())
}

/// Each tensor's gradient, in norm.
fn check_gradients(
    model: &Model,
    gradients: &GradStore,
    expected: &Value,
    tolerance: &Tolerance,
) -> Result<(), Box<dyn Error>> {
    let named = expected["train"]["gradients"].as_object().ok_or("gradients")?;
    assert_eq!(named.len(), model.parameters().trainable().count());
    let mut worst = (0f64, "");
    for (name, var) in model.parameters().trainable() {
        let error = distance(name, gradients.get(var).ok_or(name)?, &named[name])?;
        worst = if error > worst.0 { (error, name) } else { worst };
    }
    eprintln!("worst gradient: {} off by {:.1e}", worst.1, worst.0);
    assert!(worst.0 < tolerance.gradients, "gradient of {}: relative error {}", worst.1, worst.0);
    Ok(())
}

/// Samples, relative to the logits' typical size, and the whole in norm.
fn check_logits(
    z: &Tensor,
    expected: &Value,
    phase: &str,
    tolerance: &Tolerance,
) -> Result<(), Box<dyn Error>> {
    let values = z.flatten_all()?.to_dtype(DType::F64)?.to_vec1::<f64>()?;
    let size = number(&expected["digest"][0])? / (values.len() as f64).sqrt();
    let wanted = expected["logits"].as_array().ok_or("logits")?;
    for (place, wanted) in bits("samples", wanted.len()).zip(wanted) {
        let found = values[place as usize % values.len()];
        let gap = (found - number(wanted)?).abs();
        assert!(
            gap < tolerance.logits * size,
            "{phase}: logit {found}, torch {wanted} (typical size {size})"
        );
    }
    let error = distance("logits", z, &expected["digest"])?;
    assert!(error < tolerance.logits, "{phase}: relative error of the logits {error}");
    Ok(())
}
