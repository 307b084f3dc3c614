//! The ImageNet-C corruptions, exact to the bit, at any size, from an explicit seed.
//!
//! ImageNet-C (Hendrycks and Dietterich, ICLR 2019) is a set of fifteen ways to spoil a picture at five
//! severities. Two Python packages define what they are in practice, and this crate has a [`Suite`] for each:
//!
//! | suite | follows | sizes |
//! |---|---|---|
//! | [`Suite::imagecorruptions`] | PyPI `imagecorruptions` 1.1.2 | any from 32x32 |
//! | [`Suite::imagenet_c`] | PyPI `imagenet_c` 0.0.3, the authors' toolkit | 224x224 |
//!
//! A corruption is a pure function of the picture, the severity and a generator.
//! The generator is numpy's legacy one ([`Rng`]), so that `Rng::seed(s)` here and `np.random.seed(s)` there give
//! the same bytes; [`seed_for`] makes a seed that depends on what the picture is and not on the order of work.
//!
//! ```
//! use image::RgbImage;
//! use scribe_corruptions::{Rng, Severity, Suite, seed_for};
//!
//! let suite = Suite::imagecorruptions();
//! let picture = RgbImage::from_pixel(64, 64, image::Rgb([200, 120, 40]));
//! let severity = Severity::new(3)?;
//! let seed = seed_for(0, "my-picture", "fog", severity);
//! let foggy = suite.get("fog")?.apply(&picture, severity, &mut Rng::seed(seed))?;
//! assert_eq!(foggy.dimensions(), (64, 64));
//! # Ok::<(), scribe_corruptions::Error>(())
//! ```
//!
//! # Exactness
//!
//! All arithmetic is plain IEEE single and double precision without fused multiply-adds, and exponential,
//! logarithm, sine and cosine are this crate's own, so that the bytes are the same on every platform.
//! The reference takes them from its host's C library, whose last bit may differ: normal numbers then agree with
//! numpy's to within two units in the last place, which decides no byte in any picture compared so far.
//! Loops are compiled for AVX-512, AVX2 and the target's baseline, and picked when they run: same bytes.
//!
//! Against the Python packages the tests compare hashes of their output, for pictures of ten sizes, made with the vector
//! code of numpy and OpenCV off; see the crate's `tests/truth` and `tests/reference`. With it on, the packages' own bytes
//! depend on the processor; `docs/corruptions-truth.md` counts where they then differ from these.
//!
//! # Memory
//!
//! A corruption works in buffers that its thread keeps for the next call. For one corruption they are at most twelve
//! times the picture's bytes, counted by the allocator in `tests/memory.rs` for both suites and pictures of five sizes
//! (fog 7.3 times at 513x300, the elastic transform 9.5). Fog needs a square of doubles whose side is half the next
//! power of two, which for long strips is more: 13.6 times the bytes of a picture of 33x500.
//!
//! # Dependencies
//!
//! `image` for its picture types (no decoder is used), `sha2` for [`seed_for`], `rayon` for [`Suite::apply_all`],
//! `strsim` for [`nearest()`], and `thiserror` for [`Error`].
//!
//! # Another implementation of one corruption
//!
//! Write a type that implements [`Corruption`] under the same name and hand it to [`Suite::replace`].
//! It says in [`Corruption::tolerance`] how far from the reference it may be, and [`trial()`] holds it to that.

mod at_224;
mod blur;
mod corruption;
mod error;
mod group;
mod kit;
mod lighting;
mod meta;
mod nearest;
mod noise;
mod picture;
mod rng;
mod seed;
mod severity;
mod size_policy;
mod spatial;
mod suite;
mod tolerance;
mod trial;
mod weather;

pub use corruption::Corruption;
pub use error::{Error, Result};
pub use group::Group;
#[cfg(feature = "image")]
pub use image;
pub use meta::Meta;
pub use nearest::{did_you_mean, nearest};
pub use picture::{Picture, PictureMut};
pub use rng::{Poisson, Rng};
pub use seed::seed_for;
pub use severity::Severity;
pub use size_policy::SizePolicy;
pub use suite::{Condition, EXTRAS, PAPER_ORDER, Suite};
pub use tolerance::{Deviation, Tolerance};
pub use trial::{Trial, formula_picture, trial};
pub use weather::FrostTextures;

/// Every corruption as a type of its own, for those who want one without a [`Suite`].
pub mod corruptions {
    pub use crate::blur::*;
    pub use crate::lighting::*;
    pub use crate::noise::*;
    pub use crate::spatial::*;
    pub use crate::weather::*;
}
