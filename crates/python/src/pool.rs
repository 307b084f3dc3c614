//! The threads that work on batches.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::{Arc, Mutex, PoisonError};

/// A pool and the process that started its threads.
struct Started {
    process: u32,
    threads: usize,
    pool: Arc<ThreadPool>,
}

static LAST: Mutex<Option<Started>> = Mutex::new(None);

/// The most threads of a pool, as in the program `scribe`.
const MOST: usize = 1024;

/// A pool of so many threads: the last one, if it has as many and this process started it.
///
/// A forked process, such as a worker of PyTorch's `DataLoader`, has none of its parent's threads; it starts its own. Callers
/// hold the interpreter's lock, and so does whoever forks: no other thread is in here at that moment, to leave `LAST` locked.
///
/// # Errors
/// `ValueError` for no thread, for more than 1,024, and for more than the system allows.
pub(crate) fn of(_: Python<'_>, threads: usize) -> PyResult<Arc<ThreadPool>> {
    if !(1..=MOST).contains(&threads) {
        return Err(PyValueError::new_err(format!(
            "threads={threads}: expected at least 1 and at most {MOST}"
        )));
    }
    let process = std::process::id();
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = last.as_ref().filter(|found| (found.process, found.threads) == (process, threads)) {
        return Ok(found.pool.clone());
    }
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| {
        PyValueError::new_err(format!(
            "threads={threads}: {error} (expected as many threads as the system allows)"
        ))
    })?;
    let pool = Arc::new(pool);
    let old = last.replace(Started { process, threads, pool: pool.clone() });
    // Ending the parent's pool would wait for locks of threads that are not here.
    if let Some(old) = old.filter(|old| old.process != process) {
        std::mem::forget(old);
    }
    Ok(pool)
}
