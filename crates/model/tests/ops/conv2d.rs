//! Convolution in f32 against a direct sum in f64.

use crate::support::{flat, on_every_device, tensor32};
use candle_core::{Device, Tensor, Var};
use scribe_model::ops::{Conv2dConfig, conv2d};

/// Sizes of one case: images, inputs, outputs, input height and width, kernel.
type Sizes = (usize, usize, usize, usize, usize, usize);

/// Calls `each(y, x, w)` for every product in the definition of the convolution, with flat indices.
fn for_products(s: Sizes, c: Conv2dConfig, mut each: impl FnMut(usize, usize, usize)) -> [usize; 2] {
    let (n, ci, co, h, w, k) = s;
    let out = |size: usize| (size + 2 * c.padding - c.dilation * (k - 1) - 1) / c.stride + 1;
    let (oh, ow) = (out(h), out(w));
    let read = |o: usize, t: usize, size: usize| {
        (o * c.stride + t * c.dilation).checked_sub(c.padding).filter(|&i| i < size)
    };
    for (b, o) in (0..n).flat_map(|b| (0..co).map(move |o| (b, o))) {
        for (oy, ox) in (0..oh).flat_map(|y| (0..ow).map(move |x| (y, x))) {
            for (ky, kx) in (0..k).flat_map(|y| (0..k).map(move |x| (y, x))) {
                let (Some(iy), Some(ix)) = (read(oy, ky, h), read(ox, kx, w)) else { continue };
                for i in 0..ci {
                    each(
                        ((b * co + o) * oh + oy) * ow + ox,
                        ((b * ci + i) * h + iy) * w + ix,
                        ((o * ci + i) * k + ky) * k + kx,
                    );
                }
            }
        }
    }
    [oh, ow]
}

/// The error that a sum of so many products may have, in units of f32's epsilon and of the sum of the products' sizes.
///
/// The CPU adds in blocks, whose errors stay below 8 units at these sizes. cuDNN promises no order. Added one after another,
/// n products have an error of up to n u / (1 - n u) times the sum of their sizes, with u half of epsilon (Higham, Accuracy
/// and Stability of Numerical Algorithms, 2002, section 3.1); only sums of more than 16 products need that.
fn units(d: &Device, terms: f64) -> f64 {
    let u = f32::EPSILON as f64 / 2.;
    if d.is_cuda() { f64::max(8., terms / 2. / (1. - terms * u)) } else { 8. }
}

fn check(d: &Device, s: Sizes, c: Conv2dConfig) {
    let (n, ci, co, h, w, k) = s;
    let x = Var::from_tensor(&tensor32(d, &[n, ci, h, w], 1, 1.)).unwrap();
    let weight = Var::from_tensor(&tensor32(d, &[co, ci, k, k], 2, 1.)).unwrap();
    let y = conv2d(&x, &weight, None, c).unwrap();
    let dy = tensor32(d, y.dims(), 3, 1.);
    let grads = (&y * &dy).unwrap().backward().unwrap();
    let grad = |t: &Tensor| flat(grads.get(t).unwrap());

    // Each sum comes with that of its terms' sizes, to which rounding is in proportion when terms cancel, and with their number.
    let (xs, ws, ds) = (flat(&x), flat(&weight), flat(&dy));
    let zeros = |like: &[f64]| vec![(0., 0., 0.); like.len()];
    let (mut ry, mut rx, mut rw) = (zeros(&ds), zeros(&xs), zeros(&ws));
    let add = |sum: &mut (f64, f64, f64), term: f64| *sum = (sum.0 + term, sum.1 + term.abs(), sum.2 + 1.);
    let out = for_products(s, c, |y, x, w| {
        add(&mut ry[y], xs[x] * ws[w]);
        add(&mut rx[x], ds[y] * ws[w]);
        add(&mut rw[w], ds[y] * xs[x]);
    });
    assert_eq!(y.dims(), [n, co, out[0], out[1]]);
    for (name, got, want) in [("y", flat(&y), ry), ("dx", grad(&x), rx), ("dw", grad(&weight), rw)] {
        for (i, (got, (want, size, terms))) in got.iter().zip(&want).enumerate() {
            let error = (got - want).abs();
            let allowed = units(d, *terms) * f32::EPSILON as f64 * size;
            assert!(
                error <= allowed,
                "{name}[{i}] of {s:?} {c:?}: {got}, not {want}: {error:e} > {allowed:e}"
            );
        }
    }
}

#[test]
fn agrees_with_the_definition() {
    on_every_device(|d| {
        let c = |stride, padding, dilation| Conv2dConfig { stride, padding, dilation };
        // The stem, both 1x1s, a 3x3 with and without stride, a decoder's odd channel count.
        check(d, (2, 3, 64, 37, 45, 7), c(2, 3, 1));
        check(d, (2, 40, 70, 9, 11, 1), c(1, 0, 1));
        check(d, (2, 70, 40, 9, 11, 1), c(1, 0, 1));
        check(d, (2, 33, 50, 9, 11, 1), c(2, 0, 1));
        check(d, (3, 17, 21, 14, 14, 3), c(1, 1, 1));
        check(d, (2, 30, 19, 13, 18, 3), c(2, 1, 1));
        check(d, (1, 8, 8, 97, 131, 3), c(1, 1, 1));
        check(d, (1, 5, 9, 97, 131, 3), c(2, 1, 1));
        // A wide map: one row is longer than a chunk of the weight gradient.
        check(d, (1, 4, 50, 3, 400, 3), c(1, 1, 1));
    });
}

#[test]
fn agrees_with_the_definition_when_dilated() {
    on_every_device(|d| {
        let c = |rate| Conv2dConfig { stride: 1, padding: rate, dilation: rate };
        for rate in [2, 4, 6, 12, 13, 14, 18, 36] {
            check(d, (2, 20, 24, 14, 14, 3), c(rate));
            check(d, (1, 9, 10, 7, 17, 3), c(rate));
        }
        // Results that read padding only.
        check(d, (1, 3, 4, 3, 3, 1), Conv2dConfig { stride: 2, padding: 5, dilation: 1 });
        check(d, (1, 3, 4, 5, 5, 3), Conv2dConfig { stride: 1, padding: 9, dilation: 2 });
    });
}

#[test]
fn agrees_with_the_definition_when_tiny() {
    on_every_device(|d| {
        for size in 1..=5 {
            for channels in [1, 8, 16, 31] {
                check(
                    d,
                    (1, channels, 8, size, size + 1, 3),
                    Conv2dConfig { stride: 1, padding: 1, dilation: 1 },
                );
                check(
                    d,
                    (4, 8, channels, size, size, 3),
                    Conv2dConfig { stride: 2, padding: 1, dilation: 1 },
                );
            }
        }
    });
}

#[test]
fn refuses_what_does_not_fit() {
    on_every_device(|d| {
        let c = Conv2dConfig { stride: 1, padding: 0, dilation: 1 };
        let x = tensor32(d, &[1, 3, 2, 2], 1, 1.);
        for (weight, config, said) in [
            (vec![4, 2, 1, 1], c, "a weight for 3 inputs"),
            (vec![4, 3, 3, 3], c, "does not fit"),
            (vec![4, 3, 1, 1], Conv2dConfig { stride: 0, ..c }, "stride"),
        ] {
            let message = conv2d(&x, &tensor32(d, &weight, 2, 1.), None, config).unwrap_err().to_string();
            assert!(message.contains(said), "{message}");
        }
        let message = conv2d(&x, &tensor32(d, &[4, 3, 1, 1], 2, 1.), Some(&tensor32(d, &[3], 1, 1.)), c);
        assert!(message.unwrap_err().to_string().contains("a bias of [4]"));
    });
}
