//! The inverse transform: libjpeg's accurate integer method (`islow`), after Loeffler, Ligtenberg and
//! Moschytz (1989), with 13-bit constants and 2 extra bits between its passes.

const CONST_BITS: u32 = 13;
const PASS1_BITS: u32 = 2;

const FIX_0_298631336: i32 = 2446;
const FIX_0_390180644: i32 = 3196;
const FIX_0_541196100: i32 = 4433;
const FIX_0_765366865: i32 = 6270;
const FIX_0_899976223: i32 = 7373;
const FIX_1_175875602: i32 = 9633;
const FIX_1_501321110: i32 = 12299;
const FIX_1_847759065: i32 = 15137;
const FIX_1_961570560: i32 = 16069;
const FIX_2_053119869: i32 = 16819;
const FIX_2_562915447: i32 = 20995;
const FIX_3_072711026: i32 = 25172;

/// Eight numbers that go through the same steps.
type Lanes = [i32; 8];

/// Turns a block's coefficients into 8 by 8 samples at the start of `out`, rows `stride` apart.
///
/// `filled` is the last coefficient, in the file's order, that may differ from zero.
#[inline(always)]
pub(crate) fn inverse(
    coefficients: &[i16; 64],
    quant: &[u16; 64],
    filled: usize,
    out: &mut [u8],
    stride: usize,
) {
    if filled == 0 {
        return flat(coefficients[0], quant[0], out, stride);
    }
    let mut rows = [[0; 8]; 8];
    for (row, (values, steps)) in rows.iter_mut().zip(coefficients.chunks_exact(8).zip(quant.chunks_exact(8)))
    {
        for (lane, (&value, &step)) in row.iter_mut().zip(values.iter().zip(steps)) {
            // 16 bits, wrapping, as the vector code of libjpeg-turbo; no sound file comes near.
            *lane = i32::from(value.wrapping_mul(step as i16));
        }
    }
    // Columns first: lane i of each row belongs to column i.
    let columns = transpose(pass::<{ CONST_BITS - PASS1_BITS }>(&rows));
    let samples = pass::<{ CONST_BITS + PASS1_BITS + 3 }>(&columns);
    let mut bytes = [[0; 8]; 8];
    for (bytes, column) in bytes.iter_mut().zip(&samples) {
        for (byte, &value) in bytes.iter_mut().zip(column) {
            *byte = (value + 128).clamp(0, 255) as u8;
        }
    }
    for (line, row) in out.chunks_mut(stride).zip(&transpose(bytes)) {
        line[..8].copy_from_slice(row);
    }
}

/// A block with nothing but its mean: what both passes make of it.
#[inline(always)]
fn flat(mean: i16, step: u16, out: &mut [u8], stride: usize) {
    let value = i32::from(mean.wrapping_mul(step as i16));
    let sample = (((value << PASS1_BITS) + (1 << (PASS1_BITS + 2))) >> (PASS1_BITS + 3)) + 128;
    let byte = sample.clamp(0, 255) as u8;
    for line in out.chunks_mut(stride).take(8) {
        line[..8].fill(byte);
    }
}

#[inline(always)]
fn transpose<T: Copy + Default>(rows: [[T; 8]; 8]) -> [[T; 8]; 8] {
    let mut out = [[T::default(); 8]; 8];
    for (y, row) in rows.iter().enumerate() {
        for (x, &value) in row.iter().enumerate() {
            out[x][y] = value;
        }
    }
    out
}

/// One-dimensional transforms of all lanes at once, over the eight rows; results are shifted down by `SHIFT`.
#[inline(always)]
fn pass<const SHIFT: u32>(rows: &[Lanes; 8]) -> [Lanes; 8] {
    let mut out = [[0; 8]; 8];
    for lane in 0..8 {
        let v: [i32; 8] = std::array::from_fn(|row| rows[row][lane]);
        let even = even_part([v[0], v[2], v[4], v[6]]);
        let odd = odd_part([v[1], v[3], v[5], v[7]]);
        let half = 1 << (SHIFT - 1);
        for i in 0..4 {
            out[i][lane] = even[i].wrapping_add(odd[i]).wrapping_add(half) >> SHIFT;
            out[7 - i][lane] = even[i].wrapping_sub(odd[i]).wrapping_add(half) >> SHIFT;
        }
    }
    out
}

#[inline(always)]
fn even_part([v0, v2, v4, v6]: [i32; 4]) -> [i32; 4] {
    let z = (v2 + v6).wrapping_mul(FIX_0_541196100);
    let low = z.wrapping_sub(v6.wrapping_mul(FIX_1_847759065));
    let high = z.wrapping_add(v2.wrapping_mul(FIX_0_765366865));
    let sum = (v0 + v4) << CONST_BITS;
    let difference = (v0 - v4) << CONST_BITS;
    [
        sum.wrapping_add(high),
        difference.wrapping_add(low),
        difference.wrapping_sub(low),
        sum.wrapping_sub(high),
    ]
}

#[inline(always)]
fn odd_part([v1, v3, v5, v7]: [i32; 4]) -> [i32; 4] {
    let times = i32::wrapping_mul;
    let sum = |a: i32, b: i32, c: i32| a.wrapping_add(b).wrapping_add(c);
    let z5 = times(v7 + v3 + v5 + v1, FIX_1_175875602);
    let z1 = times(v7 + v1, -FIX_0_899976223);
    let z2 = times(v5 + v3, -FIX_2_562915447);
    let z3 = times(v7 + v3, -FIX_1_961570560).wrapping_add(z5);
    let z4 = times(v5 + v1, -FIX_0_390180644).wrapping_add(z5);
    [
        sum(times(v1, FIX_1_501321110), z1, z4),
        sum(times(v3, FIX_3_072711026), z2, z3),
        sum(times(v5, FIX_2_053119869), z2, z4),
        sum(times(v7, FIX_0_298631336), z1, z3),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The transform in floating point (T.81, A.3.3).
    fn exact(coefficients: &[i16; 64]) -> [f64; 64] {
        let scale = |k: usize| if k == 0 { (0.5_f64).sqrt() } else { 1.0 };
        let wave = |x: usize, k: usize| ((2 * x + 1) as f64 * k as f64 * std::f64::consts::PI / 16.0).cos();
        std::array::from_fn(|at| {
            let (x, y) = (at % 8, at / 8);
            let term = |k: usize| {
                let (u, v) = (k % 8, k / 8);
                scale(u) * scale(v) * f64::from(coefficients[k]) * wave(x, u) * wave(y, v)
            };
            (0..64).map(term).sum::<f64>() / 4.0 + 128.0
        })
    }

    #[test]
    fn stays_within_one_of_the_exact_transform() {
        let mut state = 1_u32;
        for round in 0..500 {
            let coefficients: [i16; 64] = std::array::from_fn(|k| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let range = 400 / (1 + k as i32) + 2;
                ((state >> 16) as i32 % (2 * range + 1) - range) as i16
            });
            let mut out = [0; 64];
            inverse(&coefficients, &[1; 64], 63, &mut out, 8);
            for (sample, truth) in out.iter().zip(exact(&coefficients)) {
                let off = (f64::from(*sample) - truth.clamp(0.0, 255.0)).abs();
                assert!(off <= 0.6, "round {round}: {sample} for {truth}");
            }
        }
    }

    #[test]
    fn flat_blocks_take_the_short_way_to_the_same_bytes() {
        for mean in -1030..1030 {
            let mut coefficients = [0; 64];
            coefficients[0] = mean;
            let (mut short, mut long) = ([0; 64], [0; 64]);
            inverse(&coefficients, &[1; 64], 0, &mut short, 8);
            inverse(&coefficients, &[1; 64], 63, &mut long, 8);
            assert_eq!(short, long, "{mean}");
        }
    }
}
