//! The forward pass and the input's gradient as tap products.

use super::finish::Finish;
use super::geometry::Geometry;
use super::kernels::Element;
use super::regions::{Side, Tap};
use super::tap_product::{Factors, Pictures, TapProduct, Target};
use crate::ops::cpu::level::Level;
use crate::ops::cpu::parallel::{Shared, written_by};

/// `y` `[images, outputs, .., ..]` from `x` and the weight.
pub(super) fn forward<T: Element>(
    g: &Geometry,
    level: Level,
    x: &[T],
    weight: &[T],
    finish: Option<Finish<'_, T>>,
) -> Vec<T> {
    let side = |s: usize| Side {
        count: g.out[s],
        step: g.config.stride,
        size: g.size[s],
        taps: (0..g.kernel[s]).map(|index| Tap { index, offset: g.offset(s, index) }).collect(),
    };
    // SAFETY: the grid is the whole result.
    unsafe {
        written_by(g.images * g.outputs * g.out_plane(), |y| {
            TapProduct {
                kernels: T::kernels(level),
                pictures: Pictures {
                    data: x,
                    images: g.images,
                    channels: g.inputs,
                    plane: g.plane(),
                    width: g.size[1],
                },
                factors: Factors {
                    data: weight,
                    rows: g.outputs,
                    row: g.inputs * g.taps(),
                    channel: g.taps(),
                    kernel_width: g.kernel[1],
                },
                target: Target {
                    data: y,
                    plane: g.out_plane(),
                    width: g.out[1],
                    start: [0, 0],
                    step: 1,
                    finish,
                },
                down: side(0),
                across: side(1),
            }
            .run();
        })
    }
}

/// The gradient of `x` from that of the result, `dy`, and the weight.
///
/// With a stride the input pixels fall into `stride * stride` classes, by which taps reach them; each is a product.
pub(super) fn input_gradient<T: Element>(g: &Geometry, level: Level, dy: &[T], weight: &[T]) -> Vec<T> {
    let phases = g.config.stride;
    // SAFETY: the phases cover the whole input.
    unsafe {
        written_by(g.images * g.inputs * g.plane(), |dx| {
            for phase_y in 0..phases.min(g.size[0]) {
                for phase_x in 0..phases.min(g.size[1]) {
                    phase(g, level, dy, weight, dx, [phase_y, phase_x]);
                }
            }
        })
    }
}

/// The input pixels whose coordinates are `start` modulo the stride.
fn phase<T: Element>(g: &Geometry, level: Level, dy: &[T], weight: &[T], dx: Shared<T>, start: [usize; 2]) {
    let stride = g.config.stride as isize;
    let side = |s: usize| {
        // Input pixel start + i * stride is read through tap t by output i + (start - offset) / stride, if whole.
        let tap = |index: usize| {
            let distance = start[s] as isize - g.offset(s, index);
            (distance % stride == 0).then_some(Tap { index, offset: distance / stride })
        };
        Side {
            count: (g.size[s] - start[s]).div_ceil(g.config.stride),
            step: 1,
            size: g.out[s],
            taps: (0..g.kernel[s]).filter_map(tap).collect(),
        }
    };
    TapProduct {
        kernels: T::kernels(level),
        pictures: Pictures {
            data: dy,
            images: g.images,
            channels: g.outputs,
            plane: g.out_plane(),
            width: g.out[1],
        },
        factors: Factors {
            data: weight,
            rows: g.inputs,
            row: g.taps(),
            channel: g.inputs * g.taps(),
            kernel_width: g.kernel[1],
        },
        target: Target {
            data: dx,
            plane: g.plane(),
            width: g.size[1],
            start,
            step: g.config.stride,
            finish: None,
        },
        down: side(0),
        across: side(1),
    }
    .run();
}
