//! Sums of products of all pairs of channels over many pixels, for more channels than fit the caches one pixel at a time.

/// Rows and columns of the part of a sum that is kept in registers.
const ROWS: usize = 4;
const COLUMNS: usize = 8;

/// Sums of products x y^T over pixels, for `channels` x `channels` pairs; both sides are rounded up to whole tiles.
pub(crate) struct Products {
    channels: usize,
    stride: usize,
    sums: Vec<f64>,
}

impl Products {
    /// Empty sums.
    pub(crate) fn new(channels: usize) -> Products {
        let stride = Products::stride(channels);
        Products { channels, stride, sums: vec![0.0; stride * stride] }
    }

    /// Values of a pixel in the strips that are added: those beyond the channels are 0.
    pub(crate) fn stride(channels: usize) -> usize {
        channels.next_multiple_of(COLUMNS)
    }

    /// Adds x y^T of a strip of pixels, each with `stride` values.
    pub(crate) fn add(&mut self, x: &[f64], y: &[f64]) {
        add_tiles(x, y, self.stride, false, &mut self.sums);
    }

    /// Adds x x^T of a strip of pixels; of the sums only the upper triangle is right.
    pub(crate) fn add_square(&mut self, x: &[f64]) {
        add_tiles(x, x, self.stride, true, &mut self.sums);
    }

    /// The upper triangle, row by row.
    pub(crate) fn upper(&self) -> impl Iterator<Item = f64> {
        self.rows().enumerate().flat_map(|(row, values)| values[row..].iter().copied())
    }

    /// All sums, row by row.
    pub(crate) fn all(&self) -> impl Iterator<Item = f64> {
        self.rows().flatten().copied()
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.sums.chunks_exact(self.stride).take(self.channels).map(|row| &row[..self.channels])
    }
}

scribe_base::simd_fn! {
    /// Adds to `sums` `[stride, stride]` the products of a strip, tile by tile; with `upper`, tiles below the diagonal are
    /// left out.
    fn add_tiles(x: &[f64], y: &[f64], stride: usize, upper: bool, sums: &mut [f64]) {
        for row in (0..stride).step_by(ROWS) {
            let first = if upper { row / COLUMNS * COLUMNS } else { 0 };
            for column in (first..stride).step_by(COLUMNS) {
                let mut tile = [[0.0; COLUMNS]; ROWS];
                for (x, y) in x.chunks_exact(stride).zip(y.chunks_exact(stride)) {
                    let (Some(a), Some(b)) = (x[row..].first_chunk::<ROWS>(), y[column..].first_chunk::<COLUMNS>())
                    else {
                        continue;
                    };
                    for (tile, left) in tile.iter_mut().zip(a) {
                        tile.iter_mut().zip(b).for_each(|(sum, right)| *sum += left * right);
                    }
                }
                for (sums, tile) in sums[row * stride..].chunks_exact_mut(stride).zip(&tile) {
                    sums[column..].iter_mut().zip(tile).for_each(|(sum, value)| *sum += value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Whole numbers, so that every sum is exact in f64 and equality is too.
    #[test]
    fn sums_are_those_of_a_plain_loop() {
        for channels in [1, 4, 7, 8, 33] {
            let (stride, pixels) = (Products::stride(channels), 13);
            let strip = |salt: usize| {
                let value = |p: usize, c: usize| ((p * 31 + c * 7 + salt) % 19) as f64 - 9.0;
                let row = |p: usize| (0..stride).map(move |c| if c < channels { value(p, c) } else { 0.0 });
                (0..pixels).flat_map(row).collect::<Vec<f64>>()
            };
            let (x, y) = (strip(1), strip(5));
            let slow = |i: usize, j: usize, y: &[f64]| {
                (0..pixels).map(|p| x[p * stride + i] * y[p * stride + j]).sum::<f64>()
            };
            let (mut cross, mut square) = (Products::new(channels), Products::new(channels));
            for part in [0..5 * stride, 5 * stride..pixels * stride] {
                cross.add(&x[part.clone()], &y[part.clone()]);
                square.add_square(&x[part]);
            }
            let pairs = |from_row: bool| {
                (0..channels).flat_map(move |i| (if from_row { i } else { 0 }..channels).map(move |j| (i, j)))
            };
            let expected: Vec<f64> = pairs(false).map(|(i, j)| slow(i, j, &y)).collect();
            assert_eq!(cross.all().collect::<Vec<_>>(), expected, "{channels}");
            let expected: Vec<f64> = pairs(true).map(|(i, j)| slow(i, j, &x)).collect();
            assert_eq!(square.upper().collect::<Vec<_>>(), expected, "{channels}");
        }
    }
}
