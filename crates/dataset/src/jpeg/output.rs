//! From planes to an RGB picture.

use image::RgbImage;

use super::colour::{row_from_cmyk, row_from_rgb, row_from_ycc, row_from_ycck};
use super::frame::Frame;
use super::upsample::Upsampler;
use crate::decode::zeroed;

/// What the components are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
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

/// Makes the picture of a frame whose planes are filled.
pub(super) fn picture(frame: &Frame, space: Space) -> Result<RgbImage, String> {
    #[cfg(target_arch = "x86_64")]
    if super::has_avx2() {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        return unsafe { picture_avx2(frame, space) };
    }
    picture_anywhere(frame, space)
}

/// The same code, compiled for processors with AVX2.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn picture_avx2(frame: &Frame, space: Space) -> Result<RgbImage, String> {
    picture_anywhere(frame, space)
}

#[inline(always)]
fn picture_anywhere(frame: &Frame, space: Space) -> Result<RgbImage, String> {
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
    Ok(RgbImage::from_raw(width as u32, height as u32, pixels).expect("three values for each pixel"))
}
