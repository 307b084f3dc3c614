//! JPEG compression: its loss, without writing a file.

use crate::kit::dct::{self, Blocks};
use crate::kit::jpeg_planes::{Planes, shrink_chroma, split_colours, write_colours};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
use scribe_base::simd_fn;

/// Saved as a JPEG of low quality and read again (`jpeg_compression` of ImageNet-C), as Pillow (9.0 and later, on
/// libjpeg-turbo) does both.
///
/// Only what loses is done: colour conversion, chroma at half size, the cosine transform, quantisation, and all
/// of it backwards with triangle-filtered chroma. The entropy coding between loses nothing. Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::JpegCompression};
/// let mut grey = vec![128; 40 * 40 * 3];
/// JpegCompression.apply_in_place(PictureMut::new(&mut grey, 40, 40)?, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert!(grey.iter().all(|&s| s == 128));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct JpegCompression;

const QUALITY: [u32; 5] = [25, 18, 15, 10, 7];

static META: Meta = Meta {
    name: "jpeg_compression",
    implementation: "reference/1",
    group: Group::Spatial,
    about: "Saves as a JPEG of low quality and reads it again.",
    parameters: |severity| format!("quality={}", severity.pick(&QUALITY)),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for JpegCompression {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, _rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let quality = severity.pick(&QUALITY);
        let mut planes = Planes::new(width, height);
        split_colours(pixels, &mut planes);
        shrink_chroma(&mut planes);
        let (luma, chroma) = (table(&LUMA, quality), table(&CHROMA, quality));
        lose(&mut planes.luma, planes.stride, &luma);
        lose(&mut planes.small_blue, planes.stride / 2, &chroma);
        lose(&mut planes.small_red, planes.stride / 2, &chroma);
        write_colours(&planes, pixels);
    }
}

/// The example tables of the JPEG standard (ITU-T T.81, tables K.1 and K.2), which libjpeg scales.
const LUMA: [[u32; 8]; 8] = [
    [16, 11, 10, 16, 24, 40, 51, 61],
    [12, 12, 14, 19, 26, 58, 60, 55],
    [14, 13, 16, 24, 40, 57, 69, 56],
    [14, 17, 22, 29, 51, 87, 80, 62],
    [18, 22, 37, 56, 68, 109, 103, 77],
    [24, 35, 55, 64, 81, 104, 113, 92],
    [49, 64, 78, 87, 103, 121, 120, 101],
    [72, 92, 95, 98, 112, 100, 103, 99],
];
const CHROMA: [[u32; 8]; 8] = [
    [17, 18, 24, 47, 99, 99, 99, 99],
    [18, 21, 26, 66, 99, 99, 99, 99],
    [24, 26, 56, 99, 99, 99, 99, 99],
    [47, 66, 99, 99, 99, 99, 99, 99],
    [99, 99, 99, 99, 99, 99, 99, 99],
    [99, 99, 99, 99, 99, 99, 99, 99],
    [99, 99, 99, 99, 99, 99, 99, 99],
    [99, 99, 99, 99, 99, 99, 99, 99],
];

/// The table of a quality below 50, eight times side by side.
fn table(base: &[[u32; 8]; 8], quality: u32) -> Blocks {
    let scale = 5000 / quality;
    base.map(|row| std::array::from_fn(|i| ((row[i % 8] * scale + 50) / 100).clamp(1, 255) as i32))
}

simd_fn! {
    /// Transforms, quantises and comes back, eight blocks at a time.
    fn lose(plane: &mut [u8], stride: usize, table: &Blocks) {
        // Division by a reciprocal in single precision: see `quantise`.
        let mut reciprocals = [[0.0; 64]; 8];
        for (r, q) in reciprocals.as_flattened_mut().iter_mut().zip(table.as_flattened()) {
            *r = 1.0 / (8 * q) as f32;
        }
        let mut blocks = dct::ZEROS;
        for band in plane.chunks_exact_mut(8 * stride) {
            for x in (0..stride).step_by(64) {
                let wide = x..(x + 64).min(stride);
                for (lane, row) in blocks.iter_mut().zip(band.chunks_exact(stride)) {
                    for (v, &s) in lane.iter_mut().zip(&row[wide.clone()]) {
                        *v = i32::from(s) - 128;
                    }
                }
                dct::forward(&mut blocks);
                let steps = table.as_flattened().iter().zip(reciprocals.as_flattened());
                for (c, (&q, &r)) in blocks.as_flattened_mut().iter_mut().zip(steps) {
                    *c = quantise(*c, q, r) * q;
                }
                dct::inverse(&mut blocks);
                for (lane, row) in blocks.iter().zip(band.chunks_exact_mut(stride)) {
                    for (s, &v) in row[wide.clone()].iter_mut().zip(lane) {
                        *s = (v + 128).clamp(0, 255) as u8;
                    }
                }
            }
        }
    }
}

/// `(|c| + d/2) / d`, rounded down and with the sign of `c`, for `d = 8 q`.
///
/// The quotient of whole numbers below 2^15 by a reciprocal is at most one off in single precision, and the
/// remainder tells.
#[inline(always)]
fn quantise(c: i32, q: i32, reciprocal: f32) -> i32 {
    let d = 8 * q;
    let n = c.abs() + d / 2;
    // SAFETY: n is below 2^20 and the reciprocal at most 1/8, so the product is a small number and not NaN.
    // Why not `as`: see `kit/pixels.rs`.
    let guess = unsafe { (n as f32 * reciprocal).to_int_unchecked::<i32>() };
    let rest = n - guess * d;
    let quotient = guess + i32::from(rest >= d) - i32::from(rest < 0);
    if c < 0 { -quotient } else { quotient }
}
