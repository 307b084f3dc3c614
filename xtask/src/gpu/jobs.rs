//! Several compilations at once.

use anyhow::bail;
use std::sync::Mutex;

/// One compilation.
pub(super) type Job<'a> = Box<dyn FnOnce() -> anyhow::Result<()> + Send + 'a>;

/// Runs the jobs on all processors, waits for all of them, and returns the first failure.
pub(super) fn all(jobs: Vec<Job<'_>>) -> anyhow::Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let waiting = Mutex::new(jobs);
    let next = || waiting.lock().unwrap_or_else(|e| e.into_inner()).pop();
    let work = || std::iter::from_fn(next).map(|job| job()).collect::<Vec<_>>();
    let results: Vec<anyhow::Result<()>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|w| w.join().unwrap_or_else(|_| vec![bail_of_panic()])).collect()
    });
    results.into_iter().collect()
}

fn bail_of_panic() -> anyhow::Result<()> {
    bail!("a compilation panicked")
}
