//! From planes to an RGB picture.

use crate::colour::{row_from_cmyk, row_from_rgb, row_from_ycc, row_from_ycck};
use crate::decoded::Decoded;
use crate::error::Result;
use crate::frame::{Frame, zeroed};
use crate::upsample::Upsampler;
use scribe_base::simd::Level;

/// What the components are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// Brightness alone.
    Grey,
    /// Brightness and two colour differences.
    Ycc,
    /// Red, green and blue.
    Rgb,
    /// Cyan, magenta, yellow and black.
    Cmyk,
    /// The first three of those as brightness and two colour differences, then black.
    Ycck,
}

/// Makes the picture of a frame whose planes are filled. `level` is one that this processor has.
pub(crate) fn picture(frame: &Frame, space: Space, level: Level) -> Result<Decoded> {
    #[cfg(target_arch = "x86_64")]
    if level >= Level::Avx2 {
        debug_assert!(level <= Level::detect());
        // SAFETY: a level above the portable one comes from `Level::detect`, so the processor has AVX2.
        return unsafe { picture_avx2(frame, space) };
    }
    picture_anywhere(frame, space)
}

/// The same code, compiled for processors with AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn picture_avx2(frame: &Frame, space: Space) -> Result<Decoded> {
    picture_anywhere(frame, space)
}

#[inline(always)]
fn picture_anywhere(frame: &Frame, space: Space) -> Result<Decoded> {
    let (width, height) = (frame.width, frame.height);
    let mut pixels = zeroed(width * height * 3)?;
    // Upsampled rows may be longer than the picture by less than a group.
    let mut rows = [(); 4].map(|()| vec![0; width + 32]);
    let mut upsamplers: Vec<_> =
        frame.components.iter().map(|c| Upsampler::new(c, frame.h_max, frame.v_max)).collect();
    for (y, line) in pixels.chunks_exact_mut(width * 3).enumerate() {
        for (upsampler, row) in upsamplers.iter_mut().zip(&mut rows) {
            upsampler.row(y, row);
        }
        let [first, second, third, fourth] = &rows;
        match space {
            Space::Grey => row_from_rgb(first, first, first, line),
            Space::Ycc => row_from_ycc(first, second, third, line),
            Space::Rgb => row_from_rgb(first, second, third, line),
            Space::Cmyk => row_from_cmyk(first, second, third, fourth, line),
            Space::Ycck => row_from_ycck(first, second, third, fourth, line),
        }
    }
    Ok(Decoded { width: width as u32, height: height as u32, pixels })
}
