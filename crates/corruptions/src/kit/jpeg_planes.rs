//! JPEG's colour planes: RGB to luma and halved chroma, padded to whole blocks, and back.

use super::scratch::{self, Buffer};
use scribe_base::simd_fn;

/// The three planes, padded to a multiple of 16 both ways; chroma both at full size and at half size.
pub(crate) struct Planes {
    /// Pixels in a row of the picture.
    pub(crate) width: usize,
    /// Rows of the picture.
    pub(crate) height: usize,
    /// Samples in a row of luma; half as many in one of chroma.
    pub(crate) stride: usize,
    rows: usize,
    /// Luma.
    pub(crate) luma: Buffer<u8>,
    blue: Buffer<u8>,
    red: Buffer<u8>,
    /// Blue difference, halved.
    pub(crate) small_blue: Buffer<u8>,
    /// Red difference, halved.
    pub(crate) small_red: Buffer<u8>,
}

impl Planes {
    /// Planes for a picture of this size, their contents still to be written.
    pub(crate) fn new(width: usize, height: usize) -> Planes {
        let (stride, rows) = (width.next_multiple_of(16), height.next_multiple_of(16));
        let full = || scratch::dirty(stride * rows);
        let half = || scratch::dirty(stride * rows / 4);
        Planes {
            width,
            height,
            stride,
            rows,
            luma: full(),
            blue: full(),
            red: full(),
            small_blue: half(),
            small_red: half(),
        }
    }
}

const fn fixed(x: f64) -> i32 {
    (x * 65536.0 + 0.5) as i32
}

/// RGB to luma and chroma; the last column and row are repeated to the planes' edges.
pub(crate) fn split_colours(pixels: &[u8], planes: &mut Planes) {
    let (width, stride) = (planes.width, planes.stride);
    for (y, row) in pixels.chunks_exact(3 * width).enumerate() {
        let place = y * stride..(y + 1) * stride;
        let out = [&mut planes.luma[place.clone()], &mut planes.blue[place.clone()], &mut planes.red[place]];
        split_row(row, out);
    }
    for plane in [&mut planes.luma, &mut planes.blue, &mut planes.red] {
        for y in 0..planes.height {
            let last = plane[y * stride + width - 1];
            plane[y * stride + width..(y + 1) * stride].fill(last);
        }
        for y in planes.height..planes.rows {
            plane.copy_within((planes.height - 1) * stride..planes.height * stride, y * stride);
        }
    }
}

simd_fn! {
    fn split_row(row: &[u8], out: [&mut [u8]; 3]) {
        const CENTRE: i32 = (128 << 16) + 32767;
        let [luma, blue, red] = out;
        let pixels = row.as_chunks::<3>().0;
        for (((p, luma), blue), red) in pixels.iter().zip(luma).zip(blue).zip(red) {
            let [r, g, b] = p.map(i32::from);
            *luma = ((fixed(0.299) * r + fixed(0.587) * g + fixed(0.114) * b + 32768) >> 16) as u8;
            *blue = ((32768 * b - fixed(0.168735892) * r - fixed(0.331264108) * g + CENTRE) >> 16) as u8;
            *red = ((32768 * r - fixed(0.418687589) * g - fixed(0.081312411) * b + CENTRE) >> 16) as u8;
        }
    }
}

/// Halves both chroma planes: the mean of 2x2, rounding with +1 and +2 alternately along a row,
/// as libjpeg does.
pub(crate) fn shrink_chroma(planes: &mut Planes) {
    let (stride, half) = (planes.stride, planes.stride / 2);
    let true_rows = planes.height.div_ceil(2);
    for (plane, small) in [(&planes.blue, &mut planes.small_blue), (&planes.red, &mut planes.small_red)] {
        for (out, pair) in small.chunks_exact_mut(half).zip(plane.chunks_exact(2 * stride)).take(true_rows) {
            let (upper, lower) = pair.split_at(stride);
            halve(upper, lower, out);
        }
        // Rows beyond the picture repeat the last *halved* row.
        for y in true_rows..planes.rows / 2 {
            small.copy_within((true_rows - 1) * half..true_rows * half, y * half);
        }
    }
}

simd_fn! {
    /// One row of means of 2x2; two at a time, because their rounding differs.
    fn halve(upper: &[u8], lower: &[u8], out: &mut [u8]) {
        let rows = upper.as_chunks::<4>().0.iter().zip(lower.as_chunks::<4>().0);
        for (pair, (u, l)) in out.as_chunks_mut::<2>().0.iter_mut().zip(rows) {
            let sum = |i: usize| u16::from(u[i]) + u16::from(u[i + 1]) + u16::from(l[i]) + u16::from(l[i + 1]);
            *pair = [((sum(0) + 1) >> 2) as u8, ((sum(2) + 2) >> 2) as u8];
        }
    }
}

/// Doubles the chroma by libjpeg's "fancy" triangle filter and writes RGB.
pub(crate) fn write_colours(planes: &Planes, pixels: &mut [u8]) {
    let (width, half) = (planes.width, planes.stride / 2);
    let (true_width, true_rows) = (width.div_ceil(2), planes.height.div_ceil(2));
    let mut sums: Buffer<i16> = scratch::dirty(true_width);
    let (mut blue, mut red) = (scratch::dirty(2 * true_width), scratch::dirty(2 * true_width));
    for (y, row) in pixels.chunks_exact_mut(3 * width).enumerate() {
        let near = y / 2;
        let far = if y % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(true_rows - 1) };
        for (plane, out) in [(&planes.small_blue, &mut blue), (&planes.small_red, &mut red)] {
            let line = |y: usize| &plane[y * half..y * half + true_width];
            widen(line(near), line(far), &mut sums, out);
        }
        let luma = &planes.luma[y * planes.stride..][..width];
        merge_row(luma, &blue[..width], &red[..width], row);
    }
}

simd_fn! {
    /// Three parts of the near row and one of the far, then the same along the row.
    fn widen(near: &[u8], far: &[u8], sums: &mut [i16], out: &mut [u8]) {
        for ((sum, &a), &b) in sums.iter_mut().zip(near).zip(far) {
            *sum = 3 * i16::from(a) + i16::from(b);
        }
        let n = sums.len();
        let pairs = out.as_chunks_mut::<2>().0;
        for (pair, three) in pairs[1..n - 1].iter_mut().zip(sums.windows(3)) {
            *pair = [((3 * three[1] + three[0] + 8) >> 4) as u8, ((3 * three[1] + three[2] + 7) >> 4) as u8];
        }
        let (first, last) = (sums[0], sums[n - 1]);
        pairs[0] = [((4 * first + 8) >> 4) as u8, ((3 * first + sums[1] + 7) >> 4) as u8];
        pairs[n - 1] = [((3 * last + sums[n - 2] + 8) >> 4) as u8, ((4 * last + 7) >> 4) as u8];
    }
}

simd_fn! {
    fn merge_row(luma: &[u8], blue: &[u8], red: &[u8], row: &mut [u8]) {
        const HALF: i32 = 32768;
        let pixels = row.as_chunks_mut::<3>().0;
        for (((p, &y), &cb), &cr) in pixels.iter_mut().zip(luma).zip(blue).zip(red) {
            let (y, cb, cr) = (i32::from(y), i32::from(cb) - 128, i32::from(cr) - 128);
            let r = y + ((fixed(1.402) * cr + HALF) >> 16);
            let g = y + ((-fixed(0.34414) * cb - fixed(0.71414) * cr + HALF) >> 16);
            let b = y + ((fixed(1.772) * cb + HALF) >> 16);
            *p = [r, g, b].map(|v| v.clamp(0, 255) as u8);
        }
    }
}
