//! The sizes of a convolution.

use super::{Conv2dConfig, NAME};
use candle_core::{Result, bail};

/// All sizes of one convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Geometry {
    pub(super) images: usize,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// Height and width of the input.
    pub(super) size: [usize; 2],
    /// Height and width of the result.
    pub(super) out: [usize; 2],
    /// Height and width of the result as the caller sees it.
    pub(super) shown: [usize; 2],
    /// Height and width of the kernel.
    pub(super) kernel: [usize; 2],
    pub(super) config: Conv2dConfig,
}

impl Geometry {
    pub(super) fn new(x: &[usize], weight: &[usize], config: Conv2dConfig) -> Result<Self> {
        let (&[images, inputs, h, w], &[outputs, weight_inputs, kh, kw]) = (x, weight) else {
            bail!("{NAME}: expected x and weight of four dimensions, got {x:?} and {weight:?}");
        };
        if inputs != weight_inputs {
            bail!("{NAME}: expected a weight for {inputs} inputs, got {weight:?}");
        }
        let Conv2dConfig { stride, padding, dilation } = config;
        if stride == 0 || dilation == 0 || kh * kw == 0 {
            bail!("{NAME}: expected stride, dilation and kernel of at least 1, got {config:?} and {kh}x{kw}");
        }
        let side = |n: usize, k: usize| {
            let span = dilation * (k - 1) + 1;
            (n + 2 * padding).checked_sub(span).map(|room| room / stride + 1)
        };
        let (Some(oh), Some(ow)) = (side(h, kh), side(w, kw)) else {
            bail!("{NAME}: a kernel of {kh}x{kw} with {config:?} does not fit into {h}x{w}");
        };
        let whole = Self {
            images,
            inputs,
            outputs,
            size: [h, w],
            out: [oh, ow],
            shown: [oh, ow],
            kernel: [kh, kw],
            config,
        };
        Ok(whole.flattened())
    }

    /// A 1x1 convolution without stride is the same for one long row of pixels.
    fn flattened(mut self) -> Self {
        if self.kernel == [1, 1] && self.config.stride == 1 && self.config.padding == 0 {
            let pixels = self.size[0] * self.size[1];
            self.size = [1, pixels];
            self.out = [1, pixels];
        }
        self
    }

    /// The shapes as the caller sees them, for a convolution of `x`.
    #[cfg(feature = "cuda")]
    pub(super) fn shapes(&self, x: &[usize]) -> crate::ops::cuda::conv2d::Shapes {
        let [kh, kw] = self.kernel;
        crate::ops::cuda::conv2d::Shapes {
            x: [x[0], x[1], x[2], x[3]],
            weight: [self.outputs, self.inputs, kh, kw],
            y: [self.images, self.outputs, self.shown[0], self.shown[1]],
            config: self.config,
        }
    }

    /// Pixels of an input plane.
    pub(super) fn plane(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// Pixels of a result plane.
    pub(super) fn out_plane(&self) -> usize {
        self.out[0] * self.out[1]
    }

    /// Taps of the kernel.
    pub(super) fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Along one side (0 down, 1 across): where tap `t` of output 0 reads, relative to the picture.
    pub(super) fn offset(&self, side: usize, t: usize) -> isize {
        debug_assert!(t < self.kernel[side]);
        (t * self.config.dilation) as isize - self.config.padding as isize
    }
}

/// The indices `i < count` for which `0 <= i * step + offset < size`: those that read inside the picture.
pub(super) fn inside(count: usize, step: usize, offset: isize, size: usize) -> std::ops::Range<usize> {
    let start = if offset < 0 { offset.unsigned_abs().div_ceil(step) } else { 0 };
    let end = if offset >= size as isize { 0 } else { ((size as isize - offset) as usize).div_ceil(step) };
    let end = end.min(count);
    start.min(end)..end
}
