//! Convolution as candle's operators.

use super::finish::Finish;
use super::geometry::Geometry;
use super::{Conv2dConfig, NAME, passes, weight_gradient::weight_gradient};
use crate::ops::level::Level;
use crate::ops::real::{element_type, elements, read, with_real};
use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor, WithDType};

/// Inputs `x`, `weight`.
pub(super) struct Conv2d(pub(super) Conv2dConfig);

/// Inputs `x`, `weight`, `bias`.
pub(super) struct Conv2dWithBias(pub(super) Conv2dConfig);

impl CustomOp2 for Conv2d {
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
        forward(self.0, (x, xl), (w, wl), None)
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        backward(self.0, x, weight, &dy.contiguous()?)
    }
}

impl CustomOp3 for Conv2dWithBias {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        xl: &Layout,
        w: &CpuStorage,
        wl: &Layout,
        b: &CpuStorage,
        bl: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        forward(self.0, (x, xl), (w, wl), Some((b, bl)))
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        bias: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let dy = dy.contiguous()?;
        let (dx, dw) = backward(self.0, x, weight, &dy)?;
        let db = bias.track_op().then(|| bias_gradient(&dy)).transpose()?;
        Ok((dx, dw, db))
    }
}

type Part<'a> = (&'a CpuStorage, &'a Layout);

fn forward(config: Conv2dConfig, x: Part, weight: Part, bias: Option<Part>) -> Result<(CpuStorage, Shape)> {
    let (x_dims, w_dims) = (x.1.dims(), weight.1.dims());
    let g = Geometry::new(x_dims, w_dims, config)?;
    let y = with_real!(element_type(x.0), NAME, T => {
        let xs = elements::<T>(NAME, x.0, x.1)?;
        let ws = elements::<T>(NAME, weight.0, weight.1)?;
        let bias = bias.map(|(b, l)| elements::<T>(NAME, b, l)).transpose()?;
        let ones = vec![T::from_f64(1.); g.outputs];
        let finish = bias.map(|shift| Finish { scale: &ones, shift, residual: None, relu: false });
        T::to_cpu_storage_owned(passes::forward(&g, Level::detect(), xs, ws, finish))
    });
    Ok((y, (g.images, g.outputs, g.shown[0], g.shown[1]).into()))
}

/// The gradients of those of `x` and `weight` that take part in a backward pass.
fn backward(
    config: Conv2dConfig,
    x: &Tensor,
    weight: &Tensor,
    dy: &Tensor,
) -> Result<(Option<Tensor>, Option<Tensor>)> {
    let dx = x
        .track_op()
        .then(|| dy.apply_op2_no_bwd(weight, &InputGradient { config, x: x.dims().to_vec() }))
        .transpose()?;
    let dw = weight
        .track_op()
        .then(|| x.apply_op2_no_bwd(dy, &WeightGradient { config, weight: weight.dims().to_vec() }))
        .transpose()?;
    Ok((dx, dw))
}

/// Sums of each channel, taken in f64: candle's own sum is one long chain in f32.
fn bias_gradient(dy: &Tensor) -> Result<Tensor> {
    let (_, c, h, w) = dy.dims4()?;
    with_real!(dy.dtype(), NAME, T => read(NAME, dy, |values: &[T]| {
        let mut sums = vec![0f64; c];
        for (plane, values) in values.chunks_exact(h * w).enumerate() {
            sums[plane % c] += values.iter().map(|v| v.to_f64()).sum::<f64>();
        }
        let sums: Vec<T> = sums.into_iter().map(T::from_f64).collect();
        Tensor::from_vec(sums, c, dy.device())
    }))
}

struct InputGradient {
    config: Conv2dConfig,
    x: Vec<usize>,
}

impl CustomOp2 for InputGradient {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        dy: &CpuStorage,
        dyl: &Layout,
        w: &CpuStorage,
        wl: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let g = Geometry::new(&self.x, wl.dims(), self.config)?;
        let dx = with_real!(element_type(dy), NAME, T => {
            let (dy, w) = (elements::<T>(NAME, dy, dyl)?, elements::<T>(NAME, w, wl)?);
            T::to_cpu_storage_owned(passes::input_gradient(&g, Level::detect(), dy, w))
        });
        Ok((dx, self.x.clone().into()))
    }
}

struct WeightGradient {
    config: Conv2dConfig,
    weight: Vec<usize>,
}

impl CustomOp2 for WeightGradient {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        xl: &Layout,
        dy: &CpuStorage,
        dyl: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let g = Geometry::new(xl.dims(), &self.weight, self.config)?;
        let dw = with_real!(element_type(x), NAME, T => {
            let (x, dy) = (elements::<T>(NAME, x, xl)?, elements::<T>(NAME, dy, dyl)?);
            T::to_cpu_storage_owned(weight_gradient(&g, Level::detect(), x, dy))
        });
        Ok((dw, self.weight.clone().into()))
    }
}
