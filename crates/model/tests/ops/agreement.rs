//! The GPU's results and gradients beside the CPU's, in f32 and, with the same rounded inputs, in bf16.

use crate::device::on_gpu;
use crate::support::{flat, tensor32};
use candle_core::{DType, Device, Result, Tensor, Var};
use scribe_model::ops::*;

/// How close the two must be.
#[derive(Clone, Copy)]
enum Close {
    /// The same bits in f32: both compute every product and sum alike. In bf16 one rounding of the result.
    Bits,
    /// To this share of the largest element in f32; in bf16 to a hundredth of it.
    To(f64),
}

/// What an operator is given.
#[derive(Clone, Copy)]
enum Role {
    /// In the type under test.
    Activation,
    /// Always in f32.
    Parameter,
}

type Inputs<'a> = &'a [(Role, Tensor)];

/// Result and gradients on one device. The result is weighted by a fixed pattern before it is differentiated.
fn run(
    device: &Device,
    dtype: DType,
    inputs: Inputs,
    f: &dyn Fn(&[Tensor]) -> Result<Tensor>,
) -> Result<Vec<Tensor>> {
    let tensors = inputs.iter().map(|(role, t)| match role {
        Role::Activation => t.to_device(device)?.to_dtype(dtype),
        Role::Parameter => t.to_device(device),
    });
    let vars = tensors.map(|t| Var::from_tensor(&t?)).collect::<Result<Vec<Var>>>()?;
    let tensors: Vec<Tensor> = vars.iter().map(|v| v.as_tensor().clone()).collect();
    let y = f(&tensors)?;
    let weights = rounded(&tensor32(&Device::Cpu, y.dims(), 99, 1.))?.to_device(device)?;
    let grads = (&y * weights.to_dtype(y.dtype())?)?.backward()?;
    let mut all = vec![y];
    for t in &tensors {
        let gradient = grads.get(t).expect("a gradient for every input").clone();
        assert_eq!(gradient.dtype(), t.dtype(), "a gradient has the type of its input");
        all.push(gradient);
    }
    Ok(all)
}

/// The nearest numbers that bf16 has, in f32.
fn rounded(t: &Tensor) -> Result<Tensor> {
    t.to_dtype(DType::BF16)?.to_dtype(DType::F32)
}

fn agree(gpu: &Device, what: &str, close: Close, inputs: Inputs, f: impl Fn(&[Tensor]) -> Result<Tensor>) {
    for dtype in [DType::F32, DType::BF16] {
        let inputs: Vec<(Role, Tensor)> =
            inputs.iter().map(|(role, t)| (*role, rounded(t).unwrap())).collect();
        let expected = run(&Device::Cpu, DType::F32, &inputs, &f).unwrap();
        let found = run(gpu, dtype, &inputs, &f).unwrap();
        for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(found.dims(), expected.dims(), "{what} {dtype:?}, output {i}");
            let (found, expected) = (flat(found), flat(expected));
            let largest = expected.iter().fold(1e-6f64, |m, v| m.max(v.abs()));
            for (at, (f, e)) in found.iter().zip(&expected).enumerate() {
                let good = match (close, dtype) {
                    (Close::Bits, DType::F32) => f == e,
                    (Close::Bits, _) => (f - e).abs() <= e.abs() * 0.0079 + 1e-30,
                    (Close::To(share), DType::F32) => (f - e).abs() <= share * largest,
                    (Close::To(_), _) => (f - e).abs() <= 0.01 * largest,
                };
                assert!(good, "{what} {dtype:?}, output {i}, element {at}: {f}, on the CPU {e}");
            }
        }
    }
}

fn activation(shape: &[usize], seed: usize, scale: f64) -> (Role, Tensor) {
    (Role::Activation, tensor32(&Device::Cpu, shape, seed, scale))
}

fn parameter(shape: &[usize], seed: usize, scale: f64) -> (Role, Tensor) {
    (Role::Parameter, tensor32(&Device::Cpu, shape, seed, scale))
}

#[test]
fn convolutions() {
    on_gpu(|gpu| {
        for (n, ci, co, h, w, k, stride, padding, dilation) in [
            (2, 3, 8, 23, 31, 7, 2, 3, 1),
            (1, 5, 9, 1, 1, 1, 1, 0, 1),
            (3, 8, 5, 9, 7, 1, 1, 0, 1),
            (2, 6, 7, 9, 7, 1, 2, 0, 1),
            (2, 5, 6, 8, 11, 3, 1, 1, 1),
            (1, 5, 6, 8, 11, 3, 2, 1, 1),
            (2, 4, 5, 14, 14, 3, 1, 18, 18),
        ] {
            let inputs = [
                activation(&[n, ci, h, w], 1, 1.),
                parameter(&[co, ci, k, k], 2, 0.3),
                parameter(&[co], 3, 1.),
            ];
            let config = Conv2dConfig { stride, padding, dilation };
            let what = format!("conv2d {n} {ci}>{co} {h}x{w} k{k} {config:?}");
            agree(gpu, &what, Close::To(1e-6), &inputs, |t| conv2d(&t[0], &t[1], Some(&t[2]), config));
            agree(gpu, &what, Close::To(1e-6), &inputs[..2], |t| conv2d(&t[0], &t[1], None, config));
        }
    });
}

#[test]
fn norms() {
    on_gpu(|gpu| {
        // Channels that are moved one by one, in packs of 4 and of 8, by some lanes of a warp, a whole one and several.
        for [n, c, h, w] in [
            [2, 3, 5, 7],
            [1, 33, 1, 2],
            [4, 40, 1, 1],
            [3, 5, 40, 41],
            [2, 2, 1, 2500],
            [65, 2, 3, 3],
            [2, 64, 9, 11],
            [3, 12, 7, 5],
            [1, 384, 5, 4],
        ] {
            let inputs = [
                activation(&[n, c, h, w], 1, 2.),
                parameter(&[c], 2, 1.5),
                parameter(&[c], 3, 0.5),
                activation(&[n, c, h, w], 4, 1.),
            ];
            let mean = tensor32(&Device::Cpu, &[c], 5, 0.3);
            let var = (tensor32(&Device::Cpu, &[c], 6, 0.4) + 1.).unwrap();
            for act in [Activation::None, Activation::Relu] {
                for inputs in [&inputs[..3], &inputs[..]] {
                    let what = format!("norm {n} {c} {h}x{w} {act:?} of {}", inputs.len());
                    agree(gpu, &what, Close::To(1e-5), inputs, |t| {
                        Ok(batch_norm_train(&t[0], &t[1], &t[2], 1e-5, t.get(3), act)?.0)
                    });
                    agree(gpu, &format!("given {what}"), Close::To(2e-6), inputs, |t| {
                        let [mean, var] = [&mean, &var].map(|s| s.to_device(t[0].device()));
                        batch_norm_eval(&t[0], &t[1], &t[2], &mean?, &var?, 1e-5, t.get(3), act)
                    });
                }
            }
        }
    });
}

#[test]
fn pooling_resizing_and_background() {
    on_gpu(|gpu| {
        for [n, c, h, w] in
            [[2, 3, 7, 6], [1, 1, 1, 1], [1, 2, 1, 5], [2, 5, 33, 45], [2, 16, 7, 6], [1, 12, 5, 9]]
        {
            let x = [activation(&[n, c, h, w], 1, 1.)];
            let what = format!("{n} {c} {h}x{w}");
            agree(gpu, &format!("max pool {what}"), Close::Bits, &x, |t| max_pool_3x3_s2(&t[0]));
            agree(gpu, &format!("mean {what}"), Close::To(2e-7), &x, |t| global_avg_pool(&t[0]));
            agree(gpu, &format!("neg_lse {what}"), Close::To(1e-6), &x, |t| neg_lse(&t[0]));
            agree(gpu, &format!("neg_max {what}"), Close::Bits, &x, |t| neg_max(&t[0]));
            for (oh, ow) in [(4 * h, 4 * w), (17, 13), (1, 1), (3, 90)] {
                for align in [false, true] {
                    agree(gpu, &format!("bilinear {what} {oh}x{ow} {align}"), Close::To(2e-6), &x, |t| {
                        upsample_bilinear(&t[0], oh, ow, align)
                    });
                }
            }
        }
    });
}

#[test]
fn resized_maps_and_folded_norms_have_the_cpus_bits() {
    on_gpu(|gpu| {
        let bits = |t: &Tensor| flat(t).into_iter().map(f64::to_bits).collect::<Vec<_>>();
        for (h, w, oh, ow) in [(7, 9, 25, 33), (14, 14, 56, 56), (1, 1, 5, 3), (20, 30, 9, 7)] {
            for align in [false, true] {
                let x = tensor32(&Device::Cpu, &[2, 3, h, w], 1, 1.);
                let cpu = upsample_bilinear(&x, oh, ow, align).unwrap();
                let found = upsample_bilinear(&x.to_device(gpu).unwrap(), oh, ow, align).unwrap();
                assert_eq!(bits(&found), bits(&cpu), "{h}x{w} {oh}x{ow} {align}");
            }
        }
        let layer = [1, 2, 3].map(|seed| tensor32(&Device::Cpu, &[70], seed, 2.));
        let var = (tensor32(&Device::Cpu, &[70], 4, 0.4) + 1.).unwrap();
        let folded = |device: &Device| {
            let [gamma, beta, mean] = [0, 1, 2].map(|i| layer[i].to_device(device).unwrap());
            let var = var.to_device(device).unwrap();
            let affine = ChannelAffine::of_norm(&gamma, &beta, &mean, &var, 1e-5).unwrap();
            (bits(&affine.scale), bits(&affine.shift))
        };
        assert_eq!(folded(gpu), folded(&Device::Cpu));
    });
}

#[test]
fn running_statistics_move_alike() {
    on_gpu(|gpu| {
        let x = tensor32(&Device::Cpu, &[3, 50, 4, 5], 1, 2.);
        let after = |device: &Device| -> Vec<Vec<f64>> {
            let var = |seed| Var::from_tensor(&tensor32(device, &[50], seed, 1.)).unwrap();
            let (gamma, beta, mean, var) = (var(1), var(2), var(3), var(4));
            let batches = Var::from_tensor(&Tensor::new(6i64, device).unwrap()).unwrap();
            let x = x.to_device(device).unwrap();
            let (_, stats) = batch_norm_train(&x, &gamma, &beta, 1e-5, None, Activation::None).unwrap();
            let running = Running { mean: &mean, var: &var, batches: &batches };
            track_statistics(running, &stats, 0.1).unwrap();
            assert_eq!(batches.to_scalar::<i64>().unwrap(), 7);
            vec![flat(&mean), flat(&var)]
        };
        for (found, expected) in after(gpu).iter().flatten().zip(after(&Device::Cpu).iter().flatten()) {
            assert!((found - expected).abs() <= 2e-7 * expected.abs().max(0.1), "{found} {expected}");
        }
    });
}

#[test]
fn the_same_launch_gives_the_same_bytes() {
    on_gpu(|gpu| {
        let inputs = [
            activation(&[5, 6, 40, 31], 1, 2.),
            parameter(&[6], 2, 1.5),
            parameter(&[6], 3, 0.5),
            activation(&[5, 6, 40, 31], 4, 1.),
        ];
        let once = || -> Vec<Vec<f64>> {
            let f = |t: &[Tensor]| {
                let y = batch_norm_train(&t[0], &t[1], &t[2], 1e-5, t.get(3), Activation::Relu)?.0;
                upsample_bilinear(&max_pool_3x3_s2(&y)?, 33, 29, false)
            };
            run(gpu, DType::F32, &inputs, &f).unwrap().iter().map(flat).collect()
        };
        assert_eq!(once(), once());
    });
}

#[test]
fn maps_at_odd_addresses_are_normalised_alike() {
    on_gpu(|gpu| {
        // A map of 4 channels that starts one element, 4 bytes, into its memory, and a copy that starts at a multiple of 16.
        let (n, c, h, w) = (2, 4, 9, 7);
        let memory = tensor32(gpu, &[n * c * h * w + 1], 1, 2.);
        let odd = memory.narrow(0, 1, n * c * h * w).unwrap().reshape((n, h, w, c)).unwrap();
        let run = |x: &Tensor| {
            let x = x.permute((0, 3, 1, 2)).unwrap();
            let (gamma, beta) = (tensor32(gpu, &[c], 2, 1.), tensor32(gpu, &[c], 3, 1.));
            let relu = Activation::Relu;
            let (y, stats) = batch_norm_train(&x, &gamma, &beta, 1e-5, Some(&x), relu).unwrap();
            let resized = upsample_bilinear(&x, 11, 13, false).unwrap();
            let pooled = max_pool_3x3_s2(&x).unwrap();
            [y, stats.mean, stats.var, resized, pooled].map(|t| flat(&t))
        };
        assert_eq!(run(&odd), run(&odd.force_contiguous().unwrap()));
    });
}
