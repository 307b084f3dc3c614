//! The generator that dropout draws from.

use rand_chacha::ChaCha8Rng;
use std::sync::{Mutex, PoisonError};

/// The generator of a pass in training.
pub(crate) enum Generator<'a> {
    /// The caller's own.
    Own(&'a mut ChaCha8Rng),
    /// One that several passes at once may draw from.
    Shared(&'a Mutex<ChaCha8Rng>),
}

impl Generator<'_> {
    /// Runs `draw`, which must not wait for other threads.
    ///
    /// A shared generator is locked only meanwhile: a thread of rayon that waits for a part of one pass may take up another
    /// pass, which wants this lock.
    pub(super) fn with<R>(&mut self, draw: impl FnOnce(&mut ChaCha8Rng) -> R) -> R {
        match self {
            Generator::Own(rng) => draw(rng),
            Generator::Shared(rng) => draw(&mut rng.lock().unwrap_or_else(PoisonError::into_inner)),
        }
    }
}
