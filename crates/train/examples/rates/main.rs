//! Our side of `cargo xtask bench model`: reads names of cases from standard input, and times each.
//!
//! `cargo run --release -p scribe-train --example rates THREADS [DEVICE]`. Each line in is the name of a case, and each line out the
//! seconds of one run of it. `peak` gives the largest memory of this process in bytes, and `memory` the most that tensors had
//! on a GPU since the last such question (0 on a CPU). The other side, in Python, understands the same names:
//! `conv/INPUTS-OUTPUTS-SIDE-KERNEL-STRIDE-PADDING-DILATION/forward|backward`, `matmul/SIDE` (`product/SIDE` by our own
//! convolution), `step/resnet50|plus16|v3/COUNTxSIDE` and `infer/...` alike. A precision may follow on a GPU:
//! `.../f32|tf32|bf16`. `head/softmax|ibe|scribe/COUNTxINNERxOUTER/f32|bf16/fused|apart` is the loss with its gradient
//! (there `eager|compile`), and `copy/MEBIBYTES` a copy. `operators/` before a case asks for one run's seconds and those of
//! each operator in it, on the CPU.

#![allow(clippy::print_stdout, reason = "the benchmark reads its answers from standard output")]

mod conv;
mod head;
mod network;
mod operators;

use candle_core::{Device, Tensor};
use std::io::{BufRead, Write};
use std::time::Instant;

// The program has the same allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
/// One run of a case that is set up.
type Run = Box<dyn FnMut() -> Result<()>>;

fn main() -> Result<()> {
    // SAFETY: `mi_option_purge_delay` is set to a minute, as the program does, before another thread runs.
    unsafe { libmimalloc_sys::mi_option_set(15, 60_000) };
    let threads = std::env::args().nth(1).ok_or("expected the number of threads")?.parse()?;
    let device = scribe_model::device::pick(&std::env::args().nth(2).unwrap_or_else(|| "cpu".to_string()))?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    let mut current: Option<(String, Run)> = None;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (name, by_operator) = match line.strip_prefix("operators/") {
            Some(name) => (name.to_string(), true),
            None => (line, false),
        };
        if let Some(bytes) = bytes(&name, &device)? {
            println!("{bytes}");
        } else {
            if current.as_ref().is_none_or(|c| c.0 != name) {
                // The old case's tensors are freed before the new one's are made.
                drop(current.take());
                let mut run = set_up(&name, &device)?;
                run()?;
                device.synchronize()?;
                current = Some((name, run));
            }
            let run = &mut current.as_mut().ok_or("no case")?.1;
            if by_operator {
                println!("{}", operators::time_operators(run)?);
                std::io::stdout().flush()?;
                continue;
            }
            let start = Instant::now();
            run()?;
            // A GPU may not have finished its work yet.
            device.synchronize()?;
            println!("{}", start.elapsed().as_secs_f64());
        }
        std::io::stdout().flush()?;
    }
    Ok(())
}

fn set_up(name: &str, device: &Device) -> Result<Run> {
    let parts: Vec<&str> = name.split('/').collect();
    match parts[..] {
        ["matmul", side] => matmul(side.parse()?, device),
        ["product", side] => conv::product(side.parse()?, device),
        ["conv", shape, pass] => conv::set_up(shape, pass, device),
        [what @ ("step" | "infer"), network, batch] => network::set_up(what, network, batch, "f32", device),
        [what @ ("step" | "infer"), network, batch, precision] => {
            network::set_up(what, network, batch, precision, device)
        }
        ["head", objective, sizes, precision, how] => head::set_up(objective, sizes, precision, how, device),
        ["copy", mebibytes] => head::copy(mebibytes, device),
        _ => Err(format!("unknown case '{name}'").into()),
    }
}

/// A product of two square matrices: the machine's peak, as far as a program reaches it.
fn matmul(side: usize, device: &Device) -> Result<Run> {
    let a = Tensor::randn(0f32, 1., (side, side), device)?;
    let b = Tensor::randn(0f32, 1., (side, side), device)?;
    Ok(Box::new(move || Ok(a.matmul(&b).map(drop)?)))
}

/// The answer to a question for memory.
fn bytes(name: &str, device: &Device) -> Result<Option<u64>> {
    Ok(match name {
        "peak" => Some(peak()?),
        "memory" => Some(scribe_model::device::most_memory(device)?.unwrap_or(0)),
        _ => None,
    })
}

/// The largest resident memory so far, in bytes.
fn peak() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with("VmHWM")).ok_or("no VmHWM in /proc/self/status")?;
    let kib: u64 = line.split_whitespace().nth(1).ok_or("no number")?.parse()?;
    Ok(kib * 1024)
}
