//! What the GPU's tests share.

use candle_core::{DType, Device, Tensor};

/// The first GPU.
pub(crate) fn gpu() -> Device {
    scribe_model::device::pick("cuda:0").expect("these tests need a GPU, or `cargo xtask gpu emulate`")
}

/// Numbers in -scale..scale by a formula, as f64 on the CPU, rounded to `dtype`.
pub(crate) fn wave(shape: &[usize], seed: usize, scale: f64, dtype: DType) -> Tensor {
    let count = shape.iter().product::<usize>();
    let value = |i: usize| (((i * 7919 + seed * 104_729 + 13) % 10_007) as f64 / 5003.5 - 1.) * scale;
    let exact = Tensor::from_vec((0..count).map(value).collect::<Vec<_>>(), shape, &Device::Cpu).unwrap();
    exact.to_dtype(dtype).unwrap().to_dtype(DType::F64).unwrap()
}

/// All elements as f64, wherever the tensor lives.
pub(crate) fn flat(t: &Tensor) -> Vec<f64> {
    let t = t.to_device(&Device::Cpu).unwrap().to_dtype(DType::F64).unwrap();
    t.flatten_all().unwrap().to_vec1().unwrap()
}

/// Half a step of the type's numbers at 1, and a little more for f32 and f64, whose functions are not rounded correctly.
pub(crate) fn precision(dtype: DType) -> f64 {
    match dtype {
        DType::F64 => 1e-15,
        DType::F32 => 5e-7,
        _ => 2f64.powi(-8),
    }
}

/// Compares element by element, relative to the larger of 1e-3 and the element.
pub(crate) fn assert_near(what: &str, got: &Tensor, wanted: &Tensor, relative: f64) {
    assert_eq!(got.dims(), wanted.dims(), "{what}: shapes");
    for (i, (got, wanted)) in flat(got).into_iter().zip(flat(wanted)).enumerate() {
        let off = (got - wanted).abs() / wanted.abs().max(1e-3);
        let same = got == wanted || got.is_nan() && wanted.is_nan();
        assert!(same || off <= relative, "{what}, element {i}: {got}, expected {wanted}, off by {off:e}");
    }
}
