//! RGB to hue, saturation and value and back, in double precision with scikit-image's order of operations.

use super::pixels;
use scribe_base::simd_fn;

/// What happens to a pixel between the two conversions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    /// The value becomes `clip(value + offset)`.
    Value {
        /// What is added.
        offset: f64,
    },
    /// The saturation becomes `clip(saturation * factor + offset)`.
    Saturation {
        /// The factor.
        factor: f64,
        /// What is then added.
        offset: f64,
    },
}

/// Applies `change` to every pixel, clipped to `0..=1`, and stores bytes (truncated).
pub(crate) fn change(samples: &mut [u8], change: Change) {
    pixels::by_planes(samples, |_, [r, g, b]| change_planes(r, g, b, change));
}

simd_fn! {
    fn change_planes(r: &mut [u8], g: &mut [u8], b: &mut [u8], change: Change) {
        for ((r, g), b) in r.iter_mut().zip(g).zip(b) {
            let rgb = change_pixel([f64::from(*r) / 255.0, f64::from(*g) / 255.0, f64::from(*b) / 255.0], change);
            (*r, *g, *b) =
                (pixels::unit_to_byte(rgb[0]), pixels::unit_to_byte(rgb[1]), pixels::unit_to_byte(rgb[2]));
        }
    }
}

/// One pixel. There is no branch in it or in what it calls, so that the loop over it becomes vector code.
#[inline(always)]
fn change_pixel(rgb: [f64; 3], change: Change) -> [f64; 3] {
    let [h, s, v] = to_hsv(rgb);
    let (s, v) = match change {
        Change::Value { offset } => (s, clip(v + offset)),
        Change::Saturation { factor, offset } => (clip(s * factor + offset), v),
    };
    to_rgb([h, s, v])
}

#[inline(always)]
fn to_hsv([r, g, b]: [f64; 3]) -> [f64; 3] {
    let largest = larger(larger(r, g), b);
    let range = largest - smaller(smaller(r, g), b);
    let grey = range == 0.0;
    let divisor = if grey { 1.0 } else { range };
    let s = if grey { 0.0 } else { range / if grey { 1.0 } else { largest } };
    // The later test wins where two channels share the largest value.
    let mut h = (g - b) / divisor;
    h = if g == largest { 2.0 + (b - r) / divisor } else { h };
    h = if b == largest { 4.0 + (r - g) / divisor } else { h };
    h /= 6.0;
    // h is in -1/6..=5/6, so the floor modulo 1 is one addition.
    h = if h < 0.0 { h + 1.0 } else { h };
    [if grey { 0.0 } else { h }, s, largest]
}

#[inline(always)]
fn to_rgb([h, s, v]: [f64; 3]) -> [f64; 3] {
    let sixth = floor_small(h * 6.0);
    let f = h * 6.0 - sixth;
    let (p, q, t) = (v * (1.0 - s), v * (1.0 - f * s), v * (1.0 - (1.0 - f) * s));
    let at = |i: f64| sixth == i;
    // Sixths 0 to 5; a hue of exactly 6 sixths, which rounding can make, counts as 0.
    let red = if at(1.0) {
        q
    } else if at(2.0) | at(3.0) {
        p
    } else if at(4.0) {
        t
    } else {
        v
    };
    let green = if at(1.0) | at(2.0) {
        v
    } else if at(3.0) {
        q
    } else if at(4.0) | at(5.0) {
        p
    } else {
        t
    };
    let blue = if at(2.0) {
        t
    } else if at(3.0) | at(4.0) {
        v
    } else if at(5.0) {
        q
    } else {
        p
    };
    [red, green, blue]
}

/// The floor of a number in `0..=6`.
#[inline(always)]
fn floor_small(x: f64) -> f64 {
    // SAFETY: the caller's number is in 0..=6 and not NaN. Why not `as`: see `kit/pixels.rs`.
    f64::from(unsafe { x.to_int_unchecked::<i32>() })
}

#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[inline(always)]
fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

#[inline(always)]
fn clip(x: f64) -> f64 {
    smaller(larger(x, 0.0), 1.0)
}
