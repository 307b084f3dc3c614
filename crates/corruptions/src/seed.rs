//! The seed of one corrupted picture.

use crate::Severity;
use sha2::{Digest, Sha256};

/// The seed for one picture under one condition, which follows from its four arguments and from nothing else.
///
/// It is the first four bytes, little-endian, of the SHA-256 of
/// `scribe-seed/1 \0 master_seed \0 image_id \0 corruption \0 severity`, where the numbers are written in decimal and
/// `\0` is a zero byte (without the spaces).
/// It does not depend on the order or the thread in which pictures are made, and it is what
/// `numpy.random.seed` takes: the same number reproduces the picture in Python.
///
/// ```
/// use scribe_corruptions::{Severity, seed_for};
/// let s = Severity::new(3)?;
/// let a = seed_for(0, "2007_000033", "fog", s);
/// assert_eq!(a, seed_for(0, "2007_000033", "fog", s));
/// assert_ne!(a, seed_for(1, "2007_000033", "fog", s));
/// assert_ne!(a, seed_for(0, "2007_000033", "snow", s));
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[must_use]
pub fn seed_for(master_seed: u64, image_id: &str, corruption: &str, severity: Severity) -> u32 {
    let mut hash = Sha256::new();
    hash.update(b"scribe-seed/1\0");
    hash.update(master_seed.to_string());
    hash.update(b"\0");
    hash.update(image_id);
    hash.update(b"\0");
    hash.update(corruption);
    hash.update(b"\0");
    hash.update(severity.to_string());
    let digest = hash.finalize();
    u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]])
}
