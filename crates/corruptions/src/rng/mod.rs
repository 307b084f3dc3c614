//! numpy's legacy generator: the Mersenne Twister and the draws that `np.random` makes from it.

mod mt19937;
mod poisson;
mod polar;
mod state;

use crate::kit::math;
use crate::{Error, Result};
use mt19937::{N, Twister};
pub use poisson::Poisson;
pub(crate) use poisson::{Stream, count_to};
use polar::{Batch, TRIES};
pub use state::RngState;

/// The same stream of numbers as `numpy.random.RandomState(seed)`, whose stream numpy has frozen.
///
/// ```
/// use scribe_corruptions::Rng;
/// // >>> np.random.seed(1234); np.random.random_sample()
/// assert_eq!(Rng::seed(1234).double(), 0.1915194503788923);
/// // >>> np.random.seed(0); np.random.normal()
/// assert_eq!(Rng::seed(0).gauss(), 1.764052345967664);
/// // >>> np.random.seed(0); np.random.randint(-2, 2, size=5)
/// let mut rng = Rng::seed(0);
/// assert_eq!([0; 5].map(|_| rng.randint(-2, 2)), [-2, 1, -1, -2, 1]);
/// ```
#[derive(Clone)]
pub struct Rng {
    twister: Twister,
    /// The second of a pair of normal numbers, kept for the next call.
    cached: Option<f64>,
}

impl Rng {
    /// The generator after `np.random.seed(seed)`.
    #[must_use]
    pub fn seed(seed: u32) -> Rng {
        Rng { twister: Twister::seed(seed), cached: None }
    }

    /// The generator after `np.random.set_state(('MT19937', key, pos, has_gauss, cached_gaussian))`.
    ///
    /// # Errors
    /// [`Error::Setting`] if `pos` is more than 624.
    pub fn from_state(state: &RngState) -> Result<Rng> {
        if state.pos > N {
            let (name, value) = ("pos of a generator's state", state.pos.to_string());
            return Err(Error::Setting { name, value, expected: "at most 624" });
        }
        Ok(Rng { twister: Twister::from_state(state.key, state.pos), cached: state.gauss })
    }

    /// The state, for `np.random.set_state` or [`Self::from_state`]: what is drawn from here on follows from it.
    ///
    /// ```
    /// use scribe_corruptions::Rng;
    /// let mut rng = Rng::seed(7);
    /// rng.gauss();
    /// let mut copy = Rng::from_state(&rng.state())?;
    /// assert_eq!(copy.gauss(), rng.gauss());
    /// # Ok::<(), scribe_corruptions::Error>(())
    /// ```
    #[must_use]
    pub fn state(&self) -> RngState {
        let (key, pos) = self.twister.state();
        RngState { key, pos, gauss: self.cached }
    }

    /// The next 32 random bits.
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        self.twister.next_u32()
    }

    /// A double in `[0, 1)` with 53 random bits: `np.random.random_sample()`. Two words.
    #[inline]
    pub fn double(&mut self) -> f64 {
        self.twister.double()
    }

    /// A double in `[low, high)`: `np.random.uniform(low, high)`.
    #[inline]
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.double()
    }

    /// A standard normal number, by the polar method; every second call returns the one kept from before.
    pub fn gauss(&mut self) -> f64 {
        if let Some(kept) = self.cached.take() {
            return kept;
        }
        loop {
            let x1 = 2.0 * self.double() - 1.0;
            let x2 = 2.0 * self.double() - 1.0;
            let r2 = x1 * x1 + x2 * x2;
            if r2 < 1.0 && r2 != 0.0 {
                let f = (-2.0 * math::ln(r2) / r2).sqrt();
                self.cached = Some(f * x1);
                return f * x2;
            }
        }
    }

    /// A normal number: `np.random.normal(mean, deviation)`.
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * self.gauss()
    }

    /// A whole number in `low..high`: `np.random.randint(low, high)`, by masking and rejection.
    ///
    /// A range of one value draws nothing.
    ///
    /// # Panics
    /// If `low >= high`.
    #[inline]
    pub fn randint(&mut self, low: i32, high: i32) -> i32 {
        assert!(low < high, "randint needs low < high, not {low} and {high}");
        let range = high.wrapping_sub(1).wrapping_sub(low) as u32;
        if range == 0 {
            return low;
        }
        let mask = u32::MAX >> range.leading_zeros();
        loop {
            let value = self.next_u32() & mask;
            if value <= range {
                return low.wrapping_add(value as i32);
            }
        }
    }

    /// A Poisson count: `np.random.poisson(lambda)`.
    /// For many draws of equal means, keep a [`Poisson`] instead.
    ///
    /// # Panics
    /// Where [`Poisson::new`] does.
    pub fn poisson(&mut self, lambda: f64) -> u64 {
        Poisson::new(lambda).sample(self)
    }

    /// Fills `out` with [`Self::double`]s, in order.
    pub fn fill_double(&mut self, out: &mut [f64]) {
        self.twister.fill_double(out);
    }

    /// Draws `count` doubles without computing them.
    pub(crate) fn skip_doubles(&mut self, count: usize) {
        self.twister.skip_doubles(count);
    }

    /// Fills `out` with [`Self::gauss`] numbers, in order.
    pub fn fill_gauss(&mut self, out: &mut [f64]) {
        let mut rest = out;
        if !rest.is_empty() && self.cached.is_some() {
            rest[0] = self.gauss();
            rest = &mut rest[1..];
        }
        let mut batch = Batch::new();
        while rest.len() >= 2 {
            // One try makes at most one pair, so this many can never make too many.
            let tries = (rest.len() / 2).min(TRIES);
            let pairs = batch.draw(&mut self.twister, tries);
            let (done, left) = rest.split_at_mut(2 * pairs);
            batch.finish(done);
            rest = left;
        }
        if let [last] = rest {
            *last = self.gauss();
        }
    }

    /// Fills `out` with the next words, in order.
    pub fn fill_u32(&mut self, out: &mut [u32]) {
        self.twister.fill_u32(out);
    }
}

impl std::fmt::Debug for Rng {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rng")
            .field("position", &self.twister.state().1)
            .field("cached", &self.cached)
            .finish_non_exhaustive()
    }
}
