//! Single convolutions.

use super::{Result, Run};
use candle_core::{Device, Tensor, Var};
use scribe_model::ops::{Conv2dConfig, conv2d};

/// Batch 4; `backward` is both gradients together, from a gradient of ones.
pub(crate) fn set_up(shape: &str, pass: &str, device: &Device) -> Result<Run> {
    let numbers: Vec<usize> = shape.split('-').map(str::parse).collect::<std::result::Result<_, _>>()?;
    let &[inputs, outputs, side, kernel, stride, padding, dilation] = &numbers[..] else {
        return Err(format!("expected seven numbers, got '{shape}'").into());
    };
    let config = Conv2dConfig { stride, padding, dilation };
    let x = Var::randn(0f32, 1., (4, inputs, side, side), device)?;
    let w = Var::randn(0f32, 1., (outputs, inputs, kernel, kernel), device)?;
    Ok(match pass {
        "forward" => {
            let (x, w): (Tensor, Tensor) = (x.as_detached_tensor(), w.as_detached_tensor());
            Box::new(move || Ok(conv2d(&x, &w, None, config).map(drop)?))
        }
        "backward" => {
            let y = conv2d(x.as_tensor(), w.as_tensor(), None, config)?;
            // Holds `x` and `w` too, through the graph.
            let loss = y.sum_all()?;
            Box::new(move || Ok(loss.backward().map(drop)?))
        }
        _ => return Err(format!("expected forward or backward, got '{pass}'").into()),
    })
}
