//! Defocus blur: the lens is out of focus.

use crate::kit::mirror::mirror;
use crate::kit::pixels::clip_to_byte;
use crate::kit::{math, scratch};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};
use scribe_base::simd_fn;
use std::sync::LazyLock;

/// A mean over a disk with softened edge (`defocus_blur` of ImageNet-C). Draws nothing.
///
/// The kernel is a disk in single precision passed through OpenCV's Gaussian blur of 3x3 (5x5 at severity 5),
/// mirrored at its own edge; at severities 4 and 5 the disk touches that edge, so that the kernel's sum is 1.013
/// and 1.011 and the picture gets brighter.
/// Beyond its edge the picture is mirrored, without repeating the edge.
///
/// OpenCV multiplies spectra here. This adds bytes of equal weight in whole numbers first, which is nearer to
/// the true sum than either of the reference's paths, and gives the same bytes.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::DefocusBlur};
/// let mut white = vec![255; 32 * 32 * 3];
/// DefocusBlur.apply_in_place(PictureMut::new(&mut white, 32, 32)?, Severity::new(1)?, &mut Rng::seed(0))?;
/// assert!(white.iter().all(|&s| s == 254), "the kernel's sum is just below one, and bytes are truncated");
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DefocusBlur;

/// Radius of the disk and sigma of its edge.
const RADIUS_SIGMA: [(i32, f64); 5] = [(3, 0.1), (4, 0.5), (6, 0.5), (8, 0.5), (10, 0.5)];

static KERNELS: LazyLock<[Kernel; 5]> =
    LazyLock::new(|| RADIUS_SIGMA.map(|(r, sigma)| Kernel::new(r, sigma)));

static META: Meta = Meta {
    name: "defocus_blur",
    implementation: "reference/1",
    group: Group::Blur,
    about: "A mean over a disk.",
    parameters: |severity| {
        let (radius, sigma) = severity.pick(&RADIUS_SIGMA);
        format!("radius={radius} alias_blur={sigma}")
    },
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for DefocusBlur {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, _rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let kernel = &KERNELS[severity.index()];
        let reach = kernel.reach as usize;
        let stride = 3 * (width + 2 * reach);
        let mut padded: scratch::Buffer<u8> = scratch::dirty(stride * (height + 2 * reach));
        pad(pixels, width, height, reach, &mut padded);
        let groups = kernel.offsets(stride);
        for (y, row) in pixels.chunks_exact_mut(3 * width).enumerate() {
            correlate(&padded, y * stride, &groups, row);
        }
    }
}

/// Taps of equal weight: the weight, and the taps' column and row from 0 to twice the reach.
struct Kernel {
    reach: i32,
    groups: Vec<(f64, Vec<(usize, usize)>)>,
}

/// As many bytes as can be added in sixteen bits.
const MOST: usize = 257;

impl Kernel {
    fn new(radius: i32, sigma: f64) -> Kernel {
        let (reach, blur) = if radius <= 8 { (8, 1) } else { (radius, 2) };
        let side = (2 * reach + 1) as usize;
        let mut disk: Vec<f32> = (0..side * side)
            .map(|i| {
                let (x, y) = ((i % side) as i32 - reach, (i / side) as i32 - reach);
                f32::from(u8::from(x * x + y * y <= radius * radius))
            })
            .collect();
        let count: f32 = disk.iter().sum();
        disk.iter_mut().for_each(|v| *v /= count);
        let weights = edge_weights(blur, sigma);
        let across = soften(&disk, side, &weights, |row, i| row * side + i);
        let both = soften(&across, side, &weights, |column, i| i * side + column);
        let mut both_by_rows = vec![0.0; side * side];
        for (i, v) in both.iter().enumerate() {
            both_by_rows[i % side * side + i / side] = *v;
        }
        Kernel { reach, groups: group(&both_by_rows, side) }
    }

    /// The groups with each tap as an offset into a padded picture.
    fn offsets(&self, stride: usize) -> Vec<(f64, Vec<usize>)> {
        let place = |&(x, y): &(usize, usize)| y * stride + 3 * x;
        self.groups.iter().map(|(w, taps)| (*w, taps.iter().map(place).collect())).collect()
    }
}

/// OpenCV's Gaussian weights for single precision: the centre's, and those at 1 and 2.
fn edge_weights(radius: i32, sigma: f64) -> Vec<f32> {
    let bell = |i: i32| math::exp(-0.5 / (sigma * sigma) * f64::from(i * i));
    let total: f64 = (-radius..=radius).map(bell).sum();
    (0..=radius).map(|i| (bell(i) * (1.0 / total)) as f32).collect()
}

/// One pass of the softening over every line of a square; line `l`, place `i` is read at `at(l, i)`, and the
/// result is stored line by line.
fn soften(square: &[f32], side: usize, weights: &[f32], at: impl Fn(usize, usize) -> usize) -> Vec<f32> {
    let read = |line: usize, i: i32| square[at(line, mirror(i64::from(i), side))];
    let mut out = Vec::with_capacity(square.len());
    for line in 0..side {
        for i in 0..side as i32 {
            let mut sum = read(line, i) * weights[0];
            for (j, w) in (1..).zip(&weights[1..]) {
                sum += (read(line, i - j) + read(line, i + j)) * w;
            }
            out.push(sum);
        }
    }
    out
}

/// Sorts the taps by weight, in groups small enough to be added in sixteen bits.
fn group(kernel: &[f32], side: usize) -> Vec<(f64, Vec<(usize, usize)>)> {
    let mut groups: Vec<(f64, Vec<(usize, usize)>)> = Vec::new();
    for (i, &weight) in kernel.iter().enumerate().filter(|(_, w)| **w != 0.0) {
        let (weight, tap) = (f64::from(weight), (i % side, i / side));
        match groups.iter_mut().find(|(w, taps)| *w == weight && taps.len() < MOST) {
            Some((_, taps)) => taps.push(tap),
            None => groups.push((weight, vec![tap])),
        }
    }
    groups
}

/// Copies a picture with a mirrored margin on all sides.
fn pad(pixels: &[u8], width: usize, height: usize, reach: usize, out: &mut [u8]) {
    let stride = width + 2 * reach;
    let side = |i: usize, n: usize| mirror(i as i64 - reach as i64, n);
    for (y, out) in out.chunks_exact_mut(3 * stride).enumerate() {
        let row = &pixels[side(y, height) * 3 * width..][..3 * width];
        out[3 * reach..3 * (reach + width)].copy_from_slice(row);
        for x in (0..reach).chain(reach + width..stride) {
            let from = 3 * side(x, width);
            out[3 * x..3 * x + 3].copy_from_slice(&row[from..from + 3]);
        }
    }
}

/// Samples summed at once, in registers.
const BLOCK: usize = 32;

simd_fn! {
    fn correlate(padded: &[u8], start: usize, groups: &[(f64, Vec<usize>)], out: &mut [u8]) {
        let (blocks, tail) = out.as_chunks_mut::<BLOCK>();
        let whole = blocks.len() * BLOCK;
        for (b, out) in blocks.iter_mut().enumerate() {
            let samples = &padded[start + b * BLOCK..];
            let mut sums = [0.0; BLOCK];
            for (weight, taps) in groups {
                let mut bytes = [0_u16; BLOCK];
                for &tap in taps {
                    for (sum, &s) in bytes.iter_mut().zip(&samples[tap..tap + BLOCK]) {
                        *sum += u16::from(s);
                    }
                }
                for (sum, &s) in sums.iter_mut().zip(&bytes) {
                    *sum += weight * f64::from(s);
                }
            }
            for (o, &v) in out.iter_mut().zip(&sums) {
                *o = clip_to_byte(v);
            }
        }
        for (i, o) in tail.iter_mut().enumerate() {
            let samples = &padded[start + whole + i..];
            let sum = groups.iter().fold(0.0, |sum, (weight, taps)| {
                sum + weight * f64::from(taps.iter().map(|&tap| u16::from(samples[tap])).sum::<u16>())
            });
            *o = clip_to_byte(sum);
        }
    }
}
