//! The operators on NVIDIA GPUs: the real ones in builds with the feature `cuda`, and otherwise ones that only fail.

#[cfg(not(feature = "cuda"))]
mod disabled;
#[cfg(feature = "cuda")]
mod enabled;

#[cfg(not(feature = "cuda"))]
pub(crate) use disabled::*;
#[cfg(feature = "cuda")]
pub(crate) use enabled::*;
