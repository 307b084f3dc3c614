//! Canny's edges as OpenCV finds them in bytes: 3x3 Sobel, sums of absolute values, two thresholds.

use super::scratch::{self, Buffer};

const NOT: u8 = 1;
const MAYBE: u8 = 0;
const EDGE: u8 = 2;

/// The edges of a plane of bytes: 255 on an edge, 0 elsewhere.
pub(crate) fn edges(bytes: &[u8], (width, height): (usize, usize), low: i32, high: i32) -> Buffer<u8> {
    let gradient = Gradient::new(bytes, width, height);
    let mut map = scratch::dirty(width * height);
    let mut strong = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let m = gradient.magnitude(x as isize, y as isize);
            let i = y * width + x;
            map[i] = NOT;
            if m > low && gradient.is_ridge(x, y, m) {
                map[i] = MAYBE;
                if m > high {
                    map[i] = EDGE;
                    strong.push(i);
                }
            }
        }
    }
    grow(&mut map, width, height, strong);
    for v in map.iter_mut() {
        *v = if *v == EDGE { 255 } else { 0 };
    }
    map
}

/// Joins every possible edge that touches a certain one.
fn grow(map: &mut [u8], width: usize, height: usize, mut certain: Vec<usize>) {
    while let Some(i) = certain.pop() {
        let (x, y) = (i % width, i / width);
        for ny in y.saturating_sub(1)..(y + 2).min(height) {
            for nx in x.saturating_sub(1)..(x + 2).min(width) {
                let n = ny * width + nx;
                if map[n] == MAYBE {
                    map[n] = EDGE;
                    certain.push(n);
                }
            }
        }
    }
}

/// Sobel's derivatives to the right and down; beyond the edge, the edge is repeated.
struct Gradient {
    width: usize,
    height: usize,
    dx: Buffer<i16>,
    dy: Buffer<i16>,
}

impl Gradient {
    fn new(bytes: &[u8], width: usize, height: usize) -> Gradient {
        let (mut dx, mut dy) = (scratch::dirty(width * height), scratch::dirty(width * height));
        let at = |x: isize, y: isize| {
            let x = x.clamp(0, width as isize - 1) as usize;
            let y = y.clamp(0, height as isize - 1) as usize;
            i16::from(bytes[y * width + x])
        };
        for y in 0..height {
            for x in 0..width {
                let (i, x, y) = (y * width + x, x as isize, y as isize);
                let column = |x: isize| at(x, y - 1) + 2 * at(x, y) + at(x, y + 1);
                let row = |y: isize| at(x - 1, y) + 2 * at(x, y) + at(x + 1, y);
                dx[i] = column(x + 1) - column(x - 1);
                dy[i] = row(y + 1) - row(y - 1);
            }
        }
        Gradient { width, height, dx, dy }
    }

    /// `|dx| + |dy|`, and zero outside the plane.
    fn magnitude(&self, x: isize, y: isize) -> i32 {
        if x < 0 || y < 0 || x as usize >= self.width || y as usize >= self.height {
            return 0;
        }
        let i = y as usize * self.width + x as usize;
        i32::from(self.dx[i]).abs() + i32::from(self.dy[i]).abs()
    }

    /// Whether `m` is the largest across the edge, whose direction is taken to the nearest 45 degrees.
    fn is_ridge(&self, x: usize, y: usize, m: i32) -> bool {
        const TAN_22: i32 = 13573; // the tangent of 22.5 degrees, times 2^15
        let i = y * self.width + x;
        let (dx, dy) = (i32::from(self.dx[i]), i32::from(self.dy[i]));
        let at = |ox: isize, oy: isize| self.magnitude(x as isize + ox, y as isize + oy);
        let (across, down) = (dx.abs() * TAN_22, dy.abs() << 15);
        if down < across {
            return m > at(-1, 0) && m >= at(1, 0);
        }
        if down > across + (dx.abs() << 16) {
            return m > at(0, -1) && m >= at(0, 1);
        }
        let slope = if (dx ^ dy) < 0 { -1 } else { 1 };
        m > at(-slope, -1) && m > at(slope, 1)
    }
}
