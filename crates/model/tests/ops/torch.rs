//! Every operator against the numbers that PyTorch printed into `torch.json` (made by `python parity.py > torch.json`).

use crate::support::{flat, labels, on_every_device, tensor32, wave};
use candle_core::{Result, Tensor, Var};
use scribe_model::ops::*;
use serde_json::Value;

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// Compares a tensor with its description, in units of the largest of the printed elements.
fn compare(what: &str, got: &Tensor, want: &Value, tolerance: f64) {
    let shape: Vec<usize> = numbers(&want["shape"]).iter().map(|&n| n as usize).collect();
    assert_eq!(got.dims(), shape, "{what}");
    let values = flat(got);
    let expected = numbers(&want["values"]);
    let largest = expected.iter().fold(1e-6f64, |m, v| m.max(v.abs()));
    let every = want["every"].as_u64().unwrap() as usize;
    for (i, e) in expected.iter().enumerate() {
        let v = values[i * every];
        assert!((v - e).abs() <= tolerance * largest, "{what}: element {} is {v}, torch says {e}", i * every);
    }
    let sum: f64 = values.iter().zip(wave(&[values.len()], 98, 1.)).map(|(v, w)| v * w).sum();
    let (expected, norm) = (want["sum"].as_f64().unwrap(), want["norm"].as_f64().unwrap());
    assert!((sum - expected).abs() <= tolerance * norm.max(1e-6), "{what}: sum {sum}, torch says {expected}");
}

fn check(cases: &Value, name: &str, inputs: &[Tensor], f: impl Fn(&[Tensor]) -> Result<Tensor>) {
    let case = cases["cases"].as_array().unwrap().iter().find(|c| c["name"] == name);
    let case = case.unwrap_or_else(|| panic!("torch.json has no case {name:?}"));
    let vars: Vec<Var> = inputs.iter().map(|t| Var::from_tensor(t).unwrap()).collect();
    let tensors: Vec<Tensor> = vars.iter().map(|v| v.as_tensor().clone()).collect();
    let y = f(&tensors).unwrap();
    let tolerance = 2e-6;
    compare(name, &y, &case["y"], tolerance);
    let weighted =
        if y.dims().is_empty() { y } else { (&y * tensor32(y.device(), y.dims(), 99, 1.)).unwrap() };
    let grads = weighted.backward().unwrap();
    for (i, (t, want)) in tensors.iter().zip(case["gradients"].as_array().unwrap()).enumerate() {
        compare(&format!("{name}, gradient {i}"), grads.get(t).unwrap(), want, tolerance);
    }
}

fn cases() -> Value {
    serde_json::from_str(include_str!("torch.json")).unwrap()
}

#[test]
fn convolutions() {
    on_every_device(|d| {
        let all = cases();
        for (h, w, ci, co, k, stride, padding, dilation) in [
            (9, 11, 3, 16, 7, 2, 3, 1),
            (14, 14, 16, 24, 3, 1, 1, 1),
            (14, 14, 16, 24, 3, 1, 6, 6),
            (14, 14, 16, 24, 3, 1, 18, 18),
            (97, 131, 4, 8, 3, 2, 1, 1),
            (13, 17, 24, 16, 1, 2, 0, 1),
            (13, 17, 24, 16, 1, 1, 0, 1),
        ] {
            let name = format!("conv2d {h}x{w} {ci}>{co} k{k} s{stride} p{padding} d{dilation}");
            let inputs = [
                tensor32(d, &[2, ci, h, w], 1, 1.),
                tensor32(d, &[co, ci, k, k], 2, 0.2),
                tensor32(d, &[co], 3, 1.),
            ];
            check(&all, &name, &inputs, |t| {
                conv2d(&t[0], &t[1], Some(&t[2]), Conv2dConfig { stride, padding, dilation })
            });
        }
    });
}

#[test]
fn norms() {
    on_every_device(|d| {
        let all = cases();
        let inputs = [
            tensor32(d, &[3, 5, 7, 6], 1, 2.),
            tensor32(d, &[5], 2, 1.5),
            tensor32(d, &[5], 3, 0.5),
            tensor32(d, &[3, 5, 7, 6], 4, 1.),
        ];
        let mean = tensor32(d, &[5], 5, 0.3);
        let var = (crate::support::tensor(d, &[5], 6, 0.4) + 1.).unwrap();
        let var = var.to_dtype(candle_core::DType::F32).unwrap();
        let train = |t: &[Tensor], act| Ok(batch_norm_train(&t[0], &t[1], &t[2], 1e-5, t.get(3), act)?.0);
        let eval = |t: &[Tensor]| {
            batch_norm_eval(&t[0], &t[1], &t[2], &mean, &var, 1e-5, t.get(3), Activation::Relu)
        };
        check(&all, "norm train", &inputs[..3], |t| train(t, Activation::None));
        check(&all, "norm train relu", &inputs[..3], |t| train(t, Activation::Relu));
        check(&all, "norm train residual relu", &inputs, |t| train(t, Activation::Relu));
        check(&all, "norm eval relu", &inputs[..3], eval);
        check(&all, "norm eval residual relu", &inputs, eval);
    });
}

#[test]
fn pooling_resizing_and_functions() {
    on_every_device(|d| {
        let all = cases();
        check(&all, "max_pool", &[tensor32(d, &[2, 3, 97, 131], 1, 1.)], |t| max_pool_3x3_s2(&t[0]));
        check(&all, "avg_pool", &[tensor32(d, &[2, 3, 9, 13], 1, 1.)], |t| global_avg_pool(&t[0]));
        check(&all, "log_sigmoid", &[tensor32(d, &[200], 1, 120.)], |t| log_sigmoid(&t[0]));
        check(&all, "neg_lse", &[tensor32(d, &[2, 20, 5, 3], 1, 80.)], |t| neg_lse(&t[0]));
        check(&all, "neg_max", &[tensor32(d, &[2, 20, 5, 3], 1, 80.)], |t| neg_max(&t[0]));
        for (h, w, oh, ow) in [(7, 9, 25, 33), (13, 17, 97, 131), (1, 1, 14, 14), (20, 30, 9, 7)] {
            for align in [false, true] {
                let x = [tensor32(d, &[2, 3, h, w], 1, 1.)];
                check(&all, &format!("bilinear {h}x{w} {oh}x{ow} {align}"), &x, |t| {
                    upsample_bilinear(&t[0], oh, ow, align)
                });
            }
        }
    });
}

#[test]
fn losses() {
    on_every_device(|d| {
        use Reduce::{Mean, Sum};
        use VoidRule::{Background, Ignore};
        let all = cases();
        let z = [tensor32(d, &[2, 6, 5, 7], 1, 80.)];
        for void in [false, true] {
            let label = labels(d, 2, 5, 7, 6, void);
            let check = |name: &str, f: &dyn Fn(&Tensor) -> Result<Tensor>| {
                check(&all, &format!("{name} {void}"), &z, |t| f(&t[0]));
            };
            check("cross_entropy", &|z| softmax_cross_entropy(z, &label, Ignore));
            check("bce sum background", &|z| bce_with_logits_one_hot(z, &label, Background, Sum));
            check("bce mean background", &|z| bce_with_logits_one_hot(z, &label, Background, Mean));
            check("bce sum ignore", &|z| bce_with_logits_one_hot(z, &label, Ignore, Sum));
            check("positive background", &|z| positive_only_nll(z, &label, Background));
            check("positive ignore", &|z| positive_only_nll(z, &label, Ignore));
        }
    });
}
