//! Single convolutions.

use super::{Result, Run};
use candle_core::{Device, Tensor};
use scribe_model::ops::{Conv2dConfig, conv2d, conv2d_gradients};

/// Batch 4; `backward` is both gradients together. Maps have their channels last, as in a network.
pub(crate) fn set_up(shape: &str, pass: &str, device: &Device) -> Result<Run> {
    let numbers: Vec<usize> = shape.split('-').map(str::parse).collect::<std::result::Result<_, _>>()?;
    let &[inputs, outputs, side, kernel, stride, padding, dilation] = &numbers[..] else {
        return Err(format!("expected seven numbers, got '{shape}'").into());
    };
    let config = Conv2dConfig { stride, padding, dilation };
    let map = |channels: usize, side: usize| -> Result<Tensor> {
        Ok(Tensor::randn(0f32, 1., (4, side, side, channels), device)?.permute((0, 3, 1, 2))?)
    };
    let x = map(inputs, side)?;
    let weight = Tensor::randn(0f32, 1., (outputs, inputs, kernel, kernel), device)?;
    Ok(match pass {
        "forward" => Box::new(move || Ok(conv2d(&x, &weight, None, config).map(drop)?)),
        "backward" => {
            let dy = map(outputs, conv2d(&x, &weight, None, config)?.dim(2)?)?;
            Box::new(move || Ok(conv2d_gradients(&x, &weight, &dy, config).map(drop)?))
        }
        _ => return Err(format!("expected forward or backward, got '{pass}'").into()),
    })
}

/// A product of two square matrices by a 1x1 convolution: as far as this crate gets with the machine's peak.
pub(crate) fn product(side: usize, device: &Device) -> Result<Run> {
    let x = Tensor::randn(0f32, 1., (1, 1, side, side), device)?.permute((0, 3, 1, 2))?;
    let weight = Tensor::randn(0f32, 1., (side, side, 1, 1), device)?;
    let config = Conv2dConfig { stride: 1, padding: 0, dilation: 1 };
    Ok(Box::new(move || Ok(conv2d(&x, &weight, None, config).map(drop)?)))
}
