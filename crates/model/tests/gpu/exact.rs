//! Convolutions of f32 keep its digits.

use crate::support::{flat, gpu, wave};
use candle_core::{DType, Device, Tensor};
use scribe_model::ops::{Conv2dConfig, conv2d, conv2d_gradients};

const CONFIG: Conv2dConfig = Conv2dConfig { stride: 1, padding: 0, dilation: 1 };

/// Single products, so that nothing but the factors' digits can be lost: of a map of one channel, and of the gradients.
#[test]
fn products_keep_the_digits() {
    let gpu = gpu();
    for (scale, factor) in [(1., 0.7310586), (1e30, 0.3), (1e-20, 3e5), (3.4e38, 0.999)] {
        let x = wave(&[1, 1, 40, 50], 3, scale, DType::F32);
        let weight = Tensor::full(factor, (1, 1, 1, 1), &Device::Cpu).unwrap();
        let narrow = |t: &Tensor| t.to_dtype(DType::F32).unwrap();
        let (narrow_x, narrow_weight) = (narrow(&x), narrow(&weight));
        let wanted: Vec<f64> = flat(&narrow_x).iter().map(|x| x * flat(&narrow_weight)[0]).collect();
        let (x, weight) = (narrow_x.to_device(&gpu).unwrap(), narrow_weight.to_device(&gpu).unwrap());
        let y = conv2d(&x, &weight, None, CONFIG).unwrap();
        let (dx, _) = conv2d_gradients(&x, &weight, &x, CONFIG).unwrap();
        for (name, got) in [("y", &y), ("dx", &dx)] {
            for (got, wanted) in flat(got).into_iter().zip(&wanted) {
                // Half of the last bit.
                let most = wanted.abs() * 2f64.powi(-24) + f64::from(f32::MIN_POSITIVE);
                assert!((got - wanted).abs() <= most, "{name}, {scale:e}: {got:e}, expected {wanted:e}");
            }
        }
    }
}

#[test]
fn what_is_no_number_stays_so() {
    let gpu = gpu();
    let weight = Tensor::full(0.5f32, (1, 1, 1, 1), &gpu).unwrap();
    for bad in [f32::NAN, f32::from_bits(0x7f80_0001), f32::INFINITY, f32::NEG_INFINITY] {
        let x = Tensor::from_slice(&[1f32, bad, 2., 3.], (1, 1, 2, 2), &gpu).unwrap();
        let y = flat(&conv2d(&x, &weight, None, CONFIG).unwrap());
        assert_eq!([y[0], y[2], y[3]], [0.5, 1., 1.5], "{bad}");
        assert!(!y[1].is_finite(), "{bad}: {}", y[1]);
    }
}

/// Convolutions with thousands of terms, for which cuDNN has many engines, against the same in f64. Errors of sums in any
/// order are about the root of the number of terms times half of the last bit, for numbers of no pattern; TF32's are some
/// hundred times that, and sums that are cut off instead of rounded have more the longer they are.
#[test]
fn long_sums_keep_the_digits() {
    let gpu = gpu();
    for (x, outputs, kernel, dilation) in [
        ([4, 128, 28, 28], 128, 3, 1),
        ([2, 256, 30, 30], 64, 3, 2),
        ([3, 1024, 7, 7], 96, 1, 1),
        ([8, 64, 28, 28], 64, 3, 1),
    ] {
        let config = Conv2dConfig { stride: 1, padding: dilation * (kernel / 2), dilation };
        let weight = noise(&[outputs, x[1], kernel, kernel], 2);
        let (x, dy) = (noise(&x, 1), noise(&[x[0], outputs, x[2], x[3]], 3));
        let run = |dtype: DType| {
            let [x, weight, dy] =
                [&x, &weight, &dy].map(|t| t.to_dtype(dtype).unwrap().to_device(&gpu).unwrap());
            let y = conv2d(&x, &weight, None, config).unwrap();
            let (dx, dw) = conv2d_gradients(&x, &weight, &dy, config).unwrap();
            [y, dx, dw].map(|t| flat(&t))
        };
        let taps = kernel * kernel;
        let terms = [x.dims()[1] * taps, outputs * taps, x.dims()[0] * x.dims()[2] * x.dims()[3]];
        let names = ["y", "dx", "dw"];
        for (((name, terms), got), wanted) in
            names.iter().zip(terms).zip(run(DType::F32)).zip(run(DType::F64))
        {
            let norm = |v: &mut dyn Iterator<Item = f64>| v.map(|v| v * v).sum::<f64>().sqrt();
            let off =
                norm(&mut got.iter().zip(&wanted).map(|(g, w)| g - w)) / norm(&mut wanted.iter().copied());
            let most = f64::from(f32::EPSILON) * (terms as f64).sqrt();
            println!("{name} of {:?}, {terms} terms: off by {off:e}, at most {most:e}", x.dims());
            assert!(off < most, "{name} of {:?}: off by {off:e} of its norm, more than {most:e}", x.dims());
        }
    }
}

/// Numbers of f32 in -1..1 without a pattern (splitmix64).
fn noise(shape: &[usize], seed: u64) -> Tensor {
    let value = |i: u64| {
        let mut z = (i + 1).wrapping_add(seed << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / 8_388_608. - 1.
    };
    let count = shape.iter().product::<usize>() as u64;
    Tensor::from_vec((0..count).map(value).collect::<Vec<_>>(), shape, &Device::Cpu).unwrap()
}
