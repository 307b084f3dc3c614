//! Logits, losses and every gradient against PyTorch, from weights that both sides compute.
//!
//! `parity/export.py` made the expected numbers, in f64; it also defines the formula of weights, pictures and labels.

mod common;

use candle_core::backprop::GradStore;
use candle_core::{DType, Device, Tensor, Var};
use common::seeded;
use scribe_model::{
    At, Background, Bce, Decoder, DeepLabConfig, Form, Model, ObjectiveConfig, Reduce, Stride, VoidRule,
    input,
};
use serde_json::Value;
use std::error::Error;

/// Pictures of a batch.
const COUNT: usize = 3;
const CLASSES: usize = 21;
/// Of picture and channel.
const OFFSETS: [f64; 9] = [0.5, -1.0, 0.25, -0.75, 1.0, 0.0, 1.0, 0.5, -1.25];

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

/// The larger of the errors in norm and in two random projections, over the expected norm. A projection on random
/// signs of a difference `d` has the root mean square `|d|`, so this measures `|found - expected| / |expected|`.
fn distance(name: &str, found: &Tensor, expected: &Value) -> Result<f64, Box<dyn Error>> {
    let values = found.flatten_all()?.to_dtype(DType::F64)?.to_vec1::<f64>()?;
    let norm = values.iter().map(|v| v * v).sum::<f64>().sqrt();
    let wanted = number(&expected[0])?;
    let mut worst = (norm - wanted).abs();
    for k in 0..2 {
        let signs = bits(&format!("{name}#{k}"), values.len()).map(|b| if b >> 31 == 1 { -1. } else { 1. });
        let projection: f64 = values.iter().zip(signs).map(|(v, s)| v * s).sum();
        worst = worst.max((projection - number(&expected[k + 1])?).abs());
    }
    Ok(worst / wanted)
}

fn settings(case: &Value) -> Result<(DeepLabConfig, ObjectiveConfig), Box<dyn Error>> {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let net = DeepLabConfig {
        decoder: match text("decoder") {
            "none" => Decoder::None,
            "one" => Decoder::One,
            _ => Decoder::Two,
        },
        output_stride: if case["stride"] == 8 { Stride::Eight } else { Stride::Sixteen },
        rates: serde_json::from_value(case["rates"].clone())?,
        bn_momentum: 0.1,
        dropout: 0.,
        align_corners: case["align_corners"] == true,
        width: number(&case["width"])?,
    };
    let background = Background {
        form: if text("form") == "neg_max" { Form::NegMax } else { Form::NegLse },
        at: if text("at") == "full_size" { At::FullSize } else { At::Features },
    };
    let (prior_bias, void) = (None, VoidRule::Ignore);
    let objective = match text("kind") {
        "softmax" => ObjectiveConfig::Softmax { void },
        "ibe" => ObjectiveConfig::Ibe { background, void, prior_bias },
        _ => {
            let (bce, reduce, void) = (Bce::Full, Reduce::Mean, VoidRule::Background);
            ObjectiveConfig::Scribe { background, bce, reduce, void, prior_bias }
        }
    };
    Ok((net, objective))
}

fn number(value: &Value) -> Result<f64, Box<dyn Error>> {
    Ok(value.as_f64().ok_or_else(|| format!("{value} is no number"))?)
}

/// `value` of export.py.
fn formula(name: &str, var: &Var, salt: &Value) -> Result<Tensor, Box<dyn Error>> {
    let dims = var.dims();
    let bound = (6. / dims[1..].iter().product::<usize>() as f64).sqrt();
    let value = |u: f64| match () {
        () if dims.len() == 4 => u * bound,
        () if name.ends_with("running_var") => 1. + 0.3 * u,
        () if name.ends_with("bn3.weight") => 0.25 * (1. + 0.2 * u),
        () if name.ends_with("weight") => 1. + 0.2 * u,
        () if name.ends_with("bias") => (if u < 0. { 1. } else { -1. }) * (1. + 0.3 * u),
        () => 0.1 * u,
    };
    let values: Vec<f32> =
        uniform(&format!("{salt}:{name}"), var.elem_count()).map(|u| value(u) as f32).collect();
    Ok(Tensor::from_vec(values, dims, &Device::Cpu)?)
}

/// `batch` of export.py: noise of three contrasts, labels in diagonal blocks with void diagonals.
fn batch(case: &Value) -> Result<(Tensor, Tensor), Box<dyn Error>> {
    let [h, w]: [usize; 2] = serde_json::from_value(case["size"].clone())?;
    let (n, c, name) = (COUNT, 3, format!("{}:pictures", case["salt"]));
    let pixel = |(p, u): (usize, f64)| (u * (p / (c * h * w) + 1) as f64 + OFFSETS[p / (h * w)]) as f32;
    let pixels: Vec<f32> = uniform(&name, n * c * h * w).enumerate().map(pixel).collect();
    let label = |n: usize, i: usize, j: usize| match (i + j) % 13 {
        0 => 255,
        _ => ((n * 7 + i / 8 + j / 8) % CLASSES) as u8,
    };
    let labels: Vec<u8> = (0..n * h * w).map(|p| label(p / (h * w), p / w % h, p % w)).collect();
    Ok((
        Tensor::from_vec(pixels, (n, c, h, w), &Device::Cpu)?,
        input::labels(&labels, [n, h, w], &Device::Cpu)?,
    ))
}

fn uniform(name: &str, count: usize) -> impl Iterator<Item = f64> {
    bits(name, count).map(|b| f64::from(b) / f64::from(1u32 << 31) - 1.)
}

fn bits(name: &str, count: usize) -> impl Iterator<Item = u32> + use<> {
    let key = name.bytes().fold(0x811c_9dc5, |key: u32, b| (key ^ u32::from(b)).wrapping_mul(0x0100_0193));
    (0..count as u32).map(move |i| {
        let x = i.wrapping_mul(0x9e37_79b9).wrapping_add(key);
        let x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d);
        let x = (x ^ (x >> 15)).wrapping_mul(0x846c_a68b);
        x ^ (x >> 16)
    })
}
