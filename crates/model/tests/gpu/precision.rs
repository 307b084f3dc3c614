//! A network's precision changes that network, and no other.

use crate::support::{flat, gpu, wave};
use candle_core::cuda_backend::cudarc::driver::sys::CUdevice_attribute;
use candle_core::{DType, Device, Tensor};
use scribe_model::{Decoder, DeepLabConfig, Inference, Model, ObjectiveConfig, Precision, Stride, VoidRule};

/// A thirty-second of the channels.
fn network(device: &Device) -> Model {
    let net = DeepLabConfig {
        decoder: Decoder::One,
        output_stride: Stride::Sixteen,
        rates: [6, 12, 18],
        bn_momentum: 0.1,
        dropout: 0.1,
        align_corners: false,
        width: 0.03125,
    };
    Model::new(&net, &ObjectiveConfig::Softmax { void: VoidRule::Ignore }, 5, 3, device).unwrap()
}

fn logits(model: &Model, x: &Tensor) -> Vec<f64> {
    flat(&model.predict(x, &Inference::Single).unwrap().logits().unwrap())
}

/// The largest distance, as a share of the largest logit.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let largest = b.iter().fold(0f64, |m, v| m.max(v.abs()));
    a.iter().zip(b).fold(0f64, |m, (a, b)| m.max((a - b).abs())) / largest
}

/// Whether the GPU's tensor cores multiply TF32: from compute capability 8 on.
fn has_tf32(gpu: &Device) -> bool {
    let attribute = CUdevice_attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
    let stream = gpu.as_cuda_device().unwrap().cuda_stream();
    stream.context().attribute(attribute).unwrap() >= 8
}

#[test]
fn only_the_network_that_is_set_rounds() {
    let gpu = gpu();
    let x = wave(&[1, 3, 33, 41], 5, 2., DType::F32).to_dtype(DType::F32).unwrap();
    let wanted = logits(&network(&Device::Cpu), &x);
    let x = x.to_device(&gpu).unwrap();
    let (exact, mut rounded) = (network(&gpu), network(&gpu));
    let before = logits(&exact, &x);
    assert!(distance(&before, &wanted) < 1e-4, "f32: {:e}", distance(&before, &wanted));
    for precision in [Precision::Tf32, Precision::Bf16] {
        rounded.set_precision(precision).unwrap();
        let off = distance(&logits(&rounded, &x), &wanted);
        // Products of 11 and of 8 bits, through some sixty layers.
        let most = if precision == Precision::Tf32 { 0.02 } else { 0.2 };
        assert!(off < most, "{precision:?}: {off:e}");
        let rounds = precision == Precision::Bf16 || has_tf32(&gpu);
        assert_eq!(off > 10. * distance(&before, &wanted), rounds, "{precision:?}: {off:e}");
        assert_eq!(logits(&exact, &x), before, "beside {precision:?}");
    }
    rounded.set_precision(Precision::F32).unwrap();
    assert_eq!(logits(&rounded, &x), before);
}
