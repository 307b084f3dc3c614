//! Batch norm against its definition, summed plainly, for numbers of channels and pixels around those that are handled at
//! once.

use crate::support::{flat, on_every_device, tensor, tensor32};
use candle_core::{DType, Device, Tensor, Var};
use scribe_model::ops::{Activation, batch_norm_train};

const EPS: f64 = 1e-5;

/// What the definition gives, `[N, C, H, W]` or `[C]` as the layer has it.
struct Definition {
    y: Vec<f64>,
    mean: Vec<f64>,
    var: Vec<f64>,
    dx: Vec<f64>,
    dresidual: Vec<f64>,
    dgamma: Vec<f64>,
    dbeta: Vec<f64>,
}

/// Of `relu(gamma * (x - mean) / sqrt(var + eps) + beta + residual)`, for the gradient `dy` of the result. The gradient of `x`
/// is that of Ioffe and Szegedy (2015), section 3, with its sums over the batch.
fn define(shape: [usize; 4], [x, gamma, beta, residual, dy]: [&[f64]; 5]) -> Definition {
    let [n, c, h, w] = shape;
    let (len, count) = (x.len(), (n * h * w) as f64);
    let channel = |i: usize| i / (h * w) % c;
    let sums = |value: &dyn Fn(usize) -> f64| {
        let mut sums = vec![0.; c];
        (0..len).for_each(|i| sums[channel(i)] += value(i));
        sums
    };
    let means = |value: &dyn Fn(usize) -> f64| sums(value).iter().map(|s| s / count).collect::<Vec<f64>>();
    let mean = means(&|i| x[i]);
    let var = means(&|i| (x[i] - mean[channel(i)]).powi(2));
    let normal = |i: usize| (x[i] - mean[channel(i)]) / (var[channel(i)] + EPS).sqrt();
    let before = |i: usize| gamma[channel(i)] * normal(i) + beta[channel(i)] + residual[i];
    let d = |i: usize| if before(i) > 0. { dy[i] } else { 0. };
    let (dbeta, dgamma) = (sums(&d), sums(&|i| d(i) * normal(i)));
    let dx = |i: usize| {
        let of = channel(i);
        let inner = d(i) - dbeta[of] / count - normal(i) * dgamma[of] / count;
        gamma[of] / (var[of] + EPS).sqrt() * inner
    };
    let all = |value: &dyn Fn(usize) -> f64| (0..len).map(value).collect::<Vec<f64>>();
    let (y, dx, dresidual) = (all(&|i| before(i).max(0.)), all(&dx), all(&d));
    Definition { y, dx, dresidual, mean, var, dgamma, dbeta }
}

fn near(what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(1e-3f64, |m, v| m.max(v.abs()));
    for (i, (f, e)) in found.iter().zip(expected).enumerate() {
        assert!((f - e).abs() <= 1e-10 * largest, "{what}, element {i}: {f}, by definition {e}");
    }
}

fn check(device: &Device, shape: [usize; 4], added: bool) {
    let channels = [shape[1]];
    let x = tensor(device, &shape, 1, 2.);
    let (gamma, beta) = (tensor(device, &channels, 2, 1.5), tensor(device, &channels, 3, 0.5));
    let residual = if added { tensor(device, &shape, 4, 1.) } else { x.zeros_like().unwrap() };
    let dy = tensor(device, &shape, 5, 1.);
    let inputs = [&x, &gamma, &beta, &residual, &dy].map(flat);
    let expected = define(shape, inputs.each_ref().map(Vec::as_slice));

    let [x, gamma, beta, residual] = [&x, &gamma, &beta, &residual].map(|t| Var::from_tensor(t).unwrap());
    let given = added.then_some(residual.as_tensor());
    let (y, stats) = batch_norm_train(&x, &gamma, &beta, EPS, given, Activation::Relu).unwrap();
    let gradients = (&y * dy).unwrap().sum_all().unwrap().backward().unwrap();
    let gradient = |of: &Tensor| gradients.get(of).map(flat).unwrap();
    let about = |what: &str| format!("{what} of {shape:?}, residual {added}");
    near(&about("y"), &flat(&y), &expected.y);
    near(&about("mean"), &flat(&stats.mean), &expected.mean);
    near(&about("variance"), &flat(&stats.var), &expected.var);
    near(&about("dx"), &gradient(&x), &expected.dx);
    near(&about("dgamma"), &gradient(&gamma), &expected.dgamma);
    near(&about("dbeta"), &gradient(&beta), &expected.dbeta);
    if added {
        near(&about("dresidual"), &gradient(&residual), &expected.dresidual);
    }
}

#[test]
fn it_agrees_with_its_definition() {
    on_every_device(|device| {
        for channels in [1, 5, 33, 70, 300] {
            for (n, h, w) in [(2, 1, 1), (1, 3, 2), (3, 5, 7)] {
                for added in [false, true] {
                    check(device, [n, channels, h, w], added);
                }
            }
        }
        // More than one block of pixels, the last not full.
        check(device, [2, 5, 120, 131], true);
        check(device, [1, 300, 20, 21], false);
    });
}

/// PyTorch's numbers for `relu(F.batch_norm(x, None, None, gamma, beta, True, 0.1, 1e-5) + residual)` in f64, whose result
/// the rectifier masks at two places where the incoming gradient is NaN: with a residual of 0 `x.grad` is the same.
#[test]
fn a_gradient_that_the_rectifier_masks_is_0_though_it_is_nan() {
    on_every_device(|d| {
        let row = |values: [f64; 4]| Tensor::new(&[[[values]]], d).unwrap();
        let dy = row([1., f64::NAN, 2., f64::NAN]);
        for residual in [None, Some([0.5, -0.5, 0.5, -0.5])] {
            let x = Var::from_tensor(&row([1., -1., 2., -3.])).unwrap();
            let gamma = Var::ones(1, DType::F64, d).unwrap();
            let beta = Var::zeros(1, DType::F64, d).unwrap();
            let residual = residual.map(|r| Var::from_tensor(&row(r)).unwrap());
            let added = residual.as_ref().map(|r| r.as_tensor());
            let (y, _) = batch_norm_train(&x, &gamma, &beta, EPS, added, Activation::Relu).unwrap();
            let gradients = (&y * &dy).unwrap().backward().unwrap();
            let of = |t: &Tensor| flat(gradients.get(t).unwrap());
            let dx = [-0.12356828014056, -0.23831199460489436, 0.19418104599929917, 0.16769922874615523];
            near("dx", &of(&x), &dx);
            near("dgamma", &of(&gamma), &[2.9943408924384576]);
            near("dbeta", &of(&beta), &[3.]);
            if let Some(residual) = &residual {
                assert_eq!(of(residual), [1., 0., 2., 0.]);
            }
        }
    });
}

/// The same with NaN as with 0 at the masked places, for widths around those that are handled at once.
#[test]
fn masked_gradients_change_no_bit() {
    on_every_device(|d| {
        for channels in [1, 7, 16, 37, 300] {
            let shape = [2, channels, 5, 9];
            let (gamma, beta) = (tensor32(d, &[channels], 2, 1.5), tensor32(d, &[channels], 3, 0.5));
            let run = |masked: f32, residual: bool| {
                let x = Var::from_tensor(&tensor32(d, &shape, 1, 2.)).unwrap();
                let residual = residual.then(|| tensor32(d, &shape, 4, 1.));
                let (y, _) =
                    batch_norm_train(&x, &gamma, &beta, EPS, residual.as_ref(), Activation::Relu).unwrap();
                let zeros = y.detach().zeros_like().unwrap();
                let masked = (&zeros + f64::from(masked)).unwrap();
                let dy = y.detach().gt(&zeros).unwrap().where_cond(&tensor32(d, &shape, 5, 1.), &masked);
                let gradients = (&y * dy.unwrap()).unwrap().backward().unwrap();
                flat(gradients.get(&x).unwrap())
            };
            for residual in [false, true] {
                assert_eq!(run(f32::NAN, residual), run(0., residual), "{channels} channels");
            }
        }
    });
}
