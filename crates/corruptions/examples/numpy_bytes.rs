//! The same bytes as Python, from the same seed.
//!
//! `cargo run --release -p scribe-corruptions --example numpy_bytes` prints a hash; this prints the same one:
//!
//! ```python
//! import hashlib, numpy as np
//! from imagecorruptions import corrupt      # 1.1.2
//! x = np.arange(64 * 48 * 3, dtype=np.uint32).reshape(48, 64, 3) % 251
//! np.random.seed(1234)
//! y = corrupt(x.astype(np.uint8), corruption_name="gaussian_noise", severity=3)
//! print(hashlib.sha256(y.tobytes()).hexdigest())
//! ```
#![allow(clippy::print_stdout, reason = "an example is a program")]

use scribe_base::digest::sha256_hex;
use scribe_corruptions::{Picture, Result, Rng, Severity, Suite};

fn main() -> Result<()> {
    let bytes = (0..64 * 48 * 3_u32).map(|i| (i % 251) as u8).collect();
    let mut picture = Picture::new(bytes, 64, 48)?;
    let suite = Suite::imagecorruptions();
    let mut rng = Rng::seed(1234);
    suite.get("gaussian_noise")?.apply_in_place((&mut picture).into(), Severity::new(3)?, &mut rng)?;
    println!("{}", sha256_hex(picture.bytes()));
    Ok(())
}
