//! The "slow but accurate" whole-number cosine transforms of the Independent JPEG Group's library.
//!
//! Both are the factorisation of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) with 13-bit constants.
//! Eight blocks side by side are transformed at once: a pass over rows or columns is then one loop over 64 lanes,
//! which becomes vector code.

/// Eight blocks side by side: eight rows of 64 samples or coefficients.
pub(crate) type Blocks = [[i32; 64]; 8];

/// [`Blocks`] of zeros.
pub(crate) const ZEROS: Blocks = [[0; 64]; 8];

const BITS: i32 = 13;
/// Extra bits kept between the two passes.
const PASS: i32 = 2;

const fn fixed(x: f64) -> i32 {
    (x * 8192.0 + 0.5) as i32
}

const F_0_298: i32 = fixed(0.298631336);
const F_0_390: i32 = fixed(0.390180644);
const F_0_541: i32 = fixed(0.541196100);
const F_0_765: i32 = fixed(0.765366865);
const F_0_899: i32 = fixed(0.899976223);
const F_1_175: i32 = fixed(1.175875602);
const F_1_501: i32 = fixed(1.501321110);
const F_1_847: i32 = fixed(1.847759065);
const F_1_961: i32 = fixed(1.961570560);
const F_2_053: i32 = fixed(2.053119869);
const F_2_562: i32 = fixed(2.562915447);
const F_3_072: i32 = fixed(3.072711026);

/// Divides by `2^bits`, rounding a half upwards.
#[inline(always)]
fn descale(v: i32, bits: i32) -> i32 {
    v.wrapping_add(1 << (bits - 1)) >> bits
}

/// Brings the columns of each block into the place of rows: the index (y, block, x) becomes (x, y, block).
/// In memory that is three times taking the even places before the odd ones.
#[inline(always)]
fn columns_to_rows(from: &mut Blocks, to: &mut Blocks) {
    unzip(from, to);
    unzip(to, from);
    unzip(from, to);
}

/// Undoes [`columns_to_rows`].
#[inline(always)]
fn rows_to_columns(from: &mut Blocks, to: &mut Blocks) {
    zip(from, to);
    zip(to, from);
    zip(from, to);
}

#[inline(always)]
fn unzip(from: &Blocks, to: &mut Blocks) {
    let pairs = from.as_flattened().as_chunks::<2>().0;
    let (even, odd) = to.as_flattened_mut().split_at_mut(256);
    for ((pair, a), b) in pairs.iter().zip(even).zip(odd) {
        (*a, *b) = (pair[0], pair[1]);
    }
}

#[inline(always)]
fn zip(from: &Blocks, to: &mut Blocks) {
    let pairs = to.as_flattened_mut().as_chunks_mut::<2>().0;
    let (even, odd) = from.as_flattened().split_at(256);
    for ((pair, a), b) in pairs.iter_mut().zip(even).zip(odd) {
        *pair = [*a, *b];
    }
}

/// The forward transform of samples less 128, in place; results are eight times the orthonormal ones.
#[inline(always)]
pub(crate) fn forward(d: &mut Blocks) {
    let mut spare = ZEROS;
    columns_to_rows(d, &mut spare);
    forward_pass::<true>(&spare, d);
    rows_to_columns(d, &mut spare);
    forward_pass::<false>(&spare, d);
}

/// One dimension. The first pass keeps [`PASS`] more bits, which the second drops.
#[inline(always)]
fn forward_pass<const FIRST: bool>(d: &Blocks, out: &mut Blocks) {
    let bits = if FIRST { BITS - PASS } else { BITS + PASS };
    let even = |v: i32| if FIRST { v << PASS } else { descale(v, PASS) };
    for i in 0..64 {
        let (s07, d07) = (d[0][i] + d[7][i], d[0][i] - d[7][i]);
        let (s16, d16) = (d[1][i] + d[6][i], d[1][i] - d[6][i]);
        let (s25, d25) = (d[2][i] + d[5][i], d[2][i] - d[5][i]);
        let (s34, d34) = (d[3][i] + d[4][i], d[3][i] - d[4][i]);

        let (t10, t13) = (s07 + s34, s07 - s34);
        let (t11, t12) = (s16 + s25, s16 - s25);
        let z1 = (t12 + t13) * F_0_541;
        out[0][i] = even(t10 + t11);
        out[4][i] = even(t10 - t11);
        out[2][i] = descale(z1 + t13 * F_0_765, bits);
        out[6][i] = descale(z1 - t12 * F_1_847, bits);

        let (z3, z4) = (d34 + d16, d25 + d07);
        let z5 = (z3 + z4) * F_1_175;
        let (z1, z2) = ((d34 + d07) * -F_0_899, (d25 + d16) * -F_2_562);
        let (z3, z4) = (z3 * -F_1_961 + z5, z4 * -F_0_390 + z5);
        out[7][i] = descale(d34 * F_0_298 + z1 + z3, bits);
        out[5][i] = descale(d25 * F_2_053 + z2 + z4, bits);
        out[3][i] = descale(d16 * F_3_072 + z2 + z3, bits);
        out[1][i] = descale(d07 * F_1_501 + z1 + z4, bits);
    }
}

/// The inverse transform of dequantised coefficients, in place, to samples less 128 (not yet clipped).
#[inline(always)]
pub(crate) fn inverse(c: &mut Blocks) {
    let mut spare = ZEROS;
    inverse_pass::<{ BITS - PASS }>(c, &mut spare);
    columns_to_rows(&mut spare, c);
    inverse_pass::<{ BITS + PASS + 3 }>(c, &mut spare);
    rows_to_columns(&mut spare, c);
}

#[inline(always)]
fn inverse_pass<const DROP: i32>(c: &Blocks, out: &mut Blocks) {
    for i in 0..64 {
        let (c0, c1, c2, c3) = (c[0][i], c[1][i], c[2][i], c[3][i]);
        let (c4, c5, c6, c7) = (c[4][i], c[5][i], c[6][i], c[7][i]);
        let z1 = (c2 + c6) * F_0_541;
        let (t2, t3) = (z1 - c6 * F_1_847, z1 + c2 * F_0_765);
        let (t0, t1) = ((c0 + c4) << BITS, (c0 - c4) << BITS);
        let (t10, t13) = (t0 + t3, t0 - t3);
        let (t11, t12) = (t1 + t2, t1 - t2);

        let (z3, z4) = (c7 + c3, c5 + c1);
        let z5 = (z3 + z4) * F_1_175;
        let (z1, z2) = ((c7 + c1) * -F_0_899, (c5 + c3) * -F_2_562);
        let (z3, z4) = (z3 * -F_1_961 + z5, z4 * -F_0_390 + z5);
        let o0 = c7 * F_0_298 + z1 + z3;
        let o1 = c5 * F_2_053 + z2 + z4;
        let o2 = c3 * F_3_072 + z2 + z3;
        let o3 = c1 * F_1_501 + z1 + z4;
        out[0][i] = descale(t10 + o3, DROP);
        out[7][i] = descale(t10 - o3, DROP);
        out[1][i] = descale(t11 + o2, DROP);
        out[6][i] = descale(t11 - o2, DROP);
        out[2][i] = descale(t12 + o1, DROP);
        out[5][i] = descale(t12 - o1, DROP);
        out[3][i] = descale(t13 + o0, DROP);
        out[4][i] = descale(t13 - o0, DROP);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_blocks_have_one_coefficient_and_come_back() {
        let mut blocks = ZEROS;
        for (i, v) in blocks.as_flattened_mut().iter_mut().enumerate() {
            *v = -28 + (i % 64 / 8) as i32;
        }
        let samples = blocks;
        forward(&mut blocks);
        for (i, v) in blocks.as_flattened().iter().enumerate() {
            let flat = if i < 64 && i % 8 == 0 { 64 * (-28 + (i / 8) as i32) } else { 0 };
            assert_eq!(*v, flat, "at {i}");
        }
        for v in blocks.as_flattened_mut() {
            *v /= 8;
        }
        inverse(&mut blocks);
        assert_eq!(blocks, samples);
    }

    #[test]
    fn columns_and_rows_are_exchanged() {
        let mut from = ZEROS;
        for (i, v) in from.as_flattened_mut().iter_mut().enumerate() {
            *v = i as i32;
        }
        let (start, mut to) = (from, ZEROS);
        columns_to_rows(&mut from, &mut to);
        // Row y = 2, block 5, column x = 3.
        assert_eq!(to[3][8 * 2 + 5], start[2][8 * 5 + 3]);
        rows_to_columns(&mut to, &mut from);
        assert_eq!(from, start);
    }
}
