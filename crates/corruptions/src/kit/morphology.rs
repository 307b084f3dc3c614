//! Small OpenCV functions on planes: chamfer distance, 3x3 filters, histogram equalisation.

use super::mirror::mirror;
use super::scratch::{self, Buffer};

/// The nine neighbours' sum under `f`, mirrored beyond the edge.
fn nine<T: Copy, S: std::iter::Sum>(
    plane: &[T],
    (width, height): (usize, usize),
    (x, y): (usize, usize),
    f: impl Fn(usize, T) -> S,
) -> S {
    (0..9)
        .map(|k| {
            let column = mirror(x as i64 + (k % 3) as i64 - 1, width);
            let row = mirror(y as i64 + (k / 3) as i64 - 1, height);
            f(k, plane[row * width + column])
        })
        .sum()
}

fn each<T: scratch::Pooled>((width, height): (usize, usize), f: impl Fn((usize, usize)) -> T) -> Buffer<T> {
    let mut out = scratch::dirty(width * height);
    for (y, row) in out.chunks_exact_mut(width).enumerate() {
        for (x, v) in row.iter_mut().enumerate() {
            *v = f((x, y));
        }
    }
    out
}

/// `blur(plane, 3x3)` of single precision, summed in double precision.
pub(crate) fn box_f32(plane: &[f32], size: (usize, usize)) -> Buffer<f32> {
    each(size, |at| (nine(plane, size, at, |_, v| f64::from(v)) * (1.0 / 9.0)) as f32)
}

/// `blur(plane, 3x3)` of bytes, rounded by OpenCV's reciprocal.
pub(crate) fn box_u8(plane: &[u8], size: (usize, usize)) -> Buffer<u8> {
    each(size, |at| (((nine(plane, size, at, |_, v| u32::from(v)) + 4) * 7282) >> 16) as u8)
}

/// A 3x3 correlation of bytes in whole numbers, clipped to bytes.
pub(crate) fn filter_u8(plane: &[u8], size: (usize, usize), kernel: [i32; 9]) -> Buffer<u8> {
    each(size, |at| nine(plane, size, at, |k, v| kernel[k] * i32::from(v)).clamp(0, 255) as u8)
}

/// Spreads the bytes' histogram over the whole range (`equalizeHist`).
pub(crate) fn equalise(plane: &mut [u8]) {
    let mut counts = [0_i32; 256];
    for &v in plane.iter() {
        counts[usize::from(v)] += 1;
    }
    let Some(first) = counts.iter().position(|&n| n > 0) else { return };
    let rest = plane.len() as i32 - counts[first];
    if rest == 0 {
        return;
    }
    let scale = 255.0 / rest as f32;
    let mut table = [0; 256];
    let mut sum = 0;
    for i in first + 1..256 {
        sum += counts[i];
        table[i] = (sum as f32 * scale).round_ties_even() as u8;
    }
    for v in plane {
        *v = table[usize::from(*v)];
    }
}

/// One step of the 5x5 chamfer metric: columns, rows, and length in 1/65536.
type Step = (isize, isize, u32);

const STRAIGHT: u32 = 65536;
const DIAGONAL: u32 = 91750; // 1.4
const KNIGHT: u32 = 143_976; // 2.1969

const UP: [Step; 8] = [
    (-1, -2, KNIGHT),
    (1, -2, KNIGHT),
    (-2, -1, KNIGHT),
    (-1, -1, DIAGONAL),
    (0, -1, STRAIGHT),
    (1, -1, DIAGONAL),
    (2, -1, KNIGHT),
    (-1, 0, STRAIGHT),
];

/// The distance of every pixel to the nearest edge (where `edges` is not 0), by OpenCV's 5x5 chamfer
/// (`distanceTransform(DIST_L2, 5)`), and at most `most`.
pub(crate) fn distance(edges: &[u8], (width, height): (usize, usize), most: f32) -> Buffer<f32> {
    const FAR: u32 = u32::MAX >> 2;
    let stride = width + 4;
    let mut field = scratch::dirty(stride * (height + 4));
    field.fill(FAR);
    let place = |x: usize, y: usize| (y + 2) * stride + x + 2;
    let nearest = |field: &[u32], i: usize, sign: isize| {
        let read =
            |&(x, y, length): &Step| field[(i as isize + sign * (y * stride as isize + x)) as usize] + length;
        UP.iter().map(read).min().expect("eight steps").min(FAR)
    };
    for y in 0..height {
        for x in 0..width {
            let i = place(x, y);
            field[i] = if edges[y * width + x] != 0 { 0 } else { nearest(&field, i, 1) };
        }
    }
    for y in (0..height).rev() {
        for x in (0..width).rev() {
            let i = place(x, y);
            field[i] = field[i].min(nearest(&field, i, -1));
        }
    }
    each((width, height), |(x, y)| (field[place(x, y)] as f32 * (1.0 / 65536.0)).min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_around_one_point() {
        let mut edges = vec![0; 49];
        edges[24] = 255;
        let d = distance(&edges, (7, 7), 20.0);
        assert_eq!((d[24], d[25]), (0.0, 1.0));
        assert!((d[32] - 1.4).abs() < 1e-4, "a diagonal step");
        assert!((d[26 + 7] - 2.1969).abs() < 1e-4, "a knight's step");
        let nothing = distance(&[0; 49], (7, 7), 20.0);
        assert!(nothing.iter().all(|&v| v == 20.0));
    }

    #[test]
    fn equalising_two_levels() {
        let mut plane = [7, 7, 9, 9];
        equalise(&mut plane);
        assert_eq!(plane, [0, 0, 255, 255]);
    }
}
