//! Logits, losses and every gradient against PyTorch, from weights that both sides compute.
//!
//! `parity/export.py` made the expected numbers, in f64; it also defines the formula of weights, pictures and labels.

mod common;

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Tensor};
use common::formula::{CLASSES, batch, bits, distance, formula, number, settings};
use common::seeded;
use scribe_model::Model;
use serde_json::Value;
use std::error::Error;

#[test]
fn v3_os8_softmax() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/v3-os8-softmax.json"), DType::F32, AFTER_A_FLIP)
}

#[test]
fn v3_os8_softmax_in_f64() -> Result<(), Box<dyn Error>> {
    compare(include_str!("parity/v3-os8-softmax.json"), DType::F64, EXACT)
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

/// The largest relative errors that pass.
struct Tolerance {
    logits: f64,
    loss: f64,
    gradients: f64,
    statistics: f64,
}

const F32: Tolerance = Tolerance { logits: 1e-4, loss: 1e-5, gradients: 1e-3, statistics: 1e-4 };
// This instance met the rules of export.py, yet here f32 gradients do not reach 1e-3: they are within 2e-5 from the
// classifier down to layer4.1 and 1e-3 to 5.1e-3 off in every block before it, as one flipped rectifier of layer4.0 would
// do. In f64 they agree within 1e-8. It is kept instead of being exchanged for an instance that happens to pass.
const AFTER_A_FLIP: Tolerance = Tolerance { gradients: 1e-2, ..F32 };
// What is left are the ten digits of the file: both sides compute the same function. The running statistics of an f64 network pass through f32.
const EXACT: Tolerance = Tolerance { logits: 1e-8, loss: 1e-9, gradients: 1e-8, statistics: 1e-6 };

/// One flipped rectifier of a small feature map was seen to move all gradients together by 5e-2.
const FLIPPED: f64 = 1e-1;

fn compare(text: &str, dtype: DType, tolerance: Tolerance) -> Result<(), Box<dyn Error>> {
    let expected: Value = serde_json::from_str(text)?;
    let (net, objective) = settings(&expected["case"])?;
    let model = Model::with_dtype(&net, &objective, CLASSES, 0, dtype, &Device::Cpu)?;
    let salt = &expected["case"]["salt"];
    for (name, var) in model.parameters().named().filter(|(_, var)| var.dtype().is_float()) {
        var.set(&formula(name, var, salt)?.to_dtype(dtype)?)?;
    }
    let (x, y) = batch(&expected["case"])?;
    let x = x.to_dtype(dtype)?;
    check_logits(&model.logits_eval(&x)?, &expected["eval"], "eval", &tolerance)?;
    let z = model.logits_train(&x, &mut seeded(0))?;
    check_logits(&z, &expected["train"], "train", &tolerance)?;
    let loss = model.objective().loss(&z, &y)?;
    let wanted = number(&expected["train"]["loss"])?;
    let found = loss.to_dtype(DType::F64)?.to_scalar::<f64>()?;
    assert!((found / wanted - 1.).abs() < tolerance.loss, "loss {found}, torch {wanted}");

    check_gradients(&model, &loss.backward()?, &expected, dtype, &tolerance)?;
    let named = expected["train"]["buffers"].as_object().ok_or("buffers")?;
    for (name, var) in model.parameters().buffers().filter(|(_, var)| var.dtype().is_float()) {
        let error = distance(name, var, &named[name])?;
        assert!(error < tolerance.statistics, "{name} after one step: relative error {error}");
    }
    Ok(())
}

/// Each tensor's gradient; in f32 and an instance that is not `conditioned` (see export.py) all together and roughly,
/// because rounding may flip a rectifier there.
fn check_gradients(
    model: &Model,
    gradients: &GradStore,
    expected: &Value,
    dtype: DType,
    tolerance: &Tolerance,
) -> Result<(), Box<dyn Error>> {
    let named = expected["train"]["gradients"].as_object().ok_or("gradients")?;
    assert_eq!(named.len(), model.parameters().trainable().count());
    let (mut worst, mut gap, mut whole) = ((0f64, ""), 0., 0.);
    for (name, var) in model.parameters().trainable() {
        let error = distance(name, gradients.get(var).ok_or(name)?, &named[name])?;
        let norm = number(&named[name][0])?;
        worst = if error > worst.0 { (error, name) } else { worst };
        gap += (error * norm).powi(2);
        whole += norm.powi(2);
    }
    if dtype == DType::F64 || expected["case"]["conditioned"] == true {
        assert!(worst.0 < tolerance.gradients, "gradient of {}: relative error {}", worst.1, worst.0);
    }
    let all = (gap / whole).sqrt();
    assert!(all < FLIPPED, "all gradients together: relative error {all}");
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
