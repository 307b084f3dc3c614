//! The loss from the network's outputs and its gradient, and copies of memory to compare with.

use super::{Result, Run};
use candle_core::{DType, Device, Tensor, Var};
use scribe_model::{At, Background, Bce, Form, Objective, ObjectiveConfig, Reduce, VoidRule, input};

const CLASSES: usize = 21;

/// Both passes from outputs of `COUNTxINNER` to labels of side `OUTER`: `fused` as in training, `apart` over full-size logits.
pub(crate) fn set_up(
    objective: &str,
    sizes: &str,
    precision: &str,
    how: &str,
    device: &Device,
) -> Result<Run> {
    let numbers: Vec<usize> = sizes.split('x').map(str::parse).collect::<std::result::Result<_, _>>()?;
    let &[count, inner, outer] = &numbers[..] else {
        return Err(format!("expected COUNTxINNERxOUTER, got '{sizes}'").into());
    };
    let objective = objective_of(objective)?;
    let dtype = if precision == "bf16" { DType::BF16 } else { DType::F32 };
    let v = Tensor::randn(0f32, 2., (count, objective.outputs(CLASSES), inner, inner), &Device::Cpu)?;
    let v = Var::from_tensor(&v.to_dtype(dtype)?.to_device(device)?)?;
    let labels: Vec<u8> = (0..count * outer * outer).map(|i| (i / 64 % CLASSES) as u8).collect();
    let labels = input::labels(&labels, [count, outer, outer], device)?;
    Ok(match how {
        "fused" => Box::new(move || Ok(objective.loss_of_outputs(&v, &labels)?.backward().map(drop)?)),
        "apart" => Box::new(move || {
            let z = objective.logits(&v, (outer, outer))?;
            Ok(objective.loss(&z, &labels)?.backward().map(drop)?)
        }),
        _ => return Err(format!("expected fused or apart, got '{how}'").into()),
    })
}

/// A copy of so many MiB within the device.
pub(crate) fn copy(mebibytes: &str, device: &Device) -> Result<Run> {
    let x = Tensor::zeros(mebibytes.parse::<usize>()? << 18, DType::F32, device)?;
    Ok(Box::new(move || Ok(x.copy().map(drop)?)))
}

fn objective_of(name: &str) -> Result<Objective> {
    let background = Background { form: Form::NegLse, at: At::FullSize };
    let (void, prior_bias) = (VoidRule::Ignore, None);
    let config = match name {
        "softmax" => ObjectiveConfig::Softmax { void },
        "ibe" => ObjectiveConfig::Ibe { background, void, prior_bias },
        "scribe" => {
            ObjectiveConfig::Scribe { background, bce: Bce::Full, reduce: Reduce::Sum, void, prior_bias }
        }
        _ => return Err(format!("unknown objective '{name}'").into()),
    };
    Ok(config.build(false))
}
