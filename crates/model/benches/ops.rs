//! Convolutions by shape, forward and backward: `cargo bench -p scribe-model --bench ops -- 3x3`.
//!
//! Throughput is in floating-point operations: criterion's `Gelem/s` are GFLOP/s. `examples/op_rates.rs` prints the same
//! shapes as one short table.

#![allow(missing_docs)]

use candle_core::{Device, Tensor, Var};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use scribe_model::ops::{
    Activation, Conv2dConfig, Reduce, VoidRule, batch_norm_train, bce_with_logits_one_hot, conv2d,
    max_pool_3x3_s2, softmax_cross_entropy, upsample_bilinear,
};
use std::hint::black_box;

fn random(shape: &[usize]) -> Tensor {
    Tensor::randn(0f32, 1., shape, &Device::Cpu).expect("a tensor of random numbers")
}

fn convolutions(c: &mut Criterion) {
    for (name, inputs, side, outputs, kernel, stride, padding, dilation) in [
        ("stem 7x7s2", 3, 224, 64, 7, 2, 3, 1),
        ("layer1 3x3", 64, 56, 64, 3, 1, 1, 1),
        ("layer1 1x1", 256, 56, 64, 1, 1, 0, 1),
        ("layer2 1x1", 256, 28, 512, 1, 1, 0, 1),
        ("layer3 3x3", 256, 14, 256, 3, 1, 1, 1),
        ("layer4 3x3d2", 512, 14, 512, 3, 1, 2, 2),
        ("aspp 3x3d6", 2048, 14, 256, 3, 1, 6, 6),
        ("decoder 3x3", 304, 56, 256, 3, 1, 1, 1),
        ("smoke 3x3", 16, 16, 16, 3, 1, 1, 1),
    ] {
        let config = Conv2dConfig { stride, padding, dilation };
        let x = Var::from_tensor(&random(&[4, inputs, side, side])).expect("a variable");
        let w = Var::from_tensor(&random(&[outputs, inputs, kernel, kernel])).expect("a variable");
        let y = conv2d(&x, &w, None, config).expect("a convolution");
        let flop = (2 * y.elem_count() * inputs * kernel * kernel) as u64;
        let mut group = c.benchmark_group(name);
        group.sample_size(10);
        group.throughput(Throughput::Elements(flop));
        group.bench_function("forward", |b| b.iter(|| black_box(conv2d(&x, &w, None, config))));
        group.throughput(Throughput::Elements(2 * flop));
        group.bench_function("backward", |b| b.iter(|| black_box(y.backward())));
    }
}

fn others(c: &mut Criterion) {
    let mut group = c.benchmark_group("others");
    group.sample_size(10);
    let x = random(&[4, 256, 56, 56]);
    let (gamma, beta) = (random(&[256]), random(&[256]));
    group.bench_function("batch norm + relu 256@56", |b| {
        b.iter(|| black_box(batch_norm_train(&x, &gamma, &beta, 1e-5, None, Activation::Relu)));
    });
    let stem = random(&[4, 64, 112, 112]);
    group.bench_function("max pool 64@112", |b| b.iter(|| black_box(max_pool_3x3_s2(&stem))));
    let v = random(&[4, 21, 56, 56]);
    group.bench_function("bilinear 21@56 to 224", |b| {
        b.iter(|| black_box(upsample_bilinear(&v, 224, 224, false)));
    });
    let z = random(&[4, 21, 224, 224]);
    let label = Tensor::zeros((4, 224, 224), candle_core::DType::U8, &Device::Cpu).expect("labels");
    group.bench_function("cross entropy 21@224", |b| {
        b.iter(|| black_box(softmax_cross_entropy(&z, &label, VoidRule::Ignore)));
    });
    group.bench_function("one-hot bce 21@224", |b| {
        let reduce = Reduce::Sum;
        b.iter(|| black_box(bce_with_logits_one_hot(&z, &label, VoidRule::Ignore, reduce)));
    });
}

criterion_group!(benches, convolutions, others);
criterion_main!(benches);
