//! Which convolutions gain by fewer products.
//!
//! Measured in milliseconds on one core with AVX-512 and 1 MB of second-level cache, four images up to 56x56 pixels and one
//! of the larger ones, with the transform (or packing) of the weights, whose memory is used again from call to call:
//!
//! | channels, map, dilation | taps | F(2x2) | F(4x4) | chosen |
//! | --- | --: | --: | --: | --- |
//! | 48 to 48, 56 | 2.7 | 1.8 | 1.3 | F(4x4) |
//! | 64 to 64, 56 | 3.6 | 2.3 | 1.6 | F(4x4) |
//! | 128 to 128, 28 | 3.5 | 1.9 | 1.5 | F(4x4) |
//! | 256 to 256, 14 | 3.5 | 2.0 | 2.3 | F(2x2) |
//! | 256 to 256, 28 | 14.0 | 7.2 | 5.4 | F(4x4) |
//! | 256 to 256, 28, 2 | 13.2 | 7.5 | 7.1 | F(4x4) |
//! | 512 to 512, 7 | 4.1 | 3.5 | 6.4 | F(2x2) |
//! | 512 to 512, 14, 2 | 13.6 | 12.6 | 12.1 | F(4x4) |
//! | 512 to 512, 28, 2 | 59 | 40 | 34 | F(4x4) |
//! | 512 to 512, 28, 4 | 55 | 48 | 33 | F(4x4) |
//! | 304 to 256, 56 | 67 | 37 | 28 | F(4x4) |
//! | 256 to 256, 56 | 57 | 31 | 20 | F(4x4) |
//! | 2048 to 256, 14, 6 | 21 | 28 | 49 | taps |
//! | 2048 to 256, 28, 12 | 75 | 98 | 145 | taps |
//! | 64 to 64, 129 | 4.9 | 3.0 | 2.2 | F(4x4) |
//! | 128 to 128, 65 | 4.8 | 2.6 | 2.0 | F(4x4) |
//! | 256 to 256, 33 | 5.0 | 2.9 | 2.9 | F(4x4) |
//! | 512 to 512, 33, 2 | 21 | 15 | 14 | F(4x4) |
//! | 2048 to 256, 33, 6 | 45 | 35 | 48 | F(2x2) |
//! | 2048 to 256, 33, 12 | 28 | 44 | 45 | taps |
//! | 304 to 256, 129 | 91 | 49 | 33 | F(4x4) |
//! | 256 to 256, 129 | 76 | 41 | 27 | F(4x4) |
//!
//! The largest error of a result was 5e-8 of the sum of its terms' sizes by taps, 1e-7 by F(2x2, 3x3), and from 2e-7
//! to 6e-7 by F(4x4, 3x3), on random maps. An outlier or an infinite value in a patch reaches all results of that patch.

use super::super::correlation::Correlation;
use super::patches::{PatchSize, Patches};
use crate::ops::geometry::Conv2dShape;

/// What is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ops::cpu) enum Direction {
    Forward,
    InputGradient,
    WeightGradient,
}

/// Work for one number of a transformed patch, in multiplications of a product: of F(2x2, 3x3) and F(4x4, 3x3).
const TRANSFORM: [usize; 2] = [15, 27];
/// Work for one number of the weights, which are transformed and packed once for a few images.
const WEIGHT: usize = 10;
/// Numbers of transformed weights up to which reading them all for each block is worth the fewer products.
const WEIGHTS: usize = 36 * 512 * 512;

/// The patches to use, if any. It depends on one image's sizes only, so an image's result is the same in every batch.
pub(in crate::ops::cpu) fn chosen(shape: &Conv2dShape, direction: Direction) -> Option<PatchSize> {
    if shape.kernel != [3, 3] || shape.config.stride != 1 {
        return None;
    }
    let shape = Conv2dShape { images: 1, ..*shape };
    let sizes = match direction {
        Direction::Forward | Direction::InputGradient => &[PatchSize::Two, PatchSize::Four][..],
        Direction::WeightGradient => &[PatchSize::Two],
    };
    let near = |size: &PatchSize| size.products() * shape.inputs * shape.outputs <= WEIGHTS;
    let cost = |&size: &PatchSize| with_patches(&shape, direction, size);
    let best = sizes.iter().copied().filter(near).min_by_key(cost)?;
    (cost(&best) < directly(&shape)).then_some(best)
}

/// The work of a sum over taps. Those that read padding are skipped.
fn directly(shape: &Conv2dShape) -> usize {
    let c = Correlation::forward(shape);
    let reached = c.taps.iter().map(|&tap| c.reach(tap, 0).len() * c.reach(tap, 1).len());
    (reached.sum::<usize>() + shape.taps() * WEIGHT) * shape.inputs * shape.outputs
}

fn with_patches(shape: &Conv2dShape, direction: Direction, size: PatchSize) -> usize {
    let patches = match direction {
        Direction::InputGradient => Patches::input_gradient(shape, size),
        Direction::Forward | Direction::WeightGradient => Patches::forward(shape, size),
    };
    let (count, pairs) = (patches.of_image(), shape.inputs * shape.outputs);
    let transform = match size {
        PatchSize::Two => TRANSFORM[0],
        PatchSize::Four => TRANSFORM[1],
    };
    size.products() * ((count + WEIGHT) * pairs + count * transform * (shape.inputs + shape.outputs))
}
