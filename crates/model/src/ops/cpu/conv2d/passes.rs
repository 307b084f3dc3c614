//! The three passes of a convolution on elements, each by the way that is the fastest for its shape.

use super::correlation::Correlation;
use super::direct::{BLOCK, Block, Direct, blocks};
use super::finish::Finish;
use super::moments::Moments;
use super::{weight_gradient as products, window, window_gradient};
use crate::ops::cpu::level::Level;
use crate::ops::cpu::memory::{Place, written};
use crate::ops::cpu::product::{Multiply, Panels, pack_columns, pack_rows};
use crate::ops::cpu::real::Real;
use crate::ops::geometry::Conv2dShape;

/// The weight of a convolution, packed for its result.
pub(super) struct Packed<T>(Panels<T>);

/// The name of the form in which [`pack`] packs the weight of such a convolution.
pub(super) fn form(shape: &Conv2dShape) -> &'static str {
    if window::worthwhile(shape) { "windows" } else { "pixels" }
}

/// Packs a weight `[Co, Ci, Kh, Kw]`.
pub(super) fn pack<T: Real>(shape: &Conv2dShape, weight: &[T]) -> Packed<T> {
    let (co, ci, taps) = (shape.outputs, shape.inputs, shape.taps());
    Packed(if window::worthwhile(shape) {
        pack_columns(&window::by_taps(weight, shape), [co, ci * taps, 1])
    } else {
        pack_columns(weight, [co, ci, taps])
    })
}

/// Room for the moments of a result.
pub(super) fn moments<T: Real>(shape: &Conv2dShape) -> Moments<T> {
    let counts = blocks(&correlation(shape), BLOCK).iter().map(Block::pixels).collect();
    Moments::new(counts, shape.outputs)
}

fn correlation(shape: &Conv2dShape) -> Correlation {
    if window::worthwhile(shape) { Correlation::grid(shape) } else { Correlation::forward(shape) }
}

/// The result `[N, OH, OW, Co]` of a convolution of `x` `[N, H, W, Ci]`. The moments are of what is written.
pub(super) fn forward<T: Multiply>(
    level: Level,
    shape: &Conv2dShape,
    x: &[T],
    weight: &Packed<T>,
    finish: Finish<'_, T>,
    moments: Option<&mut Moments<T>>,
) -> Vec<T> {
    let correlation = correlation(shape);
    let direct = Direct {
        correlation: &correlation,
        level,
        source: x,
        weight: &weight.0,
        finish,
        windows: window::worthwhile(shape).then_some(shape),
    };
    let len = shape.images * shape.out[0] * shape.out[1] * shape.outputs;
    // SAFETY: the grid of a convolution's result is the whole result.
    unsafe { written(len, |place| direct.run(place, moments.as_deref())) }
}

/// The gradient `[N, H, W, Ci]` of the input, from that of the result; where `added` is given, their sum.
pub(super) fn input_gradient<T: Multiply>(
    level: Level,
    shape: &Conv2dShape,
    weight: &[T],
    dy: &[T],
    added: Option<&[T]>,
) -> Vec<T> {
    let panels = pack_rows(weight, [shape.outputs, shape.inputs, shape.taps()]);
    let grids = Correlation::input_gradient(shape);
    let run = |place: Place<T>| {
        for correlation in &grids {
            let direct = Direct {
                correlation,
                level,
                source: dy,
                weight: &panels,
                finish: Finish { added, ..Finish::PLAIN },
                windows: None,
            };
            // SAFETY: the grids are disjoint, so each pixel is written by one.
            unsafe { direct.run(place, None) };
        }
    };
    // SAFETY: together the grids of all remainders are the whole input.
    unsafe { written(shape.images * shape.size[0] * shape.size[1] * shape.inputs, run) }
}

/// The gradient `[Co, Ci, Kh, Kw]` of the weight.
pub(super) fn weight_gradient<T: Multiply>(level: Level, shape: &Conv2dShape, x: &[T], dy: &[T]) -> Vec<T> {
    if window::worthwhile(shape) {
        window_gradient::weight_gradient(shape, level, x, dy)
    } else {
        products::weight_gradient(shape, level, x, dy)
    }
}
