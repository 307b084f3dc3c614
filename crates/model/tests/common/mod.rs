//! What the tests of the model share.
#![allow(dead_code, reason = "each test file uses a part")]

use candle_core::{Device, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scribe_model::{
    At, Background, Bce, Decoder, DeepLabConfig, Form, ObjectiveConfig, Reduce, Result, Stride, VoidRule,
};

const BACKGROUND: Background = Background { form: Form::NegLse, at: At::Features };

/// The paper's baseline.
pub const SOFTMAX: ObjectiveConfig = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
/// IBE with `-LSE` at feature resolution.
pub const IBE: ObjectiveConfig =
    ObjectiveConfig::Ibe { background: BACKGROUND, void: VoidRule::Ignore, prior_bias: None };
/// SCrIBE with the full sum over channels.
pub const SCRIBE: ObjectiveConfig = ObjectiveConfig::Scribe {
    background: BACKGROUND,
    bce: Bce::Full,
    reduce: Reduce::Sum,
    void: VoidRule::Ignore,
    prior_bias: None,
};

/// A sixteenth of ResNet-50's channels.
pub fn narrow(decoder: Decoder, output_stride: Stride) -> DeepLabConfig {
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

/// A generator of this seed.
pub fn seeded(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// `count` smooth pictures, no two alike.
pub fn picture(count: usize, height: usize, width: usize) -> Result<Tensor> {
    let values: Vec<f32> = (0..count * 3 * height * width).map(|i| ((i as f32) * 0.37).sin() * 1.5).collect();
    Ok(Tensor::from_vec(values, (count, 3, height, width), &Device::Cpu)?)
}
