//! Bytes to units and back, rounded as the reference rounds them.
//!
//! Numbers that are known to fit are converted by `to_int_unchecked`. `as` would also have to answer for NaN and for what
//! is too large, which costs more than the rest of these loops: with it, on a processor with AVX-512, Gaussian noise takes
//! 1.4 times as long, brightness and JPEG compression 2 times, and the elastic transform 7 times
//! (`examples/time_corruptions.rs`).

use scribe_base::simd_fn;

/// `i / 255` for every byte, in double precision.
pub(crate) static UNIT: [f64; 256] = unit_table();

const fn unit_table() -> [f64; 256] {
    let mut table = [0.0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = i as f64 / 255.0;
        i += 1;
    }
    table
}

/// `uint8(clip(v, 0, 1) * 255)`: clipped, scaled and *truncated*, as numpy's cast does; NaN gives 0.
#[inline(always)]
#[must_use]
pub(crate) fn unit_to_byte(v: f64) -> u8 {
    let v = if v > 0.0 { v } else { 0.0 };
    let v = if v < 1.0 { v } else { 1.0 };
    // SAFETY: v is in 0..=1 and not NaN after the two selections, so the product is in 0..=255.
    unsafe { (v * 255.0).to_int_unchecked::<i32>() as u8 }
}

/// [`unit_to_byte`] in single precision, product included.
#[inline(always)]
#[must_use]
pub(crate) fn unit_to_byte_f32(v: f32) -> u8 {
    let v = if v > 0.0 { v } else { 0.0 };
    let v = if v < 1.0 { v } else { 1.0 };
    // SAFETY: v is in 0..=1 and not NaN after the two selections, so the product is in 0..=255.
    unsafe { (v * 255.0).to_int_unchecked::<i32>() as u8 }
}

/// `uint8(clip(v, 0, 255))`: clipped and truncated; NaN gives 0.
#[inline(always)]
#[must_use]
pub(crate) fn clip_to_byte(v: f64) -> u8 {
    let v = if v > 0.0 { v } else { 0.0 };
    let v = if v < 255.0 { v } else { 255.0 };
    // SAFETY: v is in 0..=255 and not NaN after the two selections.
    unsafe { v.to_int_unchecked::<i32>() as u8 }
}

/// Clipped to `0..=65535` and truncated; NaN gives 0.
#[inline(always)]
#[must_use]
pub(crate) fn clip_to_u16(v: f64) -> u16 {
    let v = if v > 0.0 { v } else { 0.0 };
    let v = if v < 65535.0 { v } else { 65535.0 };
    // SAFETY: v is in 0..=65535 and not NaN after the two selections.
    unsafe { v.to_int_unchecked::<i32>() as u16 }
}

/// `x / 255` of every sample, in double precision; from a table, because divisions are slow.
pub(crate) fn to_unit(bytes: &[u8], out: &mut [f64]) {
    for (o, &b) in out.iter_mut().zip(bytes) {
        *o = UNIT[usize::from(b)];
    }
}

simd_fn! {
    /// `x / 255` of every sample, in single precision.
    pub(crate) fn to_unit_f32(bytes: &[u8], out: &mut [f32]) {
        for (o, &b) in out.iter_mut().zip(bytes) {
            *o = f32::from(b) / 255.0;
        }
    }
}

simd_fn! {
    /// [`unit_to_byte`] of every sample.
    pub(crate) fn from_unit(units: &[f64], out: &mut [u8]) {
        for (o, &v) in out.iter_mut().zip(units) {
            *o = unit_to_byte(v);
        }
    }
}

/// Pixels that [`by_planes`] hands over at once: their planes stay in the first-level cache.
const CHUNK: usize = 256;

/// Hands pixels to `f` as three planes, some at a time and with the index of the first, and takes them back.
pub(crate) fn by_planes(samples: &mut [u8], mut f: impl FnMut(usize, [&mut [u8]; 3])) {
    let mut planes = [[0_u8; CHUNK]; 3];
    for (number, part) in samples.chunks_mut(3 * CHUNK).enumerate() {
        let n = part.len() / 3;
        for (i, p) in part.as_chunks::<3>().0.iter().enumerate().take(CHUNK) {
            (planes[0][i], planes[1][i], planes[2][i]) = (p[0], p[1], p[2]);
        }
        f(number * CHUNK, planes.each_mut().map(|plane| &mut plane[..n]));
        for (i, p) in part.as_chunks_mut::<3>().0.iter_mut().enumerate().take(CHUNK) {
            *p = [planes[0][i], planes[1][i], planes[2][i]];
        }
    }
}

/// Replaces every sample by its entry in a table of 256, one table for each channel.
pub(crate) fn map_channels(pixels: &mut [u8], tables: &[[u8; 256]; 3]) {
    for pixel in pixels.as_chunks_mut::<3>().0 {
        for (sample, table) in pixel.iter_mut().zip(tables) {
            *sample = table[usize::from(*sample)];
        }
    }
}
