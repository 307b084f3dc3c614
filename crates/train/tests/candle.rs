//! Our optimizer and our networks with candle's own parts.

use candle_core::{DType, Device, Module, ModuleT, Tensor, Var};
use candle_nn::{Conv2d, Conv2dConfig, Optimizer, SGD};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scribe_model::{Backbone, Decoder, DeepLabConfig, Model, ObjectiveConfig, Stride, VoidRule, input};
use scribe_train::{Sgd, SgdConfig};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const CPU: Device = Device::Cpu;

fn net() -> DeepLabConfig {
    DeepLabConfig {
        decoder: Decoder::One,
        output_stride: Stride::Sixteen,
        rates: [1, 2, 3],
        bn_momentum: 0.1,
        dropout: 0.,
        align_corners: false,
        width: 0.0625,
    }
}

/// Smooth images, no two alike.
fn images(count: usize) -> candle_core::Result<Tensor> {
    let values: Vec<f64> = (0..count * 3 * 32 * 32).map(|i| (i as f64 * 0.37).sin() * 1.5).collect();
    Tensor::from_vec(values, (count, 3, 32, 32), &CPU)
}

#[test]
fn a_candle_layer_on_our_backbone_is_trained_with_our_sgd() -> Outcome {
    let backbone = Backbone::new(&DeepLabConfig { output_stride: Stride::ThirtyTwo, ..net() }, 1, &CPU)?;
    // Zeros, because candle would draw the head's weights from a generator without a seed.
    let weight = Var::zeros((2, backbone.channels(), 1, 1), DType::F32, &CPU)?;
    let head = Conv2d::new(weight.as_tensor().clone(), None, Conv2dConfig::default());
    let variables: Vec<Var> = backbone.parameters().trainable().map(|(_, var)| var.clone()).collect();
    let before = variables[0].copy()?;
    let config = SgdConfig { learning_rate: 0.1, momentum: 0.5, weight_decay: 1e-4 };
    let mut sgd = Sgd::new([variables.clone(), vec![weight]].concat(), config)?;
    // Dark and bright images, which anything but a broken gradient tells apart.
    let dark = Tensor::full(-1f32, (4, 3, 64, 64), &CPU)?;
    let x = Tensor::cat(&[&dark, &dark.neg()?], 0)?;
    let labels = Tensor::new(&[0u32, 0, 0, 0, 1, 1, 1, 1], &CPU)?;
    let mut losses = Vec::new();
    for _ in 0..20 {
        let z = head.forward(&backbone.forward_t(&x, true)?)?.mean((2, 3))?;
        let loss = candle_nn::loss::cross_entropy(&z, &labels)?;
        sgd.backward_step(&loss)?;
        losses.push(loss.to_scalar::<f32>()?);
    }
    assert!(losses[19] < 0.1 * losses[0], "{losses:?}");
    let moved = (variables[0].as_tensor() - before)?.abs()?.max_all()?.to_scalar::<f32>()?;
    assert!(moved > 0., "the backbone is trained too");
    Ok(())
}

/// In f64, so that nothing but a rounding of f64 lies between the two.
#[test]
fn candles_sgd_makes_the_steps_of_ours_without_momentum_and_decay() -> Outcome {
    let objective = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
    let labels: Vec<u8> = (0..2 * 32 * 32).map(|i| (i / 50 % 5) as u8).collect();
    let (x, labels) = (images(2)?, input::labels(&labels, [2, 32, 32], &CPU)?);
    let new = || Model::with_dtype(&net(), &objective, 5, 3, DType::F64, &CPU);
    let [ours, theirs] = [new()?, new()?];
    let variables =
        |model: &Model| -> Vec<Var> { model.parameters().trainable().map(|(_, var)| var.clone()).collect() };
    let config = SgdConfig { learning_rate: 0.05, momentum: 0., weight_decay: 0. };
    let (mut sgd, mut candles) = (Sgd::new(variables(&ours), config)?, SGD::new(variables(&theirs), 0.05)?);
    // Without dropout nothing is drawn.
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    for _ in 0..3 {
        sgd.backward_step(&ours.loss(&x, &labels, &mut rng)?)?;
        candles.backward_step(&theirs.loss(&x, &labels, &mut rng)?)?;
    }
    for ((name, a), b) in ours.parameters().trainable().zip(variables(&theirs)) {
        let gap = (a.as_tensor() - b.as_tensor())?.abs()?.max_all()?.to_scalar::<f64>()?;
        assert!(gap < 1e-10, "{name}: {gap:e}");
    }
    Ok(())
}
