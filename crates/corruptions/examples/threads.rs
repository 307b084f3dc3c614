//! How `Suite::apply_all` scales: milliseconds for the 75 conditions of one 500x375 picture on 1, 2, ... threads.
//!
//! `cargo run --release -p scribe-corruptions --example threads`
#![allow(clippy::print_stdout, reason = "an example is a program")]

use scribe_corruptions::{Suite, formula_picture};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let (suite, picture) = (Suite::imagecorruptions(), formula_picture(500, 375));
    let cores = std::thread::available_parallelism()?.get();
    let pools: Vec<_> = (1..=cores)
        .map(|n| rayon::ThreadPoolBuilder::new().num_threads(n).build())
        .collect::<Result<_, _>>()?;
    let mut times = vec![Vec::new(); cores];
    // In turn, so that what else the machine does falls on all alike.
    for round in 0..10 {
        for (pool, times) in pools.iter().zip(&mut times) {
            let started = Instant::now();
            pool.install(|| suite.apply_all(&picture, round, "a"))?;
            times.push(started.elapsed().as_secs_f64() * 1e3);
        }
    }
    let medians: Vec<f64> = times
        .iter_mut()
        .map(|times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
        .collect();
    for (n, ms) in (1..).zip(&medians) {
        println!("{n} threads: {ms:.0} ms, {:.2} times one", medians[0] / ms);
    }
    Ok(())
}
