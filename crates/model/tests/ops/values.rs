//! Values at the edges: extreme logits, void labels, NaN, statistics of constant and shifted channels.

use crate::support::{flat, labels, on_every_device, tensor32};
use candle_core::{DType, Tensor, Var};
use scribe_model::ops::*;

#[test]
fn argmax_takes_the_first_of_equals() {
    on_every_device(|d| {
        let z = Tensor::new(&[[[[1f32, 0.]], [[1., 3.]], [[0., 3.]]]], d).unwrap();
        assert_eq!(argmax_channels(&z).unwrap(), [0, 1]);
        let z = Tensor::new(&[[[[1f32]], [[f32::NAN]], [[5.]]]], d).unwrap();
        assert_eq!(argmax_channels(&z).unwrap(), [1]);
    });
}

#[test]
fn nan_is_not_hidden() {
    on_every_device(|d| {
        let nan = Tensor::new(&[[[[1f32, f32::NAN], [0., 2.]]]], d).unwrap();
        assert!(flat(&max_pool_3x3_s2(&nan).unwrap())[0].is_nan());
        assert!(flat(&relu(&nan).unwrap())[1].is_nan());
        let one = Tensor::ones(1, DType::F32, d).unwrap();
        let (y, stats) = batch_norm_train(&nan, &one, &one, 1e-5, None, Activation::Relu).unwrap();
        assert!(flat(&y).iter().all(|v| v.is_nan()) && flat(&stats.var)[0].is_nan());
    });
}

#[test]
fn losses_are_finite_far_out() {
    on_every_device(|d| {
        for scale in [80f64, 1e4, 1e30] {
            let z = Var::from_tensor(&tensor32(d, &[2, 21, 4, 5], 1, scale)).unwrap();
            let label = labels(d, 2, 4, 5, 21, true);
            let v = z.narrow(1, 1, 20).unwrap();
            for value in [
                softmax_cross_entropy(&z, &label, VoidRule::Ignore),
                bce_with_logits_one_hot(&z, &label, VoidRule::Background, Reduce::Sum),
                positive_only_nll(&z, &label, VoidRule::Ignore),
                neg_lse(&v).and_then(|b| b.mean_all()),
            ] {
                let value = value.unwrap();
                assert!(flat(&value)[0].is_finite(), "{scale}");
                let grads = value.backward().unwrap();
                assert!(flat(grads.get(&z).unwrap()).iter().all(|g| g.is_finite()), "{scale}");
            }
        }
    });
}

#[test]
fn a_batch_of_void_is_zero_with_zero_gradients() {
    on_every_device(|d| {
        let z = Var::from_tensor(&tensor32(d, &[1, 3, 2, 2], 1, 1.)).unwrap();
        let void = Tensor::full(255u8, (1, 2, 2), d).unwrap();
        for loss in [
            softmax_cross_entropy(&z, &void, VoidRule::Ignore),
            bce_with_logits_one_hot(&z, &void, VoidRule::Ignore, Reduce::Sum),
            positive_only_nll(&z, &void, VoidRule::Ignore),
        ] {
            let loss = loss.unwrap();
            assert_eq!(flat(&loss), [0.]);
            assert_eq!(flat(loss.backward().unwrap().get(&z).unwrap()), [0.; 12]);
        }
        // The same map counts where void means background.
        let loss = positive_only_nll(&z, &void, VoidRule::Background).unwrap();
        assert!(flat(&loss)[0] > 0.);
    });
}

#[test]
fn unknown_labels_are_named() {
    on_every_device(|d| {
        let z = tensor32(d, &[1, 3, 2, 2], 1, 1.);
        let label = Tensor::full(7u8, (1, 2, 2), d).unwrap();
        let message = softmax_cross_entropy(&z, &label, VoidRule::Ignore).unwrap_err().to_string();
        assert!(message.contains("labels below 3, got "), "{message}");
        assert!(message.contains("7 at 4 pixels"), "{message}");
        let narrow = Tensor::full(0u8, (1, 2, 1), d).unwrap();
        let message = softmax_cross_entropy(&z, &narrow, VoidRule::Ignore).unwrap_err().to_string();
        assert!(message.contains("[1, 2, 2]"), "{message}");
    });
}

#[test]
fn statistics_survive_a_large_mean() {
    on_every_device(|d| {
        // Values 1000 +- 0.5: the squares' difference alone would lose the variance in f32.
        let noise = crate::support::wave(&[2, 1, 30, 40], 1, 0.5);
        let mean = noise.iter().sum::<f64>() / noise.len() as f64;
        let var = noise.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / noise.len() as f64;
        let x: Vec<f32> = noise.iter().map(|v| (v + 1000.) as f32).collect();
        let x = Tensor::from_vec(x, (2, 1, 30, 40), d).unwrap();
        let one = Tensor::ones(1, DType::F32, d).unwrap();
        let (_, stats) = batch_norm_train(&x, &one, &one, 1e-5, None, Activation::None).unwrap();
        assert_eq!(stats.count, 2400);
        assert!((flat(&stats.mean)[0] - 1000. - mean).abs() < 1e-4, "{:?} {mean}", stats.mean);
        assert!((flat(&stats.var)[0] - var).abs() < 1e-4 * var, "{:?} {var}", stats.var);
        let constant = x.zeros_like().unwrap();
        let (y, stats) = batch_norm_train(&constant, &one, &one, 1e-5, None, Activation::None).unwrap();
        assert_eq!((flat(&stats.var)[0], flat(&y)[0]), (0., 1.));
    });
}

#[test]
fn background_forms_by_hand() {
    on_every_device(|d| {
        // v = (log 1, log 3): -log(1 + 3) and -log 3.
        let v = Tensor::new(&[[[[0f64]], [[3f64.ln()]]]], d).unwrap();
        assert!((flat(&neg_lse(&v).unwrap())[0] + 4f64.ln()).abs() < 1e-15);
        assert_eq!(flat(&neg_max(&v).unwrap()), [-(3f64.ln())]);
        assert_eq!(neg_lse(&v).unwrap().dims(), [1, 1, 1, 1]);
    });
}
