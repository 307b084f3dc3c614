//! OpenCV's affine warp of RGB in single precision, linear, mirrored beyond the edge.

use super::mirror::mirror;

/// Two rows of an affine map: `x' = m[0] x + m[1] y + m[2]`, and `y'` likewise.
pub(crate) type Affine = [[f64; 3]; 2];

/// The map that carries three points to three others (`cv::getAffineTransform`), by OpenCV's elimination.
pub(crate) fn from_points(from: [[f32; 2]; 3], to: [[f32; 2]; 3]) -> Affine {
    let mut a = [[0.0; 7]; 6];
    for i in 0..3 {
        let [x, y] = from[i].map(f64::from);
        a[2 * i] = [x, y, 1.0, 0.0, 0.0, 0.0, f64::from(to[i][0])];
        a[2 * i + 1] = [0.0, 0.0, 0.0, x, y, 1.0, f64::from(to[i][1])];
    }
    let s = solve(a);
    [[s[0], s[1], s[2]], [s[3], s[4], s[5]]]
}

/// Gaussian elimination with row exchanges; the last column is the right-hand side.
fn solve(mut a: [[f64; 7]; 6]) -> [f64; 6] {
    for i in 0..6 {
        let mut pivot = i;
        for j in i + 1..6 {
            if a[j][i].abs() > a[pivot][i].abs() {
                pivot = j;
            }
        }
        a.swap(i, pivot);
        let row = a[i];
        let d = -1.0 / row[i];
        for other in &mut a[i + 1..] {
            let alpha = other[i] * d;
            for (o, v) in other.iter_mut().zip(row).skip(i + 1) {
                *o += alpha * v;
            }
        }
    }
    let mut x = [0.0; 6];
    for i in (0..6).rev() {
        let mut sum = a[i][6];
        for k in i + 1..6 {
            sum -= a[i][k] * x[k];
        }
        x[i] = sum / a[i][i];
    }
    x
}

/// The inverse, in `cv::warpAffine`'s order of operations.
fn invert(m: Affine) -> Affine {
    let [[a, b, c], [d, e, f]] = m;
    let determinant = a * e - b * d;
    let r = if determinant == 0.0 { 0.0 } else { 1.0 / determinant };
    let (a, b, d, e) = (e * r, b * -r, d * -r, a * r);
    [[a, b, -a * c - b * f], [d, e, -d * c - e * f]]
}

/// Warps the bytes of `source`, as units, by `map` into `out`: positions are rounded to 1/32 of a pixel.
pub(crate) fn warp(source: &[u8], (width, height): (usize, usize), map: Affine, out: &mut [f32]) {
    const ONE: f64 = 1024.0;
    let m = invert(map);
    let units: [f32; 256] = std::array::from_fn(|byte| byte as f32 / 255.0);
    let whole = |v: f64| v.round_ties_even() as i64;
    let columns: Vec<[i64; 2]> = (0..width).map(|x| m.map(|row| whole(row[0] * x as f64 * ONE))).collect();
    let pixels = source.as_chunks::<3>().0;
    let rows = out.as_chunks_mut::<3>().0.chunks_exact_mut(width);
    for (y, out) in rows.enumerate() {
        let start = m.map(|row| whole((row[1] * y as f64 + row[2]) * ONE) + 16);
        for (pixel, column) in out.iter_mut().zip(&columns) {
            let [x, y] = [0, 1].map(|i| (start[i] + column[i]) >> 5);
            let (fx, fy) = ((x & 31) as f32 / 32.0, (y & 31) as f32 / 32.0);
            let (x, y) = (x >> 5, y >> 5);
            let at = |dx: i64, dy: i64| &pixels[mirror(y + dy, height) * width + mirror(x + dx, width)];
            let four = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
            // These products of 32nds are exact.
            let w = [(1.0 - fy) * (1.0 - fx), (1.0 - fy) * fx, fy * (1.0 - fx), fy * fx];
            for (c, sample) in pixel.iter_mut().enumerate() {
                let [a, b, c, d] = four.map(|pixel| units[usize::from(pixel[c])]);
                *sample = a * w[0] + b * w[1] + c * w[2] + d * w[3];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_points_give_their_map() {
        let from = [[186.0, 186.0], [186.0, 38.0], [38.0, 38.0]];
        let to = from.map(|[x, y]| [2.0 * x + 3.0, y - x + 5.0]);
        let got = from_points(from, to);
        let expected = [[2.0, 0.0, 3.0], [-1.0, 1.0, 5.0]];
        for (g, e) in got.iter().flatten().zip(expected.iter().flatten()) {
            assert!((g - e).abs() < 1e-9, "{got:?}");
        }
    }
}
