//! What an evaluation did, and where its time went.

use std::time::Duration;

/// What an evaluation did; the times describe this machine and are not stored with results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Pictures under conditions that were corrupted, predicted and committed.
    pub inputs: usize,
    /// Predictions made: one for each input, model and mode.
    pub predictions: usize,
    /// Predictions that the pass wanted and the store had before.
    pub done_before: usize,
    /// The whole time.
    pub wall: Duration,
    /// The time in which a network ran.
    pub inference: Duration,
    /// The time in which the networks waited for pictures.
    pub waiting: Duration,
}

impl Summary {
    /// The share of the whole time in which a network ran, in [0, 1]; 1 where no time passed.
    pub fn inference_share(&self) -> f64 {
        if self.wall.is_zero() { 1.0 } else { self.inference.as_secs_f64() / self.wall.as_secs_f64() }
    }
}
