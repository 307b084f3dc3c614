//! Sums in numpy's order.

/// `np.sum` of a contiguous array of doubles: eight running sums, and halves of what is longer than 128.
pub(crate) fn pairwise(values: &[f64]) -> f64 {
    let n = values.len();
    if n < 8 {
        return values.iter().fold(0.0, |sum, v| sum + v);
    }
    if n > 128 {
        let half = n / 2 - n / 2 % 8;
        return pairwise(&values[..half]) + pairwise(&values[half..]);
    }
    let (eights, tail) = values.as_chunks::<8>();
    let mut r = eights[0];
    for eight in &eights[1..] {
        for (r, v) in r.iter_mut().zip(eight) {
            *r += v;
        }
    }
    let sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    tail.iter().fold(sum, |sum, v| sum + v)
}
