//! A folded batch norm against the two operators that it stands for, bit for bit.

use crate::support::{flat, on_every_device, tensor, tensor32};
use candle_core::{DType, Device, Tensor};
use scribe_model::ops::{
    Activation, ChannelAffine, Conv2dConfig, batch_norm_eval, conv2d, conv2d_normalised,
};

const EPS: f64 = 1e-5;

/// Input `[n, ci, h, w]`, outputs, kernel side.
fn check(
    d: &Device,
    x: [usize; 4],
    outputs: usize,
    k: usize,
    config: Conv2dConfig,
    residual: bool,
    act: Activation,
) {
    let weight = tensor32(d, &[outputs, x[1], k, k], 2, 0.3);
    let x = tensor32(d, &x, 1, 1.);
    let [gamma, beta, mean] = [3, 4, 5].map(|seed| tensor32(d, &[outputs], seed, 1.));
    let var = (tensor(d, &[outputs], 6, 0.4) + 1.).unwrap().to_dtype(DType::F32).unwrap();
    let y = conv2d(&x, &weight, None, config).unwrap();
    let residual = residual.then(|| tensor32(d, y.dims(), 7, 1.));
    let residual = residual.as_ref();
    let want = batch_norm_eval(&y, &gamma, &beta, &mean, &var, EPS, residual, act).unwrap();

    let affine = ChannelAffine::of_norm(&gamma, &beta, &mean, &var, EPS).unwrap();
    let found = conv2d_normalised(&x, &weight, config, affine, residual, act);
    let found = found.unwrap();
    assert_eq!(found.dims(), want.dims());
    let bits = |t: &Tensor| -> Vec<u32> { flat(t).iter().map(|&v| (v as f32).to_bits()).collect() };
    assert_eq!(bits(&found), bits(&want), "{:?} {config:?}", x.dims());
}

#[test]
fn folding_changes_no_bit() {
    on_every_device(|d| {
        let config = |stride, padding, dilation| Conv2dConfig { stride, padding, dilation };
        // Whole vectors that are written in place, and rows of odd length that are copied.
        check(d, [2, 5, 16, 16], 9, 1, config(1, 0, 1), true, Activation::Relu);
        check(d, [2, 5, 7, 11], 9, 1, config(1, 0, 1), true, Activation::None);
        check(d, [1, 3, 16, 16], 8, 3, config(1, 1, 1), false, Activation::Relu);
        check(d, [2, 3, 13, 17], 10, 3, config(2, 1, 1), true, Activation::Relu);
        // A dilation that leaves most taps dead: rectangles of their own.
        check(d, [1, 6, 9, 9], 4, 3, config(1, 7, 7), false, Activation::Relu);
        // No tap reads inside the picture at the border: what is left is the shift.
        check(d, [1, 2, 1, 1], 3, 1, config(1, 2, 1), false, Activation::None);
    });
}

#[test]
fn what_does_not_belong_together_is_refused() {
    on_every_device(|d| {
        let (x, weight) = (tensor32(d, &[1, 2, 4, 4], 1, 1.), tensor32(d, &[3, 2, 1, 1], 2, 1.));
        let config = Conv2dConfig { stride: 1, padding: 0, dilation: 1 };
        let run = |scales: usize, residual: Option<&Tensor>| {
            let affine =
                ChannelAffine { scale: tensor32(d, &[scales], 3, 1.), shift: tensor32(d, &[3], 4, 1.) };
            conv2d_normalised(&x, &weight, config, affine, residual, Activation::None)
        };
        assert!(run(3, None).is_ok());
        assert!(run(2, None).unwrap_err().to_string().contains("expected a scale of [3]"));
        assert!(run(3, Some(&x)).unwrap_err().to_string().contains("expected a residual of [1, 3, 4, 4]"));
    });
}
