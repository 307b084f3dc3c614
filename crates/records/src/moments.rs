//! Sums of logits and of their products, per predicted class: what Figures 3 and 4 are computed from, in one pass.

use crate::pixels::{for_each_pixel, for_each_strip_of};
use crate::products::Products;
use crate::{Error, MomentDetail, Result};

/// Per predicted class the number of pixels N, the sum of the logits v and the sum of v v^T, all in f64; or some of
/// these of all pixels together ([`MomentDetail`]).
///
/// The last sum is symmetric and kept as its upper triangle, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct LogitMoments {
    channels: usize,
    detail: MomentDetail,
    /// One for each class, or one in all.
    counts: Vec<u64>,
    /// As many rows of channels.
    sums: Vec<f64>,
    /// Channels (channels + 1) / 2, of each class or of all pixels.
    products: Vec<f64>,
}

impl LogitMoments {
    /// Empty moments of `channels` logits, kept by class; the predicted class is one of the channels (channel 0 is
    /// background).
    ///
    /// # Panics
    /// If `channels` is 0 or above 255, which is a mistake in the program and not in its input.
    #[must_use]
    pub fn new(channels: usize) -> LogitMoments {
        LogitMoments::with_detail(channels, MomentDetail::ByClass)
    }

    /// As [`LogitMoments::new`], kept as finely as `detail` says.
    ///
    /// # Panics
    /// Those of [`LogitMoments::new`].
    #[must_use]
    pub fn with_detail(channels: usize, detail: MomentDetail) -> LogitMoments {
        assert!((1..=255).contains(&channels), "moments need 1 to 255 channels, not {channels}");
        let rows = if detail == MomentDetail::Pooled { 1 } else { channels };
        let products = if detail == MomentDetail::ByClass { channels } else { 1 };
        LogitMoments {
            channels,
            detail,
            counts: vec![0; rows],
            sums: vec![0.0; rows * channels],
            products: vec![0.0; products * triangle(channels)],
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
            moments.set_sums(class, sums[0] as u64, &sums[1..][..channels]);
            moments.set_products(class, &sums[1 + channels..]);
        }
        Ok(moments)
    }

    /// The same moments, kept no more finely than `detail`.
    #[must_use]
    pub fn coarsened(self, detail: MomentDetail) -> LogitMoments {
        if detail <= self.detail {
            return self;
        }
        let mut coarse = LogitMoments::with_detail(self.channels, detail);
        for (row, &count) in self.counts.iter().enumerate() {
            let at = if detail == MomentDetail::Pooled { 0 } else { row };
            coarse.counts[at] += count;
            add(&mut coarse.sums[at * self.channels..][..self.channels], self.sum(row));
        }
        for products in self.products.chunks_exact(triangle(self.channels)) {
            add(&mut coarse.products, products);
        }
        coarse
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
        if self.detail == MomentDetail::ByClass {
            return for_each_pixel(logits, k, pixels, |pixel, row| self.add_pixel(pred[pixel] as usize, row));
        }
        let (stride, mut products) = (Products::stride(k), Products::new(k));
        for_each_strip_of([logits], k, pixels, stride, |first, [strip]| {
            for (row, &class) in strip.chunks_exact(stride).zip(&pred[first..]) {
                self.add_to_sums(class as usize, &row[..k]);
            }
            products.add_square(strip);
        })?;
        self.products.iter_mut().zip(products.upper()).for_each(|(sum, value)| *sum += value);
        Ok(())
    }

    /// Adds the sums of other pixels; the result is as fine as the coarser of the two.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of channels differs.
    pub fn merge(&mut self, other: &LogitMoments) -> Result<()> {
        if other.channels != self.channels {
            return Err(Error::Shape { what: "moments", found: other.channels, expected: self.channels });
        }
        if self.detail < other.detail {
            let fine = std::mem::replace(self, LogitMoments::with_detail(self.channels, other.detail));
            *self = fine.coarsened(other.detail);
        }
        if other.detail < self.detail {
            return self.merge(&other.clone().coarsened(self.detail));
        }
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
        add(&mut self.sums, &other.sums);
        add(&mut self.products, &other.products);
        Ok(())
    }

    /// The number of logits.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// How finely they are kept apart.
    pub fn detail(&self) -> MomentDetail {
        self.detail
    }

    /// Pixels predicted as `class`; 0 where they are not kept by class.
    pub fn count(&self, class: usize) -> u64 {
        if self.detail == MomentDetail::Pooled { 0 } else { self.counts[class] }
    }

    /// Pixels of all classes.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Mean logits of the pixels predicted as `class`; `None` if there are none, or if they are not kept by class.
    pub fn mean(&self, class: usize) -> Option<Vec<f64>> {
        let n = self.some(class)?;
        Some(self.sum(class).iter().map(|s| s / n).collect())
    }

    /// The uncentred second moment `E[v v^T]` of the pixels predicted as `class`, row-major channels x channels; `None`
    /// if there are none, or if products are not kept by class.
    pub fn second_moment(&self, class: usize) -> Option<Vec<f64>> {
        let n = self.some(class)?;
        Some(unpack(self.channels, self.packed(class)?, |_, _, product| product / n))
    }

    /// The covariance `E[v v^T] - E[v] E[v]^T` (divided by N, not N - 1) of the pixels predicted as `class`, row-major
    /// channels x channels; `None` if there are none, or if products are not kept by class.
    pub fn covariance(&self, class: usize) -> Option<Vec<f64>> {
        let n = self.some(class)?;
        let mean = self.mean(class)?;
        Some(unpack(self.channels, self.packed(class)?, |i, j, product| product / n - mean[i] * mean[j]))
    }

    /// The same moments of all pixels together, whatever their class: N, sum of v, and sum of v v^T as a row-major
    /// full matrix.
    pub fn pooled(&self) -> (u64, Vec<f64>, Vec<f64>) {
        let (count, sum, packed) = self.pooled_packed();
        (count, sum, unpack(self.channels, &packed, |_, _, product| product))
    }

    /// As [`LogitMoments::pooled`], with the upper triangle of the products.
    pub(crate) fn pooled_packed(&self) -> (u64, Vec<f64>, Vec<f64>) {
        let (k, size) = (self.channels, triangle(self.channels));
        let mut sum = vec![0.0; k];
        let mut packed = vec![0.0; size];
        self.sums.chunks_exact(k).for_each(|row| add(&mut sum, row));
        self.products.chunks_exact(size).for_each(|products| add(&mut packed, products));
        (self.total(), sum, packed)
    }

    /// Sum of the logits of the pixels predicted as `class`; of all pixels where they are not kept by class.
    pub fn sum(&self, class: usize) -> &[f64] {
        let row = if self.detail == MomentDetail::Pooled { 0 } else { class };
        &self.sums[row * self.channels..][..self.channels]
    }

    /// The upper triangle of the sum of v v^T of `class`, row by row; `None` where products are not kept by class.
    pub(crate) fn packed(&self, class: usize) -> Option<&[f64]> {
        let size = triangle(self.channels);
        (self.detail == MomentDetail::ByClass).then(|| &self.products[class * size..][..size])
    }

    /// Sets the number of pixels and the sum of one class, or of all pixels (class 0), to what is stored.
    pub(crate) fn set_sums(&mut self, class: usize, count: u64, sum: &[f64]) {
        self.counts[class] = count;
        self.sums[class * self.channels..][..self.channels].copy_from_slice(sum);
    }

    /// Sets the products of one class, or of all pixels (class 0), to what is stored.
    pub(crate) fn set_products(&mut self, class: usize, packed: &[f64]) {
        let size = triangle(self.channels);
        self.products[class * size..][..size].copy_from_slice(packed);
    }

    fn add_to_sums(&mut self, class: usize, logits: &[f64]) {
        let row = if self.detail == MomentDetail::Pooled { 0 } else { class };
        self.counts[row] += 1;
        add(&mut self.sums[row * self.channels..][..self.channels], logits);
    }

    fn add_pixel(&mut self, class: usize, logits: &[f64]) {
        let (k, size) = (self.channels, triangle(self.channels));
        self.add_to_sums(class, logits);
        let mut rest = &mut self.products[class * size..][..size];
        for (i, &left) in logits.iter().enumerate() {
            let (row, below) = rest.split_at_mut(k - i);
            row.iter_mut().zip(&logits[i..]).for_each(|(s, right)| *s += left * right);
            rest = below;
        }
    }

    fn some(&self, class: usize) -> Option<f64> {
        let count = self.count(class);
        (count > 0).then_some(count as f64)
    }
}

fn add(sums: &mut [f64], values: &[f64]) {
    sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
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
