//! Pictures are normalised on a GPU as on the CPU, to the last bit.

use crate::support::{flat, gpu};
use candle_core::{Device, Result};
use scribe_model::input::from_rgb;

#[test]
fn bytes_become_the_same_bits() -> Result<()> {
    let bytes: Vec<u8> = (0..2 * 7 * 37 * 3).map(|i| (i * 89 + i / 256) as u8).collect();
    let pictures: Vec<&[u8]> = bytes.chunks(7 * 37 * 3).collect();
    let (found, expected) = (from_rgb(&pictures, 7, 37, &gpu())?, from_rgb(&pictures, 7, 37, &Device::Cpu)?);
    assert_eq!(found.dims(), [2, 3, 7, 37]);
    assert_eq!(flat(&found), flat(&expected));
    Ok(())
}
