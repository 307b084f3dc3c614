//! Sums of products of clean and corrupted logits at the same pixels: what linear CKA is computed from.

use crate::moments::{triangle, unpack};
use crate::pixels::{for_each_pixel_of, for_each_strip_of};
use crate::products::Products;
use crate::{Error, MOST_BY_CLASS, Result};

/// Of clean logits x and corrupted logits y of the same pixels: N, the sums of x, y, x x^T, y y^T and x y^T, in f64.
///
/// Pixels are paired by their place in the image. A corruption that moves the image's content (elastic_transform, and
/// blurs by a little) therefore pairs different points of the scene, as its label, which stays where it is, does too.
#[derive(Clone, Debug, PartialEq)]
pub struct CrossMoments {
    channels: usize,
    count: u64,
    /// Sum of x, then sum of y.
    sums: [Vec<f64>; 2],
    /// Upper triangles of x x^T and of y y^T, row by row.
    squares: [Vec<f64>; 2],
    /// Sum of x y^T, row-major, clean x corrupted.
    cross: Vec<f64>,
}

/// The three covariances that linear CKA is computed from, each row-major channels x channels, divided by N.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariances {
    /// Clean with clean.
    pub clean: Vec<f64>,
    /// Corrupted with corrupted.
    pub corrupted: Vec<f64>,
    /// Clean (rows) with corrupted (columns).
    pub cross: Vec<f64>,
}

impl CrossMoments {
    /// Empty sums of `channels` logits.
    ///
    /// # Panics
    /// If `channels` is 0 or above 255, which is a mistake in the program and not in its input.
    pub fn new(channels: usize) -> CrossMoments {
        assert!((1..=255).contains(&channels), "moments need 1 to 255 channels, not {channels}");
        let pair = |size: usize| [vec![0.0; size], vec![0.0; size]];
        CrossMoments {
            channels,
            count: 0,
            sums: pair(channels),
            squares: pair(triangle(channels)),
            cross: vec![0.0; channels * channels],
        }
    }

    /// Adds the pixels of one image: both are `channels` planes of the same pixels in the same order.
    ///
    /// # Errors
    /// [`Error::Length`] if they differ in length or are not a whole number of pixels; the sums are then as before.
    pub fn add(&mut self, clean: &[f32], corrupted: &[f32]) -> Result<()> {
        let k = self.channels;
        if clean.len() != corrupted.len() || !clean.len().is_multiple_of(k) {
            let (found, expected) = (corrupted.len(), clean.len() / k * k);
            return Err(Error::Length { what: "corrupted logits", found, expected });
        }
        let pixels = clean.len() / k;
        if k <= MOST_BY_CLASS {
            for_each_pixel_of([clean, corrupted], k, pixels, |_, [x, y]| self.add_pixel(x, y))?;
        } else {
            self.add_strips([clean, corrupted], pixels)?;
        }
        self.count += pixels as u64;
        Ok(())
    }

    /// Adds the sums of other pixels.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of channels differs.
    pub fn merge(&mut self, other: &CrossMoments) -> Result<()> {
        if other.channels != self.channels {
            return Err(Error::Shape {
                what: "cross moments",
                found: other.channels,
                expected: self.channels,
            });
        }
        self.count += other.count;
        let (mine, theirs) = (self.parts_mut(), other.parts());
        for (mine, theirs) in mine.into_iter().zip(theirs) {
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
        Ok(())
    }

    /// The number of logits.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Pixels counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean clean and mean corrupted logits; `None` if no pixel was counted.
    pub fn means(&self) -> Option<[Vec<f64>; 2]> {
        let n = (self.count > 0).then_some(self.count as f64)?;
        Some(self.sums.clone().map(|sum| sum.into_iter().map(|s| s / n).collect()))
    }

    /// The covariances `E[x y^T] - E[x] E[y]^T`; `None` if no pixel was counted.
    pub fn covariances(&self) -> Option<Covariances> {
        let (n, [x, y]) = (self.count as f64, self.means()?);
        let k = self.channels;
        let own = |packed: &[f64], mean: &[f64]| unpack(k, packed, |i, j, s| s / n - mean[i] * mean[j]);
        let cross = self.cross.iter().enumerate().map(|(at, s)| s / n - x[at / k] * y[at % k]);
        Some(Covariances {
            clean: own(&self.squares[0], &x),
            corrupted: own(&self.squares[1], &y),
            cross: cross.collect(),
        })
    }

    /// The sums in the order in which they are stored.
    pub(crate) fn parts(&self) -> [&[f64]; 5] {
        let ([x, y], [xx, yy]) = (&self.sums, &self.squares);
        [x, y, xx, yy, &self.cross]
    }

    /// The same, to be filled.
    pub(crate) fn parts_mut(&mut self) -> [&mut [f64]; 5] {
        let ([x, y], [xx, yy]) = (&mut self.sums, &mut self.squares);
        [x, y, xx, yy, &mut self.cross]
    }

    pub(crate) fn set_count(&mut self, count: u64) {
        self.count = count;
    }

    /// As [`CrossMoments::add_pixel`] for every pixel, in another order of the sums.
    fn add_strips(&mut self, logits: [&[f32]; 2], pixels: usize) -> Result<()> {
        let (k, stride) = (self.channels, Products::stride(self.channels));
        let [mut xx, mut yy, mut xy] = [(); 3].map(|()| Products::new(k));
        for_each_strip_of(logits, k, pixels, stride, |_, [x, y]| {
            for (sums, strip) in self.sums.iter_mut().zip([&*x, &*y]) {
                for row in strip.chunks_exact(stride) {
                    sums.iter_mut().zip(row).for_each(|(s, v)| *s += v);
                }
            }
            xx.add_square(x);
            yy.add_square(y);
            xy.add(x, y);
        })?;
        let [x, y] = &mut self.squares;
        for (sums, products) in [(x, &xx), (y, &yy)] {
            sums.iter_mut().zip(products.upper()).for_each(|(s, v)| *s += v);
        }
        self.cross.iter_mut().zip(xy.all()).for_each(|(s, v)| *s += v);
        Ok(())
    }

    fn add_pixel(&mut self, x: &[f64], y: &[f64]) {
        let k = self.channels;
        for (side, z) in [x, y].into_iter().enumerate() {
            self.sums[side].iter_mut().zip(z).for_each(|(s, v)| *s += v);
            let mut rest = self.squares[side].as_mut_slice();
            for (i, &left) in z.iter().enumerate() {
                let (row, below) = rest.split_at_mut(k - i);
                row.iter_mut().zip(&z[i..]).for_each(|(s, right)| *s += left * right);
                rest = below;
            }
        }
        for (row, &left) in self.cross.chunks_exact_mut(k).zip(x) {
            row.iter_mut().zip(y).for_each(|(s, right)| *s += left * right);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The slow obvious way: one mean and one product after the other, over all pixels.
        #[test]
        fn covariances_are_those_of_a_plain_loop(
            pixels in 1usize..150, values in prop::collection::vec(-8.0f32..8.0, 2 * 3 * 150)
        ) {
            let (x, y) = (&values[..3 * pixels], &values[450..450 + 3 * pixels]);
            let mut sums = CrossMoments::new(3);
            sums.add(x, y).unwrap();
            let found = sums.covariances().unwrap();
            let mean = |z: &[f32], c: usize| {
                z[c * pixels..][..pixels].iter().map(|&v| f64::from(v)).sum::<f64>() / pixels as f64
            };
            let slow = |a: &[f32], b: &[f32], i: usize, j: usize| {
                let (p, q) = (&a[i * pixels..][..pixels], &b[j * pixels..][..pixels]);
                let centred = p.iter().zip(q).map(|(&p, &q)| (f64::from(p) - mean(a, i)) * (f64::from(q) - mean(b, j)));
                centred.sum::<f64>() / pixels as f64
            };
            for i in 0..3 {
                for j in 0..3 {
                    let at = i * 3 + j;
                    prop_assert!((found.clean[at] - slow(x, x, i, j)).abs() < 1e-11);
                    prop_assert!((found.corrupted[at] - slow(y, y, i, j)).abs() < 1e-11);
                    prop_assert!((found.cross[at] - slow(x, y, i, j)).abs() < 1e-11);
                }
            }
        }
    }

    #[test]
    fn pictures_of_different_sizes_are_refused_and_nothing_is_added() {
        let mut sums = CrossMoments::new(2);
        assert!(matches!(sums.add(&[0.0; 6], &[0.0; 4]), Err(Error::Length { .. })));
        assert!(matches!(sums.add(&[0.0; 5], &[0.0; 5]), Err(Error::Length { .. })));
        assert!((sums.count(), sums.covariances().is_none()) == (0, true));
        assert!(matches!(sums.merge(&CrossMoments::new(3)), Err(Error::Shape { .. })));
    }
}
