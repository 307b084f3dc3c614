//! The Mersenne Twister MT19937: 32 random bits at a time, and the doubles that numpy makes of two.

use scribe_base::simd_fn;

/// Words in one state.
pub(crate) const N: usize = 624;
/// How far apart the words are that the recurrence joins.
const M: usize = 397;

/// The generator's state.
#[derive(Clone)]
pub(super) struct Twister {
    key: [u32; N],
    /// The tempered words of this state, of which the first `position` are used up; unset while all are.
    words: [u32; N],
    position: usize,
}

impl Twister {
    /// The state after `np.random.seed(seed)`.
    pub(super) fn seed(seed: u32) -> Twister {
        let mut key = [0; N];
        let mut word = seed;
        for (i, slot) in (0_u32..).zip(key.iter_mut()) {
            if i > 0 {
                word = 1_812_433_253_u32.wrapping_mul(word ^ (word >> 30)).wrapping_add(i);
            }
            *slot = word;
        }
        Twister { key, words: [0; N], position: N }
    }

    /// A state of which the first `position <= 624` words are used up.
    pub(super) fn from_state(key: [u32; N], position: usize) -> Twister {
        Twister { key, words: key.map(temper), position }
    }

    /// The state, and how many of its words are used up.
    pub(super) fn state(&self) -> ([u32; N], usize) {
        (self.key, self.position)
    }

    /// The next 32 random bits.
    #[inline]
    pub(super) fn next_u32(&mut self) -> u32 {
        if self.position == N {
            self.refill();
        }
        let word = self.words[self.position];
        self.position += 1;
        word
    }

    /// A double in `[0, 1)` with 53 random bits. Two words.
    #[inline]
    pub(super) fn double(&mut self) -> f64 {
        let high = self.next_u32();
        let low = self.next_u32();
        to_double(high, low)
    }

    /// Fills `out` with the next words, in order.
    pub(super) fn fill_u32(&mut self, out: &mut [u32]) {
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

    /// Fills `out` with [`Self::double`]s, in order.
    pub(super) fn fill_double(&mut self, out: &mut [f64]) {
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

    /// Computes the doubles left in the present state, at the end of `buffer`, and returns how many they are.
    ///
    /// None is drawn yet: [`Self::skip_shown_doubles`] draws those that were used.
    pub(super) fn peek_doubles(&mut self, buffer: &mut [f64; N / 2]) -> usize {
        if self.position == N {
            self.refill();
        }
        let count = (N - self.position) / 2;
        doubles(&self.words[self.position..self.position + 2 * count], &mut buffer[N / 2 - count..]);
        count
    }

    /// Draws `count` doubles that [`Self::peek_doubles`] has shown.
    pub(super) fn skip_shown_doubles(&mut self, count: usize) {
        self.position += 2 * count;
        debug_assert!(self.position <= N, "no more than were shown");
    }

    /// Draws `count` doubles without computing them.
    pub(super) fn skip_doubles(&mut self, count: usize) {
        let mut words = 2 * count;
        while words > N - self.position {
            words -= N - self.position;
            self.refill();
        }
        self.position += words;
    }

    fn refill(&mut self) {
        twist(&mut self.key, &mut self.words);
        self.position = 0;
    }
}

#[inline(always)]
pub(super) fn to_double(high: u32, low: u32) -> f64 {
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
