//! Sums of scores over the views of multi-scale inference.

use super::head::Sized;
use super::kernel::{SCORES, launch, over_tiles, typed};
use super::view::{Element, Operand, with_element};
use crate::ops::head::Readout;
use crate::ops::layout::channels_last;
use crate::ops::score_space::ScoreSpace;
use candle_core::{Result, Tensor};

const NAME: &str = "add_scores";

/// Adds the scores of outputs `v` `[N, C, h, w]` to a `sum` `[N, kept, H, W]` with its channels last, in its place.
pub(in crate::ops) fn add_scores(
    sum: &Tensor,
    v: &Tensor,
    readout: Readout,
    space: ScoreSpace,
    mirrored: bool,
) -> Result<()> {
    let (_, _, height, width) = sum.dims4()?;
    let sized = Sized::new(NAME, readout, v, (height, width))?;
    let (v, sum) = (channels_last(v)?, sum.permute((0, 2, 3, 1))?);
    let dtype = v.dtype();
    let (v, sum) = (Operand::new(NAME, &v)?, Operand::new(NAME, &sum)?);
    let device = v.device()?;
    let function = typed(&device, SCORES, NAME, dtype)?;
    // `Space` of kernels/scores.cu.
    let space = match space {
        ScoreSpace::Softmax => 0,
        ScoreSpace::Sigmoid => 1,
        ScoreSpace::Logit => 2,
        ScoreSpace::RebuildBackground => 3,
    };
    with_element!(dtype, NAME, T => {
        let (v, sum) = (v.view::<T>()?, sum.view::<<T as Element>::Arithmetic>()?);
        let (config, tile) = over_tiles(sized.pixels(), sized.tile_bytes::<T>());
        let ((rows, columns), pixels) = (sized.scales::<T>(), sized.pixels() as u64);
        // SAFETY: the arguments are those of `add_scores` in kernels/scores.cu: `v` holds the outputs that `sized` was made
        // of, `sum` the kept channels of each pixel, the shared memory `tile` pixels. The kernel writes into `sum`, as an
        // operation in place does, in the order of the stream.
        unsafe {
            launch!(device, &function, config; &sized.raw(), &space, &i32::from(mirrored), &tile, &pixels, &rows, &columns,
                &v, &sum)
        }
    })
}
