//! What an evaluation did, and where its time went.

use std::time::Duration;

/// What an evaluation did; the times describe this machine and are not stored with results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Inputs (images under conditions) that were corrupted, predicted and committed.
    pub inputs: usize,
    /// Predictions made: one for each input, model and mode.
    pub predictions: usize,
    /// Predictions that the pass wanted and the store had before.
    pub done_before: usize,
    /// The whole time.
    pub wall: Duration,
    /// The time in which a predictor ran.
    pub inference: Duration,
    /// The time in which the predictors waited for inputs.
    pub waiting: Duration,
    /// The time in which the predictors waited for the recorder.
    pub recorder_waits: Duration,
    /// The time in which results were counted and written, in parallel with inference.
    pub recording: Duration,
    /// Processor time of loading and decoding images and bringing them to size, over all threads.
    pub loading: Duration,
    /// Processor time of corrupting and hashing images, over all threads.
    pub corrupting: Duration,
}

impl Summary {
    /// The share of the whole time in which a network ran, in [0, 1]; 1 where no time passed.
    pub fn inference_share(&self) -> f64 {
        if self.wall.is_zero() { 1.0 } else { self.inference.as_secs_f64() / self.wall.as_secs_f64() }
    }

    /// Milliseconds of processor time that one input takes before a network sees it; `None` without inputs.
    pub fn preparing_ms(&self) -> Option<f64> {
        (self.inputs > 0).then(|| 1e3 * (self.loading + self.corrupting).as_secs_f64() / self.inputs as f64)
    }

    /// Milliseconds in which networks ran for one input, all models and modes together; `None` without inputs.
    pub fn inference_ms(&self) -> Option<f64> {
        (self.inputs > 0).then(|| 1e3 * self.inference.as_secs_f64() / self.inputs as f64)
    }

    /// How many threads must decode and corrupt so that the networks never wait, as measured; `None` without inputs.
    pub fn feeding_threads(&self) -> Option<f64> {
        Some(self.preparing_ms()? / self.inference_ms().filter(|ms| *ms > 0.0)?)
    }
}
