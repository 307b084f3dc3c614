//! Prints how fast the convolutions run, by shape: GFLOP/s of the forward pass and of both gradients.
//!
//! `cargo run --release -p scribe-model --example op_rates [THREADS] [NAME-PART]`; batch 4, the shapes of ResNet-50 and
//! DeepLabV3+ at 224 pixels. Work is counted as if every tap were computed, as other frameworks' tables do.

#![allow(clippy::print_stdout)]

use candle_core::{DType, Device, Result, Tensor, Var};
use scribe_model::ops::{Conv2dConfig, conv2d};
use std::time::{Duration, Instant};

/// Name, inputs, side, outputs, kernel, stride, padding, dilation.
type Shape = (&'static str, usize, usize, usize, usize, usize, usize, usize);

const SHAPES: &[Shape] = &[
    ("stem 7x7s2 3->64 @224", 3, 224, 64, 7, 2, 3, 1),
    ("l1 3x3 64->64 @56", 64, 56, 64, 3, 1, 1, 1),
    ("l1 1x1 64->256 @56", 64, 56, 256, 1, 1, 0, 1),
    ("l1 1x1 256->64 @56", 256, 56, 64, 1, 1, 0, 1),
    ("l2 3x3s2 128->128 @56", 128, 56, 128, 3, 2, 1, 1),
    ("l2 1x1s2 256->512 @56", 256, 56, 512, 1, 2, 0, 1),
    ("l2 1x1 256->512 @28", 256, 28, 512, 1, 1, 0, 1),
    ("l2 3x3 128->128 @28", 128, 28, 128, 3, 1, 1, 1),
    ("l3 3x3 256->256 @14", 256, 14, 256, 3, 1, 1, 1),
    ("l3 1x1 1024->256 @14", 1024, 14, 256, 1, 1, 0, 1),
    ("l4 3x3d2 512->512 @14", 512, 14, 512, 3, 1, 2, 2),
    ("aspp 3x3d6 2048->256 @14", 2048, 14, 256, 3, 1, 6, 6),
    ("aspp 3x3d18 2048->256 @14", 2048, 14, 256, 3, 1, 18, 18),
    ("dec 3x3 304->256 @56", 304, 56, 256, 3, 1, 1, 1),
];

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let threads = args.next().and_then(|a| a.parse().ok()).unwrap_or(2);
    let part = args.next().unwrap_or_default();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("a pool of threads")
        .install(|| SHAPES.iter().filter(|s| s.0.contains(&part)).try_for_each(|&shape| measure(shape)))
}

fn measure((name, ci, side, co, k, stride, padding, dilation): Shape) -> Result<()> {
    let c = Conv2dConfig { stride, padding, dilation };
    let x = Tensor::randn(0f32, 1., (4, ci, side, side), &Device::Cpu)?;
    let w = Tensor::randn(0f32, 1., (co, ci, k, k), &Device::Cpu)?;
    let y = conv2d(&x, &w, None, c)?;
    let (_, _, oh, ow) = y.dims4()?;
    let flop = 2. * (4 * co * oh * ow * ci * k * k) as f64;
    let dy = y.ones_like()?.to_dtype(DType::F32)?;
    let forward = best(|| conv2d(&x, &w, None, c).map(drop))?;
    // A backward pass with one variable only, less the pass that a multiplication by `dy` costs in any case.
    let backward = |x: &Tensor, w: &Tensor| -> Result<f64> {
        let y = conv2d(x, w, None, c)?;
        let loss = (&y * &dy)?.sum_all()?;
        let seconds = best(|| loss.backward().map(drop))?;
        let plain = Var::from_tensor(&y.detach())?;
        let loss = (plain.as_tensor() * &dy)?.sum_all()?;
        Ok(seconds - best(|| loss.backward().map(drop))?)
    };
    let dx = backward(Var::from_tensor(&x)?.as_tensor(), &w)?;
    let dw = backward(&x, Var::from_tensor(&w)?.as_tensor())?;
    let rate = |seconds: f64| flop / seconds * 1e-9;
    println!(
        "{name:26} | fwd {:7.2} ms {:6.1} | dX {:7.2} ms {:6.1} | dW {:7.2} ms {:6.1} GFLOP/s",
        forward * 1e3,
        rate(forward),
        dx * 1e3,
        rate(dx),
        dw * 1e3,
        rate(dw)
    );
    Ok(())
}

/// The shortest of several runs, in seconds.
fn best(mut run: impl FnMut() -> Result<()>) -> Result<f64> {
    let (start, mut best, mut runs) = (Instant::now(), f64::MAX, 0);
    while runs < 3 || (start.elapsed() < Duration::from_millis(600) && runs < 50) {
        let begin = Instant::now();
        run()?;
        best = best.min(begin.elapsed().as_secs_f64());
        runs += 1;
    }
    Ok(best)
}
