//! Normal numbers by the polar method, many points at a time.

use super::mt19937::{Twister, to_double};
use crate::kit::math;
use scribe_base::simd_fn;

/// Points tried at once: the words of one state.
pub(super) const TRIES: usize = 156;

/// Points tried at once by the polar method, and those inside the circle packed to the front.
pub(super) struct Batch {
    words: [u32; 4 * TRIES],
    x1: [f64; TRIES],
    x2: [f64; TRIES],
    r2: [f64; TRIES],
}

impl Batch {
    /// An empty batch.
    pub(super) fn new() -> Batch {
        Batch { words: [0; 4 * TRIES], x1: [0.0; TRIES], x2: [0.0; TRIES], r2: [0.0; TRIES] }
    }

    /// Tries `tries` points and returns how many were accepted.
    pub(super) fn draw(&mut self, twister: &mut Twister, tries: usize) -> usize {
        twister.fill_u32(&mut self.words[..4 * tries]);
        points(&self.words[..4 * tries], &mut self.x1, &mut self.x2, &mut self.r2);
        let mut accepted = 0;
        for i in 0..tries {
            let r2 = self.r2[i];
            (self.x1[accepted], self.x2[accepted], self.r2[accepted]) = (self.x1[i], self.x2[i], r2);
            accepted += usize::from(r2 < 1.0 && r2 != 0.0);
        }
        accepted
    }

    /// Writes the pairs of the accepted points, the second coordinate's first.
    pub(super) fn finish(&mut self, out: &mut [f64]) {
        let pairs = out.len() / 2;
        radii(&mut self.r2[..pairs]);
        for (i, pair) in out.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            *pair = [self.r2[i] * self.x2[i], self.r2[i] * self.x1[i]];
        }
    }
}

simd_fn! {
    fn points(words: &[u32], x1: &mut [f64; TRIES], x2: &mut [f64; TRIES], r2: &mut [f64; TRIES]) {
        for (i, w) in words.as_chunks::<4>().0.iter().enumerate().take(TRIES) {
            let a = 2.0 * to_double(w[0], w[1]) - 1.0;
            let b = 2.0 * to_double(w[2], w[3]) - 1.0;
            x1[i] = a;
            x2[i] = b;
            r2[i] = a * a + b * b;
        }
    }
}

simd_fn! {
    fn radii(r2: &mut [f64]) {
        for v in r2 {
            *v = (-2.0 * math::ln(*v) / *v).sqrt();
        }
    }
}
