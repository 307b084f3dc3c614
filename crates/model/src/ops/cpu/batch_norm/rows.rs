//! How a map `[pixel, channel]` is run through.

/// Elements of a row, at least, where its pixels have fewer channels.
const WIDTH: usize = 256;
/// Elements of a block, about.
const BLOCK: usize = 1 << 16;
/// Rows whose terms are summed in the element type before the sums are widened to f64.
const RUN: usize = 32;

/// Rows of whole pixels, wide enough to fill vectors, and blocks of whole runs of rows: one task each. They follow from the
/// number of channels alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    channels: usize,
    /// Elements of a row.
    pub(super) width: usize,
    /// Elements of a run.
    pub(super) run: usize,
    /// Elements of a block.
    pub(super) block: usize,
}

impl Rows {
    pub(super) fn of(channels: usize) -> Rows {
        let width = (WIDTH / channels.max(1)).max(1) * channels;
        let run = width * RUN;
        Rows { channels, width, run, block: (BLOCK / run.max(1)).max(1) * run }
    }

    /// A value for each element of a row, from one for each channel.
    pub(super) fn repeated<T: Copy>(&self, of_channels: &[T]) -> Vec<T> {
        of_channels.iter().copied().cycle().take(self.width).collect()
    }

    /// A sum for each channel, from one for each element of a row.
    pub(super) fn folded(&self, of_elements: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.; self.channels];
        for pixel in of_elements.chunks(self.channels.max(1)) {
            for (sum, v) in sums.iter_mut().zip(pixel) {
                *sum += v;
            }
        }
        sums
    }
}
