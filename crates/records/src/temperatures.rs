//! The temperatures at which a calibration is counted.

/// The number of temperatures of the grid.
pub const TEMPERATURES: usize = 21;
/// The place of temperature 1, which changes nothing, in the grid.
pub const UNSCALED: usize = 8;
/// Temperatures to a factor of 2.
pub(crate) const STEPS: usize = 4;

/// The temperature at a place of the grid: 2^((place - 8) / 4), from 0.25 to 8, each 1.19 times the one before.
///
/// ```
/// assert_eq!([0, 8, 20].map(scribe_records::temperature), [0.25, 1.0, 8.0]);
/// ```
#[must_use]
pub fn temperature(place: usize) -> f64 {
    ((place as f64 - UNSCALED as f64) / STEPS as f64).exp2()
}
