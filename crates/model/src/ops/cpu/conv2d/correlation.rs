//! A convolution, or the gradient of its input, as sums over taps.

use crate::ops::Conv2dConfig;
use crate::ops::geometry::Conv2dShape;
use std::ops::Range;

/// The largest stride of which every remainder has a grid in the gradient of the input.
pub(super) const DENSE: usize = 8;

/// Every pixel of a grid is a sum over taps: grid pixel `[y, x]` reads the source at `[y, x] * step + offset` and is
/// written to the target at `[y, x] * target_step + origin`. What is outside the source counts as 0.
#[derive(Clone, Debug)]
pub(super) struct Correlation {
    pub(super) images: usize,
    /// Height and width of the source.
    pub(super) source: [usize; 2],
    /// Height and width of the target.
    pub(super) target: [usize; 2],
    /// Height and width of the grid.
    pub(super) grid: [usize; 2],
    pub(super) step: usize,
    pub(super) origin: [usize; 2],
    pub(super) target_step: usize,
    pub(super) taps: Vec<Tap>,
}

/// One tap of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tap {
    /// Its index in the kernel, row by row.
    pub(super) index: usize,
    /// Where it reads, relative to the grid's pixel, down and across.
    pub(super) offset: [isize; 2],
}

impl Correlation {
    /// The result of a convolution from its input.
    pub(super) fn forward(shape: &Conv2dShape) -> Correlation {
        let offset = |index: usize| (index * shape.config.dilation) as isize - shape.config.padding as isize;
        let [kh, kw] = shape.kernel;
        let taps = (0..kh * kw).map(|index| Tap { index, offset: [offset(index / kw), offset(index % kw)] });
        let whole = Correlation {
            images: shape.images,
            source: shape.size,
            target: shape.out,
            grid: shape.out,
            step: shape.config.stride,
            origin: [0, 0],
            target_step: 1,
            taps: taps.collect(),
        };
        whole.reading().flattened()
    }

    /// The grid of a convolution's result, for whoever reads the input in a way of his own.
    pub(super) fn grid(shape: &Conv2dShape) -> Correlation {
        let taps = vec![Tap { index: 0, offset: [0, 0] }];
        let (images, out) = (shape.images, shape.out);
        Correlation {
            images,
            source: out,
            target: out,
            grid: out,
            step: 1,
            origin: [0, 0],
            target_step: 1,
            taps,
        }
    }

    /// The gradient of a convolution's input from that of its result: one grid for each remainder of a pixel's place
    /// divided by the stride, since these read different taps.
    ///
    /// Of a stride above [`DENSE`], whose square would be very many grids, only those are given that may read a tap.
    pub(super) fn input_gradient(shape: &Conv2dShape) -> Vec<Correlation> {
        let [rows, columns] = [0, 1].map(|side| remainders(shape, side));
        let columns = &columns;
        let origins = rows.into_iter().flat_map(|row| columns.iter().map(move |&column| [row, column]));
        origins.map(|origin| phase(shape, origin)).collect()
    }

    /// Without the taps that read nothing but padding.
    fn reading(mut self) -> Correlation {
        let taps = std::mem::take(&mut self.taps);
        self.taps =
            taps.into_iter().filter(|&tap| (0..2).all(|side| !self.reach(tap, side).is_empty())).collect();
        self
    }

    /// The grid's rows (side 0) or columns (side 1) for which a tap reads inside the source.
    pub(super) fn reach(&self, tap: Tap, side: usize) -> Range<usize> {
        inside(self.grid[side], self.step, tap.offset[side], self.source[side])
    }

    /// A single tap that reads its own pixel makes the images one long row of pixels.
    fn flattened(mut self) -> Correlation {
        let same = self.source == self.target && self.target == self.grid;
        let plain = self.taps.len() == 1 && self.taps[0].offset == [0, 0];
        if same && plain && self.step == 1 && self.target_step == 1 {
            let row = [1, self.images * self.grid[0] * self.grid[1]];
            (self.images, self.source, self.target, self.grid) = (1, row, row, row);
        }
        self
    }

    /// Pixels of all grids.
    pub(super) fn pixels(&self) -> usize {
        self.images * self.grid[0] * self.grid[1]
    }
}

/// The remainders of places down (side 0) or across (side 1) that have a grid of their own in the gradient of the input.
fn remainders(shape: &Conv2dShape, side: usize) -> Vec<usize> {
    let Conv2dConfig { stride, padding, dilation } = shape.config;
    let mut all: Vec<usize> = if stride <= DENSE {
        (0..stride).collect()
    } else {
        let remainder = |tap: usize| (tap * dilation) as isize - padding as isize;
        (0..shape.kernel[side]).map(|tap| remainder(tap).rem_euclid(stride as isize) as usize).collect()
    };
    all.sort_unstable();
    all.dedup();
    all.retain(|&remainder| remainder < shape.size[side]);
    all
}

/// The gradient at the pixels of the input whose place divided by the stride leaves this remainder.
fn phase(shape: &Conv2dShape, origin: [usize; 2]) -> Correlation {
    let stride = shape.config.stride;
    // Input pixel `origin + i * stride` was read by tap `t` for the result `i + offset`.
    let offset = |side: usize, t: usize| {
        let distance = (origin[side] + shape.config.padding) as isize - (t * shape.config.dilation) as isize;
        (distance.rem_euclid(stride as isize) == 0).then(|| distance.div_euclid(stride as isize))
    };
    let [kh, kw] = shape.kernel;
    let taps = (0..kh * kw)
        .filter_map(|index| Some(Tap { index, offset: [offset(0, index / kw)?, offset(1, index % kw)?] }));
    let whole = Correlation {
        images: shape.images,
        source: shape.out,
        target: shape.size,
        grid: [0, 1].map(|side| (shape.size[side] - origin[side]).div_ceil(stride)),
        step: 1,
        origin,
        target_step: stride,
        taps: taps.collect(),
    };
    whole.reading().flattened()
}

/// The indices `i < count` for which `0 <= i * step + offset < size`: those that read inside the source.
pub(super) fn inside(count: usize, step: usize, offset: isize, size: usize) -> Range<usize> {
    let start = if offset < 0 { offset.unsigned_abs().div_ceil(step) } else { 0 };
    let end = if offset >= size as isize { 0 } else { ((size as isize - offset) as usize).div_ceil(step) };
    let end = end.min(count);
    start.min(end)..end
}
