//! What must not change a result: the number of threads, and the other images of a batch.

use crate::support::{flat, labels, tensor32};
use candle_core::{Device, Tensor, Var};
use scribe_model::ops::*;

const CPU: Device = Device::Cpu;

fn with_threads<R: Send>(threads: usize, run: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run)
}

/// The operators of an inference, in a chain that ends in scores and classes.
fn infer(x: &Tensor) -> (Vec<f64>, Vec<u8>) {
    let c = |stride, padding, dilation| Conv2dConfig { stride, padding, dilation };
    let w = |shape: &[usize], seed| tensor32(&CPU, shape, seed, 0.3);
    let x = conv2d(x, &w(&[64, 3, 7, 7], 1), None, c(2, 3, 1)).unwrap();
    let var = (tensor32(&CPU, &[64], 6, 0.4) + 1.).unwrap();
    let norm = |x: &Tensor, residual: Option<&Tensor>| {
        let (g, b, m) = (w(&[64], 3), w(&[64], 4), w(&[64], 5));
        batch_norm_eval(x, &g, &b, &m, &var, 1e-5, residual, Activation::Relu).unwrap()
    };
    let x = max_pool_3x3_s2(&norm(&x, None)).unwrap();
    let y = conv2d(&x, &w(&[64, 64, 3, 3], 7), None, c(1, 1, 1)).unwrap();
    let x = norm(&y, Some(&x));
    let y = conv2d(&x, &w(&[64, 64, 3, 3], 8), None, c(1, 6, 6)).unwrap();
    let y = conv2d(&y, &w(&[64, 64, 3, 3], 8), None, c(2, 1, 1)).unwrap();
    let pooled = global_avg_pool(&y).unwrap();
    let y = y.broadcast_add(&pooled).unwrap();
    let y = conv2d(&y, &w(&[20, 64, 1, 1], 9), Some(&w(&[20], 1)), c(1, 0, 1)).unwrap();
    let v = upsample_bilinear(&y, 45, 37, false).unwrap();
    let z = Tensor::cat(&[neg_lse(&v).unwrap(), v], 1).unwrap();
    (flat(&log_sigmoid(&relu(&z).unwrap()).unwrap()), argmax_channels(&z).unwrap())
}

#[test]
fn an_image_does_not_see_its_batch_nor_the_threads() {
    let batch = tensor32(&CPU, &[8, 3, 45, 37], 11, 2.);
    let whole = with_threads(1, || infer(&batch));
    assert_eq!(whole, with_threads(2, || infer(&batch)));
    assert_eq!(whole, with_threads(3, || infer(&batch)));
    let (scores, classes) = (whole.0.len() / 8, whole.1.len() / 8);
    for image in 0..8 {
        let one = batch.narrow(0, image, 1).unwrap();
        for threads in [1, 2] {
            let alone = with_threads(threads, || infer(&one));
            assert_eq!(alone.0, whole.0[image * scores..][..scores], "image {image}");
            assert_eq!(alone.1, whole.1[image * classes..][..classes], "image {image}");
        }
    }
}

/// A training step's gradients, all of them.
fn learn() -> Vec<Vec<f64>> {
    let c = |stride, padding, dilation| Conv2dConfig { stride, padding, dilation };
    let var = |shape: &[usize], seed, scale| Var::from_tensor(&tensor32(&CPU, shape, seed, scale)).unwrap();
    let (x, w1, w2) = (var(&[4, 3, 33, 41], 1, 1.), var(&[56, 3, 3, 3], 2, 1.), var(&[56, 56, 3, 3], 3, 0.2));
    let (gamma, beta, w3) = (var(&[56], 4, 1.), var(&[56], 5, 1.), var(&[21, 56, 1, 1], 6, 1.));
    let y = conv2d(&x, &w1, None, c(2, 1, 1)).unwrap();
    let (y, _) = batch_norm_train(&y, &gamma, &beta, 1e-5, None, Activation::Relu).unwrap();
    let r = max_pool_3x3_s2(&y).unwrap();
    let y = conv2d(&r, &w2, None, c(1, 4, 4)).unwrap();
    let (y, _) = batch_norm_train(&y, &gamma, &beta, 1e-5, Some(&r), Activation::Relu).unwrap();
    let z = conv2d(&y, &w3, None, c(1, 0, 1)).unwrap();
    let z = upsample_bilinear(&z, 65, 67, true).unwrap();
    let label = labels(&CPU, 4, 65, 67, 21, true);
    let loss = (softmax_cross_entropy(&z, &label, VoidRule::Ignore).unwrap()
        + bce_with_logits_one_hot(&z, &label, VoidRule::Background, Reduce::Sum).unwrap())
    .unwrap();
    let grads = loss.backward().unwrap();
    let mut all = vec![flat(&loss)];
    all.extend([x, w1, w2, w3, gamma, beta].iter().map(|v| flat(grads.get(v).unwrap())));
    all
}

#[test]
fn threads_do_not_change_a_gradient() {
    let one = with_threads(1, learn);
    assert!(one.iter().flatten().all(|v| v.is_finite()));
    assert!(one == with_threads(2, learn) && one == with_threads(5, learn));
}
