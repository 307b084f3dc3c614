//! What the tests of operators share.

pub(crate) use crate::device::on_every_device;
use candle_core::{DType, Device, Result, Tensor, Var};

/// Numbers in -1..1 by a formula that the parity scripts share; no two of a small tensor are equal.
pub(crate) fn wave(shape: &[usize], seed: usize, scale: f64) -> Vec<f64> {
    let count = shape.iter().product::<usize>();
    (0..count).map(|i| (((i * 7919 + seed * 104_729 + 13) % 10_007) as f64 / 5003.5 - 1.) * scale).collect()
}

/// The same as a tensor of f64.
pub(crate) fn tensor(device: &Device, shape: &[usize], seed: usize, scale: f64) -> Tensor {
    Tensor::from_vec(wave(shape, seed, scale), shape, device).unwrap()
}

/// The same in f32.
pub(crate) fn tensor32(device: &Device, shape: &[usize], seed: usize, scale: f64) -> Tensor {
    let values: Vec<f32> = wave(shape, seed, scale).into_iter().map(|v| v as f32).collect();
    Tensor::from_vec(values, shape, device).unwrap()
}

/// Label maps with every class below `classes` and, if wanted, the void label.
pub(crate) fn labels(device: &Device, n: usize, h: usize, w: usize, classes: usize, void: bool) -> Tensor {
    let class = |i: usize| match (i * 31 + 7) % (classes + void as usize) {
        c if c == classes => 255u8,
        c => c as u8,
    };
    Tensor::from_vec((0..n * h * w).map(class).collect::<Vec<_>>(), (n, h, w), device).unwrap()
}

/// All elements of a tensor as f64.
pub(crate) fn flat(t: &Tensor) -> Vec<f64> {
    let t = t.to_device(&Device::Cpu).unwrap().to_dtype(DType::F64).unwrap();
    t.flatten_all().unwrap().to_vec1().unwrap()
}

/// Compares the backward pass of `f` with central differences, element by element, to 1e-6 of the largest slope.
///
/// The result of `f` is weighted by a fixed pattern, so that errors cannot cancel.
pub(crate) fn check_gradients(inputs: &[Tensor], f: impl Fn(&[Tensor]) -> Result<Tensor>) {
    let device = inputs[0].device();
    let vars: Vec<Var> = inputs.iter().map(|t| Var::from_tensor(t).unwrap()).collect();
    let tensors: Vec<Tensor> = vars.iter().map(|v| v.as_tensor().clone()).collect();
    let y = f(&tensors).unwrap();
    let weights = wave(y.dims(), 99, 1.);
    let grads = (&y * tensor(device, y.dims(), 99, 1.)).unwrap().backward().unwrap();
    let loss = |inputs: &[Tensor]| -> f64 {
        flat(&f(inputs).unwrap()).iter().zip(&weights).map(|(y, w)| y * w).sum()
    };
    for (which, input) in inputs.iter().enumerate() {
        let analytic = flat(grads.get(&tensors[which]).expect("a gradient for every input"));
        let values = flat(input);
        let numeric: Vec<f64> = (0..values.len())
            .map(|i| {
                let at = |delta: f64| {
                    let mut moved = values.clone();
                    moved[i] += delta;
                    let mut all = inputs.to_vec();
                    all[which] = Tensor::from_vec(moved, input.dims(), device).unwrap();
                    loss(&all)
                };
                let h = 1e-5;
                (at(h) - at(-h)) / (2. * h)
            })
            .collect();
        let largest = numeric.iter().fold(1e-3f64, |m, v| m.max(v.abs()));
        for (i, (a, n)) in analytic.iter().zip(&numeric).enumerate() {
            assert!(
                (a - n).abs() <= 1e-6 * largest,
                "input {which}, element {i}: {a} but differences say {n}"
            );
        }
    }
}
