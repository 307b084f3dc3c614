//! From brightness and colour differences to red, green and blue, in 16-bit fixed point (`jdcolor.c`).

const HALF: i32 = 1 << 15;
/// 1.40200, times 2^16 and rounded, as the next three.
const RED_OF_CR: i32 = 91_881;
const GREEN_OF_CB: i32 = 22_554;
const GREEN_OF_CR: i32 = 46_802;
const BLUE_OF_CB: i32 = 116_130;

/// Converts a row of YCbCr to interleaved RGB.
#[inline(always)]
pub(crate) fn row_from_ycc(y: &[u8], cb: &[u8], cr: &[u8], out: &mut [u8]) {
    for (((pixel, &y), &cb), &cr) in out.chunks_exact_mut(3).zip(y).zip(cb).zip(cr) {
        let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
        pixel[0] = byte(y + ((RED_OF_CR * cr + HALF) >> 16));
        pixel[1] = byte(y + ((HALF - GREEN_OF_CB * cb - GREEN_OF_CR * cr) >> 16));
        pixel[2] = byte(y + ((BLUE_OF_CB * cb + HALF) >> 16));
    }
}

/// Interleaves three rows.
#[inline(always)]
pub(crate) fn row_from_rgb(r: &[u8], g: &[u8], b: &[u8], out: &mut [u8]) {
    for (((pixel, &r), &g), &b) in out.chunks_exact_mut(3).zip(r).zip(g).zip(b) {
        pixel.copy_from_slice(&[r, g, b]);
    }
}

/// Converts a row of CMYK as files of Adobe's programs hold it, inverted, to interleaved RGB.
///
/// Pillow takes every file for such a one, and mixes inks by products (`Convert.c`, `cmyk2rgb`).
pub(crate) fn row_from_cmyk(c: &[u8], m: &[u8], y: &[u8], k: &[u8], out: &mut [u8]) {
    for ((((pixel, &c), &m), &y), &k) in out.chunks_exact_mut(3).zip(c).zip(m).zip(y).zip(k) {
        for (value, ink) in pixel.iter_mut().zip([c, m, y]) {
            *value = k - product(255 - ink, k);
        }
    }
}

/// Converts a row of YCCK to interleaved RGB: YCbCr hides inverted CMY.
pub(crate) fn row_from_ycck(y: &[u8], cb: &[u8], cr: &[u8], k: &[u8], out: &mut [u8]) {
    row_from_ycc(y, cb, cr, out);
    for (pixel, &k) in out.chunks_exact_mut(3).zip(k) {
        for value in pixel {
            *value = k - product(*value, k);
        }
    }
}

/// The product of two shares of 255, rounded (`MULDIV255` of Pillow).
fn product(a: u8, b: u8) -> u8 {
    let times = u32::from(a) * u32::from(b) + 128;
    (((times >> 8) + times) >> 8) as u8
}

#[inline(always)]
fn byte(value: i32) -> u8 {
    value.clamp(0, 255) as u8
}
