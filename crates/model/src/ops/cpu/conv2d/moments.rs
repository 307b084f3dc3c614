//! Mean and variance of each channel, from those of blocks of pixels.

use crate::ops::cpu::memory::Place;
use crate::ops::cpu::product::PANEL;
use crate::ops::cpu::real::Real;

/// Mean and sum of squared distances from it, of each block and channel.
pub(super) struct Moments<T> {
    /// Pixels of each block.
    counts: Vec<usize>,
    channels: usize,
    /// `[block, 2, channel]`.
    place: Place<T>,
    values: Vec<T>,
}

impl<T: Real> Moments<T> {
    /// Room for those of blocks with these numbers of pixels.
    pub(super) fn new(counts: Vec<usize>, channels: usize) -> Moments<T> {
        let channels = channels.next_multiple_of(PANEL);
        let mut values = vec![T::zero(); counts.len() * 2 * channels];
        Moments { counts, channels, place: Place::of(&mut values), values }
    }

    /// Takes those of the channels from `channel` on. Each block's channels are put once, by one task.
    pub(super) fn put(&self, block: usize, channel: usize, mean: &[T; PANEL], squares: &[T; PANEL]) {
        assert!(block < self.counts.len() && channel + PANEL <= self.channels);
        let at = 2 * block * self.channels + channel;
        // SAFETY: both places are within `values`, which nobody reads before all tasks have ended, and each task puts other
        // blocks or channels.
        unsafe {
            self.place.at(at).cast::<[T; PANEL]>().write(*mean);
            self.place.at(at + self.channels).cast::<[T; PANEL]>().write(*squares);
        }
    }

    /// Mean and biased variance of the first `channels` channels, in the order of the blocks whoever computed them.
    pub(super) fn joined(&self, channels: usize) -> Vec<(f64, f64)> {
        (0..channels).map(|channel| self.channel(channel)).collect()
    }

    fn channel(&self, channel: usize) -> (f64, f64) {
        let (mut mean, mut squares, mut count) = (0f64, 0f64, 0usize);
        for (block, &pixels) in self.counts.iter().enumerate() {
            let at = 2 * block * self.channels + channel;
            let (m, s) = (self.values[at].to_f64(), self.values[at + self.channels].to_f64());
            // Chan, Golub and LeVeque (1979): the moments of two samples joined.
            let all = (count + pixels) as f64;
            let distance = m - mean;
            mean += distance * (pixels as f64 / all);
            squares += s + distance * distance * (count as f64 * pixels as f64 / all);
            count += pixels;
        }
        (mean, squares / count as f64)
    }
}
