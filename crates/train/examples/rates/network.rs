//! Whole training steps and inference.

use super::{Result, Run};
use candle_core::{DType, Device, Tensor, Var};
use candle_nn::Optimizer;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scribe_model::ops::{Conv2dConfig, conv2d, global_avg_pool, softmax_cross_entropy};
use scribe_model::{
    Backbone, Decoder, DeepLabConfig, LocalBatch, Model, ObjectiveConfig, Parameters, Precision, Stride,
    VoidRule, input,
};
use scribe_train::{Sgd, SgdConfig};

const CLASSES: usize = 21;

pub(crate) fn set_up(
    what: &str,
    network: &str,
    batch: &str,
    precision: &str,
    device: &Device,
) -> Result<Run> {
    let (count, side) = batch.split_once('x').ok_or("expected COUNTxSIDE")?;
    let (count, side): (usize, usize) = (count.parse()?, side.parse()?);
    let x = Tensor::randn(0f32, 1., (count, 3, side, side), &Device::Cpu)?.to_device(device)?;
    let (x, precision) = match precision {
        "f32" => (x, Precision::F32),
        "tf32" => (x, Precision::Tf32),
        "bf16" => (x.to_dtype(DType::BF16)?, Precision::Bf16),
        _ => return Err(format!("unknown precision '{precision}'").into()),
    };
    let net = architecture(network)?;
    if network == "resnet50" && precision == Precision::Tf32 {
        return Err("a backbone alone has no precision but its input's".into());
    }
    match (what, network) {
        ("step", "resnet50") => classification_step(&net, x),
        ("infer", "resnet50") => {
            let backbone: &'static Backbone = Box::leak(Box::new(Backbone::new(&net, 0, device)?));
            let prepared = backbone.prepare();
            Ok(Box::new(move || Ok(prepared.features(&x).map(drop)?)))
        }
        ("step", _) => step(model(&net, precision, device)?, x, [count, side, side]),
        _ => {
            // Lives as long as the case: a run of predictions uses one prepared model.
            let model: &'static Model = Box::leak(Box::new(model(&net, precision, device)?));
            let prepared = model.prepare();
            Ok(Box::new(move || Ok(prepared.logits(&x).map(drop)?)))
        }
    }
}

fn architecture(network: &str) -> Result<DeepLabConfig> {
    Ok(match network {
        "resnet50" => config(Decoder::None, Stride::ThirtyTwo, [6, 12, 18]),
        "plus16" => config(Decoder::Two, Stride::Sixteen, [6, 12, 18]),
        "plus8" => config(Decoder::Two, Stride::Eight, [12, 24, 36]),
        "v3" => config(Decoder::None, Stride::Eight, [12, 24, 36]),
        _ => return Err(format!("unknown network '{network}'").into()),
    })
}

fn config(decoder: Decoder, output_stride: Stride, rates: [usize; 3]) -> DeepLabConfig {
    let (bn_momentum, dropout, align_corners, width) = (0.1, 0.1, false, 1.);
    DeepLabConfig { decoder, output_stride, rates, bn_momentum, dropout, align_corners, width }
}

fn model(net: &DeepLabConfig, precision: Precision, device: &Device) -> Result<Model> {
    let objective = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
    let mut model = Model::new(net, &objective, CLASSES, 0, device)?;
    model.set_precision(precision)?;
    Ok(model)
}

fn step(model: Model, x: Tensor, shape: [usize; 3]) -> Result<Run> {
    let device = x.device().clone();
    let labels: Vec<u8> = (0..shape.iter().product()).map(|i| (i / 64 % CLASSES) as u8).collect();
    let labels = input::labels(&labels, shape, &device)?;
    let mut sgd = optimizer(model.parameters())?;
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    Ok(Box::new(move || {
        let loss = model.record_loss(&x, &labels, &mut rng, &LocalBatch::whole(shape[0]))?;
        Ok(sgd.step(&loss.gradients(1.)?)?)
    }))
}

/// The backbone with an average pool and a layer of 200 classes.
fn classification_step(net: &DeepLabConfig, x: Tensor) -> Result<Run> {
    const CLASSES: usize = 200;
    let device = x.device().clone();
    let backbone = Backbone::new(net, 0, &device)?;
    let last = Tensor::randn(0f32, 0.01, (CLASSES, backbone.channels(), 1, 1), &Device::Cpu)?;
    let last = Var::from_tensor(&last.to_device(&device)?)?;
    let labels: Vec<u8> = (0..x.dim(0)?).map(|i| i as u8).collect();
    let labels = Tensor::from_vec(labels, (x.dim(0)?, 1, 1), &device)?;
    let mut sgd = optimizer(backbone.parameters())?;
    Ok(Box::new(move || {
        let features = backbone.record(&x)?;
        let pooled = global_avg_pool(features.output())?;
        let pointwise = Conv2dConfig { stride: 1, padding: 0, dilation: 1 };
        let z = conv2d(&pooled, last.as_tensor(), None, pointwise)?;
        let loss = softmax_cross_entropy(&z, &labels, VoidRule::Ignore)?;
        // A training loop looks at the loss.
        loss.to_scalar::<f32>()?;
        let mut gradients = loss.backward()?;
        features.backward(&mut gradients)?;
        Ok(sgd.step(&gradients)?)
    }))
}

fn optimizer(parameters: &Parameters) -> Result<Sgd> {
    let config = SgdConfig { learning_rate: 1e-4, momentum: 0.9, weight_decay: 5e-5 };
    Ok(Sgd::new(parameters.trainable().map(|(_, var)| var.clone()).collect(), config)?)
}
