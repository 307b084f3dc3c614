//! What the tests of the model share.
#![allow(dead_code, reason = "each test file uses a part")]

pub(crate) mod formula;
pub(crate) mod hostile;

use candle_core::{DType, Device, Tensor};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scribe_model::{
    At, Background, Bce, Decoder, DeepLabConfig, Form, Objective, ObjectiveConfig, Reduce, Result, Stride,
    VoidRule,
};

const BACKGROUND: Background = Background { form: Form::NegLse, at: At::Features };

/// The paper's baseline.
pub(crate) const SOFTMAX: ObjectiveConfig = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
/// IBE with `-LSE` at feature resolution.
pub(crate) const IBE: ObjectiveConfig =
    ObjectiveConfig::Ibe { background: BACKGROUND, void: VoidRule::Ignore, prior_bias: None };
/// SCrIBE with the full sum over channels.
pub(crate) const SCRIBE: ObjectiveConfig = ObjectiveConfig::Scribe {
    background: BACKGROUND,
    bce: Bce::Full,
    reduce: Reduce::Sum,
    void: VoidRule::Ignore,
    prior_bias: None,
};

/// A sixteenth of ResNet-50's channels.
pub(crate) fn narrow(decoder: Decoder, output_stride: Stride) -> DeepLabConfig {
    DeepLabConfig {
        decoder,
        output_stride,
        rates: [6, 12, 18],
        bn_momentum: 0.1,
        dropout: 0.1,
        align_corners: false,
        width: 0.0625,
    }
}

/// An error with its causes, joined as the program prints them.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// A generator of this seed.
pub(crate) fn seeded(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// `count` smooth pictures, no two alike.
pub(crate) fn picture(count: usize, height: usize, width: usize) -> Result<Tensor> {
    let values: Vec<f32> = (0..count * 3 * height * width).map(|i| ((i as f32) * 0.37).sin() * 1.5).collect();
    Ok(Tensor::from_vec(values, (count, 3, height, width), &Device::Cpu)?)
}

/// Foreground classes of PASCAL VOC.
pub(crate) const K: usize = 20;

/// `b` at feature resolution.
pub(crate) fn background(form: Form) -> Background {
    Background { form, at: At::Features }
}

/// IBE that ignores void.
pub(crate) fn ibe(form: Form) -> Objective {
    let void = VoidRule::Ignore;
    ObjectiveConfig::Ibe { background: background(form), void, prior_bias: None }.build(false)
}

/// SCrIBE at feature resolution.
pub(crate) fn scribe(form: Form, bce: Bce, reduce: Reduce, void: VoidRule) -> Objective {
    ObjectiveConfig::Scribe { background: background(form), bce, reduce, void, prior_bias: None }.build(false)
}

/// `v` as `[1, C, 1, P]` from pixels of `C` values each.
pub(crate) fn pixels(values: &[Vec<f64>]) -> Result<Tensor> {
    let (p, c) = (values.len(), values[0].len());
    let flat: Vec<f64> = (0..c).flat_map(|k| values.iter().map(move |v| v[k])).collect();
    Ok(Tensor::from_vec(flat, (1, c, 1, p), &Device::Cpu)?)
}

/// The loss of `v` at its own size.
pub(crate) fn loss(objective: &Objective, v: &Tensor, labels: &[u8]) -> Result<Tensor> {
    let labels = Tensor::from_slice(labels, (1, 1, labels.len()), &Device::Cpu)?;
    objective.loss(&objective.logits(v, (1, v.dim(3)?))?, &labels)
}

/// A tensor without dimensions as a number.
pub(crate) fn scalar(t: &Tensor) -> Result<f64> {
    Ok(t.to_dtype(DType::F64)?.to_scalar::<f64>()?)
}

/// The logistic function.
pub(crate) fn sigmoid(x: f64) -> f64 {
    1. / (1. + (-x).exp())
}

/// Pixels with logits of several sizes and labels of both kinds; the last two are at the extremes.
pub(crate) fn problem(channels: usize) -> (Vec<Vec<f64>>, Vec<u8>) {
    let mut rng = seeded(11);
    let sizes = [0.1, 1., 1., 5., 5., 20., 80., 80.];
    let mut v: Vec<Vec<f64>> =
        sizes.iter().map(|&s| (0..channels).map(|_| rng.random_range(-s..s)).collect()).collect();
    v[6].iter_mut().enumerate().for_each(|(n, v)| *v = if n == 4 { 80. } else { -80. });
    v[7].iter_mut().for_each(|v| *v = -80.);
    // A tie has no derivative with -max.
    v[7][9] = -79.;
    (v, vec![0, 0, 3, 0, 20, 7, 0, 12])
}
