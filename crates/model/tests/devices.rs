//! Whole networks on a GPU against the same on the CPU: training with dropout, gradients, running statistics, inference.

mod common;
#[path = "common/device.rs"]
mod device;

use candle_core::{DType, Device, ModuleT, Tensor};
use common::formula::{batch, formula};
use common::{IBE, SOFTMAX, narrow};
use device::on_gpu;
use scribe_model::{Decoder, DeepLabConfig, Model, ObjectiveConfig, Stride};
use serde_json::json;
use std::collections::BTreeMap;
use std::error::Error;

/// What one training pass and one inference leave behind, by name, as numbers.
type Outcome = BTreeMap<String, Vec<f64>>;

fn numbers(t: &Tensor) -> candle_core::Result<Vec<f64>> {
    let t = t.detach().to_device(&Device::Cpu)?.to_dtype(DType::F64)?;
    t.flatten_all()?.to_vec1()
}

/// Numbers in -1..1, no two neighbours alike.
fn pattern(like: &Tensor) -> candle_core::Result<Tensor> {
    let values: Vec<f64> = (0..like.elem_count()).map(|i| (i as f64 * 0.731).sin()).collect();
    Tensor::from_vec(values, like.shape(), &Device::Cpu)?.to_dtype(like.dtype())?.to_device(like.device())
}

/// Parameters are of type `parameters`, the pictures (and with them all that follows) of type `pictures`.
fn outcome(
    net: &DeepLabConfig,
    objective: &ObjectiveConfig,
    device: &Device,
    [parameters, pictures]: [DType; 2],
) -> Result<Outcome, Box<dyn Error>> {
    let mut model = Model::with_dtype(net, objective, 5, 3, parameters, device)?;
    model.seed_dropout(7);
    // Weights under which rounding is not enlarged from layer to layer (parity/export.py).
    let case = json!({ "salt": 0, "size": [49, 41] });
    for (name, var) in model.parameters().named().filter(|(_, var)| var.dtype().is_float()) {
        var.set(&formula(name, var, &case["salt"])?.to_dtype(parameters)?.to_device(device)?)?;
    }
    let x = batch(&case)?.0.to_dtype(pictures)?.to_device(device)?;
    let mut outcome = Outcome::new();
    let logits = model.forward_t(&x, true)?;
    assert_eq!(logits.dtype(), pictures);
    let gradients = (&logits * pattern(&logits)?)?.backward()?;
    outcome.insert("logits in training".into(), numbers(&logits)?);
    for (name, var) in model.parameters().trainable() {
        let gradient = gradients.get(var).unwrap_or_else(|| panic!("{name} has no gradient"));
        assert_eq!(gradient.dtype(), parameters, "{name}");
        outcome.insert(format!("gradient of {name}"), numbers(gradient)?);
    }
    for (name, var) in model.parameters().buffers() {
        outcome.insert(name.to_string(), numbers(var)?);
    }
    outcome.insert("logits in evaluation".into(), numbers(&model.forward_t(&x, false)?)?);
    Ok(outcome)
}

/// Largest difference as a share of the tensor's largest element.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let largest = b.iter().fold(1e-9f64, |m, v| m.max(v.abs()));
    a.iter().zip(b).fold(0f64, |m, (a, b)| m.max((a - b).abs())) / largest
}

/// Cosine of the angle between two tensors: 1 where they point the same way.
fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(1e-30)
}

fn networks() -> [(DeepLabConfig, ObjectiveConfig); 2] {
    [(narrow(Decoder::One, Stride::Sixteen), SOFTMAX), (narrow(Decoder::None, Stride::Eight), IBE)]
}

fn compare(types: [DType; 2], tolerance: f64) {
    on_gpu(|gpu| {
        for (net, objective) in networks() {
            let expected = outcome(&net, &objective, &Device::Cpu, types).unwrap();
            let found = outcome(&net, &objective, gpu, types).unwrap();
            assert_eq!(found.len(), expected.len());
            for (name, expected) in &expected {
                let distance = distance(&found[name], expected);
                assert!(distance <= tolerance, "{:?} {types:?} {name}: {distance:e}", net.decoder);
            }
        }
    });
}

#[test]
fn in_f64_every_number_agrees() {
    compare([DType::F64; 2], 1e-9);
}

#[test]
fn in_f32_every_number_agrees() {
    compare([DType::F32; 2], 1e-3);
}

/// Gradients of single tensors may turn far in bf16, since norms take their mean out of them. On the first network torch
/// 2.15 has a median cosine of 0.969 between bf16 (norms in f32) and f32, the smallest being -0.95.
#[test]
fn pictures_in_bf16_point_the_same_way() {
    on_gpu(|gpu| {
        for (net, objective) in networks() {
            let expected = outcome(&net, &objective, &Device::Cpu, [DType::F32; 2]).unwrap();
            let found = outcome(&net, &objective, gpu, [DType::F32, DType::BF16]).unwrap();
            let cosine = |name: &String| cosine(&found[name], &expected[name]);
            for name in ["logits in training", "logits in evaluation"] {
                let cosine = cosine(&name.to_string());
                assert!(cosine > 0.999, "{:?} {name}: {cosine}", net.decoder);
            }
            let gradients = expected.keys().filter(|name| name.starts_with("gradient"));
            let mut cosines: Vec<f64> = gradients.map(cosine).collect();
            cosines.sort_by(f64::total_cmp);
            let median = cosines[cosines.len() / 2];
            assert!(median > 0.95, "{:?}: half of the gradients are further off than {median}", net.decoder);
            assert!(found.values().flatten().all(|v| v.is_finite()), "{:?}", net.decoder);
        }
    });
}

#[test]
fn the_gpu_repeats_itself() {
    on_gpu(|gpu| {
        let (net, objective) = &networks()[0];
        let once = || outcome(net, objective, gpu, [DType::F32; 2]).unwrap();
        assert_eq!(once(), once());
    });
}
