//! Functions of single elements and their gradients, against the CPU's in f64.

use crate::support::{assert_near, gpu, precision, wave};
use candle_core::{DType, Device, Result, Tensor, Var};
use scribe_model::ops;

const TYPES: [DType; 3] = [DType::F32, DType::F64, DType::BF16];

/// The function's values and the gradient of their sum weighted by `dy`.
fn both(f: fn(&Tensor) -> Result<Tensor>, x: &Tensor, dy: &Tensor) -> (Tensor, Tensor) {
    let x = Var::from_tensor(x).unwrap();
    let y = f(&x).unwrap();
    let gradients = (&y * dy).unwrap().sum_all().unwrap().backward().unwrap();
    (y, gradients.get(&x).expect("a gradient").clone())
}

fn check(name: &str, f: fn(&Tensor) -> Result<Tensor>) {
    let gpu = gpu();
    // Beside a multiple of the block: one thread, one element more than a block, and a shape with unequal sides.
    for (seed, shape) in [vec![1], vec![257], vec![2, 3, 5, 7], vec![3, 100, 37]].into_iter().enumerate() {
        for dtype in TYPES {
            let (x, dy) = (wave(&shape, seed, 9., dtype), wave(&shape, seed + 50, 1., dtype));
            let wanted = both(f, &x, &dy);
            let on_gpu = |t: &Tensor| t.to_dtype(dtype).unwrap().to_device(&gpu).unwrap();
            let got = both(f, &on_gpu(&x), &on_gpu(&dy));
            let about = format!("{name} {shape:?} {dtype:?}");
            assert_near(&about, &got.0, &wanted.0, precision(dtype));
            // The gradient of a bf16 value is rounded once more on its way through the product.
            assert_near(&format!("{about} gradient"), &got.1, &wanted.1, 2. * precision(dtype));
        }
    }
}

#[test]
fn relu() {
    check("relu", ops::relu);
}

#[test]
fn log_sigmoid() {
    check("log_sigmoid", ops::log_sigmoid);
}

#[test]
fn relu_keeps_nan_and_stops_at_zero() {
    for device in [Device::Cpu, gpu()] {
        let x = Tensor::new(&[f32::NAN, 0., -0., -1., 2., f32::INFINITY], &device).unwrap();
        let (y, dx) = both(ops::relu, &x, &x.ones_like().unwrap());
        let (y, dx): (Vec<f32>, Vec<f32>) = (y.to_vec1().unwrap(), dx.to_vec1().unwrap());
        assert!(y[0].is_nan() && y[1..] == [0., 0., 0., 2., f32::INFINITY], "{y:?}");
        assert_eq!(dx, [1., 0., 0., 0., 1., 1.]);
    }
}
