//! Convolution as candle's operators.

use super::finish::Finish;
use super::geometry::Geometry;
use super::gradients::{bias_gradient, gradients};
use super::{Conv2dConfig, NAME, passes};
use crate::ops::cpu::level::Level;
use crate::ops::cpu::real::{element_type, elements, with_real};
#[cfg(feature = "cuda")]
use crate::ops::cuda::conv2d as cuda;
#[cfg(feature = "cuda")]
use candle_core::CudaStorage;
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

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &CudaStorage,
        xl: &Layout,
        w: &CudaStorage,
        wl: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        cuda_forward(self.0, (x, xl), (w, wl), None)
    }

    fn bwd(
        &self,
        x: &Tensor,
        weight: &Tensor,
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        gradients(self.0, x, weight, &dy.contiguous()?)
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

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &CudaStorage,
        xl: &Layout,
        w: &CudaStorage,
        wl: &Layout,
        b: &CudaStorage,
        bl: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        cuda_forward(self.0, (x, xl), (w, wl), Some((b, bl)))
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
        let (dx, dw) = gradients(self.0, x, weight, &dy)?;
        let db = bias.track_op().then(|| bias_gradient(&dy)).transpose()?;
        Ok((dx, dw, db))
    }
}

type Part<'a> = (&'a CpuStorage, &'a Layout);

fn forward(config: Conv2dConfig, x: Part, weight: Part, bias: Option<Part>) -> Result<(CpuStorage, Shape)> {
    let _operator = tracing::trace_span!("convolution, forward").entered();
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

#[cfg(feature = "cuda")]
fn cuda_forward(
    config: Conv2dConfig,
    x: cuda::Part<'_>,
    weight: cuda::Part<'_>,
    bias: Option<cuda::Part<'_>>,
) -> Result<(CudaStorage, Shape)> {
    let shapes = Geometry::new(x.1.dims(), weight.1.dims(), config)?.shapes(x.1.dims());
    Ok((cuda::forward(NAME, shapes, x, weight, bias)?, Shape::from(shapes.y.as_slice())))
}
