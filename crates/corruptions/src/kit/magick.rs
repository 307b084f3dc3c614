//! ImageMagick 6's motion blur (Q16, virtual pixels at the edge), as the authors' toolkit calls it.

use super::motion::{Blur, Tap};
use super::{math, pixels};
use scribe_base::simd_fn;

/// The taps of `MagickMotionBlurImage(radius, sigma, angle)`.
///
/// The line is that of [`super::motion::taps`]; it does not stop at the picture's edge, and the weights are
/// divided by their plain running sum.
pub(crate) fn taps(radius: u32, sigma: f64, angle: f64) -> Vec<Tap> {
    let n = f64::from(2 * radius + 1);
    let steps = || (0..=2 * radius).map(f64::from);
    let scale = std::f64::consts::TAU.sqrt() * sigma;
    let bell: Vec<f64> = steps().map(|i| math::exp(-(i * i) / (2.0 * sigma * sigma)) / scale).collect();
    let total = bell.iter().fold(0.0, |sum, b| sum + b);
    let radians = angle * (std::f64::consts::PI / 180.0);
    let (py, px) = (n * math::sin(radians), n * math::cos(radians));
    let length = (py * py + px * px).sqrt();
    let shift = |i: f64, p: f64| -((i * p) / length - 0.5).ceil() as isize;
    steps().zip(bell).map(|(i, b)| Tap { dy: shift(i, py), dx: shift(i, px), weight: b / total }).collect()
}

/// Blurs bytes in place: widened to 16 bits (times 257), summed in double precision, rounded to 16 bits, and cut
/// back to bytes by a division by 257 that drops the rest.
pub(crate) fn motion_blur(
    samples: &mut [u8],
    (width, height, channels): (usize, usize, usize),
    taps: Vec<Tap>,
) {
    let mut wide = super::scratch::dirty(samples.len());
    for (w, &s) in wide.iter_mut().zip(samples.iter()) {
        *w = u16::from(s) * 257;
    }
    let mut blur = Blur::new(&wide, (width, height, channels), taps);
    for (y, row) in samples.chunks_exact_mut(width * channels).enumerate() {
        narrow(blur.row(y), row);
    }
}

simd_fn! {
    fn narrow(sums: &[f64], row: &mut [u8]) {
        for (s, &v) in row.iter_mut().zip(sums) {
            *s = (pixels::clip_to_u16(v + 0.5) / 257) as u8;
        }
    }
}
