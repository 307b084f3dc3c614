//! SGD on all parameters at once: by hand, and the same bits on every device.

use crate::device::on_gpu;
use crate::support::{flat, on_every_device, tensor, tensor32};
use candle_core::{DType, Device, Tensor};
use scribe_model::ops::{SgdTurn, sgd_update};

#[test]
fn one_step_by_hand() {
    on_every_device(|device| {
        let of = |value: f32| Tensor::new(&[value], device).unwrap();
        let (value, buffer, gradient) = (of(2.), of(4.), of(-1.));
        let turn = SgdTurn { value: &value, buffer: &buffer, gradient: &gradient, lr: 0.5 };
        sgd_update(&[turn], 0.5, 0.25).unwrap();
        // u = 0.5 * 4 + (-1 + 0.25 * 2) = 1.5, p = 2 - 0.5 * 1.5.
        assert_eq!((flat(&buffer), flat(&value)), (vec![1.5], vec![1.25]));
    });
}

#[test]
fn a_gpu_gives_the_cpus_bits() {
    // Lengths around the 256 threads and the 4096 values of a block, empty ones, and several blocks.
    let shapes: [&[usize]; 9] =
        [&[1], &[0], &[255], &[257], &[4095], &[4, 32, 32], &[4097], &[3, 0], &[20_000]];
    let run = |device: &Device| -> Vec<Vec<f64>> {
        let of = |seed| -> Vec<Tensor> { shapes.map(|shape| tensor32(device, shape, seed, 1.7)).into() };
        let (values, buffers) = (of(1), of(2));
        for step in 0..3 {
            let gradients = of(3 + step);
            let turns = values.iter().zip(&buffers).zip(&gradients).enumerate();
            let turns: Vec<_> = turns
                .map(|(i, ((value, buffer), gradient))| SgdTurn {
                    value,
                    buffer,
                    gradient,
                    lr: 0.013 * (1 + i % 2) as f64,
                })
                .collect();
            sgd_update(&turns, 0.9, 5e-5).unwrap();
        }
        values.iter().chain(&buffers).map(flat).collect()
    };
    let cpu = run(&Device::Cpu);
    on_gpu(|gpu| assert!(run(gpu) == cpu, "not the same bits"));
}

#[test]
fn tensors_that_do_not_belong_together_are_refused() {
    let device = &Device::Cpu;
    let (value, other) = (tensor32(device, &[2, 3], 1, 1.), tensor(device, &[2, 3], 1, 1.));
    let turned = tensor32(device, &[3, 2], 1, 1.);
    let halves = value.to_dtype(DType::BF16).unwrap();
    for (buffer, gradient) in
        [(&value, &other), (&other, &value), (&value, &turned), (&turned.t().unwrap(), &value)]
    {
        let turn = SgdTurn { value: &value, buffer, gradient, lr: 1. };
        let said = sgd_update(&[turn], 0., 0.).unwrap_err().to_string();
        assert!(said.contains("sgd: expected contiguous tensors of F32 [2, 3]"), "{said}");
    }
    let turn = SgdTurn { value: &halves, buffer: &halves, gradient: &halves, lr: 1. };
    assert!(sgd_update(&[turn], 0., 0.).unwrap_err().to_string().contains("got BF16"));
    sgd_update(&[], 0., 0.).unwrap();
}
