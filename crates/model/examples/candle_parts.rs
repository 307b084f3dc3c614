//! A classifier made of candle's own layer on our backbone, trained by candle's own optimizer.
//!
//! `cargo run --release -p scribe-model --example candle_parts` prints the loss of each step.

#![allow(clippy::print_stdout, reason = "the example answers on standard output")]

use candle_core::{DType, Device, Module, ModuleT, Result, Tensor, Var};
use candle_nn::{AdamW, Linear, Optimizer};
use scribe_model::{Backbone, Decoder, DeepLabConfig, Stride};

fn main() -> Result<()> {
    for (step, loss) in train(20)?.into_iter().enumerate() {
        println!("step {step}: loss {loss:.4}");
    }
    Ok(())
}

/// Learns to tell dark images from bright ones, and returns the loss of each step.
pub(crate) fn train(steps: usize) -> Result<Vec<f32>> {
    // The backbone's weights follow from the seed, and the classifier starts at 0, so every run gives the same losses.
    let backbone = Backbone::new(&narrow(), 1, &Device::Cpu)?;
    let weight = Var::zeros((2, backbone.channels()), DType::F32, &Device::Cpu)?;
    let bias = Var::zeros(2, DType::F32, &Device::Cpu)?;
    let classifier = Linear::new(weight.as_tensor().clone(), Some(bias.as_tensor().clone()));
    let mut variables = vec![weight, bias];
    variables.extend(backbone.parameters().trainable().map(|(_, var)| var.clone()));
    let mut optimizer = AdamW::new_lr(variables, 1e-2)?;

    let dark = Tensor::full(-1f32, (4, 3, 64, 64), &Device::Cpu)?;
    let images = Tensor::cat(&[&dark, &dark.neg()?], 0)?;
    let labels = Tensor::new(&[0u32, 0, 0, 0, 1, 1, 1, 1], &Device::Cpu)?;
    let mut losses = Vec::new();
    for _ in 0..steps {
        let features = backbone.forward_t(&images, true)?.mean((2, 3))?;
        let loss = candle_nn::loss::cross_entropy(&classifier.forward(&features)?, &labels)?;
        optimizer.backward_step(&loss)?;
        losses.push(loss.to_scalar()?);
    }
    Ok(losses)
}

/// A ResNet-50 with a sixteenth of its channels.
fn narrow() -> DeepLabConfig {
    DeepLabConfig {
        decoder: Decoder::None,
        output_stride: Stride::ThirtyTwo,
        rates: [6, 12, 18],
        bn_momentum: 0.1,
        dropout: 0.,
        align_corners: false,
        width: 0.0625,
    }
}
