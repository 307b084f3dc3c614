//! Arguments that do not belong together, and what is said about them.

use crate::support::{labels, on_every_device, tensor, tensor32};
use candle_core::{DType, Device, Result, Tensor, Var};
use scribe_model::ops::*;
use std::fmt::Debug;

/// The message, without the backtrace that candle may add to it.
fn said<T: Debug>(result: Result<T>) -> String {
    result.unwrap_err().to_string().lines().take(1).collect()
}

const CONFIG: Conv2dConfig = Conv2dConfig { stride: 1, padding: 0, dilation: 1 };

#[test]
fn messages_name_the_operator_and_the_element_type() {
    on_every_device(|d| {
        let (x, weight) = (tensor32(d, &[1, 2, 4, 4], 1, 1.), tensor32(d, &[3, 2, 1, 1], 2, 1.));
        let (three, wide) = (tensor32(d, &[3], 3, 1.), tensor(d, &[3], 3, 1.));
        assert_eq!(
            said(conv2d(&x, &weight, Some(&wide), CONFIG)),
            "conv2d: expected a bias of [3] F32, got [3] F64"
        );
        let y = tensor32(d, &[1, 3, 4, 4], 4, 1.);
        let normalised = |scale: &Tensor, shift: &Tensor, residual: &Tensor| {
            let affine = ChannelAffine { scale: scale.clone(), shift: shift.clone() };
            said(conv2d_normalised(&x, &weight, CONFIG, affine, Some(residual), Activation::None))
        };
        assert_eq!(normalised(&wide, &three, &y), "conv2d: expected a scale of [3] F32, got [3] F64");
        assert_eq!(normalised(&three, &wide, &y), "conv2d: expected a shift of [3] F32, got [3] F64");
        let residual = y.to_dtype(DType::F64).unwrap();
        assert_eq!(
            normalised(&three, &three, &residual),
            "conv2d: expected a residual of [1, 3, 4, 4] F32, got [1, 3, 4, 4] F64"
        );
        assert_eq!(
            said(batch_norm_train(&y, &wide, &three, 1e-5, None, Activation::None)),
            "batch_norm: expected gamma of [3] F32, got [3] F64"
        );
        assert_eq!(
            said(batch_norm_train(&y, &three, &three, 1e-5, Some(&residual), Activation::Relu)),
            "batch_norm: expected a residual of [1, 3, 4, 4] F32, got [1, 3, 4, 4] F64"
        );
    });
}

#[test]
fn losses_and_classes_have_their_public_names() {
    on_every_device(|d| {
        let (z, label) = (tensor32(d, &[1, 3, 2, 2], 1, 1.), labels(d, 1, 2, 2, 9, false));
        let (void, reduce) = (VoidRule::Ignore, Reduce::Sum);
        for (name, message) in [
            ("softmax_cross_entropy", said(softmax_cross_entropy(&z, &label, void))),
            ("bce_with_logits_one_hot", said(bce_with_logits_one_hot(&z, &label, void, reduce))),
            ("positive_only_nll", said(positive_only_nll(&z, &label, void))),
        ] {
            assert!(message.starts_with(&format!("{name}: expected labels below 3, got ")), "{message}");
        }
        let integers = z.to_dtype(DType::U8).unwrap();
        let message = said(argmax_channels(&integers));
        assert_eq!(message, "argmax_channels: expected f32 or f64 (on a GPU bf16 too), got U8");
    });
}

#[test]
fn a_map_of_integers_is_resized_to_no_size() {
    on_every_device(|d| {
        let map = Tensor::zeros((1, 2, 4, 4), DType::U8, d).unwrap();
        for side in [4, 8] {
            let message = said(upsample_bilinear(&map, side, side, false));
            assert_eq!(message, "upsample_bilinear: expected f32 or f64 (on a GPU bf16 too), got U8");
        }
    });
}

#[test]
fn what_is_larger_than_memory_is_refused() {
    let d = &Device::Cpu;
    let x = tensor32(d, &[1, 2, 2, 2], 1, 1.);
    // More elements than a number of 64 bits counts, more bytes than it counts, and more than any machine has.
    for (height, width) in [(1 << 63, 1), (usize::MAX, usize::MAX), (1 << 40, 1 << 20), (1 << 40, 1 << 15)] {
        for x in [x.clone(), x.narrow(0, 0, 0).unwrap()] {
            let message = said(upsample_bilinear(&x, height, width, true));
            assert!(message.starts_with("upsample_bilinear: a result of ["), "{message}");
            assert!(message.ends_with(&format!("{height}, {width}] does not fit into memory")), "{message}");
        }
    }
    let weight = tensor32(d, &[3, 2, 1, 1], 2, 1.);
    for (padding, expected) in
        [(1 << 62, "of at most 2147483647"), (i32::MAX as usize, "does not fit into memory")]
    {
        let message = said(conv2d(&x, &weight, None, Conv2dConfig { padding, ..CONFIG }));
        assert!(message.starts_with("conv2d: ") && message.contains(expected), "{message}");
    }
}

#[test]
fn an_eps_is_a_number_of_0_or_more() {
    on_every_device(|d| {
        let (x, one) = (tensor32(d, &[2, 1, 2, 2], 1, 1.), Tensor::ones(1, DType::F32, d).unwrap());
        for eps in [-1e-5, f64::NAN, f64::INFINITY] {
            let expected = format!("batch_norm: expected an eps of 0 or more, got {eps}");
            let act = Activation::None;
            assert_eq!(said(batch_norm_train(&x, &one, &one, eps, None, act)), expected);
            assert_eq!(said(batch_norm_eval(&x, &one, &one, &one, &one, eps, None, act)), expected);
            let affine = ChannelAffine::of_norm(&one, &one, &one, &one, eps);
            assert!(said(affine).ends_with(&format!("an eps of 0 or more, got {eps}")));
        }
        assert!(batch_norm_train(&x, &one, &one, 0., None, Activation::None).is_ok());
    });
}

#[test]
fn a_batch_of_one_value_and_a_momentum_outside_its_range_move_no_statistics() {
    on_every_device(|d| {
        let var = |value: f32| Var::from_tensor(&Tensor::new(&[value], d).unwrap()).unwrap();
        let batches = Var::from_tensor(&Tensor::new(0i64, d).unwrap()).unwrap();
        let (mean, variance) = (var(0.), var(1.));
        let running = Running { mean: &mean, var: &variance, batches: &batches };
        let ones = Tensor::ones(1, DType::F64, d).unwrap();
        let track = |count, momentum| {
            let batch = BatchStats { mean: ones.clone(), var: ones.clone(), count };
            track_statistics(running, &batch, momentum)
        };
        // The unbiased variance of one value is 0 / 0.
        assert!(said(track(1, 0.1)).contains("at least 2 values per channel, got 1"));
        for momentum in [-0.1, 1.5, f64::NAN] {
            assert!(said(track(2, momentum)).contains("a momentum in [0, 1]"));
        }
        assert_eq!(variance.to_vec1::<f32>().unwrap(), [1.]);
        track(2, 1.).unwrap();
        assert_eq!(variance.to_vec1::<f32>().unwrap(), [2.]);
    });
}
