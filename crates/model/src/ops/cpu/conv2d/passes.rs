//! The three passes of a convolution on elements, each by the way that is the fastest for its shape.

use super::block::{Block, blocks, pixels_for};
use super::correlation::{Correlation, DENSE};
use super::direct::Direct;
use super::finish::Finish;
use super::moments::Moments;
use super::winograd::{
    Convolution, Direction, PatchSize, Patches, TransformedWeights, WeightGradient, block_pixels, chosen,
};
use super::{weight_gradient as products, window, window_gradient};
use crate::ops::cpu::level::Level;
use crate::ops::cpu::memory::{Place, written};
use crate::ops::cpu::product::{Multiply, Panels, pack_columns, pack_rows};
use crate::ops::cpu::real::Real;
use crate::ops::geometry::Conv2dShape;

/// How a convolution's result is computed. It depends on the sizes of one image only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// As a sum over taps, of the pixels in place.
    Taps,
    /// As a sum over rows of taps, of copied windows.
    Windows,
    /// By transformed patches.
    Patches(PatchSize),
}

impl Way {
    pub(super) fn of(shape: &Conv2dShape) -> Way {
        match chosen(shape, Direction::Forward) {
            Some(size) => Way::Patches(size),
            None if window::worthwhile(shape) => Way::Windows,
            None => Way::Taps,
        }
    }

    /// The name of the form that its weights have.
    pub(super) fn name(self) -> &'static str {
        match self {
            Way::Taps => "taps",
            Way::Windows => "windows",
            Way::Patches(PatchSize::Two) => "patches of 2x2",
            Way::Patches(PatchSize::Four) => "patches of 4x4",
        }
    }

    /// The grid of the results that are sums.
    fn correlation(self, shape: &Conv2dShape) -> Correlation {
        if self == Way::Windows { Correlation::grid(shape) } else { Correlation::forward(shape) }
    }
}

/// The weight of a convolution, packed for its result.
pub(super) enum Packed<T> {
    Panels(Panels<T>),
    Transformed(TransformedWeights<T>),
}

/// Packs a weight `[Co, Ci, Kh, Kw]`.
pub(super) fn pack<T: Real>(way: Way, shape: &Conv2dShape, weight: &[T]) -> Packed<T> {
    let (co, ci, taps) = (shape.outputs, shape.inputs, shape.taps());
    match way {
        Way::Taps => Packed::Panels(pack_columns(weight, [co, ci, taps])),
        Way::Windows => Packed::Panels(pack_columns(&window::by_taps(weight, shape), [co, ci * taps, 1])),
        Way::Patches(size) => Packed::Transformed(TransformedWeights::forward(size, weight, [co, ci])),
    }
}

/// Room for the moments of a result with this weight.
pub(super) fn moments<T: Real>(way: Way, shape: &Conv2dShape, weight: &Packed<T>) -> Moments<T> {
    let counts = match (way, weight) {
        (Way::Patches(size), _) => {
            block_pixels(&Patches::forward(shape, size), [shape.inputs, shape.outputs])
        }
        (_, Packed::Panels(panels)) => {
            let blocks = blocks(&way.correlation(shape), pixels_for(panels.bytes()));
            blocks.iter().map(Block::pixels).collect()
        }
        _ => unreachable!("a weight is packed for the way that it is used in"),
    };
    Moments::new(counts, shape.outputs)
}

/// The result `[N, OH, OW, Co]` of a convolution of `x` `[N, H, W, Ci]`, with a weight packed for the same way. The moments
/// are of the sums before they are finished.
pub(super) fn forward<T: Multiply>(
    level: Level,
    (way, shape): (Way, &Conv2dShape),
    x: &[T],
    weight: &Packed<T>,
    finish: Finish<'_, T>,
    moments: Option<&mut Moments<T>>,
) -> Vec<T> {
    let len = shape.images * shape.out[0] * shape.out[1] * shape.outputs;
    let moments = moments.as_deref();
    match (way, weight) {
        (Way::Patches(size), Packed::Transformed(weights)) => {
            let patches = &Patches::forward(shape, size);
            let convolution = Convolution { patches, level, source: x, weights, finish };
            // SAFETY: the patches of a convolution's result are the whole result.
            unsafe { written(len, |place| convolution.run(place, moments)) }
        }
        (_, Packed::Panels(weight)) => {
            let correlation = &way.correlation(shape);
            let windows = (way == Way::Windows).then_some(shape);
            let direct = Direct { correlation, level, source: x, weight, finish, windows };
            // SAFETY: the grid of a convolution's result is the whole result.
            unsafe { written(len, |place| direct.run(place, moments)) }
        }
        _ => unreachable!("a weight is packed for the way that it is used in"),
    }
}

/// The gradient `[N, H, W, Ci]` of the input, from that of the result; where `added` is given, their sum.
pub(super) fn input_gradient<T: Multiply>(
    level: Level,
    shape: &Conv2dShape,
    weight: &[T],
    dy: &[T],
    added: Option<&[T]>,
) -> Vec<T> {
    let len = shape.images * shape.size[0] * shape.size[1] * shape.inputs;
    let finish = Finish { added, ..Finish::PLAIN };
    if let Some(size) = chosen(shape, Direction::InputGradient) {
        let patches = &Patches::input_gradient(shape, size);
        let weights = &TransformedWeights::input_gradient(size, weight, [shape.outputs, shape.inputs]);
        let convolution = Convolution { patches, level, source: dy, weights, finish };
        // SAFETY: the patches of a gradient of the input are the whole input.
        return unsafe { written(len, |place| convolution.run(place, None)) };
    }
    let panels = pack_rows(weight, [shape.outputs, shape.inputs, shape.taps()]);
    let grids = Correlation::input_gradient(shape);
    let run = |place: Place<T>| {
        if shape.config.stride > DENSE {
            let before = |at: usize| added.map_or(T::zero(), |added| added[at]);
            // SAFETY: the place has room for `len` elements, and nobody else uses it yet.
            (0..len).for_each(|at| unsafe { place.at(at).write(before(at)) });
        }
        for correlation in &grids {
            let direct = Direct { correlation, level, source: dy, weight: &panels, finish, windows: None };
            // SAFETY: the grids are disjoint, so each pixel is written by one.
            unsafe { direct.run(place, None) };
        }
    };
    // SAFETY: together the grids of all remainders are the whole input; where some are left out, all is written before.
    unsafe { written(len, run) }
}

/// The gradient `[Co, Ci, Kh, Kw]` of the weight.
pub(super) fn weight_gradient<T: Multiply>(level: Level, shape: &Conv2dShape, x: &[T], dy: &[T]) -> Vec<T> {
    if chosen(shape, Direction::WeightGradient).is_some() {
        WeightGradient::new(shape, level, x, dy).run()
    } else if window::worthwhile(shape) {
        window_gradient::weight_gradient(shape, level, x, dy)
    } else {
        products::weight_gradient(shape, level, x, dy)
    }
}
