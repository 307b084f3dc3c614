//! The state of a generator, as numpy exports and imports it.

use super::mt19937::N;

/// What `numpy.random.get_state()` returns after the word `MT19937`, and [`Rng::from_state`](crate::Rng::from_state)
/// takes.
#[derive(Clone, Debug, PartialEq)]
pub struct RngState {
    /// numpy's `key`.
    pub key: [u32; N],
    /// numpy's `pos`: how many words of the key are used up, at most 624.
    pub pos: usize,
    /// numpy's `cached_gaussian` where `has_gauss` is 1: the second of a pair of normal numbers, kept for the next call.
    pub gauss: Option<f64>,
}
