//! Convolution with a batch norm of given statistics folded in, for inference.

use super::finish::Finish;
use super::geometry::Geometry;
use super::{ChannelAffine, Conv2dConfig, NAME, check_types, passes};
use crate::ops::Activation;
use crate::ops::cpu::level::Level;
use crate::ops::cpu::real::{element_type, elements, read, with_real};
#[cfg(feature = "cuda")]
use crate::ops::cuda::conv2d as cuda;
#[cfg(feature = "cuda")]
use candle_core::CudaStorage;
use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor, WithDType, bail};

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
    check_types(x, weight)?;
    if affine.scale.dims() != [g.outputs] || affine.shift.dims() != [g.outputs] {
        let found = (affine.scale.dims(), affine.shift.dims());
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
        let _operator = tracing::trace_span!("convolution with folded norm").entered();
        let g = Geometry::new(x.1.dims(), weight.1.dims(), self.config)?;
        let y = with_real!(element_type(x.0), NAME, T => {
            let xs = elements::<T>(NAME, x.0, x.1)?;
            let ws = elements::<T>(NAME, weight.0, weight.1)?;
            let residual = residual.map(|(r, l)| elements::<T>(NAME, r, l)).transpose()?;
            read(NAME, &self.affine.scale, |scale: &[T]| read(NAME, &self.affine.shift, |shift: &[T]| {
                let finish = Finish { scale, shift, residual, relu: self.relu };
                Ok(T::to_cpu_storage_owned(passes::forward(&g, Level::detect(), xs, ws, Some(finish))))
            }))?
        });
        Ok((y, (g.images, g.outputs, g.shown[0], g.shown[1]).into()))
    }

    #[cfg(feature = "cuda")]
    fn cuda(
        &self,
        x: cuda::Part<'_>,
        weight: cuda::Part<'_>,
        residual: Option<cuda::Part<'_>>,
    ) -> Result<(CudaStorage, Shape)> {
        let g = Geometry::new(x.1.dims(), weight.1.dims(), self.config)?;
        let shapes = g.shapes(x.1.dims());
        let y = cuda::normalised(NAME, shapes, x, weight, &self.affine, residual, self.relu)?;
        Ok((y, Shape::from(shapes.y.as_slice())))
    }
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

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &CudaStorage,
        xl: &Layout,
        w: &CudaStorage,
        wl: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        self.cuda((x, xl), (w, wl), None)
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

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &CudaStorage,
        xl: &Layout,
        w: &CudaStorage,
        wl: &Layout,
        r: &CudaStorage,
        rl: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        self.cuda((x, xl), (w, wl), Some((r, rl)))
    }
}
