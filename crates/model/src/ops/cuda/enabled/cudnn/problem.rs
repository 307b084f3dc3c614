//! A convolution in one direction, as far as the choice of an algorithm depends on it.

use crate::ops::GpuMath;
use crate::ops::geometry::Conv2dShape;
use candle_core::DType;

/// Which of a convolution's three tensors is computed from the other two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::ops::cuda) enum Direction {
    /// `y` from `x` and the weight.
    Forward,
    /// The gradient of `x` from that of `y` and the weight.
    InputGradient,
    /// The gradient of the weight from `x` and the gradient of `y`.
    WeightGradient,
}

/// A convolution, as far as the choice of an algorithm depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::ops::cuda) struct Problem {
    pub(in crate::ops::cuda) direction: Direction,
    pub(in crate::ops::cuda) dtype: DType,
    pub(in crate::ops::cuda) shape: Conv2dShape,
    /// Whether the maps are `[N, H, W, C]` in memory and the weight `[Co, Kh, Kw, Ci]`; otherwise they are `[N, C, H, W]`
    /// and `[Co, Ci, Kh, Kw]`.
    pub(in crate::ops::cuda) channels_last: bool,
}

impl Problem {
    /// The convolution in an order of memory that cuDNN has engines for: channels last, but not for f64, which only tests
    /// use.
    pub(in crate::ops::cuda) fn new(direction: Direction, dtype: DType, shape: &Conv2dShape) -> Problem {
        Problem { direction, dtype, shape: *shape, channels_last: dtype != DType::F64 }
    }

    /// Whether numbers are f32 and multiplied as such.
    pub(in crate::ops::cuda) fn exact(&self) -> bool {
        self.dtype == DType::F32 && self.shape.math == GpuMath::Exact
    }

    /// `[N, Ci, H, W]`.
    pub(in crate::ops::cuda) fn x(&self) -> [usize; 4] {
        let Conv2dShape { images, inputs, size: [h, w], .. } = self.shape;
        [images, inputs, h, w]
    }

    /// `[Co, Ci, Kh, Kw]`.
    pub(in crate::ops::cuda) fn weight(&self) -> [usize; 4] {
        let Conv2dShape { inputs, outputs, kernel: [h, w], .. } = self.shape;
        [outputs, inputs, h, w]
    }

    /// `[N, Co, OH, OW]`.
    pub(in crate::ops::cuda) fn y(&self) -> [usize; 4] {
        let Conv2dShape { images, outputs, out: [h, w], .. } = self.shape;
        [images, outputs, h, w]
    }

    /// The shape of what the direction computes.
    pub(in crate::ops::cuda) fn result(&self) -> [usize; 4] {
        match self.direction {
            Direction::Forward => self.y(),
            Direction::InputGradient => self.x(),
            Direction::WeightGradient => self.weight(),
        }
    }
}
