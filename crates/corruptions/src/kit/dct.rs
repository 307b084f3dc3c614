//! The "slow but accurate" whole-number cosine transforms of the Independent JPEG Group's library.
//!
//! Both are the factorisation of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) with 13-bit constants; eight
//! columns are carried at once, so that each step is one vector operation.

/// Eight columns at one row, or eight rows at one column.
type Lane = [i32; 8];

/// A block: eight rows of eight samples.
pub type Block = [Lane; 8];

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

#[inline(always)]
fn add(a: Lane, b: Lane) -> Lane {
    std::array::from_fn(|i| a[i].wrapping_add(b[i]))
}

#[inline(always)]
fn sub(a: Lane, b: Lane) -> Lane {
    std::array::from_fn(|i| a[i].wrapping_sub(b[i]))
}

#[inline(always)]
fn mul(a: Lane, by: i32) -> Lane {
    a.map(|v| v.wrapping_mul(by))
}

/// Divides by `2^bits`, rounding a half upwards.
#[inline(always)]
fn descale(a: Lane, bits: i32) -> Lane {
    a.map(|v| v.wrapping_add(1 << (bits - 1)) >> bits)
}

#[inline(always)]
fn transpose(block: &Block) -> Block {
    std::array::from_fn(|i| std::array::from_fn(|j| block[j][i]))
}

/// The forward transform of samples less 128; results are eight times the orthonormal ones.
#[inline(always)]
pub fn forward(block: &Block) -> Block {
    let rows = transpose(block);
    let columns = transpose(&forward_pass(&rows, BITS - PASS, |v| v.map(|s| s << PASS)));
    forward_pass(&columns, BITS + PASS, |v| descale(v, PASS))
}

/// One dimension; `bits` are dropped after products, and `even` scales what needs none.
#[inline(always)]
fn forward_pass(d: &Block, bits: i32, even: impl Fn(Lane) -> Lane) -> Block {
    let (s07, d07) = (add(d[0], d[7]), sub(d[0], d[7]));
    let (s16, d16) = (add(d[1], d[6]), sub(d[1], d[6]));
    let (s25, d25) = (add(d[2], d[5]), sub(d[2], d[5]));
    let (s34, d34) = (add(d[3], d[4]), sub(d[3], d[4]));

    let (t10, t13) = (add(s07, s34), sub(s07, s34));
    let (t11, t12) = (add(s16, s25), sub(s16, s25));
    let z1 = mul(add(t12, t13), F_0_541);
    let out2 = descale(add(z1, mul(t13, F_0_765)), bits);
    let out6 = descale(sub(z1, mul(t12, F_1_847)), bits);

    let (z1, z2) = (add(d34, d07), add(d25, d16));
    let (z3, z4) = (add(d34, d16), add(d25, d07));
    let z5 = mul(add(z3, z4), F_1_175);
    let (z1, z2) = (mul(z1, -F_0_899), mul(z2, -F_2_562));
    let (z3, z4) = (add(mul(z3, -F_1_961), z5), add(mul(z4, -F_0_390), z5));
    let out7 = descale(add(add(mul(d34, F_0_298), z1), z3), bits);
    let out5 = descale(add(add(mul(d25, F_2_053), z2), z4), bits);
    let out3 = descale(add(add(mul(d16, F_3_072), z2), z3), bits);
    let out1 = descale(add(add(mul(d07, F_1_501), z1), z4), bits);
    [even(add(t10, t11)), out1, out2, out3, even(sub(t10, t11)), out5, out6, out7]
}

/// The inverse transform of dequantised coefficients, to samples in `0..=255`.
#[inline(always)]
pub fn inverse(block: &Block) -> Block {
    let columns = inverse_pass(block, BITS - PASS);
    let rows = inverse_pass(&transpose(&columns), BITS + PASS + 3);
    transpose(&rows.map(|lane| lane.map(|v| (v + 128).clamp(0, 255))))
}

#[inline(always)]
fn inverse_pass(c: &Block, bits: i32) -> Block {
    let z1 = mul(add(c[2], c[6]), F_0_541);
    let t2 = sub(z1, mul(c[6], F_1_847));
    let t3 = add(z1, mul(c[2], F_0_765));
    let t0 = add(c[0], c[4]).map(|v| v.wrapping_shl(BITS as u32));
    let t1 = sub(c[0], c[4]).map(|v| v.wrapping_shl(BITS as u32));
    let (t10, t13) = (add(t0, t3), sub(t0, t3));
    let (t11, t12) = (add(t1, t2), sub(t1, t2));

    let (z1, z2) = (add(c[7], c[1]), add(c[5], c[3]));
    let (z3, z4) = (add(c[7], c[3]), add(c[5], c[1]));
    let z5 = mul(add(z3, z4), F_1_175);
    let (z1, z2) = (mul(z1, -F_0_899), mul(z2, -F_2_562));
    let (z3, z4) = (add(mul(z3, -F_1_961), z5), add(mul(z4, -F_0_390), z5));
    let o0 = add(add(mul(c[7], F_0_298), z1), z3);
    let o1 = add(add(mul(c[5], F_2_053), z2), z4);
    let o2 = add(add(mul(c[3], F_3_072), z2), z3);
    let o3 = add(add(mul(c[1], F_1_501), z1), z4);
    let out = [
        add(t10, o3),
        add(t11, o2),
        add(t12, o1),
        add(t13, o0),
        sub(t13, o0),
        sub(t12, o1),
        sub(t11, o2),
        sub(t10, o3),
    ];
    out.map(|lane| descale(lane, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_block_has_one_coefficient_and_comes_back() {
        let coefficients = forward(&[[-28; 8]; 8]);
        assert_eq!(coefficients[0][0], -28 * 64);
        assert!(coefficients.iter().flatten().skip(1).all(|&c| c == 0));
        let back = inverse(&coefficients.map(|lane| lane.map(|c| c / 8)));
        assert_eq!(back, [[100; 8]; 8]);
    }
}
