//! Sums by NCCL, on the GPUs of this machine.

use super::together;
use candle_core::{Device, Tensor};
use scribe_train::group::{Collective, Nccl};

/// Shapes of which some are empty, and more values than travel in one piece over TCP.
const SHAPES: [&[usize]; 5] = [&[3], &[0], &[2, 5], &[300_001], &[1]];

fn tensors(rank: usize, device: &Device) -> Vec<Tensor> {
    let of = |shape: &&[usize]| {
        let value = |i: usize| ((i * 7919 + rank * 104_729) % 1013) as f32 / 7.;
        let values: Vec<f32> = (0..shape.iter().product()).map(value).collect();
        Tensor::from_vec(values, *shape, device).unwrap()
    };
    SHAPES.iter().map(of).collect()
}

fn flat(tensors: &[Tensor]) -> Vec<f32> {
    tensors.iter().flat_map(|t| t.flatten_all().unwrap().to_vec1::<f32>().unwrap()).collect()
}

/// A group of one says little of the sums, but everything of the library: it is found, it starts, and it takes our buffers.
#[test]
fn one_gpu_adds() {
    if Device::new_cuda(0).is_err() {
        assert!(std::env::var("SCRIBE_REQUIRE_GPU").is_err(), "these tests need a GPU");
        return eprintln!("skipped: there is no GPU");
    }
    let sums = together(1, |control| {
        let group = Nccl::over(control);
        let device = Device::new_cuda(0).unwrap();
        flat(&group.sum(&tensors(0, &device)).unwrap())
    });
    assert_eq!(sums[0], flat(&tensors(0, &Device::Cpu)));
}

#[test]
fn two_gpus_add() {
    let there = (0..2).all(|index| Device::new_cuda(index).is_ok());
    if !there {
        assert!(std::env::var("SCRIBE_REQUIRE_GPU").is_err(), "these tests need two GPUs");
        return eprintln!("skipped: there are no two GPUs");
    }
    let sums = together(2, |control| {
        let group = Nccl::over(control);
        let device = Device::new_cuda(group.rank()).unwrap();
        let own = tensors(group.rank(), &device);
        let first = group.sum(&own).unwrap();
        assert!(first.iter().zip(&own).all(|(sum, own)| sum.dims() == own.dims()));
        // The second time the processes know each other, and f64 goes the same way as f32.
        let wide = Tensor::full(0.25 + group.rank() as f64, 3, &device).unwrap();
        let wide = group.sum(std::slice::from_ref(&wide)).unwrap()[0].to_vec1::<f64>().unwrap();
        assert_eq!(wide, [1.5; 3]);
        flat(&first)
    });
    assert_eq!(sums[0], sums[1]);
    let own = [0, 1].map(|rank| flat(&tensors(rank, &Device::Cpu)));
    let expected: Vec<f32> = own[0].iter().zip(&own[1]).map(|(a, b)| a + b).collect();
    assert_eq!(sums[0], expected);
}
