//! Functions of single elements, with their slopes, as operators.

use super::cpu::parallel::{self, written_by};
use super::cpu::real::{Real, element_type, elements, with_real};
use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor, WithDType};
use std::marker::PhantomData;

/// Elements handled by one task.
const CHUNK: usize = 1 << 14;

/// A differentiable function of one number.
pub(super) trait Pointwise: Copy + Send + Sync + 'static {
    /// The operator's name in error messages.
    const NAME: &'static str;
    /// Rough cost of one element in nanoseconds, times 8.
    const COST: usize;
    /// The function on a run of elements.
    fn values<T: Real>(x: &[T], y: &mut [T]);
    /// Gradient with respect to `x`, given the gradient `dy` of the result.
    fn slopes<T: Real>(x: &[T], dy: &[T], dx: &mut [T]);
}

/// Applies the function to every element of `x`.
pub(super) fn apply<P: Pointwise>(x: &Tensor) -> Result<Tensor> {
    x.contiguous()?.apply_op1(Forward::<P>(PhantomData))
}

struct Forward<P>(PhantomData<P>);

impl<P: Pointwise> CustomOp1 for Forward<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let _operator = tracing::trace_span!("functions of elements, forward").entered();
        let y = with_real!(element_type(storage), P::NAME, T => {
            let x = elements::<T>(P::NAME, storage, layout)?;
            T::to_cpu_storage_owned(by_chunks(x.len(), P::COST, |at, y| P::values(&x[at..][..y.len()], y)))
        });
        Ok((y, layout.shape().clone()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &candle_core::CudaStorage,
        layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        super::cuda::pointwise::forward(P::NAME, (x, layout))
    }

    fn bwd(&self, x: &Tensor, _y: &Tensor, dy: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(x.apply_op2_no_bwd(&dy.contiguous()?, &Backward::<P>(PhantomData))?))
    }
}

struct Backward<P>(PhantomData<P>);

impl<P: Pointwise> CustomOp2 for Backward<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        dy: &CpuStorage,
        dy_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let _operator = tracing::trace_span!("functions of elements, backward").entered();
        let dx = with_real!(element_type(x), P::NAME, T => {
            let x = elements::<T>(P::NAME, x, x_layout)?;
            let dy = elements::<T>(P::NAME, dy, dy_layout)?;
            T::to_cpu_storage_owned(by_chunks(x.len(), P::COST, |at, dx| {
                let len = dx.len();
                P::slopes(&x[at..][..len], &dy[at..][..len], dx);
            }))
        });
        Ok((dx, x_layout.shape().clone()))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &candle_core::CudaStorage,
        x_layout: &Layout,
        dy: &candle_core::CudaStorage,
        dy_layout: &Layout,
    ) -> Result<(candle_core::CudaStorage, Shape)> {
        super::cuda::pointwise::backward(P::NAME, (x, x_layout), (dy, dy_layout))
    }
}

/// A vector of `len` elements; `fill(at, run)` writes the run that starts at element `at`.
fn by_chunks<T: Real>(len: usize, cost: usize, fill: impl Fn(usize, &mut [T]) + Sync) -> Vec<T> {
    // SAFETY: the chunks cover the vector, are disjoint, and `fill` writes the whole of its chunk.
    unsafe {
        written_by(len, |out| {
            parallel::for_each(len.div_ceil(CHUNK), len * cost / 8, |i| {
                let at = i * CHUNK;
                fill(at, out.slice(at, CHUNK.min(len - at)));
            });
        })
    }
}
