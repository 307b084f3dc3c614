//! The sizes of operators: plain data that the code of every device shares.

use super::{Conv2dConfig, GpuMath};
use candle_core::{Result, bail};

/// The largest stride, padding and dilation: places in a padded map are then far from the ends of 64-bit numbers.
const LARGEST: usize = i32::MAX as usize;

/// Elements of a result from which on it is tried whether the memory is there.
const LARGE: usize = 1 << 32;

/// All sizes of one convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Conv2dShape {
    pub(crate) images: usize,
    /// Channels of the input.
    pub(crate) inputs: usize,
    /// Channels of the result.
    pub(crate) outputs: usize,
    /// Height and width of the input.
    pub(crate) size: [usize; 2],
    /// Height and width of the result.
    pub(crate) out: [usize; 2],
    /// Height and width of the kernel.
    pub(crate) kernel: [usize; 2],
    pub(crate) config: Conv2dConfig,
    /// How f32 numbers are multiplied on a GPU.
    pub(crate) math: GpuMath,
}

impl Conv2dShape {
    /// The sizes of a convolution, which multiplies exactly, of `x` `[N, Ci, H, W]` with a weight `[Co, Ci, Kh, Kw]`.
    ///
    /// # Errors
    /// When the shapes do not belong together, or the kernel does not fit into the padded input.
    pub(crate) fn new(x: &[usize], weight: &[usize], config: Conv2dConfig) -> Result<Conv2dShape> {
        let (&[images, inputs, h, w], &[outputs, weight_inputs, kh, kw]) = (x, weight) else {
            bail!("conv2d: expected x and weight of four dimensions, got {x:?} and {weight:?}");
        };
        if inputs != weight_inputs {
            bail!("conv2d: expected a weight for {inputs} inputs, got {weight:?}");
        }
        let Conv2dConfig { stride, padding, dilation } = config;
        if stride == 0 || dilation == 0 || kh * kw == 0 {
            bail!("conv2d: expected stride, dilation and kernel of at least 1, got {config:?} and {kh}x{kw}");
        }
        if inputs == 0 || outputs == 0 {
            bail!("conv2d: expected at least one channel, got {x:?} and a weight of {weight:?}");
        }
        if stride.max(padding).max(dilation) > LARGEST {
            bail!("conv2d: expected stride, padding and dilation of at most {LARGEST}, got {config:?}");
        }
        let side = |n: usize, k: usize| {
            let span = dilation.checked_mul(k - 1)?.checked_add(1)?;
            let padded = padding.checked_mul(2)?.checked_add(n)?;
            padded.checked_sub(span).map(|room| room / stride + 1)
        };
        let (Some(oh), Some(ow)) = (side(h, kh), side(w, kw)) else {
            bail!("conv2d: a kernel of {kh}x{kw} with {config:?} does not fit into {h}x{w}");
        };
        check_size("conv2d", [images, outputs, oh, ow])?;
        Ok(Conv2dShape {
            images,
            inputs,
            outputs,
            size: [h, w],
            out: [oh, ow],
            kernel: [kh, kw],
            config,
            math: GpuMath::Exact,
        })
    }

    /// The same convolution with another kind of multiplication.
    pub(crate) fn with_math(self, math: GpuMath) -> Conv2dShape {
        Conv2dShape { math, ..self }
    }

    /// The shape of the result.
    pub(crate) fn result(&self) -> [usize; 4] {
        [self.images, self.outputs, self.out[0], self.out[1]]
    }

    /// Taps of the kernel.
    pub(crate) fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }
}

/// Checks that a map of this shape, or a single image where it has none, can be in memory.
pub(crate) fn check_size(name: &str, [images, channels, height, width]: [usize; 4]) -> Result<()> {
    let sides = [images.max(1), channels, height, width];
    let count = sides.iter().try_fold(1usize, |product, side| product.checked_mul(*side));
    // Allocating more than there is would end the process; this asks and gives it back unused.
    let fits = |count: usize| count < LARGE || Vec::<f64>::new().try_reserve_exact(count).is_ok();
    if count.is_some_and(fits) {
        return Ok(());
    }
    bail!("{name}: a result of [{images}, {channels}, {height}, {width}] does not fit into memory")
}
