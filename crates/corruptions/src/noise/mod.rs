//! Noise: every sample changes at random, independently of the others.

mod gaussian;
mod impulse;
mod shot;
mod speckle;

pub use gaussian::GaussianNoise;
pub use impulse::ImpulseNoise;
pub use shot::ShotNoise;
pub use speckle::SpeckleNoise;

/// Samples handled at once: small enough to stay in the first-level cache with their random numbers.
const CHUNK: usize = 2048;
