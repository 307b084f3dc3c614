//! Sums of logits and of their products, per predicted class: what Figures 3 and 4 are computed from, in one pass.

use crate::pixels::for_each_pixel;
use crate::{Error, Result};

/// Per predicted class the number of pixels N, the sum of the logits v and the sum of v v^T, all in f64.
///
/// The second sum is symmetric and kept as its upper triangle, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct LogitMoments {
    channels: usize,
    counts: Vec<u64>,
    /// Classes x channels.
    sums: Vec<f64>,
    /// Classes x channels (channels + 1) / 2.
    products: Vec<f64>,
}

impl LogitMoments {
    /// Empty moments of `channels` logits; the predicted class is one of the channels (channel 0 is background).
    ///
    /// # Panics
    /// If `channels` is 0 or above 255, which is a mistake in the program and not in its input.
    #[must_use]
    pub fn new(channels: usize) -> LogitMoments {
        assert!((1..=255).contains(&channels), "moments need 1 to 255 channels, not {channels}");
        LogitMoments {
            channels,
            counts: vec![0; channels],
            sums: vec![0.0; channels * channels],
            products: vec![0.0; channels * triangle(channels)],
        }
    }

    /// Moments that were summed elsewhere: for each predicted class the number of pixels, the sums of the logits, and of the
    /// upper triangle of their products, row by row.
    ///
    /// # Errors
    /// [`Error::Length`] unless there are `channels (1 + channels + channels (channels + 1) / 2)` sums.
    pub fn from_sums(channels: usize, sums: &[f64]) -> Result<LogitMoments> {
        let mut moments = LogitMoments::new(channels);
        let items = 1 + channels + triangle(channels);
        if sums.len() != channels * items {
            return Err(Error::Length { what: "moments", found: sums.len(), expected: channels * items });
        }
        for (class, sums) in sums.chunks_exact(items).enumerate() {
            // A whole number of pixels, far below 2^53.
            moments.counts[class] = sums[0] as u64;
            moments.sums[class * channels..][..channels].copy_from_slice(&sums[1..][..channels]);
            let products = &mut moments.products[class * triangle(channels)..][..triangle(channels)];
            products.copy_from_slice(&sums[1 + channels..]);
        }
        Ok(moments)
    }

    /// Adds the pixels of one image: `logits` are `channels` planes of `pred.len()` values, in the order of `pred`.
    ///
    /// # Errors
    /// [`Error::Length`] if the planes do not fit and [`Error::Class`] for a prediction that is not a channel; the sums
    /// are then as they were before.
    pub fn add(&mut self, logits: &[f32], pred: &[u8]) -> Result<()> {
        let (k, pixels) = (self.channels, pred.len());
        if logits.len() != k * pixels {
            return Err(Error::Length { what: "logits", found: logits.len(), expected: k * pixels });
        }
        if let Some(pixel) = pred.iter().position(|&p| p as usize >= k) {
            return Err(Error::Class { what: "prediction", value: pred[pixel], pixel, classes: k });
        }
        for_each_pixel(logits, k, pixels, |pixel, row| self.add_pixel(pred[pixel] as usize, row))
    }

    /// Adds the sums of other pixels.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of channels differs.
    pub fn merge(&mut self, other: &LogitMoments) -> Result<()> {
        if other.channels != self.channels {
            return Err(Error::Shape { what: "moments", found: other.channels, expected: self.channels });
        }
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
        self.products.iter_mut().zip(&other.products).for_each(|(a, b)| *a += b);
        Ok(())
    }

    /// The number of logits.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Pixels predicted as `class`.
    pub fn count(&self, class: usize) -> u64 {
        self.counts[class]
    }

    /// Pixels of all classes.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Mean logits of the pixels predicted as `class`; `None` if there are none.
    pub fn mean(&self, class: usize) -> Option<Vec<f64>> {
        let n = self.some(class)?;
        Some(self.sum(class).iter().map(|s| s / n).collect())
    }

    /// The uncentred second moment `E[v v^T]` of the pixels predicted as `class`, row-major channels x channels; `None`
    /// if there are none.
    pub fn second_moment(&self, class: usize) -> Option<Vec<f64>> {
        let n = self.some(class)?;
        Some(self.full(class, |_, _, product| product / n))
    }

    /// The covariance `E[v v^T] - E[v] E[v]^T` (divided by N, not N - 1) of the pixels predicted as `class`, row-major
    /// channels x channels; `None` if there are none.
    pub fn covariance(&self, class: usize) -> Option<Vec<f64>> {
        let n = self.some(class)?;
        let mean = self.mean(class)?;
        Some(self.full(class, |i, j, product| product / n - mean[i] * mean[j]))
    }

    /// The same moments of all pixels together, whatever their class: N, sum of v, and sum of v v^T as a row-major
    /// full matrix.
    pub fn pooled(&self) -> (u64, Vec<f64>, Vec<f64>) {
        let (k, size) = (self.channels, triangle(self.channels));
        let mut sum = vec![0.0; k];
        let mut packed = vec![0.0; size];
        for class in 0..k {
            sum.iter_mut().zip(self.sum(class)).for_each(|(a, b)| *a += b);
            packed.iter_mut().zip(self.packed(class)).for_each(|(a, b)| *a += b);
        }
        (self.total(), sum, unpack(k, &packed, |_, _, product| product))
    }

    /// Sum of the logits of the pixels predicted as `class`.
    pub fn sum(&self, class: usize) -> &[f64] {
        &self.sums[class * self.channels..][..self.channels]
    }

    /// The upper triangle of the sum of v v^T of `class`, row by row.
    pub(crate) fn packed(&self, class: usize) -> &[f64] {
        let size = triangle(self.channels);
        &self.products[class * size..][..size]
    }

    /// Sets one class from its stored sums, which must have the right lengths.
    pub(crate) fn set(&mut self, class: usize, count: u64, sum: &[f64], packed: &[f64]) {
        let (k, size) = (self.channels, triangle(self.channels));
        self.counts[class] = count;
        self.sums[class * k..][..k].copy_from_slice(sum);
        self.products[class * size..][..size].copy_from_slice(packed);
    }

    fn add_pixel(&mut self, class: usize, logits: &[f64]) {
        let (k, size) = (self.channels, triangle(self.channels));
        self.counts[class] += 1;
        self.sums[class * k..][..k].iter_mut().zip(logits).for_each(|(s, v)| *s += v);
        let mut rest = &mut self.products[class * size..][..size];
        for (i, &left) in logits.iter().enumerate() {
            let (row, below) = rest.split_at_mut(k - i);
            row.iter_mut().zip(&logits[i..]).for_each(|(s, right)| *s += left * right);
            rest = below;
        }
    }

    fn some(&self, class: usize) -> Option<f64> {
        (self.counts[class] > 0).then(|| self.counts[class] as f64)
    }

    fn full(&self, class: usize, value: impl Fn(usize, usize, f64) -> f64) -> Vec<f64> {
        unpack(self.channels, self.packed(class), value)
    }
}

/// Entries of the upper triangle of a `k` x `k` matrix.
pub(crate) fn triangle(k: usize) -> usize {
    k * (k + 1) / 2
}

pub(crate) fn unpack(k: usize, packed: &[f64], value: impl Fn(usize, usize, f64) -> f64) -> Vec<f64> {
    let mut full = vec![0.0; k * k];
    let mut at = 0;
    for i in 0..k {
        for j in i..k {
            let entry = value(i, j, packed[at]);
            full[i * k + j] = entry;
            full[j * k + i] = entry;
            at += 1;
        }
    }
    full
}
