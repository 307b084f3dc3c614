//! Sums of scores over the views of multi-scale inference.

use super::head::{Head, Sized};
use super::kernel::{SCORES, launch, over, typed};
use super::view::{Element, Part, dtype, on_gpu, tensor, view, with_element};
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::CudaStorage;
use candle_core::{CpuStorage, InplaceOp2, Layout, Result, Tensor, bail};

const NAME: &str = "add_scores";

/// What is summed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    /// `softmax(z)`.
    Softmax = 0,
    /// `sigmoid(z)`.
    Sigmoid = 1,
    /// `z`.
    Logit = 2,
    /// The channels of `z` after the first.
    Foreground = 3,
}

/// Adds the scores of outputs `v` `[N, C, h, w]` to `sum` `[N, K, H, W]` (one channel less for [`Space::Foreground`]),
/// left and right exchanged where `mirrored`. `sum` is f32, or f64 where `v` is.
///
/// # Errors
/// When shapes, types or devices do not belong together.
pub(crate) fn add_scores(sum: &Tensor, v: &Tensor, head: Head, space: Space, mirrored: bool) -> Result<()> {
    let (_, _, height, width) = sum.dims4()?;
    let sized = Sized::new(NAME, head, v, (height, width))?;
    let kept = sized.classes() - usize::from(space == Space::Foreground);
    if sum.dims() != [sized.images, kept, height, width] {
        bail!("{NAME}: expected a sum of [{}, {kept}, H, W], got {:?}", sized.images, sum.dims());
    }
    sum.inplace_op2(&v.contiguous()?, &AddScores { sized, space, mirrored })
}

struct AddScores {
    sized: Sized,
    space: Space,
    mirrored: bool,
}

impl InplaceOp2 for AddScores {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, _: &mut CpuStorage, _: &Layout, _: &CpuStorage, _: &Layout) -> Result<()> {
        bail!("{NAME}: this form of the sum is the GPU's")
    }

    fn cuda_fwd(
        &self,
        sum: &mut CudaStorage,
        sum_layout: &Layout,
        v: &CudaStorage,
        v_layout: &Layout,
    ) -> Result<()> {
        with_element!(dtype(v), NAME, T => self.run::<T>(sum, sum_layout, (v, v_layout)))
    }
}

impl AddScores {
    fn run<T: Element>(&self, sum: &mut CudaStorage, layout: &Layout, v: Part<'_>) -> Result<()> {
        let device = v.0.device().clone();
        let function = typed(&device, SCORES, NAME, T::DTYPE)?;
        let v = view::<T>(NAME, v)?;
        let Some((start, end)) = layout.contiguous_offsets() else {
            bail!("{NAME}: expected a contiguous sum, got strides {:?}", layout.stride());
        };
        let mut sum = sum.as_cuda_slice_mut::<T::Arithmetic>()?.slice_mut(start..end);
        let (rows, columns) = self.sized.scales::<T>();
        let images = self.sized.images;
        let config = over(images * self.sized.pixels());
        // SAFETY: the arguments are those of `add_scores` in kernels/scores.cu, sized as `add_scores` checked.
        unsafe {
            launch!(device, &function, config; &self.sized.raw(), &(self.space as i32), &i32::from(self.mirrored),
                &(images as i32), &rows, &columns, &v, &mut sum)
        }
    }
}

/// `x` `[N, C, H, W]` with left and right exchanged.
pub(crate) fn mirror(x: &Tensor) -> Result<Tensor> {
    const NAME: &str = "mirror";
    let (x, shape, width) = (x.contiguous()?, x.shape().clone(), x.dim(3)?);
    let count = shape.elem_count();
    on_gpu(NAME, &x, |x| {
        let device = x.0.device().clone();
        let function = typed(&device, SCORES, NAME, dtype(x.0))?;
        with_element!(dtype(x.0), NAME, T => {
            let x = view::<T>(NAME, x)?;
            // SAFETY: the kernel writes every element.
            let mut y = unsafe { device.alloc::<T>(count)? };
            // SAFETY: both hold `count` elements in rows of `width`.
            unsafe { launch!(device, &function, over(count); &(count as u64), &(width as i32), &x, &mut y)? };
            Ok(tensor(y, &shape, &device))
        })
    })
}
