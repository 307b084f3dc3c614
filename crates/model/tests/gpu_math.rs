//! What `set_gpu_math` changes. It is a setting of the whole program, so this test has a program of its own.

#[path = "common/device.rs"]
mod device;

use candle_core::{Device, Tensor};
use scribe_model::ops::{Conv2dConfig, GpuMath, conv2d, gpu_math, set_gpu_math};

/// Largest distance of the GPU's convolution from the CPU's, as a share of the largest result.
fn distance(gpu: &Device) -> f64 {
    let wave = |shape: &[usize], seed: usize| {
        let count = shape.iter().product();
        let values: Vec<f32> =
            (0..count).map(|i| ((i * 7919 + seed) % 10_007) as f32 / 5003.5 - 1.).collect();
        Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
    };
    let (x, weight) = (wave(&[2, 32, 9, 10], 13), wave(&[16, 32, 3, 3], 104_742));
    let run = |device: &Device| -> Vec<f32> {
        let (x, weight) = (x.to_device(device).unwrap(), weight.to_device(device).unwrap());
        let config = Conv2dConfig { stride: 1, padding: 1, dilation: 1 };
        conv2d(&x, &weight, None, config).unwrap().flatten_all().unwrap().to_vec1().unwrap()
    };
    let (found, expected) = (run(gpu), run(&Device::Cpu));
    let largest = expected.iter().fold(0f32, |m, v| m.max(v.abs()));
    f64::from(found.iter().zip(&expected).fold(0f32, |m, (f, e)| m.max((f - e).abs())) / largest)
}

#[test]
fn tf32_is_used_when_asked_for_and_only_then() {
    assert_eq!(gpu_math(), GpuMath::Exact);
    device::on_gpu(|gpu| {
        let exact = distance(gpu);
        assert!(exact < 1e-6, "{exact:e}");
        set_gpu_math(GpuMath::Tf32);
        let rounded = distance(gpu);
        set_gpu_math(GpuMath::Exact);
        // A GPU without tensor cores for TF32 stays exact. 10 bits after the point are at most 2^-11 off.
        assert!(rounded < 1e-3, "{rounded:e}");
        assert_eq!(distance(gpu), exact);
    });
}
