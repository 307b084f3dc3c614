//! What the tests of operators share.

use candle_core::{Device, Result, Tensor, Var};

/// Numbers in -1..1 by a formula that the parity scripts share; no two of a small tensor are equal.
pub fn wave(shape: &[usize], seed: usize, scale: f64) -> Vec<f64> {
    let count = shape.iter().product::<usize>();
    (0..count).map(|i| (((i * 7919 + seed * 104_729 + 13) % 10_007) as f64 / 5003.5 - 1.) * scale).collect()
}

/// The same as a tensor of f64.
pub fn tensor(shape: &[usize], seed: usize, scale: f64) -> Tensor {
    Tensor::from_vec(wave(shape, seed, scale), shape, &Device::Cpu).unwrap()
}

/// The same in f32.
pub fn tensor32(shape: &[usize], seed: usize, scale: f64) -> Tensor {
    tensor(shape, seed, scale).to_dtype(candle_core::DType::F32).unwrap()
}

/// Label maps with every class below `classes` and, if wanted, the void label.
pub fn labels(n: usize, h: usize, w: usize, classes: usize, void: bool) -> Tensor {
    let class = |i: usize| match (i * 31 + 7) % (classes + void as usize) {
        c if c == classes => 255u8,
        c => c as u8,
    };
    Tensor::from_vec((0..n * h * w).map(class).collect::<Vec<_>>(), (n, h, w), &Device::Cpu).unwrap()
}

/// All elements of a tensor as f64.
pub fn flat(t: &Tensor) -> Vec<f64> {
    t.to_dtype(candle_core::DType::F64).unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

/// Compares the backward pass of `f` with central differences, element by element, to 1e-6 of the largest slope.
///
/// The result of `f` is weighted by a fixed pattern, so that errors cannot cancel.
pub fn check_gradients(inputs: &[Tensor], f: impl Fn(&[Tensor]) -> Result<Tensor>) {
    let loss = |inputs: &[Tensor]| -> Result<Tensor> {
        let y = f(inputs)?;
        (&y * tensor(y.dims(), 99, 1.))?.sum_all()
    };
    let vars: Vec<Var> = inputs.iter().map(|t| Var::from_tensor(t).unwrap()).collect();
    let tensors: Vec<Tensor> = vars.iter().map(|v| v.as_tensor().clone()).collect();
    let grads = loss(&tensors).unwrap().backward().unwrap();
    for (which, input) in inputs.iter().enumerate() {
        let analytic = flat(grads.get(&tensors[which]).expect("a gradient for every input"));
        let values = flat(input);
        let numeric: Vec<f64> = (0..values.len())
            .map(|i| {
                let at = |delta: f64| {
                    let mut moved = values.clone();
                    moved[i] += delta;
                    let mut all = inputs.to_vec();
                    all[which] = Tensor::from_vec(moved, input.dims(), &Device::Cpu).unwrap();
                    loss(&all).unwrap().to_scalar::<f64>().unwrap()
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
