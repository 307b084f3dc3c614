//! Every backward pass against central differences.

use crate::support::{check_gradients, labels, on_every_device, tensor};
use candle_core::{DType, Tensor, Var};
use scribe_model::ops::*;

fn config(stride: usize, padding: usize, dilation: usize) -> Conv2dConfig {
    Conv2dConfig { stride, padding, dilation }
}

#[test]
fn conv2d_in_all_inputs() {
    on_every_device(|d| {
        for (h, w, k, c) in [
            (5, 7, 3, config(1, 1, 1)),
            (7, 6, 3, config(2, 1, 1)),
            (6, 9, 3, config(1, 2, 2)),
            (4, 5, 3, config(1, 6, 6)),
            (9, 8, 7, config(2, 3, 1)),
            (5, 4, 1, config(2, 0, 1)),
            (4, 5, 1, config(1, 0, 1)),
            (3, 4, 1, config(1, 1, 1)),
            (8, 7, 2, config(3, 0, 2)),
        ] {
            let inputs =
                [tensor(d, &[2, 3, h, w], 1, 1.), tensor(d, &[5, 3, k, k], 2, 1.), tensor(d, &[5], 3, 1.)];
            check_gradients(&inputs, |t| conv2d(&t[0], &t[1], Some(&t[2]), c));
            check_gradients(&inputs[..2], |t| conv2d(&t[0], &t[1], None, c));
        }
    });
}

#[test]
fn batch_norm_in_all_inputs() {
    on_every_device(|d| {
        let inputs = [
            tensor(d, &[3, 4, 3, 5], 1, 2.),
            tensor(d, &[4], 2, 1.5),
            tensor(d, &[4], 3, 0.5),
            tensor(d, &[3, 4, 3, 5], 4, 1.),
        ];
        let running = (tensor(d, &[4], 5, 0.3), (tensor(d, &[4], 6, 0.4) + 1.).unwrap());
        for act in [Activation::None, Activation::Relu] {
            check_gradients(&inputs[..3], |t| Ok(batch_norm_train(&t[0], &t[1], &t[2], 1e-5, None, act)?.0));
            check_gradients(
                &inputs,
                |t| Ok(batch_norm_train(&t[0], &t[1], &t[2], 1e-5, Some(&t[3]), act)?.0),
            );
            let (mean, var) = &running;
            check_gradients(&inputs[..3], |t| {
                batch_norm_eval(&t[0], &t[1], &t[2], mean, var, 1e-5, None, act)
            });
            check_gradients(&inputs, |t| {
                batch_norm_eval(&t[0], &t[1], &t[2], mean, var, 1e-5, Some(&t[3]), act)
            });
        }
    });
}

#[test]
fn pooling_and_resizing() {
    on_every_device(|d| {
        check_gradients(&[tensor(d, &[2, 3, 7, 6], 1, 1.)], |t| max_pool_3x3_s2(&t[0]));
        check_gradients(&[tensor(d, &[1, 2, 1, 1], 1, 1.)], |t| max_pool_3x3_s2(&t[0]));
        check_gradients(&[tensor(d, &[2, 3, 5, 4], 1, 1.)], |t| global_avg_pool(&t[0]));
        for (h, w, out_h, out_w) in [(3, 4, 7, 9), (5, 6, 3, 2), (1, 1, 4, 3), (4, 3, 1, 1), (2, 2, 4, 4)] {
            for align in [false, true] {
                check_gradients(&[tensor(d, &[2, 2, h, w], 1, 1.)], |t| {
                    upsample_bilinear(&t[0], out_h, out_w, align)
                });
            }
        }
    });
}

#[test]
fn functions_of_elements_and_channels() {
    on_every_device(|d| {
        check_gradients(&[tensor(d, &[2, 3, 4], 1, 3.)], |t| relu(&t[0]));
        check_gradients(&[tensor(d, &[2, 3, 4], 1, 6.)], |t| log_sigmoid(&t[0]));
        check_gradients(&[tensor(d, &[2, 5, 3, 4], 1, 3.)], |t| neg_lse(&t[0]));
        check_gradients(&[tensor(d, &[2, 5, 3, 4], 1, 3.)], |t| neg_max(&t[0]));
    });
}

#[test]
fn losses() {
    on_every_device(|d| {
        let z = [tensor(d, &[2, 4, 3, 5], 1, 4.)];
        for void in [false, true] {
            let label = labels(d, 2, 3, 5, 4, void);
            check_gradients(&z, |t| softmax_cross_entropy(&t[0], &label, VoidRule::Ignore));
            for rule in [VoidRule::Ignore, VoidRule::Background] {
                for reduce in [Reduce::Sum, Reduce::Mean] {
                    check_gradients(&z, |t| bce_with_logits_one_hot(&t[0], &label, rule, reduce));
                }
                check_gradients(&z, |t| positive_only_nll(&t[0], &label, rule));
            }
        }
        // A loss inside of a larger expression: the upstream gradient is not 1.
        let label = labels(d, 2, 3, 5, 4, true);
        check_gradients(&z, |t| softmax_cross_entropy(&t[0], &label, VoidRule::Ignore)? * 0.3);
    });
}

#[test]
fn relu_is_flat_at_zero() {
    on_every_device(|d| {
        let x = Var::new(&[-1f32, 0., 2.], d).unwrap();
        let grads = relu(&x).unwrap().sum_all().unwrap().backward().unwrap();
        assert_eq!(grads.get(&x).unwrap().to_vec1::<f32>().unwrap(), [0., 0., 1.]);
    });
}

#[test]
fn ties_go_to_the_first() {
    on_every_device(|d| {
        let x = Var::from_tensor(&Tensor::ones((1, 3, 3, 3), DType::F32, d).unwrap()).unwrap();
        let grads = neg_max(&x).unwrap().sum_all().unwrap().backward().unwrap();
        let g = grads.get(&x).unwrap().sum((2, 3)).unwrap().to_vec2::<f32>().unwrap();
        assert_eq!(g, [[-9., 0., 0.]]);
        let grads = max_pool_3x3_s2(&x).unwrap().sum_all().unwrap().backward().unwrap();
        let g = grads.get(&x).unwrap().get(0).unwrap().get(0).unwrap().to_vec2::<f32>().unwrap();
        assert_eq!(g, [[1., 1., 0.], [1., 1., 0.], [0., 0., 0.]]);
    });
}
