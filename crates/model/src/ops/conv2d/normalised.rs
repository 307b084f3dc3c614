//! Convolution with a batch norm of given statistics folded in, for inference.

use super::finish::Finish;
use super::geometry::Geometry;
use super::{Conv2dConfig, NAME, passes};
use crate::ops::Activation;
use crate::ops::level::Level;
use crate::ops::real::{Real, element_type, elements, with_real};
use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor, WithDType, bail};

/// A scale and a shift for each channel: what a batch norm with given statistics is.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelAffine {
    /// `gamma / sqrt(var + eps)`.
    pub scale: Vec<f64>,
    /// `beta - mean * scale`.
    pub shift: Vec<f64>,
}

/// `activation(scale * conv2d(x, weight) + shift + residual)`: the same bits as [`super::conv2d`] followed by
/// [`crate::ops::batch_norm_eval`], with one pass over memory less for each. Not differentiable.
///
/// # Errors
/// When shapes or element types do not belong together, or the kernel does not fit into the padded input.
pub fn conv2d_normalised(
    x: &Tensor,
    weight: &Tensor,
    config: Conv2dConfig,
    affine: ChannelAffine,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    let g = Geometry::new(x.dims(), weight.dims(), config)?;
    if affine.scale.len() != g.outputs || affine.shift.len() != g.outputs {
        let found = (affine.scale.len(), affine.shift.len());
        bail!("{NAME}: expected {} scales and shifts, got {found:?}", g.outputs);
    }
    let shape = [g.images, g.outputs, g.shown[0], g.shown[1]];
    let op = Normalised { config, affine, relu: activation == Activation::Relu };
    let (x, weight) = (x.contiguous()?, weight.contiguous()?);
    match residual {
        None => x.apply_op2_no_bwd(&weight, &op),
        Some(residual) if residual.dims() == shape => {
            x.apply_op3_no_bwd(&weight, &residual.contiguous()?, &op)
        }
        Some(residual) => bail!("{NAME}: expected a residual of {shape:?}, got {:?}", residual.dims()),
    }
}

struct Normalised {
    config: Conv2dConfig,
    affine: ChannelAffine,
    relu: bool,
}

type Part<'a> = (&'a CpuStorage, &'a Layout);

impl Normalised {
    fn run(&self, x: Part, weight: Part, residual: Option<Part>) -> Result<(CpuStorage, Shape)> {
        let g = Geometry::new(x.1.dims(), weight.1.dims(), self.config)?;
        let y = with_real!(element_type(x.0), NAME, T => {
            let xs = elements::<T>(NAME, x.0, x.1)?;
            let ws = elements::<T>(NAME, weight.0, weight.1)?;
            let residual = residual.map(|(r, l)| elements::<T>(NAME, r, l)).transpose()?;
            let (scale, shift): (Vec<T>, Vec<T>) = (typed(&self.affine.scale), typed(&self.affine.shift));
            let finish = Finish { scale: &scale, shift: &shift, residual, relu: self.relu };
            T::to_cpu_storage_owned(passes::forward(&g, Level::detect(), xs, ws, Some(finish)))
        });
        Ok((y, (g.images, g.outputs, g.shown[0], g.shown[1]).into()))
    }
}

fn typed<T: Real>(values: &[f64]) -> Vec<T> {
    values.iter().map(|&v| T::from_f64(v)).collect()
}

impl CustomOp2 for Normalised {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        xl: &Layout,
        w: &CpuStorage,
        wl: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.run((x, xl), (w, wl), None)
    }
}

impl CustomOp3 for Normalised {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        xl: &Layout,
        w: &CpuStorage,
        wl: &Layout,
        r: &CpuStorage,
        rl: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.run((x, xl), (w, wl), Some((r, rl)))
    }
}
