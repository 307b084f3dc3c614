//! The gradients of a convolution.

use super::geometry::Geometry;
use super::weight_gradient::weight_gradient;
use super::{Conv2dConfig, NAME, passes};
use crate::ops::cpu::level::Level;
use crate::ops::cpu::real::{element_type, elements, read, with_real};
#[cfg(feature = "cuda")]
use crate::ops::cuda::conv2d as cuda;
#[cfg(feature = "cuda")]
use candle_core::CudaStorage;
use candle_core::{CpuStorage, CustomOp1, CustomOp2, DType, Layout, Result, Shape, Tensor, WithDType, bail};

/// The gradients of those of `x` and `weight` that take part in a backward pass.
pub(super) fn gradients(
    config: Conv2dConfig,
    x: &Tensor,
    weight: &Tensor,
    dy: &Tensor,
) -> Result<(Option<Tensor>, Option<Tensor>)> {
    let dx = x
        .track_op()
        .then(|| dy.apply_op2_no_bwd(weight, &InputGradient { config, x: x.dims().to_vec() }))
        .transpose()?;
    let weight_op = WeightGradient { config, weight: weight.dims().to_vec(), dtype: weight.dtype() };
    let dw = weight.track_op().then(|| x.apply_op2_no_bwd(dy, &weight_op)).transpose()?;
    Ok((dx, dw))
}

/// Sums of each channel, taken in f64: candle's own sum is one long chain in f32.
pub(super) fn bias_gradient(dy: &Tensor) -> Result<Tensor> {
    let (_, c, h, w) = dy.dims4()?;
    if !dy.device().is_cpu() {
        return dy.apply_op1_no_bwd(&BiasGradient);
    }
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
        let _operator = tracing::trace_span!("convolution, gradient of the input").entered();
        let g = Geometry::new(&self.x, wl.dims(), self.config)?;
        let dx = with_real!(element_type(dy), NAME, T => {
            let (dy, w) = (elements::<T>(NAME, dy, dyl)?, elements::<T>(NAME, w, wl)?);
            T::to_cpu_storage_owned(passes::input_gradient(&g, Level::detect(), dy, w))
        });
        Ok((dx, self.x.clone().into()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        dy: &CudaStorage,
        dyl: &Layout,
        w: &CudaStorage,
        wl: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        let shapes = Geometry::new(&self.x, wl.dims(), self.config)?.shapes(&self.x);
        Ok((cuda::input_gradient(NAME, shapes, (dy, dyl), (w, wl))?, self.x.clone().into()))
    }
}

struct WeightGradient {
    config: Conv2dConfig,
    weight: Vec<usize>,
    /// The weight's type, where it is not that of the activations.
    #[cfg_attr(not(feature = "cuda"), expect(dead_code, reason = "on the CPU the two types are one"))]
    dtype: DType,
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
        let _operator = tracing::trace_span!("convolution, gradient of the weight").entered();
        let g = Geometry::new(xl.dims(), &self.weight, self.config)?;
        let dw = with_real!(element_type(x), NAME, T => {
            let (x, dy) = (elements::<T>(NAME, x, xl)?, elements::<T>(NAME, dy, dyl)?);
            T::to_cpu_storage_owned(weight_gradient(&g, Level::detect(), x, dy))
        });
        Ok((dw, self.weight.clone().into()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &CudaStorage,
        xl: &Layout,
        dy: &CudaStorage,
        dyl: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        let shapes = Geometry::new(xl.dims(), &self.weight, self.config)?.shapes(xl.dims());
        let dw = cuda::weight_gradient(NAME, shapes, (x, xl), (dy, dyl), self.dtype)?;
        Ok((dw, self.weight.clone().into()))
    }
}

/// Sums of each channel, on a GPU.
struct BiasGradient;

impl CustomOp1 for BiasGradient {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        bail!("{NAME}: on the CPU the bias gradient is no operator of its own")
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(&self, dy: &CudaStorage, layout: &Layout) -> Result<(CudaStorage, Shape)> {
        crate::ops::cuda::sums::channel_sums(NAME, (dy, layout))
    }
}
