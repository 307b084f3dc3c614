//! The mean of each feature map.

use super::cpu::real::{element_type, elements, with_real};
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, WithDType};

const NAME: &str = "global_avg_pool";

/// Mean of `x` `[N, C, H, W]` over the pixels, `[N, C, 1, 1]`, summed in f64.
///
/// # Errors
/// When `x` is not four-dimensional or neither f32 nor f64 (on a GPU bf16 too).
pub fn global_avg_pool(x: &Tensor) -> Result<Tensor> {
    x.dims4()?;
    x.contiguous()?.apply_op1(GlobalAvgPool)
}

struct GlobalAvgPool;

impl CustomOp1 for GlobalAvgPool {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let _operator = tracing::trace_span!("average pool, forward").entered();
        let (n, c, h, w) = layout.shape().dims4()?;
        let y = with_real!(element_type(storage), NAME, T => {
            let x = elements::<T>(NAME, storage, layout)?;
            let mean = |plane: &[T]| T::from_f64(plane.iter().map(|v| v.to_f64()).sum::<f64>() / (h * w) as f64);
            T::to_cpu_storage_owned(x.chunks(h * w).map(mean).collect())
        });
        Ok((y, (n, c, 1, 1).into()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &candle_core::CudaStorage,
        layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        super::cuda::sums::plane_means(NAME, (x, layout))
    }

    fn bwd(&self, x: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        let (_, _, h, w) = x.dims4()?;
        #[cfg(feature = "cuda")]
        if dy.device().is_cuda() {
            return Ok(Some(dy.contiguous()?.apply_op1_no_bwd(&Spread([h, w]))?));
        }
        Ok(Some((dy / (h * w) as f64)?.broadcast_as(x.shape())?.contiguous()?))
    }
}

/// The backward pass on a GPU, for maps of this height and width.
#[cfg(feature = "cuda")]
struct Spread([usize; 2]);

#[cfg(feature = "cuda")]
impl CustomOp1 for Spread {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        candle_core::bail!("{NAME}: on the CPU the backward pass is no operator of its own")
    }

    fn cuda_fwd(
        &self,
        dy: &candle_core::CudaStorage,
        layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        super::cuda::sums::plane_means_backward(NAME, (dy, layout), self.0)
    }
}
