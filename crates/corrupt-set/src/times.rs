//! How the time of making corrupted images is spent.

use std::time::{Duration, Instant};

/// Time summed over all threads.
#[derive(Clone, Debug, Default)]
pub struct Times {
    /// Reading the file and bringing the image to its view.
    pub decode: Duration,
    /// Corrupting.
    pub corrupt: Duration,
    /// SHA-256 of the pixels.
    pub hash: Duration,
    /// Packing as PNG.
    pub encode: Duration,
    /// Writing the file and renaming it.
    pub write: Duration,
}

impl Times {
    /// Adds another sum.
    pub fn add(&mut self, other: &Times) {
        self.decode += other.decode;
        self.corrupt += other.corrupt;
        self.hash += other.hash;
        self.encode += other.encode;
        self.write += other.write;
    }

    /// Each part's name and its share of their sum, 0 to 1.
    pub fn shares(&self) -> [(&'static str, f64); 5] {
        let parts = [
            ("decode", self.decode),
            ("corrupt", self.corrupt),
            ("hash", self.hash),
            ("encode PNG", self.encode),
            ("write", self.write),
        ];
        let total: Duration = parts.iter().map(|(_, time)| *time).sum();
        parts.map(|(name, time)| (name, time.as_secs_f64() / total.as_secs_f64().max(f64::MIN_POSITIVE)))
    }
}

/// Runs `work` and adds what it took to `sum`.
pub(crate) fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let value = work();
    *sum += started.elapsed();
    value
}
