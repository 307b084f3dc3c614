//! numpy's legacy generator: the Mersenne Twister and the draws that `np.random` makes from it.

mod poisson;
mod polar;

use crate::kit::math;
pub use poisson::Poisson;
pub(crate) use poisson::{Stream, count_to};
use polar::{Batch, TRIES};

const N: usize = 624;
const M: usize = 397;

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
    /// The generator's state.
    key: [u32; N],
    /// The tempered words of this state.
    words: [u32; N],
    /// How many of `words` are used up.
    position: usize,
    /// The second of a pair of normal numbers, kept for the next call.
    cached: Option<f64>,
}

impl Rng {
    /// The generator after `np.random.seed(seed)`.
    #[must_use]
    pub fn seed(seed: u32) -> Rng {
        let mut key = [0; N];
        let mut word = seed;
        for (i, slot) in (0_u32..).zip(key.iter_mut()) {
            if i > 0 {
                word = 1_812_433_253_u32.wrapping_mul(word ^ (word >> 30)).wrapping_add(i);
            }
            *slot = word;
        }
        Rng { key, words: [0; N], position: N, cached: None }
    }

    /// The next 32 random bits.
    #[inline]
    pub fn next_u32(&mut self) -> u32 {
        if self.position == N {
            self.refill();
        }
        let word = self.words[self.position];
        self.position += 1;
        word
    }

    /// A double in `[0, 1)` with 53 random bits: `np.random.random_sample()`. Two words.
    #[inline]
    pub fn double(&mut self) -> f64 {
        let high = self.next_u32();
        let low = self.next_u32();
        to_double(high, low)
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
    pub fn poisson(&mut self, lambda: f64) -> u64 {
        Poisson::new(lambda).sample(self)
    }

    /// Fills `out` with [`Self::double`]s, in order.
    pub fn fill_double(&mut self, out: &mut [f64]) {
        let mut rest = out;
        while !rest.is_empty() {
            if self.position >= N - 1 {
                // Either nothing is left of this state, or one word whose partner is in the next.
                rest[0] = self.double();
                rest = &mut rest[1..];
                continue;
            }
            let take = rest.len().min((N - self.position) / 2);
            let (now, later) = rest.split_at_mut(take);
            doubles(&self.words[self.position..self.position + 2 * take], now);
            self.position += 2 * take;
            rest = later;
        }
    }

    /// Works out the doubles left in the present state, at the end of `buffer`, and says how many they are.
    ///
    /// None is drawn yet: [`Self::skip_doubles`] says how many of them were used.
    pub(crate) fn peek_doubles(&mut self, buffer: &mut [f64; N / 2]) -> usize {
        if self.position == N {
            self.refill();
        }
        let count = (N - self.position) / 2;
        doubles(&self.words[self.position..self.position + 2 * count], &mut buffer[N / 2 - count..]);
        count
    }

    /// Draws `count` doubles that [`Self::peek_doubles`] has shown.
    pub(crate) fn skip_doubles(&mut self, count: usize) {
        self.position += 2 * count;
        debug_assert!(self.position <= N, "no more than were shown");
    }

    /// Draws `count` doubles without working them out.
    pub(crate) fn skip_many_doubles(&mut self, count: usize) {
        let mut words = 2 * count;
        while words > N - self.position {
            words -= N - self.position;
            self.refill();
        }
        self.position += words;
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
            let pairs = batch.draw(self, tries);
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
        let mut rest = out;
        while !rest.is_empty() {
            if self.position == N {
                self.refill();
            }
            let take = rest.len().min(N - self.position);
            let (now, later) = rest.split_at_mut(take);
            now.copy_from_slice(&self.words[self.position..self.position + take]);
            self.position += take;
            rest = later;
        }
    }

    fn refill(&mut self) {
        twist(&mut self.key, &mut self.words);
        self.position = 0;
    }
}

impl std::fmt::Debug for Rng {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rng")
            .field("position", &self.position)
            .field("cached", &self.cached)
            .finish_non_exhaustive()
    }
}

#[inline(always)]
pub(crate) fn to_double(high: u32, low: u32) -> f64 {
    // Both parts are below 2^27 and 2^26, and their sum below 2^53: nothing is rounded.
    (f64::from((high >> 5) as i32) * 67_108_864.0 + f64::from((low >> 6) as i32))
        * (1.0 / 9_007_199_254_740_992.0)
}

simd_fn! {
    fn doubles(words: &[u32], out: &mut [f64]) {
        for (o, pair) in out.iter_mut().zip(words.as_chunks::<2>().0) {
            // The same as `to_double`, in whole numbers: the 27 high bits of one word before the 26 of the next.
            let bits = (u64::from(pair[0] >> 5) << 26) | u64::from(pair[1] >> 6);
            *o = bits as i64 as f64 * (1.0 / 9_007_199_254_740_992.0);
        }
    }
}

simd_fn! {
    /// The next 624 states and their tempered words.
    fn twist(key: &mut [u32; N], words: &mut [u32; N]) {
        let old = *key;
        for i in 0..N - M {
            key[i] = old[i + M] ^ mix(old[i], old[i + 1]);
        }
        // From here on the recurrence reads what it wrote 227 steps before: two runs, neither reading itself.
        let (first, second) = key.split_at_mut(N - M);
        let (second, third) = second.split_at_mut(N - M);
        for i in 0..N - M {
            second[i] = first[i] ^ mix(old[N - M + i], old[N - M + i + 1]);
        }
        let last = third.len() - 1;
        for i in 0..last {
            third[i] = second[i] ^ mix(old[2 * (N - M) + i], old[2 * (N - M) + i + 1]);
        }
        third[last] = second[last] ^ mix(old[N - 1], first[0]);
        for (word, &state) in words.iter_mut().zip(key.iter()) {
            *word = temper(state);
        }
    }
}

#[inline(always)]
fn mix(a: u32, b: u32) -> u32 {
    let y = (a & 0x8000_0000) | (b & 0x7fff_ffff);
    (y >> 1) ^ ((y & 1).wrapping_neg() & 0x9908_b0df)
}

#[inline(always)]
fn temper(mut y: u32) -> u32 {
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    y ^ (y >> 18)
}
