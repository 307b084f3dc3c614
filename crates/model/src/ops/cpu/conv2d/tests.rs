//! Every instruction set against plain loops in f64.

use super::correlation::Correlation;
use super::finish::Finish;
use super::passes::{self, Way};
use crate::ops::Conv2dConfig;
use crate::ops::cpu::level::Level;
use crate::ops::geometry::Conv2dShape;

fn wave(len: usize, seed: usize) -> Vec<f64> {
    (0..len).map(|i| ((i * 7919 + seed * 104_729) % 10_007) as f64 / 5003.5 - 1.).collect()
}

fn narrow(v: &[f64]) -> Vec<f32> {
    v.iter().map(|&v| v as f32).collect()
}

/// The largest difference in units of the largest element.
fn distance(got: impl IntoIterator<Item = f64>, want: &[f64]) -> f64 {
    let largest = want.iter().fold(0f64, |m, v| m.max(v.abs()));
    let got: Vec<f64> = got.into_iter().collect();
    assert_eq!(got.len(), want.len());
    got.iter().zip(want).fold(0f64, |m, (g, w)| m.max((g - w).abs())) / largest
}

/// Result, gradient of the input and gradient of the weight, by their definition; maps are `[N, H, W, C]`.
fn plain(shape: &Conv2dShape, x: &[f64], weight: &[f64], dy: &[f64]) -> [Vec<f64>; 3] {
    let (ci, co, [h, w], [oh, ow], [kh, kw]) =
        (shape.inputs, shape.outputs, shape.size, shape.out, shape.kernel);
    let mut all = [vec![0.; shape.images * oh * ow * co], vec![0.; x.len()], vec![0.; weight.len()]];
    let place = |o: usize, k: usize, size: usize| {
        let at =
            (o * shape.config.stride + k * shape.config.dilation) as isize - shape.config.padding as isize;
        (0..size as isize).contains(&at).then_some(at as usize)
    };
    for (n, oy, ox) in (0..shape.images * oh * ow).map(|i| (i / (oh * ow), i / ow % oh, i % ow)) {
        for (ky, kx) in (0..kh * kw).map(|i| (i / kw, i % kw)) {
            let (Some(y), Some(x_at)) = (place(oy, ky, h), place(ox, kx, w)) else { continue };
            for (o, c) in (0..co * ci).map(|i| (i / ci, i % ci)) {
                let (to, from) = (((n * oh + oy) * ow + ox) * co + o, ((n * h + y) * w + x_at) * ci + c);
                let at = ((o * ci + c) * kh + ky) * kw + kx;
                all[0][to] += x[from] * weight[at];
                all[1][from] += dy[to] * weight[at];
                all[2][at] += dy[to] * x[from];
            }
        }
    }
    all
}

fn check(x: [usize; 4], weight: [usize; 4], config: Conv2dConfig) {
    let shape = Conv2dShape::new(&x, &weight, config).unwrap();
    let (xs, ws) = (wave(x.iter().product(), 1), wave(weight.iter().product(), 2));
    let ds = wave(shape.images * shape.outputs * shape.out[0] * shape.out[1], 3);
    let [y, dx, dw] = plain(&shape, &xs, &ws, &ds);
    let (way, exact) = (Way::of(&shape), Level::Portable);
    let (plain, about) = (Finish::PLAIN, format!("{x:?} {weight:?} {config:?}"));
    let found = passes::forward(exact, (way, &shape), &xs, &passes::pack(way, &shape, &ws), plain, None);
    assert!(distance(found, &y) < 1e-13, "y of {about} in f64");
    assert!(distance(passes::input_gradient(exact, &shape, &ws, &ds, None), &dx) < 1e-13, "dx of {about}");
    assert!(distance(passes::weight_gradient(exact, &shape, &xs, &ds), &dw) < 1e-13, "dw of {about}");
    let (xs, ws, ds) = (narrow(&xs), narrow(&ws), narrow(&ds));
    let packed = passes::pack(way, &shape, &ws);
    for level in Level::available() {
        for (name, found, want) in [
            ("y", passes::forward(level, (way, &shape), &xs, &packed, Finish::PLAIN, None), &y),
            ("dx", passes::input_gradient(level, &shape, &ws, &ds, None), &dx),
            ("dw", passes::weight_gradient(level, &shape, &xs, &ds), &dw),
        ] {
            let d = distance(found.into_iter().map(f64::from), want);
            assert!(d <= 2e-6, "{name} of {about} on {level:?}: {d:e}");
        }
    }
}

#[test]
fn instruction_sets_agree_with_plain_loops() {
    let c = |stride, padding, dilation| Conv2dConfig { stride, padding, dilation };
    check([2, 3, 37, 45], [50, 3, 7, 7], c(2, 3, 1));
    check([1, 2, 9, 8], [5, 2, 3, 3], c(1, 2, 2));
    check([2, 40, 9, 11], [70, 40, 1, 1], c(1, 0, 1));
    check([2, 70, 9, 11], [40, 70, 1, 1], c(1, 0, 1));
    check([2, 33, 9, 11], [50, 33, 1, 1], c(2, 0, 1));
    check([3, 17, 14, 14], [21, 17, 3, 3], c(1, 1, 1));
    check([2, 30, 13, 18], [19, 30, 3, 3], c(2, 1, 1));
    check([2, 20, 14, 14], [24, 20, 3, 3], c(1, 6, 6));
    check([1, 20, 14, 14], [24, 20, 3, 3], c(1, 18, 18));
    // Strides beyond the kernel, and beyond those of which every remainder is a grid of its own.
    check([2, 3, 23, 31], [5, 3, 2, 3], c(4, 1, 1));
    check([2, 3, 40, 50], [5, 3, 3, 3], c(11, 4, 1));
    check([1, 20, 40, 50], [24, 20, 3, 3], c(9, 13, 5));
    check([1, 3, 40, 50], [5, 3, 3, 3], c(1000, 1, 1));
    check([1, 300, 5, 40], [9, 300, 3, 3], c(3, 2, 1));
    check([1, 9, 3, 200], [4, 9, 1, 3], c(1, 1, 1));
    check([1, 260, 2, 3], [130, 260, 1, 1], c(1, 0, 1));
}

/// A window of a block holds its results' pixels and those between them, which are the more the longer the stride is.
#[test]
fn strides_longer_than_the_kernel_take_no_windows() {
    let way = |kernel: [usize; 2], stride| {
        let config = Conv2dConfig { stride, padding: 0, dilation: 1 };
        Way::of(&Conv2dShape::new(&[1, 3, 2000, 2000], &[8, 3, kernel[0], kernel[1]], config).unwrap())
    };
    // The first is ResNet's stem.
    assert_eq!([way([7, 7], 2), way([3, 3], 3), way([2, 5], 2)], [Way::Windows; 3]);
    assert_eq!([way([3, 3], 4), way([2, 5], 3), way([3, 3], 500)], [Way::Taps; 3]);
}

/// 3 x 3 taps have at most 9 remainders; all of a stride of 1900 would be 3.6 million.
#[test]
fn a_long_stride_has_few_grids() {
    let config = Conv2dConfig { stride: 1900, padding: 1, dilation: 1 };
    let shape = Conv2dShape::new(&[1, 3, 2000, 2000], &[8, 3, 3, 3], config).unwrap();
    assert_eq!(Correlation::input_gradient(&shape).len(), 9);
}

#[test]
fn moments_are_those_of_the_result() {
    let shape = Conv2dShape::new(
        &[3, 17, 9, 7],
        &[37, 17, 3, 3],
        Conv2dConfig { stride: 1, padding: 1, dilation: 1 },
    )
    .unwrap();
    let xs: Vec<f64> = wave(3 * 9 * 7 * 17, 1).iter().map(|v| v + 3.).collect();
    let way = Way::of(&shape);
    let packed = passes::pack(way, &shape, &wave(37 * 17 * 9, 2));
    let mut moments = passes::moments(way, &shape, &packed);
    let y = passes::forward(Level::detect(), (way, &shape), &xs, &packed, Finish::PLAIN, Some(&mut moments));
    for (channel, (mean, var)) in moments.joined(37).into_iter().enumerate() {
        let values: Vec<f64> = y.iter().skip(channel).step_by(37).copied().collect();
        let count = values.len() as f64;
        let want = values.iter().sum::<f64>() / count;
        let want_var = values.iter().map(|v| (v - want).powi(2)).sum::<f64>() / count;
        assert!((mean - want).abs() < 1e-12 * want.abs().max(1.), "{mean} {want}");
        assert!((var - want_var).abs() < 1e-12 * want_var, "{var} {want_var}");
    }
}
