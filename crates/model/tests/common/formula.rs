//! What `parity/export.py` computes too: weights, pictures and labels from a formula, and the distance to its numbers.

use candle_core::{DType, Device, Tensor, Var};
use scribe_model::{
    At, Background, Bce, Decoder, DeepLabConfig, Form, ObjectiveConfig, Reduce, Stride, VoidRule, input,
};
use serde_json::Value;
use std::error::Error;

/// Pictures of a batch.
const COUNT: usize = 3;
/// Classes, background included.
pub(crate) const CLASSES: usize = 21;
/// Of picture and channel.
const OFFSETS: [f64; 9] = [0.5, -1.0, 0.25, -0.75, 1.0, 0.0, 1.0, 0.5, -1.25];

/// The larger of the errors in norm and in two random projections, over the expected norm. A projection on random
/// signs of a difference `d` has the root mean square `|d|`, so this measures `|found - expected| / |expected|`.
pub(crate) fn distance(name: &str, found: &Tensor, expected: &Value) -> Result<f64, Box<dyn Error>> {
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

/// The network of a case.
pub(crate) fn settings(case: &Value) -> Result<(DeepLabConfig, ObjectiveConfig), Box<dyn Error>> {
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

/// A number of the file.
pub(crate) fn number(value: &Value) -> Result<f64, Box<dyn Error>> {
    Ok(value.as_f64().ok_or_else(|| format!("{value} is no number"))?)
}

/// `value` of export.py.
pub(crate) fn formula(name: &str, var: &Var, salt: &Value) -> Result<Tensor, Box<dyn Error>> {
    let dims = var.dims();
    let bound = (6. / dims[1..].iter().product::<usize>() as f64).sqrt();
    let weak = if name.ends_with("bn3.bias") { 0.25 } else { 1. };
    let value = |i: usize, u: f64| match () {
        () if dims.len() == 4 => u * bound,
        () if name.ends_with("running_var") => 1. + 0.3 * u,
        () if name.ends_with("bn3.weight") => 0.25 * (1. + 0.2 * u),
        () if name.ends_with("weight") => 1. + 0.2 * u,
        () if name.ends_with("bias") => weak * (if i.is_multiple_of(2) { 1. } else { -1. }) * (1.7 + 0.3 * u),
        () => 0.1 * u,
    };
    let values = uniform(&format!("{salt}:{name}"), var.elem_count()).enumerate();
    let values: Vec<f32> = values.map(|(i, u)| value(i, u) as f32).collect();
    Ok(Tensor::from_vec(values, dims, &Device::Cpu)?)
}

/// `batch` of export.py: noise of three contrasts, labels in diagonal blocks with void diagonals.
pub(crate) fn batch(case: &Value) -> Result<(Tensor, Tensor), Box<dyn Error>> {
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

/// `uniform` of export.py: numbers in [-1, 1).
pub(crate) fn uniform(name: &str, count: usize) -> impl Iterator<Item = f64> + use<> {
    bits(name, count).map(|b| f64::from(b) / f64::from(1u32 << 31) - 1.)
}

/// `bits` of export.py: well-mixed numbers that depend on the name alone.
pub(crate) fn bits(name: &str, count: usize) -> impl Iterator<Item = u32> + use<> {
    let key = name.bytes().fold(0x811c_9dc5, |key: u32, b| (key ^ u32::from(b)).wrapping_mul(0x0100_0193));
    (0..count as u32).map(move |i| {
        let x = i.wrapping_mul(0x9e37_79b9).wrapping_add(key);
        let x = (x ^ (x >> 16)).wrapping_mul(0x7feb_352d);
        let x = (x ^ (x >> 15)).wrapping_mul(0x846c_a68b);
        x ^ (x >> 16)
    })
}
